"""Starting a program for a test and ending it for certain."""

import os
import select
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

READY_SECONDS = 20.0
END_SECONDS = 5.0


@contextmanager
def running(command: Sequence[str], *, env: dict[str, str], **popen: object) -> Iterator[subprocess.Popen[bytes]]:
    """The program while the block runs. Asked to end afterwards, and killed when it does not within END_SECONDS."""
    process = subprocess.Popen(command, env=env, **popen)  # type: ignore[call-overload]
    try:
        yield process
    finally:
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()
        process.terminate()
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def read_line(descriptor: int, *, seconds: float = READY_SECONDS) -> str:
    """The first line that a program writes to a pipe, without its end; TimeoutError when none comes in time."""
    deadline = time.monotonic() + seconds
    line = b""
    while not line.endswith(b"\n"):
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([descriptor], [], [], left)[0]:
            raise TimeoutError(f"no line within {seconds} s; so far: {line!r}")
        part = os.read(descriptor, 1)
        if not part:
            raise TimeoutError(f"the program ended before it was ready; so far: {line!r}")
        line += part
    return line.decode().strip()
