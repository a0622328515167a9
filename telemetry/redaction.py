"""Redaction: what a text may still hold after types and declarations have done their part.

Order: names of fields, this computer's own folders, value rules, its own names, size caps. Applied before a row
is written; each row bears RULES_VERSION and one of an older version is redacted again before it is sent. The input is
cut before any pattern sees it.
"""

import functools
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from telemetry.redaction_rules import Rule

RULES_VERSION = 2
MAX_INPUT_CHARS = 4096
MAX_CHARS = 2000
WITHHELD = "<withheld>"
_REMEMBERED = 256
"""Texts whose redaction is remembered: what a program logs repeats."""

_DENIED_KEY = re.compile(
    r"passw|passphrase|pwd|secret|token|credential|cookie|session|auth|api.?key|private.?key|bearer|otp|\bpin\b"
    r"|e.?mail|phone|address|\bssn\b|iban|card|latitude|longitude|position",
    re.IGNORECASE,
)

_COMMON_NAMES = frozenset(
    [
        "root",
        "user",
        "admin",
        "administrator",
        "guest",
        "test",
        "home",
        "localhost",
        "local",
        "agent",
        "desktop",
        "protocol",
        "rules",
        "telemetry",
        "ui",
    ]
)
"""Names of people and computers that tell nothing, or that are words of the program."""


def redactor(home: Path | None = None) -> Callable[[str], str]:
    """A redactor of texts that also knows this computer's own folders and names; the longest first, in any case."""
    from telemetry.redaction_rules import REST, RULES  # its patterns take a while, and only who records needs them

    home = home or Path.home()
    folders = _rules(_folders(home), "", rf"(?![\w.-]){REST}{{0,60}}")
    names = _rules(_names(home), r"(?<![\w<])", r"(?![\w>])")

    @functools.lru_cache(_REMEMBERED)
    def redact(text: str) -> str:
        cut = text[:MAX_INPUT_CHARS]
        lower = cut.lower()
        for mark, pattern, guard in (*folders, *RULES, *names):
            if guard(lower):
                cut = pattern.sub(mark, cut)
        return cut[:MAX_CHARS]

    return redact


def _rules(known: Iterator[tuple[str, str]], before: str, after: str) -> "tuple[Rule, ...]":
    """A rule for each of the known texts between what must stand before and after it."""
    from telemetry.redaction_rules import has

    longest_first = sorted(set(known), key=lambda pair: (-len(pair[1]), pair))
    return tuple(
        (mark, re.compile(before + re.escape(text) + after, re.IGNORECASE), has(text.lower()))
        for mark, text in longest_first
    )


def _folders(home: Path) -> Iterator[tuple[str, str]]:
    temporary = (os.environ.get(name, "") for name in ("TMPDIR", "TEMP", "TMP"))
    for mark, folder in (("<home>", str(home)), *(("<temp>", one) for one in ("/tmp", "/var/tmp", *temporary))):  # noqa: S108 # only looked for
        bare = folder.rstrip("/\\")
        if len(bare) > 1:
            yield mark, bare


def _names(home: Path) -> Iterator[tuple[str, str]]:
    import platform

    host = platform.node()
    user = (os.environ.get(name, "") for name in ("USER", "LOGNAME", "USERNAME"))
    for mark, name in (
        *(("<user>", one) for one in (home.name, *user)),
        *(("<host>", one) for one in (host, host.partition(".")[0])),
    ):
        if len(name) > 2 and name.lower() not in _COMMON_NAMES:
            yield mark, name


@functools.lru_cache(maxsize=256)
def denied(key: str) -> bool:
    """Whether a key of this name tells that its value must not leave."""
    return _DENIED_KEY.search(key) is not None
