"""What is read, what is written, and how a copy of the same size is overwritten in places."""

from collections import deque
from collections.abc import Iterator
from typing import Protocol

CHUNK = 256 * 1024
_MOST_PATCHES = 100_000


class Source(Protocol):
    """Where the copy comes from."""

    def read(self, size: int = ..., /) -> bytes:
        """Up to `size` bytes."""

    def seek(self, offset: int, whence: int = ..., /) -> int:
        """Go to a position, on from here (1) or from the end (2); the position."""


class Target(Protocol):
    """Where the copy goes."""

    def write(self, data: bytes, /) -> int:
        """Take all of `data`."""


class DamagedError(Exception):
    """The file is not what it begins like."""


class CannotCleanError(Exception):
    """The file may be sound, and carries something that is not taken out here."""


class Patches:
    """Places of a file to overwrite while it is copied, so that everything else stays where it is."""

    def __init__(self) -> None:
        self._blanks: list[tuple[int, int]] = []
        self._puts: list[tuple[int, bytes]] = []

    def blank(self, start: int, end: int) -> None:
        """Zeros from `start` to before `end`."""
        if end <= start:
            return
        if self._blanks and self._blanks[-1][1] == start:
            self._blanks[-1] = (self._blanks[-1][0], end)
        else:
            self._blanks.append((start, end))
        self._check()

    def put(self, at: int, data: bytes) -> None:
        """These few bytes, over any zeros; places of two puts do not overlap."""
        self._puts.append((at, data))
        self._check()

    def copy(self, source: Source, target: Target, size: int) -> None:
        """The first `size` bytes of `source`, overwritten. Raises DamagedError when there are fewer."""
        blanks, puts = deque(_united(self._blanks)), deque(sorted(self._puts))
        position = 0
        source.seek(0)
        for piece in pieces(source, size):
            changed = bytearray(piece)
            end = position + len(piece)
            while blanks and blanks[0][0] < end:
                start, stop = blanks.popleft()
                left = max(start, position)
                changed[left - position : min(stop, end) - position] = bytes(min(stop, end) - left)
                if stop > end:
                    blanks.appendleft((end, stop))
            while puts and puts[0][0] < end:
                at, data = puts.popleft()
                here = data[: end - at]
                changed[at - position : at - position + len(here)] = here
                if len(data) > len(here):
                    puts.appendleft((end, data[len(here) :]))
            target.write(bytes(changed))
            position = end

    def _check(self) -> None:
        if len(self._blanks) + len(self._puts) > _MOST_PATCHES:
            raise CannotCleanError


def pieces(source: Source, length: int) -> Iterator[bytes]:
    """The next `length` bytes in pieces. Raises DamagedError when there are fewer."""
    while length:
        piece = exactly(source, min(length, CHUNK))
        length -= len(piece)
        yield piece


def exactly(source: Source, length: int) -> bytes:
    """The next `length` bytes. Raises DamagedError when there are fewer."""
    data = source.read(length)
    if len(data) != length:
        raise DamagedError
    return data


def _united(places: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """In order, and none over another."""
    held: tuple[int, int] | None = None
    for start, end in sorted(places):
        if held is not None and start <= held[1]:
            held = (held[0], max(held[1], end))
        else:
            if held is not None:
                yield held
            held = (start, end)
    if held is not None:
        yield held
