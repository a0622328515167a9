"""A tus server that nobody here wrote, from npm, in a folder of its own below build."""

import functools
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services.processes import read_line, running

_MODULES = Path(__file__).resolve().parents[2] / "build" / "npm-tus"
_PROGRAM = Path(__file__).with_name("tus_server.mjs")
_PACKAGES = ("@tus/server@2", "@tus/file-store@2")
_INSTALL_SECONDS = 180


def node() -> str | None:
    """Where Node.js is, if it is."""
    return shutil.which("node")


@functools.cache
def _installed() -> Path:
    if not (_MODULES / "node_modules" / "@tus" / "file-store").is_dir():
        _MODULES.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", *_PACKAGES]
        done = subprocess.run(command, cwd=_MODULES, capture_output=True, check=False, timeout=_INSTALL_SECONDS)
        assert done.returncode == 0, done.stderr.decode()
    return _MODULES


@contextmanager
def tus_server(folder: Path) -> Iterator[str]:
    """Its address; files are kept in `folder`."""
    command = [node() or "node", str(_PROGRAM), str(_installed()), str(folder)]
    with running(command, env=dict(os.environ), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        line = read_line(process.stdout.fileno())
        assert line.startswith("listening: "), line
        yield f"http://127.0.0.1:{int(line.removeprefix('listening: '))}"
