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

# Contract id -> modules planted, each with its one line.
BREAKS = [
    ("protocol", {"protocol/planted.py": "import rules"}),
    ("rules", {"rules/planted.py": "import requests"}),
    ("telemetry", {"telemetry/planted.py": "import agent"}),
    ("agent", {"agent/planted.py": "from PySide6 import QtCore"}),
    ("ui", {"ui/planted.py": "import sqlite3"}),
    ("ui", {"ui/planted.py": "import agent.store"}),
    ("desktop", {"desktop/planted.py": "import server"}),
    ("server", {"server/planted.py": "import agent"}),
    ("server", {"server/planted.py": "import telemetry.queue"}),
    ("server-faces", {"server/web/planted.py": "import server.api"}),
    ("cycles", {"rules/planted.py": "import rules.clock", "rules/clock.py": "import rules.planted"}),
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
    assert {contract["id"] for contract in settings()["contracts"]} == {name for name, _ in BREAKS}  # type: ignore[attr-defined]


def test_the_house_as_it_is_keeps_every_contract(copy: Path) -> None:
    result = lint(copy)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(("contract", "planted"), BREAKS)
def test_a_planted_import_breaks_its_contract(contract: str, planted: dict[str, str], copy: Path) -> None:
    name = next(item["name"] for item in settings()["contracts"] if item["id"] == contract)  # type: ignore[attr-defined]
    before = {where: (copy / where).read_text() if (copy / where).exists() else None for where in planted}
    for where, line in planted.items():
        (copy / where).write_text(f"{line}\n{before[where] or ''}")
    try:
        result = lint(copy)
    finally:
        for where, text in before.items():
            (copy / where).unlink() if text is None else (copy / where).write_text(text)
    assert result.returncode == 1, result.stdout + result.stderr
    assert f"{name} BROKEN" in " ".join(result.stdout.split()), result.stdout
