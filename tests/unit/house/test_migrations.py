"""The server's migrations are one line: two that follow the same one would let no server start."""

import re
from pathlib import Path

import server.storage.migrations

_FOLDER = Path(server.storage.migrations.__file__).parent / "versions"
_FACT = re.compile(r'^(revision|down_revision) = (?:"(\d+)"|None)$', re.MULTILINE)


def test_each_migration_follows_the_one_before() -> None:
    found = [dict(_FACT.findall(path.read_text(encoding="utf-8"))) for path in sorted(_FOLDER.glob("r*.py"))]
    numbers = [f"{number:04d}" for number in range(1, len(found) + 1)]
    assert [one["revision"] for one in found] == numbers
    assert [one["down_revision"] for one in found] == ["", *numbers[:-1]]
