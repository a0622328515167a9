"""A fresh Debian 12 in a folder, for a program that must run where nothing was prepared."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

BOOTSTRAP_SECONDS = 600
COMMAND_SECONDS = 600
PATHS = "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class BareDebian:
    """`root` is its folder. Network, processes and users are those of this machine."""

    root: Path

    def command(self, *command: str) -> list[str]:
        """How to start `command` inside."""
        return ["chroot", str(self.root), *command]

    def run(
        self, *command: str, env: dict[str, str] | None = None, check: bool = True
    ) -> "subprocess.CompletedProcess[str]":
        """Run inside to the end; CalledProcessError carries what it said."""
        done = subprocess.run(
            self.command(*command),
            env={"PATH": PATHS, "HOME": "/root", "LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"} | (env or {}),
            capture_output=True,
            text=True,
            check=False,
            timeout=COMMAND_SECONDS,
            stdin=subprocess.DEVNULL,
        )
        if check and done.returncode != 0:
            raise AssertionError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done

    def files(self) -> set[str]:
        """Every path on its disk."""
        command = ["find", str(self.root), "-xdev", "-printf", "/%P\\n"]
        return set(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.splitlines())


@contextmanager
def bare_debian(folder: Path) -> Iterator[BareDebian]:
    """A minimal Debian 12 in `folder`, gone afterwards. Needs root and debootstrap."""
    root = folder / "debian"
    command = ["debootstrap", "--variant=minbase", "bookworm", str(root)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=BOOTSTRAP_SECONDS)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr
        shutil.copyfile("/etc/resolv.conf", root / "etc/resolv.conf")
        with ExitStack() as mounts:
            mounts.enter_context(_mounted("-t", "proc", "proc", at=root / "proc"))
            for device in ("null", "zero", "full", "random", "urandom", "tty"):
                (root / "dev" / device).touch()
                mounts.enter_context(_mounted("--bind", f"/dev/{device}", at=root / "dev" / device))
            yield BareDebian(root)
    finally:
        # A folder with something mounted in it is never deleted: that would delete what is mounted.
        mounted = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
        assert not [place for place in mounted if place.startswith(f"{root}{os.sep}")], f"still mounted below {root}"
        shutil.rmtree(root, ignore_errors=True)


@contextmanager
def shared_folder(debian: BareDebian, folder: Path) -> Iterator[None]:
    """`folder` of this machine at the same path inside."""
    inside = debian.root / folder.relative_to("/")
    inside.mkdir(parents=True, exist_ok=True)
    with _mounted("--bind", str(folder), at=inside):
        yield
    inside.rmdir()


@contextmanager
def _mounted(*how: str, at: Path) -> Iterator[None]:
    subprocess.run(["mount", *how, str(at)], check=True, timeout=30)
    try:
        yield
    finally:
        subprocess.run(["umount", str(at)], check=True, timeout=30)
