"""MP4, QuickTime, 3GP, M4A, HEIC and AVIF: what tells of place, person, device and time is made free space.

A copy is as long as its original, so that the positions written in it stay right. What is kept is named here; all else
goes. Of tracks, pictures and sound stay: cameras write places into the others (GoPro, DJI, Apple).
"""

import struct
from collections.abc import Iterator

from rules.media.stripping import items
from rules.media.stripping.boxes import Box, Boxes
from rules.media.stripping.streams import CannotCleanError, DamagedError, Source, Target

_KEPT: dict[bytes, frozenset[bytes]] = {
    b"moov": frozenset({b"mvhd", b"trak", b"iods", b"mvex", b"ctab"}),
    b"trak": frozenset({b"tkhd", b"edts", b"mdia", b"tapt", b"load"}),
    b"mdia": frozenset({b"mdhd", b"hdlr", b"minf", b"elng"}),
    b"minf": frozenset({b"vmhd", b"smhd", b"nmhd", b"hdlr", b"dinf", b"stbl", b"gmhd"}),
    b"stbl": frozenset(
        b"stsd stts ctts cslg stsc stsz stz2 stco co64 stss stps stsh sdtp sbgp sgpd subs saiz saio padb".split()
    ),
    b"dinf": frozenset({b"dref"}),
    b"moof": frozenset({b"mfhd", b"traf"}),
    b"traf": frozenset({b"tfhd", b"trun", b"tfdt", b"sdtp", b"sbgp", b"sgpd", b"subs", b"saiz", b"saio"}),
}
_TOP = frozenset({b"ftyp", b"styp", b"moov", b"moof", b"mdat", b"mfra", b"sidx", b"ssix", b"pdin"})
_TIMED = {b"mvhd", b"tkhd", b"mdhd"}
_SHOWN_OR_HEARD = {b"vide", b"soun", b"pict", b"auxv"}
_VISUAL_ENTRY = 78  # bytes of a visual sample entry before its own boxes
_ENCODER_NAME = 42  # where, in one, the encoder's name stands; it has 32 bytes


def strip(source: Source, target: Target) -> None:
    """See rules.media.stripping."""
    boxes = Boxes(source)
    _Movie(boxes).clean()
    boxes.patches.copy(source, target, boxes.size)


