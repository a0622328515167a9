"""The spool: what is refused, what is cleaned up, what is on disk."""

import hashlib
import os
import stat
import threading
import tracemalloc
from pathlib import Path
from typing import BinaryIO

import pytest

from agent.api import AgentError
from agent.media import spool as spooling
from agent.media.spool import Spool
from rules.media.kinds import MediaKind
from rules.media.stripping import Source, Target, strip

LIMIT = 10 * 1024 * 1024


def refusal(spool: Spool, path: Path, limit: int = LIMIT) -> str:
    with pytest.raises(AgentError) as raised:
        spool.take_file(path, media_id="m", name="", limit=limit)
    assert raised.value.kind == "refused"
    assert not spool.folder.exists() or not list(spool.folder.iterdir())
    return raised.value.sentence


def test_a_copy_is_hashed_private_and_named_for_its_kind(tmp_path: Path) -> None:
    (tmp_path / "Notes.TXT").write_bytes(b"words\n")
    spool = Spool(tmp_path / "spool")
    taken = spool.take_file(tmp_path / "Notes.TXT", media_id="m", name="", limit=LIMIT)
    assert (taken.name, taken.file_name, taken.size) == ("Notes.txt", "m.txt", 6)
    copy = spool.path(taken.file_name)
    assert copy.read_bytes() == b"words\n"
    assert taken.sha256 == hashlib.sha256(b"words\n").hexdigest()
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(spool.folder.stat().st_mode) == 0o700
    (tmp_path / "Notes.TXT").unlink()
    assert copy.exists()


def test_what_cannot_be_attached_is_refused_in_words(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    assert "not there any more" in refusal(spool, tmp_path / "gone.jpg")
    assert "is a folder" in refusal(spool, tmp_path)
    (tmp_path / "empty.txt").touch()
    assert "is empty" in refusal(spool, tmp_path / "empty.txt")
    os.mkfifo(tmp_path / "pipe")
    assert "not a file" in refusal(spool, tmp_path / "pipe")
    (tmp_path / "large.txt").write_bytes(b"x" * 2049)
    assert "up to 2 KiB" in refusal(spool, tmp_path / "large.txt", limit=2048)
    (tmp_path / "photo.png").write_bytes(b"%PDF-1.4")
    assert "named like a PNG picture but is a PDF document" in refusal(spool, tmp_path / "photo.png")
    (tmp_path / "cut.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    assert "damaged or cut off" in refusal(spool, tmp_path / "cut.png")
    assert "cannot be opened" in refusal(spool, Path("a\0b"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_one_may_not_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret.txt"
    path.write_text("x")
    path.chmod(0)
    assert "may not be read" in refusal(Spool(tmp_path / "spool"), path)


def test_a_file_that_changes_while_it_is_copied_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "growing.txt"
    path.write_text("first")

    def grow_meanwhile(kind: MediaKind, source: Source, target: Target) -> bool:
        stripped = strip(kind, source, target)
        with path.open("a") as file:
            file.write("more")
        return stripped

    monkeypatch.setattr(spooling, "strip", grow_meanwhile)
    assert "changed while it was copied" in refusal(Spool(tmp_path / "spool"), path)


def test_a_pipe_that_takes_a_files_place_holds_nobody_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("words")
    looked_at = path.stat()
    path.unlink()
    os.mkfifo(path)
    real = Path.stat
    monkeypatch.setattr(Path, "stat", lambda self, **options: looked_at if self == path else real(self, **options))
    refusals: list[str] = []
    attaching = threading.Thread(target=lambda: refusals.append(refusal(Spool(tmp_path / "spool"), path)), daemon=True)
    attaching.start()
    attaching.join(10)
    assert refusals == ["“notes.txt” is not a file that can be copied."]


def test_a_disk_that_fills_up_is_said_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("words")
    real = spooling._new_private

    def full(part: Path) -> BinaryIO:
        real(part).close()
        return Path("/dev/full").open("wb", buffering=0)

    monkeypatch.setattr(spooling, "_new_private", full)
    spool = Spool(tmp_path / "spool")
    with pytest.raises(AgentError, match="disk is full") as raised:
        spool.take_file(path, media_id="m", name="", limit=LIMIT)
    assert raised.value.kind == "cannot_store"
    assert list(spool.folder.iterdir()) == []


def test_a_large_file_is_copied_in_constant_memory(tmp_path: Path) -> None:
    path = tmp_path / "disk.bin"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    tracemalloc.start()
    taken = Spool(tmp_path / "spool").take_file(path, media_id="m", name="", limit=2**40)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (taken.size, taken.stripped) == (200 * 1024 * 1024, False)
    assert peak < 4 * 1024 * 1024


def test_only_what_something_names_is_kept_at_the_start(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    spool.forget_all_but({"a"})  # no folder yet
    spool.folder.mkdir()
    for name in ("a.txt", "b.txt", ".part-c"):
        (spool.folder / name).touch()
    spool.forget_all_but({"a.txt"})
    assert [path.name for path in spool.folder.iterdir()] == ["a.txt"]
