"""docs/dependencies.md gives a reason for every direct dependency, and for nothing that is not one."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[3]


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    return {re.split(r"[^A-Za-z0-9_.-]", line, maxsplit=1)[0].lower() for line in lines}


def documented() -> set[str]:
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    return {name.lower() for name in re.findall(r"^\| `([^`]+)` \|", text, flags=re.MULTILINE)}


def test_every_direct_dependency_has_its_reason() -> None:
    assert len(declared()) > 20
    assert documented() == declared()
