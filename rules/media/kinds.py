"""What a file is, judged by its bytes, and whether its name says the same."""

import msgspec

from rules.sentence import Sentence

SNIFF_BYTES = 4096


class MediaKind(msgspec.Struct, frozen=True):
    """A kind of file: its media type, its words for a person, and the endings a name of it may have (first: ours)."""

    content_type: str
    words: Sentence
    endings: tuple[str, ...]


JPEG = MediaKind("image/jpeg", Sentence("a JPEG picture"), ("jpg", "jpeg", "jpe", "jfif"))
PNG = MediaKind("image/png", Sentence("a PNG picture"), ("png",))
WEBP = MediaKind("image/webp", Sentence("a WebP picture"), ("webp",))
GIF = MediaKind("image/gif", Sentence("a GIF picture"), ("gif",))
HEIC = MediaKind("image/heic", Sentence("a HEIC picture"), ("heic", "heif"))
AVIF = MediaKind("image/avif", Sentence("an AVIF picture"), ("avif",))
MP4 = MediaKind("video/mp4", Sentence("an MP4 video"), ("mp4", "m4v", "mov"))
QUICKTIME = MediaKind("video/quicktime", Sentence("a QuickTime video"), ("mov", "qt", "mp4"))
THREE_GP = MediaKind("video/3gpp", Sentence("a 3GP video"), ("3gp", "3g2", "mp4"))
MATROSKA = MediaKind("video/webm", Sentence("a WebM video"), ("webm", "mkv"))
M4A = MediaKind("audio/mp4", Sentence("an M4A recording"), ("m4a", "mp4"))
PDF = MediaKind("application/pdf", Sentence("a PDF document"), ("pdf",))
ZIP = MediaKind(
    "application/zip",
    Sentence("a ZIP archive"),
    ("zip", "docx", "xlsx", "pptx", "odt", "ods", "odp", "epub", "jar", "apk"),
)
TEXT = MediaKind(
    "text/plain", Sentence("plain text"), ("txt", "text", "md", "csv", "tsv", "log", "json", "yaml", "yml", "ini")
)
UNKNOWN = MediaKind("application/octet-stream", Sentence("a file of an unknown kind"), ("bin", "dat"))

_KINDS = (JPEG, PNG, WEBP, GIF, HEIC, AVIF, MP4, QUICKTIME, THREE_GP, MATROSKA, M4A, PDF, ZIP, TEXT, UNKNOWN)
_SIGNATURES = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"\x1a\x45\xdf\xa3", MATROSKA),
    (b"%PDF-", PDF),
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
)
_BRANDS = {
    b"heic": HEIC,
    b"heix": HEIC,
    b"heim": HEIC,
    b"heis": HEIC,
    b"hevc": HEIC,
    b"mif1": HEIC,
    b"msf1": HEIC,
    b"avif": AVIF,
    b"avis": AVIF,
    b"qt  ": QUICKTIME,
    b"M4A ": M4A,
    b"M4B ": M4A,
}


def sniff(head: bytes) -> MediaKind:
    """The kind of a file that begins with `head` (SNIFF_BYTES of it, or all of a shorter file)."""
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return _BRANDS.get(brand, THREE_GP if brand[:2] == b"3g" else MP4)
    if head[4:8] in {b"moov", b"mdat", b"wide", b"free"}:
        return QUICKTIME
    return TEXT if _is_text(head) else UNKNOWN


def of_type(content_type: str) -> MediaKind:
    """The kind that has this media type; UNKNOWN for any other."""
    return next((kind for kind in _KINDS if kind.content_type == content_type), UNKNOWN)


def expected(name: str) -> tuple[MediaKind, ...]:
    """The kinds a file of this name may be; empty when its ending says nothing."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return tuple(kind for kind in _KINDS if ending in kind.endings and kind is not UNKNOWN)


def _is_text(head: bytes) -> bool:
    if any(byte < 9 or 13 < byte < 27 for byte in head):
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and len(head) == SNIFF_BYTES  # cut within a character
    return True
