"""The pictures of a HEIC or AVIF file are items of one box; Exif and XMP are items too, and overwritten in place."""

import struct
from typing import NamedTuple

from rules.media.stripping.boxes import Box, Boxes
from rules.media.stripping.embedded import clean_jpeg
from rules.media.stripping.streams import CannotCleanError, DamagedError

_KEPT = frozenset({b"hdlr", b"pitm", b"iinf", b"iloc", b"iprp", b"iref", b"idat", b"ipro", b"dinf", b"grpl"})
_TELLING_ITEMS = {b"Exif", b"mime", b"uri "}
_JPEG = b"jpeg"
"""An item that is a whole JPEG, as some previews are, with segments of its own."""
_TELLING_PROPERTIES = {b"udes", b"crtt", b"mdft", b"altt", b"uuid"}
_NO_EXIF = b"\0\0\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"  # where TIFF begins, and a directory of nothing
_NO_XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'


class _Place(NamedTuple):
    method: int
    extents: list[tuple[int, int]]


def clean(boxes: Boxes, meta: Box) -> bool:
    """Overwrite what tells in a `meta` box of pictures; False if it is another, and nothing was done."""
    children = {box.kind: box for box in boxes.within(meta.body + 4, meta.end)} if meta.end - meta.body > 12 else {}
    handler = children.get(b"hdlr")
    if handler is None or boxes.read(handler.body + 8, 4) != b"pict":
        return False
    for box in boxes.within(meta.body + 4, meta.end):
        if box.kind not in _KEPT:
            boxes.free(box)
    boxes.patches.blank(handler.body + 24, handler.end)
    if b"iprp" in children:
        _clean_properties(boxes, children[b"iprp"])
    telling = _telling(boxes, children[b"iinf"]) if b"iinf" in children else {}
    if telling:
        if b"iloc" not in children:
            raise DamagedError
        places = _places(boxes.body(children[b"iloc"]))
        for item, kind in telling.items():
            clean_item = _clean_preview if kind == _JPEG else _blank
            clean_item(boxes, places.get(item), kind, children.get(b"idat"))
    return True


def _clean_properties(boxes: Boxes, properties: Box) -> None:
    """How a picture is turned and cropped stays; properties are told by their number, so one that goes leaves room."""
    for box in boxes.within(properties.body, properties.end):
        if box.kind == b"ipco":
            for one in boxes.within(box.body, box.end):
                if one.kind in _TELLING_PROPERTIES:
                    boxes.free(one)


def _telling(boxes: Boxes, information: Box) -> dict[int, bytes]:
    """The kinds of the items that tell or may, by their number; names of all items are overwritten."""
    version = boxes.read(information.body, 1)[0]
    found = {}
    for entry in boxes.within(information.body + (6 if version == 0 else 8), information.end):
        body = boxes.body(entry)
        if entry.kind != b"infe" or len(body) < 13 or body[0] not in {2, 3}:
            raise CannotCleanError  # of the first drafts of the format
        wide = body[0] == 3
        (item,) = struct.unpack_from(">I" if wide else ">H", body, 4)
        kind_at = 10 if wide else 8
        kind = body[kind_at : kind_at + 4]
        name_end = body.find(b"\0", kind_at + 4)
        if name_end < 0:
            raise DamagedError
        if name_end > kind_at + 4:
            boxes.patches.put(entry.body + kind_at + 4, b"x" * (name_end - kind_at - 4))
        if kind in _TELLING_ITEMS or kind == _JPEG:
            found[item] = kind
    return found


def _places(table: bytes) -> dict[int, _Place]:
    """Where the bytes of each item are: method 0 counts from the file's beginning, 1 within `idat`."""
    try:
        return _Locations(table).all()
    except struct.error:
        raise DamagedError from None


class _Locations:
    """ISO/IEC 14496-12, 8.11.3."""

    def __init__(self, table: bytes) -> None:
        self._table = table
        self._at = 8
        self._version, sizes = struct.unpack_from(">B3xH", table)
        self._offset, self._length = sizes >> 12, sizes >> 8 & 15
        self._base, self._index = sizes >> 4 & 15, sizes & 15 if self._version else 0
        if self._version > 2 or {self._offset, self._length, self._base, self._index} - {0, 4, 8}:
            raise DamagedError

    def all(self) -> dict[int, _Place]:
        """Raises struct.error at the table's end."""
        wide = 4 if self._version == 2 else 2
        self._at = 6
        return dict(self._one(wide) for _ in range(self._number(wide)))

    def _one(self, wide: int) -> tuple[int, _Place]:
        item = self._number(wide)
        method = self._number(2) & 15 if self._version else 0
        self._number(2)  # always this file
        base = self._number(self._base)
        extents = []
        for _ in range(self._number(2)):
            self._number(self._index)
            offset = self._number(self._offset)
            extents.append((base + offset, self._number(self._length)))
        return item, _Place(method, extents)

    def _number(self, width: int) -> int:
        if not width:
            return 0
        (value,) = struct.unpack_from({2: ">H", 4: ">I", 8: ">Q"}[width], self._table, self._at)
        self._at += width
        return int(value)


def _blank(boxes: Boxes, place: _Place | None, kind: bytes, data: Box | None) -> None:
    nothing = {b"Exif": _NO_EXIF, b"mime": _NO_XMP}.get(kind, b"")
    for number, (first, end) in enumerate(_extents(boxes, place, data)):
        boxes.patches.blank(first, end)
        if number == 0 and len(nothing) <= end - first:
            boxes.patches.put(first, nothing)


def _clean_preview(boxes: Boxes, place: _Place | None, _kind: bytes, data: Box | None) -> None:
    extents = _extents(boxes, place, data)
    if len(extents) != 1:
        raise CannotCleanError
    clean_jpeg(boxes, *extents[0])


def _extents(boxes: Boxes, place: _Place | None, data: Box | None) -> list[tuple[int, int]]:
    """(first byte, what follows the last) in the file."""
    if place is None or place.method not in {0, 1} or (place.method == 1 and data is None):
        raise CannotCleanError
    start, limit = (data.body, data.end) if place.method == 1 and data is not None else (0, boxes.size)
    found = [(start + offset, start + offset + length) for offset, length in place.extents]
    if any(end <= first or end > limit for first, end in found):
        raise CannotCleanError
    return found
