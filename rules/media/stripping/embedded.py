"""Whole JPEGs that lie within another file: pictures of a HEIC, frames of a video. They keep their place and length."""

import struct

from rules.media.stripping.boxes import Boxes
from rules.media.stripping.streams import CannotCleanError, DamagedError

_STANDING_ALONE = {0x01, *range(0xD0, 0xD8)}
_MOST_SEGMENTS = 1000


def clean_jpeg(boxes: Boxes, start: int, end: int) -> None:
    """Overwrite what its segments before the picture tell; how it is turned says what is around it.

    Raises DamagedError when it does not begin like one, CannotCleanError when its picture is not found.
    """
    if end - start < 4 or boxes.read(start, 2) != b"\xff\xd8":
        raise DamagedError
    at = start + 2
    for _ in range(_MOST_SEGMENTS):
        marker = boxes.read(at, 2)
        if marker[0] != 0xFF:
            raise DamagedError
        if marker[1] in {0xDA, 0xD9}:
            return
        if marker[1] == 0xFF or marker[1] in _STANDING_ALONE:
            at += 1 if marker[1] == 0xFF else 2
            continue
        (length,) = struct.unpack(">H", boxes.read(at + 2, 2))
        following = at + 2 + length
        if length < 2 or following > end:
            raise DamagedError
        if _tells(marker[1], boxes.read(at + 4, min(length - 2, 12))):
            boxes.patches.blank(at + 4, following)
        at = following
    raise CannotCleanError


def _tells(marker: int, head: bytes) -> bool:
    """The profile of colours, and what says how they are meant, stay."""
    kept = {0xE0: (b"JFIF\0", b"AVI1"), 0xE2: (b"ICC_PROFILE\0",), 0xEE: (b"Adobe",)}
    if marker == 0xE1 and head[4:8] == b"mjpg":
        return False  # of QuickTime: where the fields of a frame are
    return marker == 0xFE or (0xE0 <= marker <= 0xEF and not head.startswith(kept.get(marker, ())))