class _Movie:
    def __init__(self, boxes: Boxes) -> None:
        self._boxes = boxes
        self._patches = boxes.patches
        self._seen: set[bytes] = set()
        self._dropped: set[int] = set()

    def clean(self) -> None:
        """Note all that is to be overwritten."""
        position = 0
        while self._boxes.size - position >= 8:
            box = self._boxes.at(position, self._boxes.size)
            if box is None:
                self._tail(position)
                return
            self._top(box)
            position = box.end
        self._patches.blank(position, self._boxes.size)
        self._check()

    def _tail(self, position: int) -> None:
        """Some telephones write notes of their own after the last box."""
        kind = self._boxes.read(position, 8)[4:]
        if kind in _TOP or kind == b"meta":
            raise DamagedError  # cut off
        self._check()
        self._patches.blank(position, self._boxes.size)
        self._patches.put(position, b"\0\0\0\0free")

    def _check(self) -> None:
        if not {b"moov", b"meta"} & self._seen:
            raise DamagedError  # nothing says how it is shown: its end is missing

    def _top(self, box: Box) -> None:
        if box.kind == b"meta" and items.clean(self._boxes, box):
            self._seen.add(box.kind)
        elif box.kind in _TOP:
            self._seen.add(box.kind)
            self._walk(box)
        else:
            self._boxes.free(box)

    def _walk(self, box: Box) -> None:
        kept = _KEPT.get(box.kind)
        if kept is None:
            self._leaf(box)
            return
        for child in self._boxes.within(box.body, box.end):
            if child.kind == b"cmov":
                raise CannotCleanError  # compressed: nobody has written these for twenty years
            if child.kind not in kept:
                self._boxes.free(child)
            elif child.kind == b"trak":
                self._track(child)
            elif child.kind == b"tfhd" and struct.unpack(">I", self._boxes.read(child.body + 4, 4))[0] in self._dropped:
                raise CannotCleanError
            else:
                self._walk(child)

    def _leaf(self, box: Box) -> None:
        if box.kind in _TIMED:
            size = {0: 8, 1: 16}.get(self._boxes.read(box.body, 1)[0])
            if size is None or box.body + 4 + size > box.end:
                raise DamagedError
            self._patches.blank(box.body + 4, box.body + 4 + size)
        elif box.kind == b"hdlr":
            self._patches.blank(box.body + 24, box.end)
        elif box.kind == b"stsd":
            for entry in self._entries(box):
                if entry.end - entry.body >= _VISUAL_ENTRY and self._is_visual(entry):
                    self._patches.blank(entry.body + _ENCODER_NAME, entry.body + _ENCODER_NAME + 32)
        elif box.kind == b"dref":
            for entry in self._entries(box):
                self._patches.blank(entry.body + 4, entry.end)  # where else the pictures would be

    def _entries(self, box: Box) -> Iterator[Box]:
        if box.end - box.body < 8:
            raise DamagedError
        return self._boxes.within(box.body + 8, box.end)

    def _is_visual(self, entry: Box) -> bool:
        """A name of at most 31 characters and its count, and one picture a sample; of sound none of this is so."""
        read = self._boxes.read(entry.body, _VISUAL_ENTRY)
        return read[40:42] == b"\0\1" and read[_ENCODER_NAME] <= 31 and read[76:78] == b"\xff\xff"

    # -- tracks

    def _track(self, track: Box) -> None:
        found = {box.kind: box for box in self._boxes.within(track.body, track.end)}
        if b"mdia" not in found or b"tkhd" not in found:
            raise DamagedError
        handler = self._child(found[b"mdia"], b"hdlr")
        if handler is None:
            raise DamagedError
        if self._boxes.read(handler.body + 8, 4) in _SHOWN_OR_HEARD:
            self._walk(track)
            return
        self._blank_samples(self._child(self._child(found[b"mdia"], b"minf"), b"stbl"))
        self._dropped.add(self._track_id(found[b"tkhd"]))
        self._boxes.free(track)

    def _track_id(self, header: Box) -> int:
        version = self._boxes.read(header.body, 1)[0]
        found: int = struct.unpack(">I", self._boxes.read(header.body + (20 if version else 12), 4))[0]
        return found

    def _child(self, box: Box | None, kind: bytes) -> Box | None:
        found = self._boxes.within(box.body, box.end) if box is not None else ()
        return next((one for one in found if one.kind == kind), None)

    def _blank_samples(self, table: Box | None) -> None:
        """What such a track says lies among the pictures, in chunks that its tables tell of."""
        if table is None:
            return
        tables = {box.kind: box for box in self._boxes.within(table.body, table.end)}
        if b"stz2" in tables:
            raise CannotCleanError
        if not {b"stsc", b"stsz"} <= set(tables) or not {b"stco", b"co64"} & set(tables):
            raise DamagedError
        sizes = self._sample_sizes(tables[b"stsz"])
        for offset, samples in self._chunks(tables):
            length = _total(sizes, samples)
            if offset + length > self._boxes.size:
                raise DamagedError
            self._patches.blank(offset, offset + length)

    def _chunks(self, tables: dict[bytes, Box]) -> Iterator[tuple[int, int]]:
        """(position in the file, number of samples) of each chunk."""
        wide = b"co64" in tables
        offsets = self._numbers(tables[b"co64" if wide else b"stco"], 8, ">Q" if wide else ">I")
        body = self._boxes.body(tables[b"stsc"])
        runs = struct.iter_unpack(">III", body[8 : 8 + max(len(body) - 8, 0) // 12 * 12])
        run, following = next(runs, (1, 0, 0)), next(runs, None)
        for number, offset in enumerate(offsets, 1):
            if following is not None and number >= following[0]:
                run, following = following, next(runs, None)
            yield offset, run[1]

    def _sample_sizes(self, box: Box) -> "int | Iterator[int]":
        """Of each sample alike, or one after the other."""
        if box.end - box.body < 12:
            raise DamagedError
        (each,) = struct.unpack(">I", self._boxes.read(box.body + 4, 4))
        return int(each) if each else self._numbers(box, 12, ">I")

    def _numbers(self, box: Box, head: int, form: str) -> Iterator[int]:
        """The numbers of a table, read piece by piece: other tables are read meanwhile."""
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
