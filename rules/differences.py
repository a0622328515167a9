"""What is different between two texts, word by word, for whoever must see what somebody changed."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Literal

import msgspec

MAX_PARTS = 1500
"""Words (or else lines) of either text that are compared; more would take seconds, and nobody reads it."""

_WORD = re.compile(r"\S+\s*|\s+")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")

Change = Literal["same", "removed", "added"]


class Piece(msgspec.Struct, frozen=True):
    """A stretch of text that both have, or only the earlier (`removed`) or the later one (`added`)."""

    change: Change
    text: str


def differences(earlier: str, later: str) -> tuple[Piece, ...]:
    """The later text with what was taken out and put in, in order. The same and added pieces make the later text, the
    same and removed ones the earlier, to the character. What is too long to compare by words is compared by lines, and
    what is too long for that stands as wholly replaced."""
    start, end = _common(earlier, later)
    before, after = earlier[start : len(earlier) - end], later[start : len(later) - end]
    pieces = [Piece("same", later[:start]), *_middle(before, after), Piece("same", later[len(later) - end :])]
    return tuple(_joined([piece for piece in pieces if piece.text]))


def _common(earlier: str, later: str) -> tuple[int, int]:
    """How many characters both begin and end with, cut where a word ends in both."""
    most = min(len(earlier), len(later))
    start = next((i for i in range(most) if earlier[i] != later[i]), most)
    while not (_between_words(earlier, start) and _between_words(later, start)):
        start -= 1
    most -= start
    end = next((i for i in range(most) if earlier[-1 - i] != later[-1 - i]), most)
    while not (_between_words(earlier, len(earlier) - end) and _between_words(later, len(later) - end)):
        end -= 1
    return start, end


def _between_words(text: str, at: int) -> bool:
    return at in {0, len(text)} or text[at - 1].isspace() or text[at].isspace()


def _middle(before: str, after: str) -> list[Piece]:
    for parts in (_WORD, _LINE):
        one, two = parts.findall(before), parts.findall(after)
        if max(len(one), len(two)) <= MAX_PARTS:
            return _compared(one, two)
    return [Piece("removed", before), Piece("added", after)]


def _compared(before: Sequence[str], after: Sequence[str]) -> list[Piece]:
    pieces: list[Piece] = []
    for what, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(Piece("same", "".join(after[k:m])))
        else:
            pieces += [Piece("removed", "".join(before[i:j])), Piece("added", "".join(after[k:m]))]
    return pieces


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Neighbours of one kind as one."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and joined[-1].change == piece.change:
            joined[-1] = Piece(piece.change, joined[-1].text + piece.text)
        else:
            joined.append(piece)
    return joined
