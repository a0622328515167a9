"""What is imported by name is declared by name: nothing is used only because something else happens to bring it."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.unit.house.test_dependencies_documented import ROOT, declared

PEERS = {"glean": ("glean-sdk",), "posthog": ("posthog",), "sentry_sdk": ("sentry-sdk",)}
"""What stands in an environment of its own (build/peers), and which package brings it."""
HOUSE = {"agent", "bench", "desktop", "installer", "protocol", "rules", "server", "telemetry", "tests", "ui"}


def imported() -> dict[str, Path]:
    """Every top-level package that the source imports and that is neither ours nor Python's, with one place of it."""
    found: dict[str, Path] = {}
    for folder in sorted(HOUSE):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                    modules = [node.module]
                for module in modules:
                    found.setdefault(module.partition(".")[0], path)
    return {name: path for name, path in found.items() if name not in HOUSE | sys.stdlib_module_names}


def test_whatever_is_imported_is_declared() -> None:
    bringers = {**PEERS, **packages_distributions()}
    # PySide6 comes with its binding; there is no other way to have the one without the other.
    named = {re.sub(r"[-_.]+", "-", name) for name in declared()} | {"shiboken6"}
    found = imported()
    assert {"requests", "sqlalchemy", "pytest"} <= found.keys()
    stray = {
        name: str(path.relative_to(ROOT))
        for name, path in found.items()
        if not named & {re.sub(r"[-_.]+", "-", one).lower() for one in bringers.get(name, ())}
    }
    assert stray == {}
