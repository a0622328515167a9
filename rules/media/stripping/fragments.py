"""Where the samples of a video in fragments lie (ISO/IEC 14496-12, 8.8)."""

import struct
from collections.abc import Iterator

from rules.media.stripping.boxes import Box, Boxes
from rules.media.stripping.streams import DamagedError

_BASE, _DESCRIPTION, _DURATION, _SIZE = 0x1, 0x2, 0x8, 0x10
_OFFSET, _FIRST_FLAGS = 0x1, 0x4
_OF_EACH = (0x100, 0x200, 0x400, 0x800)  # duration, size, flags, time
_SIZES = 0x200


class Fragments:
    """What the index at the beginning says of all, and then each fragment of its own."""

    def __init__(self, boxes: Boxes) -> None:
        self._boxes = boxes
        self._sizes: dict[int, int] = {}

    def note(self, extends: Box) -> None:
        """The sizes that hold where a fragment tells none (`mvex`)."""
        for box in self._boxes.within(extends.body, extends.end):
            if box.kind == b"trex":
                track, _, _, size = struct.unpack(">IIII", self._boxes.read(box.body + 4, 16))
                self._sizes[track] = size

    def samples(self, fragment: Box) -> Iterator[tuple[int, int, int]]:
        """(track, first byte, what follows the last) of each sample of a `moof`."""
        at = fragment.start
        for track in self._boxes.within(fragment.body, fragment.end):
            if track.kind != b"traf":
                continue
            parts = list(self._boxes.within(track.body, track.end))
            head = next((one for one in parts if one.kind == b"tfhd"), None)
            if head is None:
                raise DamagedError
            number, base, size = self._head(head, fragment)
            start = base if base is not None else at
            at = start
            for run in parts:
                if run.kind == b"trun":
                    for first, end in self._run(run, start, at, size):
                        yield number, first, end
                        at = end

    def _head(self, box: Box, fragment: Box) -> tuple[int, int | None, int]:
        """(track, where its positions count from, size of a sample that tells none); None goes on after the last."""
        flags = int.from_bytes(self._boxes.read(box.body + 1, 3), "big")
        (track,) = struct.unpack(">I", self._boxes.read(box.body + 4, 4))
        at, base = box.body + 8, fragment.start if flags & 0x20000 else None
        if flags & _BASE:
            (base,) = struct.unpack(">Q", self._boxes.read(at, 8))
            at += 8
        at += 4 * sum(bool(flags & one) for one in (_DESCRIPTION, _DURATION))
        size = self._sizes.get(track, 0)
        if flags & _SIZE:
            (size,) = struct.unpack(">I", self._boxes.read(at, 4))
        return track, base, size

    def _run(self, box: Box, base: int, at: int, size: int) -> Iterator[tuple[int, int]]:
        flags = int.from_bytes(self._boxes.read(box.body + 1, 3), "big")
        (count,) = struct.unpack(">I", self._boxes.read(box.body + 4, 4))
        read = box.body + 8
        if flags & _OFFSET:
            (offset,) = struct.unpack(">i", self._boxes.read(read, 4))
            at, read = base + offset, read + 4
        read += 4 * bool(flags & _FIRST_FLAGS)
        width = 4 * sum(bool(flags & one) for one in _OF_EACH)
        if read + count * width > box.end or (not width and count > self._boxes.size):
            raise DamagedError
        for _ in range(count):
            length = size
            if flags & _SIZES:
                (length,) = struct.unpack(">I", self._boxes.read(read + 4 * bool(flags & 0x100), 4))
            if at < 0 or at + length > self._boxes.size:
                raise DamagedError
            yield at, at + length
            at, read = at + length, read + width
