"""Each import contract, shown to be kept by the source as it is and broken by a planted import."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SECONDS = 60
# The command line of import-linter, looking at the copy and not at the installed source.
LINT = """
import sys
sys.path.insert(0, ".")
from importlinter.cli import lint_imports
sys.exit(lint_imports(cache_dir=None))
"""

# Contract id, a module planted for it, what that imports.
BREAKS = [
    ("protocol", "protocol.planted", "rules"),
    ("rules", "rules.planted", "requests"),
    ("telemetry", "telemetry.planted", "agent"),
    ("agent", "agent.planted", "PySide6"),
    ("ui", "ui.planted_store", "sqlite3"),
    ("ui", "ui.planted_agent", "agent.store"),
    ("desktop", "desktop.planted", "server"),
    ("server", "server.planted_agent", "agent"),
    ("server", "server.planted_queue", "telemetry.queue"),
    ("server-faces", "server.web.planted", "server.api"),
    ("cycles", "rules.one", "rules.other"),
    ("cycles", "rules.other", "rules.one"),
]


def settings() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in settings()["root_packages"]:  # type: ignore[attr-defined]
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def lint(folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", LINT], cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False
    )


def test_every_contract_has_a_planted_break() -> None:
    assert {contract["id"] for contract in settings()["contracts"]} == {name for name, _, _ in BREAKS}  # type: ignore[attr-defined]


def test_the_house_keeps_every_contract_and_each_planted_import_breaks_its_own(copy: Path) -> None:
    """Two runs for all: reading the imports is what takes the time."""
    kept = lint(copy)
    assert kept.returncode == 0, kept.stdout + kept.stderr
    for _, module, imported in BREAKS:
        (copy / f"{module.replace('.', '/')}.py").write_text(f"import {imported}\n")
    broken = lint(copy)
    assert broken.returncode == 1, broken.stdout + broken.stderr
    said = " ".join(broken.stdout.split())
    for contract in settings()["contracts"]:  # type: ignore[attr-defined]
        assert f"{contract['name']} BROKEN" in said, broken.stdout
    for contract, module, imported in BREAKS:
        if contract != "cycles":  # which names folders, not imports
            assert f"{module} -> {imported} (l.1)" in said, broken.stdout
