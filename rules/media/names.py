"""File names that are safe to store, send and show."""

import itertools
import re
import unicodedata
from collections.abc import Collection

from rules.media.kinds import MediaKind

MAX_NAME_BYTES = 120
_UNSAFE = re.compile(r'[<>:"|?*]')
# Zl, Zp: line breaks; Cc: controls; Cs: halves of characters; Co, Cn: nobody knows how they show.
_HIDDEN = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
# These reorder what is read, so that "gpj.exe" may show as "exe.jpg".
_BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_WORDS = {"image": "Photo", "video": "Video", "audio": "Recording"}
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)")


def safe_name(name: str, kind: MediaKind) -> str:
    """`name` without folders, controls, direction marks and characters some system forbids, ending as `kind` does."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(one for one in last if one not in _BIDI and unicodedata.category(one) not in _HIDDEN)
    shown = " ".join(_UNSAFE.sub("_", shown).split()).strip(". ")
    stem, dot, ending = shown.rpartition(".")
    if not dot or ending.lower() not in kind.endings:
        stem, ending = shown, kind.endings[0]
    stem = _cut(stem.strip(". "), MAX_NAME_BYTES - len(ending) - 2) or "file"
    if _DEVICES.match(stem):
        stem = f"_{stem}"
    return f"{stem}.{ending.lower()}"


def neutral_name(content_type: str, name: str, taken: Collection[str]) -> str:
    """What a photo, video or recording of that name is called where its own name would tell: "Photo 1.jpg".

    Other files keep their names. The number is the first that nothing among `taken` has, whatever its ending.
    """
    word = _WORDS.get(content_type.partition("/")[0])
    if word is None:
        return name
    ending = name.rpartition(".")[2]
    used = {one.casefold().rpartition(".")[0] for one in taken}
    number = next(number for number in itertools.count(1) if f"{word} {number}".casefold() not in used)
    return f"{word} {number}.{ending}"


def safe_shown(name: str) -> str:
    """`name` fit for a sentence: its last part, printable, at most 80 characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(one if one.isprintable() else "�" for one in last)[:80] or "file"


def _cut(text: str, limit: int) -> str:
    return text.encode()[:limit].decode(errors="ignore").rstrip(". ")
