"""MP4, QuickTime, 3GP, M4A, HEIC and AVIF: what tells of place, person, device and time is made free space.

A copy is as long as its original, so that the positions written in it stay right. What is kept is named here; all else
goes. Of tracks, pictures and sound stay: cameras write places into the others (GoPro, DJI, Apple).
"""

import struct
from collections.abc import Iterator

from rules.media.stripping import items
from rules.media.stripping.boxes import Box, Boxes
from rules.media.stripping.embedded import clean_jpeg
from rules.media.stripping.fragments import Fragments
from rules.media.stripping.messages import Coding, clean_sample, coding_of
from rules.media.stripping.samples import Samples
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
_PICTURES = {b"vide", b"pict", b"auxv"}
_SHOWN_OR_HEARD = {*_PICTURES, b"soun"}
_JPEGS = {b"jpeg", b"mjpa", b"dmb1"}
_IN_UNITS = frozenset(b"avc1 avc2 avc3 avc4 dva1 dvav hvc1 hev1 hvc2 hev2 dvh1 dvhe".split())
"""Codings of which pictures consist of units: H.264 and H.265."""
_TELLING = frozenset(b"mett metx mebx urim gpmd camm djmd dbgi fdsc tx3g text wvtt stpp sbtt rtmd".split())
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
        self._fragments = Fragments(boxes)
        self._coded: dict[int, Coding | bytes] = {}

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
            if box.kind == b"moof":
                self._clean_fragment(box)
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
            if child.kind == b"gps ":
                self._blank_blocks(child)
            if child.kind not in kept:
                self._boxes.free(child)
            elif child.kind == b"trak":
                self._track(child)
            elif child.kind == b"mvex":
                self._fragments.note(child)
                self._walk(child)
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
        table = self._child(self._child(found[b"mdia"], b"minf"), b"stbl")
        shown = self._boxes.read(handler.body + 8, 4)
        if shown in _SHOWN_OR_HEARD and not (table is not None and self._tells(table)):
            self._walk(track)
            if table is not None and shown in _PICTURES:
                self._clean_pictures(table, self._track_id(found[b"tkhd"]))
            return
        self._blank_samples(table)
        self._dropped.add(self._track_id(found[b"tkhd"]))
        self._boxes.free(track)

    def _tells(self, table: Box) -> bool:
        """Whether it only calls itself pictures or sound."""
        descriptions = self._child(table, b"stsd")
        return descriptions is not None and any(entry.kind in _TELLING for entry in self._entries(descriptions))

    def _track_id(self, header: Box) -> int:
        version = self._boxes.read(header.body, 1)[0]
        found: int = struct.unpack(">I", self._boxes.read(header.body + (20 if version else 12), 4))[0]
        return found

    def _child(self, box: Box | None, kind: bytes) -> Box | None:
        found = self._boxes.within(box.body, box.end) if box is not None else ()
        return next((one for one in found if one.kind == kind), None)

    def _blank_samples(self, table: Box | None) -> None:
        """What such a track says lies among the pictures, in chunks that its tables tell of."""
        if table is not None:
            for start, end in Samples(self._boxes, table).chunks():
                self._patches.blank(start, end)

    def _clean_pictures(self, table: Box, track: int) -> None:
        """What makers write into the pictures themselves, where it can be told from them."""
        descriptions = self._child(table, b"stsd")
        codings = {self._coding(one) for one in self._entries(descriptions)} if descriptions is not None else {None}
        if len(codings) > 1:
            raise CannotCleanError
        coding = codings.pop()
        if coding is None:
            return
        self._coded[track] = coding
        for start, end in Samples(self._boxes, table).each():
            self._clean_picture(start, end, coding)

    def _clean_fragment(self, fragment: Box) -> None:
        if not self._coded:
            return
        for track, start, end in self._fragments.samples(fragment):
            if track in self._coded:
                self._clean_picture(start, end, self._coded[track])

    def _clean_picture(self, start: int, end: int, coding: Coding | bytes) -> None:
        if isinstance(coding, Coding):
            clean_sample(self._boxes, start, end, coding)
        else:
            clean_jpeg(self._boxes, start, end)

    def _coding(self, entry: Box) -> Coding | bytes | None:
        if entry.kind in _JPEGS:
            return b"jpeg"
        if entry.kind not in _IN_UNITS or entry.end - entry.body < _VISUAL_ENTRY:
            return None
        for box in self._boxes.within(entry.body + _VISUAL_ENTRY, entry.end):
            coding = coding_of(self._boxes, box.kind, box)
            if coding is not None:
                return coding
        return None

    def _blank_blocks(self, table: Box) -> None:
        """Dashboard cameras list in such a box where, among the pictures, they wrote the places."""
        body = self._boxes.body(table)
        for offset, length in struct.iter_unpack(">II", body[8 : 8 + max(len(body) - 8, 0) // 8 * 8]):
            if offset + length <= self._boxes.size and self._boxes.read(offset, 8)[4:] == b"free":
                self._patches.blank(offset + 8, offset + length)
