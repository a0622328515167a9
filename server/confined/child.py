"""The first module of a confined process: `python -I -m server.confined.child TASK MEMORY SECONDS OUTPUT`.

It limits itself before it loads what could be fooled: bytes of memory, seconds of processor, bytes of output. The task
then calls `seal`, after which no file and no socket can be opened any more. Standard input and output are files.
"""

import importlib
import os
import resource
import sys

READY = b"ready\n"
"""Written once everything is loaded: whatever goes wrong from here on is the content's doing."""

TASKS = ("paper", "pictures")


def seal() -> None:
    """No new descriptor from now on, so no connection; what is open stays open. What comes next is the content's."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()


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
