"""JPEG, PNG and WebP: the parts that tell of place and camera are left out."""

import struct
import zlib
from collections.abc import Iterator

from rules.media.stripping.streams import CHUNK, CannotCleanError, DamagedError, Source, Target, exactly, pieces

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_DROPPED = {b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME", b"zxIf"}
_ORIENTATION_TAG = 0x0112


def jpeg(source: Source, target: Target) -> None:
    """JFIF, Adobe and colour profile stay; Exif, XMP, IPTC, comments, previews and what follows the end go.

    Orientation is written back alone: without it the picture would lie on its side.
    """
    exactly(source, 2)
    target.write(b"\xff\xd8")
    head: list[bytes] = []
    orientation = 1
    while True:
        marker = _jpeg_marker(source)
        segment, content = _jpeg_segment(source, marker)
        if marker == 0xE1 and content.startswith(b"Exif\0\0"):
            orientation = _orientation(content[6:]) or orientation
        if _jpeg_keeps(marker, content):
            if marker == 0xE0 and not head:
                target.write(segment)  # JFIF must be the first
            else:
                head.append(segment)
        if marker == 0xDA:
            break
    if orientation != 1:
        target.write(_minimal_exif(orientation))
    for segment in head:
        target.write(segment)
    _jpeg_scans(source, target)


def _jpeg_marker(source: Source) -> int:
    if exactly(source, 1) != b"\xff":
        raise DamagedError
    byte = exactly(source, 1)
    while byte == b"\xff":  # fill bytes are allowed
        byte = exactly(source, 1)
    return byte[0]


def _jpeg_segment(source: Source, marker: int) -> tuple[bytes, bytes]:
    """(the whole segment, its content)."""
    if marker == 0x01 or 0xD0 <= marker <= 0xD9:
        raise DamagedError  # these stand alone, and none belongs here
    size = exactly(source, 2)
    (length,) = struct.unpack(">H", size)
    if length < 2:
        raise DamagedError
    content = exactly(source, length - 2)
    return b"\xff" + bytes([marker]) + size + content, content


def _jpeg_keeps(marker: int, content: bytes) -> bool:
    if marker == 0xE0:
        return content.startswith(b"JFIF\0")
    if marker == 0xE2:
        return content.startswith(b"ICC_PROFILE\0")
    if marker == 0xEE:
        return content.startswith(b"Adobe")
    return not (0xE1 <= marker <= 0xEF or marker == 0xFE)


_MOST_BETWEEN = 10_000
"""Segments between scans, after each of which a whole CHUNK is read anew; a progressive picture has some dozens."""


def _jpeg_scans(source: Source, target: Target) -> None:
    """Compressed data up to the end marker; between scans come tables (kept) and, in odd files, metadata (dropped)."""
    pending = b""
    between = 0
    while True:
        chunk = pending + source.read(CHUNK)
        if len(chunk) == len(pending):
            raise DamagedError  # no end marker: cut off
        start, at = 0, chunk.find(b"\xff")
        while at != -1 and at + 1 < len(chunk):
            marker = chunk[at + 1]
            if marker == 0 or 0xD0 <= marker <= 0xD7:
                at = chunk.find(b"\xff", at + 2)
            elif marker == 0xFF:
                at += 1
            elif marker == 0xD9:
                target.write(chunk[start : at + 2])
                return
            else:
                target.write(chunk[start:at])
                source.seek(at - len(chunk), 1)
                between += 1
                if between > _MOST_BETWEEN:
                    raise CannotCleanError
                _jpeg_between(source, target)
                start, chunk, at = 0, b"", -1
        keep = 1 if at != -1 else 0
        target.write(chunk[start : len(chunk) - keep])
        pending = chunk[len(chunk) - keep :] if keep else b""


def _jpeg_between(source: Source, target: Target) -> None:
    marker = _jpeg_marker(source)
    segment, content = _jpeg_segment(source, marker)
    if _jpeg_keeps(marker, content):
        target.write(segment)


def _orientation(tiff: bytes) -> int | None:
    """The orientation (1 to 8) in the first directory of a TIFF block, if it has one."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return None
    (offset,) = struct.unpack_from(f"{order}I", tiff, 4)
    if offset + 2 > len(tiff):
        return None
    (count,) = struct.unpack_from(f"{order}H", tiff, offset)
    for index in range(count):
        at = offset + 2 + index * 12
        if at + 12 > len(tiff):
            return None
        tag, kind, number, value = struct.unpack_from(f"{order}HHIH", tiff, at)
        if (tag, kind, number) == (_ORIENTATION_TAG, 3, 1):
            return value if 1 <= value <= 8 else None
    return None


def _minimal_exif(orientation: int) -> bytes:
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION_TAG, 3, 1, orientation, 0, 0)
    content = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content


def png(source: Source, target: Target) -> None:
    if exactly(source, 8) != _PNG_SIGNATURE:
        raise DamagedError
    target.write(_PNG_SIGNATURE)
    first = True
    while True:
        header = exactly(source, 8)
        length, name = struct.unpack(">I4s", header)
        if length > 0x7FFFFFFF or first != (name == b"IHDR") or not name.isalpha():
            raise DamagedError
        first = False
        _png_chunk(source, None if name in _PNG_DROPPED else target, header, length)
        if name == b"IEND":
            return


def _png_chunk(source: Source, target: Target | None, header: bytes, length: int) -> None:
    """One chunk with its checksum, to `target` or to nowhere."""
    check = zlib.crc32(header[4:])
    if target is not None:
        target.write(header)
    for piece in pieces(source, length):
        check = zlib.crc32(piece, check)
        if target is not None:
            target.write(piece)
    stored = exactly(source, 4)
    if struct.unpack(">I", stored)[0] != check:
        raise DamagedError
    if target is not None:
        target.write(stored)


def webp(source: Source, target: Target) -> None:
    """Exif and XMP go, and the flags that announce them."""
    exactly(source, 12)
    kept: list[tuple[bytes, int, int]] = []
    for name, position, length in _riff_chunks(source):
        if name not in {b"EXIF", b"XMP "}:
            kept.append((name, position, length))
    if not kept:
        raise DamagedError
    total = 4 + sum(8 + length + (length & 1) for _, _, length in kept)
    target.write(b"RIFF" + struct.pack("<I", total) + b"WEBP")
    for name, position, length in kept:
        target.write(name + struct.pack("<I", length))
        source.seek(position)
        if name == b"VP8X":
            content = exactly(source, length)
            target.write(bytes([content[0] & ~0x0C]) + content[1:])
        else:
            for piece in pieces(source, length):
                target.write(piece)
        if length & 1:
            target.write(b"\0")


def _riff_chunks(source: Source) -> Iterator[tuple[bytes, int, int]]:
    """(name, position of the content, its length) of each chunk that the RIFF header counts."""
    source.seek(4)
    (size,) = struct.unpack("<I", exactly(source, 4))
    end = 8 + size
    position = 12
    while position + 8 <= end:
        source.seek(position)
        name, length = struct.unpack("<4sI", exactly(source, 8))
        if position + 8 + length > end or (name == b"VP8X" and length < 10):
            raise DamagedError
        yield name, position + 8, length
        position += 8 + length + (length & 1)
