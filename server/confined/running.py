"""Starting a confined process, and judging how it ended."""

import contextlib
import io
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Container, Iterable
from contextlib import ExitStack
from threading import BoundedSemaphore
from typing import IO

import msgspec

from server.confined.child import READY

MOST_AT_ONCE = 8
"""Processes of this server's that run at once, whatever for: each may take its limit of memory."""
_places = BoundedSemaphore(MOST_AT_ONCE)

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
    """What the task makes of the content. Blocks, for at most `limits.clock_seconds` once it has its place among those
    that run. Raises UnfitError, UndoneError.

    The content and what comes out lie in unnamed temporary files meanwhile, not in memory.
    """
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as target, tempfile.TemporaryFile() as said:
        for piece in content:
            source.write(piece)
        source.seek(0)
        code = _ended(task, limits, source, target, said)
        target.seek(0)
        output = target.read()
        if not output.startswith(READY) or code is None:
            raise _undone(task, code, said)
        if code != 0:
            raise UnfitError(task)
        return output[len(READY) :]


def convert_confined(task: str, source: IO[bytes], target: IO[bytes], limits: Limits, codes: Container[int]) -> int:
    """Let the task write `target`, an empty file, from `source`; the one of `codes` that it ended with. Blocks as
    `run_confined` does. Raises UnfitError for any other end, UndoneError."""
    with ExitStack() as opened:
        try:
            source.fileno()  # one that was kept in memory so far goes to the disk, where it can
        except io.UnsupportedOperation:
            source = _on_disk(opened, source)
        source.flush()
        source.seek(0)
        said = opened.enter_context(tempfile.TemporaryFile())
        code = _ended(task, limits, source, target, said)
        said.seek(0)
        if said.read(len(READY)) != READY or code is None:
            raise _undone(task, code, said)
    if code not in codes:
        raise UnfitError(task)
    return code


def _on_disk(opened: ExitStack, source: IO[bytes]) -> IO[bytes]:
    copied = opened.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - closed with the rest
    source.seek(0)
    shutil.copyfileobj(source, copied)
    return copied


def _undone(task: str, code: int | None, said: IO[bytes]) -> UndoneError:
    said.seek(0, os.SEEK_END)
    said.seek(max(0, said.tell() - _MOST_SAID))
    words = said.read().decode(errors="replace")
    _log.error("the task %s could not be done (ended with %s): %s", task, code, words)
    return UndoneError(task)


def _start(task: str, limits: Limits, source: IO[bytes], target: IO[bytes], said: IO[bytes]) -> subprocess.Popen[bytes]:
    numbers = (limits.memory, limits.processor_seconds, limits.output)
    # Isolated: no variable, working folder or package of the user's changes what runs. One arena: the limit is on
    # address space, of which the allocator would reserve much for each thread.
    command = [sys.executable, "-I", "-m", "server.confined.child", task, *(str(number) for number in numbers)]
    environment = {"MALLOC_ARENA_MAX": "1", "LANG": "C.UTF-8"}
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command, stdin=source, stdout=target, stderr=said, env=environment, cwd="/", start_new_session=True
    )


def _ended(task: str, limits: Limits, source: IO[bytes], target: IO[bytes], said: IO[bytes]) -> int | None:
    """The exit code; None after the time by the clock, which may be the machine's fault as well as the content's, and
    when so many run for so long that this one had no turn."""
    if not _places.acquire(timeout=limits.clock_seconds):
        return None
    try:
        process = _start(task, limits, source, target, said)
        try:
            return process.wait(limits.clock_seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            with contextlib.suppress(ProcessLookupError):  # it, and whatever it began
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    finally:
        _places.release()
