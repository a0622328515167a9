"""Starting a confined process, and judging how it ended."""

import contextlib
import logging
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from typing import IO

import msgspec

from server.confined.child import READY

_log = logging.getLogger(__name__)
_MOST_SAID = 2000


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a process may use: bytes of address space and of output, seconds of processor and by the clock."""

    memory: int
    output: int
    processor_seconds: int
    clock_seconds: float


class UnfitError(Exception):
    """The content made the task fail: it will do so again."""


class UndoneError(Exception):
    """The task could not be done now, for a reason that does not lie in the content; logged for the operator."""


def run_confined(task: str, content: Iterable[bytes], limits: Limits) -> bytes:
    """What the task makes of the content. Blocks, for at most `limits.clock_seconds`. Raises UnfitError, UndoneError.

    The content and what comes out lie in unnamed temporary files meanwhile, not in memory.
    """
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as target, tempfile.TemporaryFile() as said:
        for piece in content:
            source.write(piece)
        source.seek(0)
        code = _ended(_start(task, limits, source, target, said), limits.clock_seconds)
        target.seek(0)
        output = target.read()
        if not output.startswith(READY) or code is None:
            said.seek(0, os.SEEK_END)
            said.seek(max(0, said.tell() - _MOST_SAID))
            words = said.read().decode(errors="replace")
            _log.error("the task %s could not be done (ended with %s): %s", task, code, words)
            raise UndoneError(task)
        if code != 0:
            raise UnfitError(task)
        return output[len(READY) :]


def _start(task: str, limits: Limits, source: IO[bytes], target: IO[bytes], said: IO[bytes]) -> subprocess.Popen[bytes]:
    numbers = (limits.memory, limits.processor_seconds, limits.output)
    # Isolated: no variable, working folder or package of the user's changes what runs. One arena: the limit is on
    # address space, of which the allocator would reserve much for each thread.
    command = [sys.executable, "-I", "-m", "server.confined.child", task, *(str(number) for number in numbers)]
    environment = {"MALLOC_ARENA_MAX": "1", "LANG": "C.UTF-8"}
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command, stdin=source, stdout=target, stderr=said, env=environment, cwd="/", start_new_session=True
    )


def _ended(process: subprocess.Popen[bytes], seconds: float) -> int | None:
    """The exit code; None after the time by the clock, which may be the machine's fault as well as the content's."""
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return None
