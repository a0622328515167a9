"""Names of files and folders in an archive: what people called them, without what a computer could stumble over."""

import unicodedata
from pathlib import PurePosixPath

_FORBIDDEN = dict.fromkeys(map(ord, '<>:"/\\|?*'), "_")
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
_MOST = 80


def safe_name(name: str, otherwise: str) -> str:
    """A name for one file or folder on any system: no path, no control or invisible character, no device of Windows,
    at most 80 characters with its ending kept; `otherwise` where nothing is left."""
    plain = unicodedata.normalize("NFC", name).translate(_FORBIDDEN)
    plain = "".join(letter for letter in plain if unicodedata.category(letter)[0] != "C")
    plain = " ".join(plain.split()).strip(". ")
    ending = PurePosixPath(plain).suffix[:16]
    if len(plain) > _MOST:
        plain = plain[: _MOST - len(ending)].rstrip(". ") + ending
    if plain.partition(".")[0].strip().lower() in _DEVICES:
        plain = f"_{plain}"
    return plain or otherwise


class Taken:
    """The names of one folder, where the same one in other letters is the same."""

    def __init__(self, *names: str) -> None:
        self._folded = {name.casefold() for name in names}

    def unique(self, name: str) -> str:
        """The name, or with the first number that is free, before its ending."""
        path = PurePosixPath(name)
        number, free = 1, name
        while free.casefold() in self._folded:
            number += 1
            free = f"{path.stem} ({number}){path.suffix}"
        self._folded.add(free.casefold())
        return free
