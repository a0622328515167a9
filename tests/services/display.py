"""A private X display."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import DEVNULL

from tests.services.processes import read_line, running


@contextmanager
def virtual_display(*, width: int = 1280, height: int = 1024) -> Iterator[str]:
    """The value for DISPLAY. Xvfb picks a free number and tells it once it listens."""
    readable, writable = os.pipe()
    command = [
        "Xvfb",
        "-displayfd",
        str(writable),
        "-screen",
        "0",
        f"{width}x{height}x24",
        "-nolisten",
        "tcp",
        "-noreset",
    ]
    try:
        with running(command, env=dict(os.environ), pass_fds=(writable,), stderr=DEVNULL):
            os.close(writable)
            writable = -1
            yield f":{read_line(readable)}"
    finally:
        os.close(readable)
        if writable >= 0:
            os.close(writable)
