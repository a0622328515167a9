"""The boxes that MP4, QuickTime, 3GP, M4A, HEIC and AVIF files are made of (ISO/IEC 14496-12)."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from rules.media.stripping.streams import CannotCleanError, DamagedError, Patches, Source, exactly

MOST_BOXES = 1_000_000
LARGEST_TABLE = 4 * 1024 * 1024
"""Bytes of a table that is read into memory at once."""


class Box(NamedTuple):
    """`start` is where it begins, `body` where its content does, `end` what follows it; bytes of the file."""

    kind: bytes
    start: int
    body: int
    end: int


class Boxes:
    """Reads the boxes of one file of `size` bytes; `patches` is what becomes of them."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.size = source.seek(0, 2)
        self.patches = Patches()
        self._left = MOST_BOXES

    def within(self, start: int, end: int) -> Iterator[Box]:
        """The boxes of a part of the file; up to seven bytes at its end, as QuickTime leaves some, are blanked."""
        while end - start >= 8:
            box = self.at(start, end)
            if box is None:
                raise DamagedError
            yield box
            start = box.end
        self.patches.blank(start, end)

    def at(self, start: int, end: int) -> Box | None:
        """The box there, or None if there is none that fits."""
        self._left -= 1
        if not self._left:
            raise CannotCleanError
        size, kind = struct.unpack(">I4s", self.read(start, 8))
        body = start + 8
        if size == 1 and end - start >= 16:
            (size,) = struct.unpack(">Q", self.read(body, 8))
            body += 8
        elif size == 0 and end == self.size:
            size = end - start  # up to the end of the file
        box = Box(kind, start, body, start + size)
        return box if body <= box.end <= end else None

    def read(self, start: int, length: int) -> bytes:
        """Bytes of the file. Raises DamagedError when they are not there."""
        self.source.seek(start)
        return exactly(self.source, length)

    def body(self, box: Box) -> bytes:
        """The content of a box that is read at once. Raises DamagedError when no such table is that large."""
        if box.end - box.body > LARGEST_TABLE:
            raise DamagedError
        return self.read(box.body, box.end - box.body)

    def free(self, box: Box) -> None:
        """Nothing is in it any more, and nobody looks for anything."""
        self.patches.put(box.start + 4, b"free")
        self.patches.blank(box.body, box.end)
