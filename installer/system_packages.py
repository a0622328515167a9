"""Says which Debian or Ubuntu packages are missing, and installs them when it may.

    python3 installer/system_packages.py app|tests|packaging

Standard library only: it runs before anything is installed. As root or with a sudo that asks no password it installs;
otherwise it prints the one command to run and ends with status 1. It looks for what is needed (a library that loads, a
program on the path), not for names of packages, so a system with other package names passes when it has the things.
"""

import ctypes
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

APT_SECONDS = 1200


def _library(name: str) -> Callable[[], bool]:
    def loads() -> bool:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return loads


def _program(name: str, elsewhere: str = "") -> Callable[[], bool]:
    def is_there() -> bool:
        return shutil.which(name) is not None or (elsewhere != "" and any(Path("/usr").glob(elsewhere)))

    return is_there


def _release() -> str:
    """What this system says of itself, one fact a line."""
    try:
        return "\n" + Path("/etc/os-release").read_text(encoding="utf-8")
    except OSError:
        return ""


def _has_libpython() -> bool:
    folder = sysconfig.get_config_var("LIBDIR") or "/usr/lib"
    return any(Path(folder).rglob(f"{LIBPYTHON}.so*"))


# PyInstaller bundles Python as a shared library, which Debian's python3 is not made with.
LIBPYTHON = f"libpython{sys.version_info.major}.{sys.version_info.minor}"

# Package -> is it there? Qt's wheels bring Qt, and these are what they leave to the system, for offscreen, X11 and
# Wayland. Debian 13 and Ubuntu 24.04 call the first one libglib2.0-0t64, which provides the old name.
APP: dict[str, Callable[[], bool]] = {
    "ca-certificates": Path("/etc/ssl/certs/ca-certificates.crt").exists,
    "libglib2.0-0": _library("libgthread-2.0.so.0"),
    "libdbus-1-3": _library("libdbus-1.so.3"),
    "libfontconfig1": _library("libfontconfig.so.1"),
    "libegl1": _library("libEGL.so.1"),
    "libgl1": _library("libGL.so.1"),
    "libxkbcommon0": _library("libxkbcommon.so.0"),
    "libxkbcommon-x11-0": _library("libxkbcommon-x11.so.0"),
    "libxcb-cursor0": _library("libxcb-cursor.so.0"),
    "libxcb-icccm4": _library("libxcb-icccm.so.4"),
    "libxcb-keysyms1": _library("libxcb-keysyms.so.1"),
    "libxcb-shape0": _library("libxcb-shape.so.0"),
    "libxcb-xkb1": _library("libxcb-xkb.so.1"),
    "libwayland-cursor0": _library("libwayland-cursor.so.0"),
    "libwayland-egl1": _library("libwayland-egl.so.1"),
}
# What the tests start: a screen reader's bus, a session bus, notifications, makers of videos and HEIC pictures, a
# Secret Service, PostgreSQL, hands for mouse and keys, a display and how long nobody used it; letters for a PDF, and
# another's reading of it; what finds the program for a link.
TESTS: dict[str, Callable[[], bool]] = APP | {
    "at-spi2-core": _program("at-spi-bus-launcher", "lib*/**/at-spi-bus-launcher"),
    "dbus": _program("dbus-daemon"),
    "desktop-file-utils": _program("update-desktop-database"),
    "dunst": _program("dunst"),
    "ffmpeg": _program("ffmpeg"),
    "iproute2": _program("ip", "sbin/ip"),
    "gnome-keyring": _program("gnome-keyring-daemon"),
    "libxss1": _library("libXss.so.1"),
    "libheif-examples": _program("heif-enc"),
    "fonts-dejavu-core": Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf").exists,
    "oathtool": _program("oathtool"),
    "poppler-utils": _program("pdftotext"),
    "postgresql": _program("initdb", "lib/postgresql/*/bin/initdb"),
    "xdg-utils": _program("xdg-open"),
    "xdotool": _program("xdotool"),
    "xvfb": _program("Xvfb"),
}
if (
    "\nID=debian\n" in _release()
):  # elsewhere the browser has other names, and the tests that look through it are skipped
    TESTS |= {"chromium": _program("chromium"), "chromium-driver": _program("chromedriver")}
PACKAGING: dict[str, Callable[[], bool]] = TESTS | {
    "binutils": _program("objdump"),
    LIBPYTHON: _has_libpython,
    "debootstrap": _program("debootstrap", "sbin/debootstrap"),
    "lintian": _program("lintian"),
}
SETS = {"app": APP, "tests": TESTS, "packaging": PACKAGING}


def _apt() -> list[str] | None:
    """How this user may call apt-get without being asked anything; None when they may not."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False, timeout=10).returncode == 0:
        return [sudo, "-n", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    return None


def _install(apt: list[str], missing: list[str]) -> int:
    print(f"Installing from the system's packages: {' '.join(missing)}", flush=True)
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *missing]):
        done = subprocess.run(
            [*apt, *command], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=APT_SECONDS
        )
        if done.returncode != 0:
            print(f"apt-get {command[0]} failed:\n{done.stdout}{done.stderr}", file=sys.stderr)
            return 1
    return 0


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in SETS:
        print(f"usage: system_packages.py {'|'.join(SETS)}", file=sys.stderr)
        return 2
    needed = SETS[arguments[0]]
    missing = [package for package, is_there in needed.items() if not is_there()]
    if not missing:
        return 0
    apt = _apt()
    if apt is None:
        words = "" if shutil.which("apt-get") else " (or what your system calls the same)"
        print(f"Some system packages are missing. Run this once{words}, then try again:\n", file=sys.stderr)
        print(f"    sudo apt-get install -y --no-install-recommends {' '.join(missing)}\n", file=sys.stderr)
        return 1
    if _install(apt, missing) != 0:
        return 1
    still = [package for package in missing if not needed[package]()]
    if still:
        print(f"installed, and still not found: {' '.join(still)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
