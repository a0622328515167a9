"""What every store promises, and what the file one does with a bad file."""

import stat
from pathlib import Path

import pytest

from agent.credentials.store import CredentialError, CredentialStore, FileStore, MemoryStore

SECRET = "canary-0a1b2c"


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> CredentialStore:
    return MemoryStore() if request.param == "memory" else FileStore(tmp_path / "sign-in.json")


def test_a_secret_comes_back_until_it_is_deleted(store: CredentialStore) -> None:
    assert store.read("a") is None
    store.write("a", SECRET)
    store.write("b", "other")
    store.check_writable()
    assert store.read("a") == SECRET
    store.delete("a")
    store.delete("a")
    assert store.read("a") is None
    assert store.read("b") == "other"


def test_the_file_is_for_this_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "sign-in.json"
    FileStore(path).write("a", SECRET)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["sign-in.json"]


def test_another_process_reads_what_was_written(tmp_path: Path) -> None:
    FileStore(tmp_path / "sign-in.json").write("a", SECRET)
    assert FileStore(tmp_path / "sign-in.json").read("a") == SECRET


def test_what_a_killed_write_left_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "sign-in.json"
    FileStore(path).write("a", SECRET)
    (tmp_path / "sign-in.json.new").write_text('{"a": "hal')
    assert FileStore(path).read("a") == SECRET
    FileStore(path).write("a", "next")
    assert FileStore(path).read("a") == "next"


@pytest.mark.parametrize("content", [SECRET.encode(), b"[]", b'{"a": 1}', b"\xff\xfe" + SECRET.encode()])
def test_a_spoilt_file_is_trouble_that_quotes_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "sign-in.json"
    path.write_bytes(content)
    with pytest.raises(CredentialError) as caught:
        FileStore(path).read("a")
    assert caught.value.state == "unavailable"
    assert SECRET not in repr(caught.value) + caught.value.sentence
    assert caught.value.__cause__ is None
    assert path.read_bytes() == content


def test_a_place_that_takes_no_file_is_found_before_anything_is_spent(tmp_path: Path) -> None:
    with pytest.raises(CredentialError):
        FileStore(tmp_path / "missing" / "sign-in.json").check_writable()
