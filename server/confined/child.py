"""The first module of a confined process: `python -I -m server.confined.child TASK MEMORY SECONDS OUTPUT`.

It limits itself before it loads what could be fooled: bytes of memory, seconds of processor, bytes of output. The task
then calls `seal`, after which no file and no socket can be opened any more. Standard input and output are files.
"""

import contextlib
import importlib
import os
import resource
import sys
from pathlib import Path
from typing import BinaryIO

READY = b"ready\n"
"""Written once everything is loaded: whatever goes wrong from here on is the content's doing."""

SOME_THREADS = 256
"""What the server and other such processes may begin while this one decodes, and its own."""

TASKS = ("paper", "pictures", "stripping")


def seal(told: BinaryIO | None = None, *, threads: bool = False) -> None:
    """No new descriptor from now on, so no connection, and no other process; what is open stays open. What comes next
    is the content's. READY goes to `told`, else to standard output, before the rest of it.

    `threads` leaves room for those of a decoder, as the system counts them as processes of this user.
    """
    processes = _of_this_user() + SOME_THREADS if threads else 0
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    most = resource.getrlimit(resource.RLIMIT_NPROC)[1]
    if most == resource.RLIM_INFINITY or processes < most:
        resource.setrlimit(resource.RLIMIT_NPROC, (processes, processes))
    ready = told or sys.stdout.buffer
    ready.write(READY)
    ready.flush()


def _of_this_user() -> int:
    """How many processes and threads there are of this user; 0 where the system does not tell."""
    count = 0
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            if process.stat().st_uid == os.getuid():
                count += sum(1 for _ in (process / "task").iterdir())
    return count


def main() -> None:
    """Limit this process, then let the task turn standard input into standard output."""
    task, memory, seconds, output = sys.argv[1], *(int(number) for number in sys.argv[2:5])
    limits = (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, output),
        (resource.RLIMIT_CORE, 0),
    )
    for limit, most in limits:
        resource.setrlimit(limit, (most, most))
    os.nice(10)
    if task not in TASKS:
        raise SystemExit(f"there is no task {task}")
    importlib.import_module(f"server.confined.{task}").work(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
