"""Where the samples of one track lie in the file, as its tables tell (ISO/IEC 14496-12, 8.7)."""

import struct
from collections.abc import Iterator

from rules.media.stripping.boxes import Box, Boxes
from rules.media.stripping.streams import DamagedError

_HALF_BYTE = 4


class Samples:
    """Reads the tables piece by piece, for other places of the file are read meanwhile."""

    def __init__(self, boxes: Boxes, table: Box) -> None:
        self._boxes = boxes
        self._tables = {box.kind: box for box in boxes.within(table.body, table.end)}
        if b"stsc" not in self._tables or not {b"stco", b"co64"} & set(self._tables):
            raise DamagedError

    def chunks(self) -> Iterator[tuple[int, int]]:
        """(first byte, what follows the last) of each chunk."""
        sizes = self._sizes()
        for offset, samples in self._chunks():
            yield self._place(offset, _total(sizes, samples))

    def each(self) -> Iterator[tuple[int, int]]:
        """The same of each sample."""
        sizes = self._sizes()
        for offset, samples in self._chunks():
            at = offset
            for _ in range(samples):
                place = self._place(at, _total(sizes, 1))
                yield place
                at = place[1]

    def _place(self, offset: int, length: int) -> tuple[int, int]:
        if offset + length > self._boxes.size:
            raise DamagedError
        return offset, offset + length

    def _chunks(self) -> Iterator[tuple[int, int]]:
        """(position in the file, number of samples) of each chunk."""
        wide = b"co64" in self._tables
        offsets = self._numbers(self._tables[b"co64" if wide else b"stco"], 8, ">Q" if wide else ">I")
        body = self._boxes.body(self._tables[b"stsc"])
        runs = struct.iter_unpack(">III", body[8 : 8 + max(len(body) - 8, 0) // 12 * 12])
        run, following = next(runs, (1, 0, 0)), next(runs, None)
        for number, offset in enumerate(offsets, 1):
            if following is not None and number >= following[0]:
                run, following = following, next(runs, None)
            yield offset, run[1]

    def _sizes(self) -> "int | Iterator[int]":
        """Of each sample alike, or one after the other."""
        box = self._tables.get(b"stsz") or self._tables.get(b"stz2")
        if box is None or box.end - box.body < 12:
            raise DamagedError
        if box.kind == b"stz2":
            return self._small_sizes(box)
        (each,) = struct.unpack(">I", self._boxes.read(box.body + 4, 4))
        return int(each) if each else self._numbers(box, 12, ">I")

    def _small_sizes(self, box: Box) -> Iterator[int]:
        width = self._boxes.read(box.body + 7, 1)[0]
        if width == _HALF_BYTE:
            return (half for pair in self._numbers(box, 12, ">B") for half in (pair >> 4, pair & 15))
        form = {8: ">B", 16: ">H"}.get(width)
        if form is None:
            raise DamagedError
        return self._numbers(box, 12, form)

    def _numbers(self, box: Box, head: int, form: str) -> Iterator[int]:
        width = struct.calcsize(form)
        position = box.body + head
        while box.end - position >= width:
            length = min(box.end - position, 4096 * width) // width * width
            for (number,) in struct.iter_unpack(form, self._boxes.read(position, length)):
                yield number
            position += length


def _total(sizes: "int | Iterator[int]", samples: int) -> int:
    if isinstance(sizes, int):
        return sizes * samples
    total = 0
    for _ in range(samples):
        size = next(sizes, None)
        if size is None:
            raise DamagedError
        total += size
    return total
