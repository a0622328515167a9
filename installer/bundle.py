"""Builds the one-folder bundle of the client and looks at what went into it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from PyInstaller.archive.readers import CArchiveReader

ROOT = Path(__file__).parents[1]
BUILD_SECONDS = 600
# What a client has no use for. That one is inside means that an import went the wrong way.
FOREIGN = {
    "server",
    "litestar",
    "sqlalchemy",
    "alembic",
    "psycopg",
    "uvicorn",
    "jinja2",
    "obstore",
    "argon2",
    # The protocol's messages are used; the app's log data leaves by its own way, and no other is carried.
    "opentelemetry.exporter",
    "opentelemetry.sdk",
    "psutil",
    "yaml",
}
TOOLS = {"pytest", "hypothesis", "mypy", "PyInstaller", "setuptools", "pip", "tests", "installer"}
WANTED = {
    "desktop",
    "ui",
    "agent",
    "telemetry",
    "rules",
    "protocol",
    "PySide6",
    "keyring",
    "requests",
    "PIL",
    "pi_heif",
}
PLUGINS = (
    *(f"imageformats/libq{name}.so" for name in ("jpeg", "webp", "gif", "ico", "svg")),
    *(f"platforms/libq{name}.so" for name in ("xcb", "offscreen")),
    "iconengines/libqsvgicon.so",
)


class BundleError(Exception):
    """What is wrong with a bundle."""


def build_bundle(target: Path) -> Path:
    """The folder `target`/miratag, new. Raises BundleError with what PyInstaller said, or with what does not belong."""
    bundle = target / "miratag"
    shutil.rmtree(bundle, ignore_errors=True)
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    command += ["--distpath", str(target), "--workpath", str(ROOT / "build" / "pyinstaller")]
    done = subprocess.run(
        [*command, str(ROOT / "installer" / "miratag.spec")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=BUILD_SECONDS,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode != 0:
        raise BundleError(f"PyInstaller failed:\n{done.stdout}{done.stderr}")
    for library in bundle.rglob("*.so*"):
        if not library.is_symlink():
            library.chmod(0o644)
    problems = inspect_bundle(bundle)
    if problems:
        raise BundleError("; ".join(problems))
    return bundle


def inspect_bundle(bundle: Path) -> list[str]:
    """What is inside and must not be, or must be and is not."""
    modules = _modules(bundle)
    files = {str(path.relative_to(bundle)) for path in bundle.rglob("*")}
    names = modules | {Path(name).parts[1] for name in files if len(Path(name).parts) > 1}
    problems = [f"{name} does not belong in the client" for name in sorted(names & (FOREIGN | TOOLS))]
    problems += [f"{name} is missing" for name in sorted(WANTED - names)]
    problems += [f"Qt's {plugin} is missing" for plugin in PLUGINS if not any(name.endswith(plugin) for name in files)]
    problems += [f"{path.name} leads nowhere" for path in bundle.rglob("*") if path.is_symlink() and not path.exists()]
    problems += [f"{name} is a test or a cache" for name in files if re.search(r"(^|/)(__pycache__|tests)(/|$)", name)]
    return problems


def bundle_size(bundle: Path) -> int:
    """Bytes of all files."""
    return sum(path.stat().st_size for path in bundle.rglob("*") if path.is_file() and not path.is_symlink())


def _modules(bundle: Path) -> set[str]:
    """The names of the Python modules inside, of packages of packages the first two parts."""
    archive = CArchiveReader(str(bundle / "miratag"))
    inside = archive.open_embedded_archive("PYZ.pyz") if "PYZ.pyz" in archive.toc else None
    if inside is None:
        raise BundleError("the program holds no Python modules")
    return {".".join(name.split(".")[:parts]) for name in inside.toc for parts in (1, 2)}
