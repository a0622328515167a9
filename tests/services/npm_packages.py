"""Programs from npm that tests run against ours, in one folder below build; Node.js must be there."""

import fcntl
import functools
import shutil
import subprocess
from pathlib import Path

_MODULES = Path(__file__).resolve().parents[2] / "build" / "npm-tus"
_PACKAGES = ("@tus/server@2", "@tus/file-store@2", "tus-js-client@4")
_INSTALL_SECONDS = 180


def node() -> str | None:
    """Where Node.js is, if it is."""
    return shutil.which("node")


@functools.cache
def installed() -> Path:
    """The folder with node_modules; fetched the first time, of several test processes by one."""
    _MODULES.mkdir(parents=True, exist_ok=True)
    with (_MODULES / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not all((_MODULES / "node_modules" / package.rpartition("@")[0]).is_dir() for package in _PACKAGES):
            command = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"]
            command += _PACKAGES
            done = subprocess.run(command, cwd=_MODULES, capture_output=True, check=False, timeout=_INSTALL_SECONDS)
            assert done.returncode == 0, done.stderr.decode()
    return _MODULES
