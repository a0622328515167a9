"""Pictures for tests: real ones, a HEIC, and ones that nobody should decode."""

import base64
import io
import struct
import zlib

from PIL import Image

HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAVZtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    "ACJpbG9jAAAAAERAAAEAAQAAAAABegABAAAAAAAAACgAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRt"
    "AAAAAAABAAAA1mlwcnAAAAC3aXBjbwAAAHhodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMA"
    "AAMAHroCQGEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoDCBBZbqSSmubgIaDAgAAAMAyAAAAwAIQGIAAQAHRAHBcrAiQAAAABNjb2xy"
    "bmNseAABAA0ABoAAAAAUaXNwZQAAAAAAAABgAAAAQAAAABBwaXhpAAAAAAMICAgAAAAXaXBtYQAAAAAAAAABAAEEgQIDBAAAADBt"
    "ZGF0AAAAJCgBrxmA93yFN//3+Mf9fav+KYLtP/9i6d6HYf3YAgB7HSv/gA=="
)
"""96 by 64 pixels, red and blue, as a phone encodes it (H.265). The decoder that is installed here cannot make one."""


def jpeg(width: int = 64, height: int = 48, colour: str = "teal", **options: object) -> bytes:
    """A JPEG in one colour; `options` go to Pillow."""
    return _saved(Image.new("RGB", (width, height), colour), "JPEG", **options)


def sideways_jpeg() -> bytes:
    """Stored 40 by 20 pixels, to be shown upright as 20 by 40; with a camera's name in it."""
    picture = Image.new("RGB", (40, 20), "teal")
    exif = picture.getexif()
    exif[0x0112], exif[0x010F] = 6, "Spycam"
    return _saved(picture, "JPEG", exif=exif)


def transparent_png() -> bytes:
    """All of it transparent."""
    return _saved(Image.new("RGBA", (30, 30), (0, 0, 0, 0)), "PNG")


def bomb(side: int = 60_000) -> bytes:
    """A PNG of a few hundred kilobytes that says, rightly, that it has side * side pixels."""
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    squeezed = zlib.compressobj(9)
    line = bytes(1 + (side + 7) // 8)
    pixels = b"".join(squeezed.compress(line) for _ in range(side)) + squeezed.flush()
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    written = io.BytesIO()
    picture.save(written, kind, **options)
    return written.getvalue()
