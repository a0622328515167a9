"""What is different between two texts, word by word, for whoever must see what somebody changed."""

import re
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

MAX_PARTS = 1500
"""Words (or else lines) of either text that are compared; more would take long, and nobody reads it."""
MAX_STEPS = 1000
"""Words (or else lines) taken out and put in together, beyond which it is another text. The time that a comparison may
take grows with the square of it, and with nothing that the author of a text can choose besides."""

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
        kept = _kept(one, two) if max(len(one), len(two)) <= MAX_PARTS else None
        if kept is not None:
            return list(_told(one, two, kept))
    return [Piece("removed", before), Piece("added", after)]


def _told(before: Sequence[str], after: Sequence[str], kept: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    i = j = 0
    for x, y in (*kept, (len(before), len(after))):
        yield Piece("removed", "".join(before[i:x]))
        yield Piece("added", "".join(after[j:y]))
        yield Piece("same", "".join(after[y : y + 1]))
        i, j = x + 1, y + 1


def _kept(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]] | None:
    """The places of the parts that stay, in the one and in the other, so that as few as possible do not (E. W. Myers,
    An O(ND) Difference Algorithm); None when it takes over MAX_STEPS to come from the one to the other."""
    reach = {1: 0}  # by diagonal, how far in `before` one comes with the steps so far
    trail: list[dict[int, int]] = []
    for steps in range(MAX_STEPS + 1):
        trail.append({k: reach[k] for k in range(-steps - 1, steps + 2) if k in reach})
        for diagonal in range(-steps, steps + 1, 2):
            x = _entered(reach, diagonal, steps)
            while x < len(before) and 0 <= x - diagonal < len(after) and before[x] == after[x - diagonal]:
                x += 1
            reach[diagonal] = x
            if x == len(before) and x - diagonal == len(after):
                return _walked_back(trail, x, diagonal)
    return None


def _entered(reach: dict[int, int], diagonal: int, steps: int) -> int:
    """Where the last step comes out on the diagonal."""
    return reach[diagonal + 1] if _adds(reach, diagonal, steps) else reach[diagonal - 1] + 1


def _adds(reach: dict[int, int], diagonal: int, steps: int) -> bool:
    """Whether the last step to the diagonal is an addition, rather than a removal."""
    return diagonal == -steps or (diagonal != steps and reach[diagonal - 1] < reach[diagonal + 1])


def _walked_back(trail: Sequence[dict[int, int]], x: int, diagonal: int) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for steps in range(len(trail) - 1, -1, -1):
        reach = trail[steps]
        entered = _entered(reach, diagonal, steps)
        while x > entered:
            x -= 1
            kept.append((x, x - diagonal))
        diagonal += 1 if _adds(reach, diagonal, steps) else -1
        x = reach[diagonal]
    return kept[::-1]


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Neighbours of one kind as one."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and joined[-1].change == piece.change:
            joined[-1] = Piece(piece.change, joined[-1].text + piece.text)
        else:
            joined.append(piece)
    return joined
