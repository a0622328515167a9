"""Media objects in a folder and in memory: what was put comes back whole or in part, and going away is no error."""

import stat
from pathlib import Path

import pytest

from server.storage.objects import Objects


@pytest.fixture(params=["folder", "file url", "memory"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> Objects:
    """An empty store of each kind that needs no service."""
    folder = tmp_path / "media"
    return Objects({"folder": str(folder), "file url": f"file://{folder}", "memory": "memory:///"}[request.param])


def test_ranges_come_back_as_they_were_put(objects: Objects) -> None:
    content = bytes(range(256)) * 8192
    objects.put("uploads/a/0-x", content)
    assert b"".join(objects.stream("uploads/a/0-x", 0, len(content))) == content
    assert b"".join(objects.stream("uploads/a/0-x", 1_048_570, 1_048_580)) == content[1_048_570:1_048_580]
    assert list(objects.stream("uploads/a/0-x", 5, 5)) == []


def test_an_object_that_is_gone_says_so(objects: Objects) -> None:
    objects.put("a", b"x")
    objects.delete("a")
    objects.delete("a")
    with pytest.raises(FileNotFoundError):
        list(objects.stream("a", 0, 1))


def test_the_folder_is_for_this_user_only(tmp_path: Path) -> None:
    Objects(str(tmp_path / "media"))
    assert stat.S_IMODE((tmp_path / "media").stat().st_mode) == 0o700


def test_two_handles_see_the_same(tmp_path: Path) -> None:
    Objects(str(tmp_path)).put("deep/key", b"kept")
    assert list(Objects(str(tmp_path)).stream("deep/key", 0, 4)) == [b"kept"]
