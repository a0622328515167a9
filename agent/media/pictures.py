"""Pictures made smaller: thumbnails, and photos of an organization that wants them so.

Nothing here is worth a photo: what cannot be read, or has more pixels than memory should hold, is left as it is.
Pillow and pi-heif load with the first picture, on the thread that needs them.
"""

import io
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from agent.errors import AgentError
from rules.media.kinds import AVIF, GIF, HEIC, JPEG, PNG, WEBP, MediaKind

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PIXELS = 89_000_000
MAX_BYTES = 256 * 1024 * 1024
THUMBNAIL_EDGE = 320
QUALITY = 80

_PHOTOS = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP", HEIC: "HEIF"}
_SHOWN = _PHOTOS | {GIF: "GIF", AVIF: "AVIF"}
_DEEP = ("I", "F")  # more than 8 bits a colour: Pillow would cut them off, not scale them


class Smaller(msgspec.Struct, frozen=True):
    """A photo made smaller: its file, and the kind that it is now."""

    kind: MediaKind
    data: bytes


def smaller(source: BinaryIO, kind: MediaKind, edge: int, *, keep_details: bool) -> Smaller | None:
    """The photo with a longer side of `edge` pixels, upright; None when it is left as it is.

    It becomes a JPEG, unless it can be seen through. What it tells is gone, unless `keep_details`.
    """
    if kind not in _PHOTOS:
        return None
    try:
        return _smaller(source, kind, edge, keep_details=keep_details)
    except AgentError:
        raise
    except Exception:  # noqa: BLE001 # decoders fail in any way; the file itself is judged elsewhere
        return None


def thumbnail(path: Path, kind: MediaKind) -> bytes | None:
    """A small JPEG of the picture at `path`, upright; None when there is none to make."""
    if kind not in _SHOWN:
        return None
    try:
        with path.open("rb") as source:
            picture = _opened(source, kind, THUMBNAIL_EDGE, moving=True)
            if picture is None:
                return None
            small = _flat(_fitted(picture, THUMBNAIL_EDGE))
            return _saved(small, "JPEG", quality=QUALITY)
    except Exception:  # noqa: BLE001 # as above; without a thumbnail a file has an icon
        return None


def _smaller(source: BinaryIO, kind: MediaKind, edge: int, *, keep_details: bool) -> Smaller | None:
    picture = _opened(source, kind, edge, moving=False)
    if picture is None:
        return None
    details = picture.getexif() if keep_details else None
    small = _fitted(picture, edge)
    options: dict[str, object] = {"quality": QUALITY}
    if "icc_profile" in picture.info and picture.mode != "CMYK":
        options["icc_profile"] = picture.info["icc_profile"]
    if details is not None:
        details.pop(0x0112, None)  # it stands upright now
        options["exif"] = details.tobytes()
    if not _is_seen_through(small):
        return Smaller(JPEG, _saved(_flat(small), "JPEG", **options))
    kept = WEBP if kind is WEBP else PNG
    return Smaller(kept, _saved(small, _PHOTOS[kept], **options))


def _opened(source: BinaryIO, kind: MediaKind, edge: int, *, moving: bool) -> "Image | None":
    """The picture, not decoded yet; None if it need not or must not be."""
    from PIL import Image

    if kind is HEIC:
        from pi_heif import register_heif_opener

        register_heif_opener(thumbnails=False)
    if source.seek(0, io.SEEK_END) > MAX_BYTES:
        return None
    source.seek(0)
    picture = Image.open(source, formats=[_SHOWN[kind]])
    if picture.width * picture.height > MAX_PIXELS:
        return None
    if not moving and (max(picture.size) <= edge or getattr(picture, "n_frames", 1) > 1):
        return None
    if picture.mode.startswith(_DEEP):
        return None
    picture.draft("RGB", (edge, edge))  # a JPEG is decoded smaller at once
    return picture


def _fitted(picture: "Image", edge: int) -> "Image":
    from PIL import Image, ImageOps

    if picture.mode in {"P", "1", "PA"}:
        picture = picture.convert("RGBA" if "transparency" in picture.info or picture.mode == "PA" else "RGB")
    elif picture.mode not in {"RGB", "RGBA", "L", "LA"}:
        picture = picture.convert("RGB")
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    return upright


def _is_seen_through(picture: "Image") -> bool:
    return picture.mode in {"RGBA", "LA"} and picture.getchannel("A").getextrema()[0] != 255


def _flat(picture: "Image") -> "Image":
    """On white, where it can be seen through."""
    from PIL import Image

    if picture.mode not in {"RGBA", "LA"}:
        return picture
    white = Image.new("RGB", picture.size, "white")
    white.paste(picture.convert("RGB"), mask=picture.getchannel("A"))
    return white


def _saved(picture: "Image", form: str, **options: object) -> bytes:
    made = io.BytesIO()
    picture.info = {}  # else Pillow writes comments and profiles of its own accord
    picture.save(made, form, **options)
    return made.getvalue()
