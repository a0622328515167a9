"""Originals fetched again: whole and right or not at all, and bounded."""

import hashlib
import os
from pathlib import Path

import pytest

from agent.api import AgentError
from agent.media.fetching import PIECE, Originals
from agent.media.tus import Upload
from agent.transport import Reply

CONTENT = os.urandom(PIECE + 1000)


def wanted(content: bytes = CONTENT) -> Upload:
    return Upload("m", "Photo 1.jpg", "image/jpeg", len(content), hashlib.sha256(content).hexdigest(), Path(), None)


class Held:
    """A server that has it; `asked` are the ranges."""

    def __init__(self, content: bytes = CONTENT) -> None:
        self.content = content
        self.asked: list[tuple[int, int]] = []

    def __call__(self, first: int, last: int) -> Reply:
        self.asked.append((first, last))
        told = {"content-range": f"bytes {first}-{last}/{len(self.content)}"}
        return Reply(206, told, self.content[first : last + 1])


def test_it_comes_in_pieces_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    held, originals = Held(), Originals(tmp_path / "o")

    def cut(first: int, last: int) -> Reply:
        if first:
            raise AgentError("unavailable", "The line was cut.")
        return held(first, last)

    with pytest.raises(AgentError, match="cut"):
        originals.fetch("m.jpg", wanted(), cut)
    assert originals.find("m.jpg") is None
    path = originals.fetch("m.jpg", wanted(), held)
    assert path.read_bytes() == CONTENT
    assert held.asked == [(0, PIECE - 1), (PIECE, PIECE + 999)]
    assert path.stat().st_mode & 0o777 == 0o400


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(404, {}, b""), "does not have “Photo 1.jpg” for you any more"),
        (Reply(500, {}, b""), "answered 500"),
        (Reply(200, {}, CONTENT[:5]), "answered 200"),
        (Reply(206, {"content-range": f"bytes 5-9/{len(CONTENT)}"}, b"xxxxx"), "answered 206"),
        (Reply(206, {"content-range": "bytes 0-4/5"}, b"xxxxx"), "answered 206"),
        (Reply(302, {"location": "https://elsewhere.example.invalid"}, b""), "answered 302"),
        (Reply(200, {}, bytes(len(CONTENT))), "is not “Photo 1.jpg” as it was sent"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(tmp_path: Path, reply: Reply, words: str) -> None:
    originals = Originals(tmp_path / "o")
    with pytest.raises(AgentError, match=words):
        originals.fetch("m.jpg", wanted(), lambda _first, _last: reply)
    assert originals.find("m.jpg") is None


def test_the_oldest_go_when_there_is_no_room_and_the_latest_stays_however_large(tmp_path: Path) -> None:
    originals = Originals(tmp_path / "o", most_bytes=100)
    for number in range(4):
        content = bytes([number]) * 40
        path = originals.fetch(f"{number}.bin", wanted(content), Held(content))
        os.utime(path, (number, number))
    assert sorted(path.name for path in originals.folder.iterdir()) == ["2.bin", "3.bin"]
    large = os.urandom(500)
    originals.fetch("large.bin", wanted(large), Held(large))
    assert [path.name for path in originals.folder.iterdir()] == ["large.bin"]
    originals.forget_before(0)
    assert originals.find("large.bin") is not None
    originals.forget_before(2**40)
    assert originals.find("large.bin") is None
