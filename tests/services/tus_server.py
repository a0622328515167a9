"""A tus server that nobody here wrote, from npm."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services.npm_packages import installed, node
from tests.services.processes import read_line, running

_PROGRAM = Path(__file__).with_name("tus_server.mjs")


@contextmanager
def tus_server(folder: Path) -> Iterator[str]:
    """Its address; files are kept in `folder`."""
    command = [node() or "node", str(_PROGRAM), str(installed()), str(folder)]
    with running(command, env=dict(os.environ), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        line = read_line(process.stdout.fileno())
        assert line.startswith("listening: "), line
        yield f"http://127.0.0.1:{int(line.removeprefix('listening: '))}"
