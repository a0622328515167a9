"""The task `pictures`: one picture in, a small and a large JPEG of it out. Runs in a confined process only.

The output is a line of JSON {"width", "height" (pixels, upright), "small", "large" (bytes)}, then the two JPEGs.
Nothing that the file says of camera and place comes along; its colour profile does.
"""

import io
import json
from typing import BinaryIO

import pi_heif
from PIL import Image, ImageOps

from server.confined.child import seal

SMALL, LARGE = 480, 2048
"""The longer side, in pixels."""
MOST_PIXELS = 80_000_000
"""Beyond it nothing is decoded. A JPEG is counted as it is decoded, which is at an eighth where that does."""
MOST_PROFILE = 64 * 1024
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "HEIF", "TIFF", "BMP")


def work(source: BinaryIO, target: BinaryIO) -> None:
    """Read all, then write all. Any exception, and any death, means that the picture cannot be shown."""
    pi_heif.register_heif_opener()
    Image.init()
    Image.MAX_IMAGE_PIXELS = None  # counted below, without a warning in between
    content = source.read()
    seal(threads=True)
    picture = Image.open(io.BytesIO(content), formats=_FORMATS)
    width, height = _upright_size(picture)
    if picture.format == "JPEG":
        picture.draft("RGB", (LARGE, LARGE))
    if picture.width * picture.height > MOST_PIXELS:
        raise ValueError("too many pixels")
    profile = picture.info.get("icc_profile", b"") if picture.mode == "RGB" else b""
    shown = _flat(ImageOps.exif_transpose(picture))
    large = _jpeg(shown, LARGE, profile)
    small = _jpeg(shown, SMALL, profile)
    facts = {"width": width, "height": height, "small": len(small), "large": len(large)}
    target.write(json.dumps(facts).encode() + b"\n" + small + large)
    target.flush()


def _upright_size(picture: Image.Image) -> tuple[int, int]:
    """As it is shown, in pixels."""
    turned = picture.getexif().get(0x0112, 1) in {5, 6, 7, 8}
    return (picture.height, picture.width) if turned else (picture.width, picture.height)


def _flat(picture: Image.Image) -> Image.Image:
    """In RGB; what is transparent lies on white."""
    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if picture.has_transparency_data:
        ground = Image.new("RGBA", picture.size, "white")
        ground.alpha_composite(picture.convert("RGBA"))
        picture = ground
    return picture.convert("RGB")


def _jpeg(picture: Image.Image, most: int, profile: bytes) -> bytes:
    smaller = picture.copy()
    smaller.thumbnail((most, most), Image.Resampling.LANCZOS, reducing_gap=3.0)
    written = io.BytesIO()
    kept = {"icc_profile": profile} if 0 < len(profile) <= MOST_PROFILE else {}
    smaller.save(written, "JPEG", quality=84, optimize=True, **kept)
    return written.getvalue()
