"""Makes a Debian package of the bundle: below /usr/lib/miratag, with a menu entry, an icon and /usr/bin/miratag."""

import re
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
SECONDS = 600
DEPENDS = (
    "ca-certificates",
    "libdbus-1-3",
    "libegl1",
    "libfontconfig1",
    "libgl1",
    "libglib2.0-0 | libglib2.0-0t64",
    "libwayland-cursor0",
    "libwayland-egl1",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-keysyms1",
    "libxcb-shape0",
    "libxcb-xkb1",
    "libxkbcommon-x11-0",
    "libxkbcommon0",
    "tzdata",
)
CONTROL = """\
Package: miratag
Version: {version}
Section: utils
Priority: optional
Architecture: {architecture}
Installed-Size: {kilobytes}
Depends: {depends}
Recommends: gnome-keyring | kwalletmanager | keepassxc
Maintainer: Miratag maintainers <maintainers@miratag.invalid>
Description: work reports and attendance from the tray
 Write a work report with photos and check in or out at a location, also with
 the network down. What you save is kept safe on this computer until the server
 has confirmed every byte of it, and nothing optional leaves without your grant.
"""


def build_package(bundle: Path, target: Path, version: str) -> Path:
    """The file `target`/miratag_VERSION_ARCHITECTURE.deb. Raises CalledProcessError when dpkg-deb fails."""
    tree = target / "debian-tree"
    shutil.rmtree(tree, ignore_errors=True)
    _lay_out(tree, bundle)
    architecture = _output("dpkg", "--print-architecture")
    kilobytes = sum(path.lstat().st_size for path in tree.rglob("*") if not path.is_dir()) // 1024
    control = tree / "DEBIAN" / "control"
    control.parent.mkdir(mode=0o755)
    depends = ", ".join([f"libc6 (>= {glibc_floor(bundle)})", *DEPENDS])
    control.write_text(
        CONTROL.format(version=version, architecture=architecture, kilobytes=kilobytes, depends=depends),
        encoding="utf-8",
    )
    package = target / f"miratag_{version}_{architecture}.deb"
    _output("dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(tree), str(package))
    shutil.rmtree(tree)
    return package


def glibc_floor(bundle: Path) -> str:
    """The newest version of the C library that any file of the bundle asks for, like 2.34."""
    binaries = [str(path) for path in bundle.rglob("*.so*")] + [str(bundle / "miratag")]
    needed = _output("objdump", "-p", *binaries)
    versions = {(int(major), int(minor)) for major, minor in re.findall(r"\bGLIBC_(\d+)\.(\d+)", needed)}
    return ".".join(str(number) for number in max(versions))


def _lay_out(tree: Path, bundle: Path) -> None:
    shutil.copytree(bundle, tree / "usr/lib/miratag", symlinks=True)
    _place(HERE / "linux" / "miratag.desktop", tree / "usr/share/applications/miratag.desktop")
    _place(HERE / "linux" / "miratag.svg", tree / "usr/share/icons/hicolor/scalable/apps/miratag.svg")
    _place(HERE / "linux" / "copyright", tree / "usr/share/doc/miratag/copyright")
    link = tree / "usr/bin/miratag"
    link.parent.mkdir(parents=True)
    link.symlink_to("../lib/miratag/miratag")
    for folder in [tree, *(path for path in tree.rglob("*") if path.is_dir() and not path.is_symlink())]:
        folder.chmod(0o755)


def _place(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(0o644)


def _output(*command: str) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=SECONDS, stdin=subprocess.DEVNULL
    )
    return done.stdout.strip()
