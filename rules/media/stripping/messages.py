"""Messages of the camera's maker within H.264 and H.265: some write the place into every frame, none changes a picture.

What says how to show the picture stays (ISO/IEC 14496-10 and 23008-2, annex D: "supplemental enhancement information"),
and so does the line of the encoders x264 and x265, by which players know their old faults.
"""

import struct
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from rules.media.stripping.boxes import Box, Boxes
from rules.media.stripping.streams import CannotCleanError

_UNREGISTERED = 5
_UUID = 16
_ENCODERS = (b"x264 - core ", b"x265 (build ")
_LONGEST = 1024 * 1024
_ESCAPE = b"\0\0\3"


class Coding(NamedTuple):
    """How the units of a stream are written: `width` bytes say how long one is; `wide`: its head has two bytes."""

    width: int
    wide: bool


def coding_of(boxes: Boxes, kind: bytes, configuration: Box) -> Coding | None:
    """As the configuration of a sample entry (`avcC`, `hvcC`) says; its own messages are cleaned. None for another."""
    if kind == b"avcC":
        return Coding(boxes.read(configuration.body + 4, 1)[0] % 4 + 1, wide=False)
    if kind != b"hvcC":
        return None
    body = boxes.body(configuration)
    if len(body) < 23:
        raise CannotCleanError
    coding = Coding(body[21] % 4 + 1, wide=True)
    for start, end in _units_of(body):
        _clean_unit(boxes, configuration.body + start, configuration.body + end, coding)
    return coding


def clean_sample(boxes: Boxes, start: int, end: int, coding: Coding) -> None:
    """Overwrite the makers' messages of one sample."""
    while end - start > coding.width:
        length = int.from_bytes(boxes.read(start, coding.width), "big")
        start += coding.width
        if length > end - start:
            raise CannotCleanError
        if length:
            _clean_unit(boxes, start, start + length, coding)
        start += length


def _units_of(body: bytes) -> Iterator[tuple[int, int]]:
    """Where the units are that an `hvcC` lists."""
    try:
        at = 23
        for _ in range(body[22]):
            (count,) = struct.unpack_from(">H", body, at + 1)
            at += 3
            for _ in range(count):
                (length,) = struct.unpack_from(">H", body, at)
                yield at + 2, at + 2 + length
                at += 2 + length
    except struct.error:
        raise CannotCleanError from None


def _clean_unit(boxes: Boxes, start: int, end: int, coding: Coding) -> None:
    head = boxes.read(start, 1)[0]
    is_message = head >> 1 & 63 in {39, 40} if coding.wide else head & 31 == 6
    if not is_message:
        return
    if end - start > _LONGEST:
        raise CannotCleanError
    start += 2 if coding.wide else 1
    if start >= end:
        return
    data = boxes.read(start, end - start)
    where = _unescaped(data)
    for first, last in _telling(bytes(data[one] for one in where) if len(where) != len(data) else data):
        _overwrite(boxes, start, data, where[first:last])


def _unescaped(data: bytes) -> "range | list[int]":
    """The positions of the bytes that count: a 3 after two zeros only keeps them from looking like a beginning."""
    if _ESCAPE not in data:
        return range(len(data))
    escapes = set(_escapes(data))
    return [at for at in range(len(data)) if at not in escapes]


def _telling(messages: bytes) -> Iterator[tuple[int, int]]:
    """(first byte, what follows the last) of what nobody but its maker can read."""
    at = 0
    while at < len(messages) - 1:  # the last byte only ends the unit
        kind, at = _number(messages, at)
        size, at = _number(messages, at)
        if at + size > len(messages):
            raise CannotCleanError
        if kind == _UNREGISTERED and not messages[at + _UUID : at + size].startswith(_ENCODERS):
            yield at, at + size
        at += size


def _number(messages: bytes, at: int) -> tuple[int, int]:
    """A number of the size and kind of a message, and where it ends."""
    value = 0
    while at < len(messages):
        value += messages[at]
        at += 1
        if messages[at - 1] != 0xFF:
            return value, at
    raise CannotCleanError


def _overwrite(boxes: Boxes, start: int, data: bytes, where: "range | list[int]") -> None:
    """Ones everywhere, but for the zeros before an escape, without which the unit would be read longer."""
    kept = {at - back for at in _escapes(data) for back in (1, 2)} if _ESCAPE in data else set()
    wanted = (at for at in where if at not in kept)
    for _, run in groupby(enumerate(wanted), key=lambda one: one[1] - one[0]):
        places = [at for _, at in run]
        boxes.patches.put(start + places[0], _ones(len(places)))


def _escapes(data: bytes) -> Iterator[int]:
    zeros = 0
    for at, byte in enumerate(data):
        if zeros >= 2 and byte == 3:
            zeros = 0
            yield at
        else:
            zeros = zeros + 1 if byte == 0 else 0


@lru_cache(maxsize=64)
def _ones(length: int) -> bytes:
    return b"\xff" * length
