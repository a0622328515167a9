"""Copies of pictures, videos and recordings without what they tell of place, person and device.

Here belongs one module a format. No pixel and no sound changes: whole parts are left out, or overwritten where what
follows must stay in its place. Of compressed pictures the messages of makers go from H.264, H.265 and JPEG; those of
WebM, Matroska and other codings are not looked into. Each format's function reads `source` from its beginning and
writes to `target`, in memory that does not grow with the file. It raises DamagedError when the file does not hold
together and CannotCleanError when something in it cannot be taken out, because then nobody can say what was left in it.
"""

from collections.abc import Callable

from rules.media.kinds import (
    AVIF,
    GIF,
    HEIC,
    JPEG,
    M4A,
    MATROSKA,
    MP4,
    PNG,
    QUICKTIME,
    THREE_GP,
    WEBP,
    MediaKind,
)
from rules.media.stripping import gif, matroska, movie, still
from rules.media.stripping.streams import CHUNK, CannotCleanError, DamagedError, Source, Target

__all__ = ["CHUNK", "CannotCleanError", "DamagedError", "Source", "Target", "strip"]

_STRIPPERS: dict[MediaKind, Callable[[Source, Target], None]] = {
    JPEG: still.jpeg,
    PNG: still.png,
    WEBP: still.webp,
    GIF: gif.strip,
    HEIC: movie.strip,
    AVIF: movie.strip,
    MP4: movie.strip,
    QUICKTIME: movie.strip,
    THREE_GP: movie.strip,
    M4A: movie.strip,
    MATROSKA: matroska.strip,
}


def strip(kind: MediaKind, source: Source, target: Target) -> bool:
    """Copy; whether metadata was removed (False: this kind is copied as it is)."""
    stripper = _STRIPPERS.get(kind)
    source.seek(0)
    if stripper is None:
        copy(source, target)
        return False
    stripper(source, target)
    return True


def copy(source: Source, target: Target) -> None:
    """All of it, as it is."""
    source.seek(0)
    while chunk := source.read(CHUNK):
        target.write(chunk)
