"""Redaction: what a text may still hold after types and declarations have done their part.

Order: recursive key denylist, this computer's own folders, value rules, its own names, size caps. Applied before a row
is written; each row bears RULES_VERSION and one of an older version is redacted again before it is sent. The input is
cut before any pattern sees it.
"""

import functools
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from telemetry.redaction_rules import Rule

RULES_VERSION = 2
MAX_INPUT_CHARS = 4096
MAX_CHARS = 2000
MAX_ITEMS = 50
MAX_DEPTH = 6
WITHHELD = "<withheld>"
_REMEMBERED = 256
"""Texts whose redaction is remembered: what a program logs repeats."""

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]

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


def redact_value(value: object, redact: Callable[[str], str], *, key: str = "", depth: int = 0) -> Json:
    """`value` as plain JSON with every denied key and every secret-looking text replaced, to any depth.

    What is neither a scalar, a mapping nor a sequence is replaced by the name of its type, since its `str()` could
    hold anything.
    """
    if denied(key):
        return WITHHELD
    if isinstance(value, str):
        return redact(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    return "<deep>" if depth >= MAX_DEPTH else _redact_nested(value, redact, depth)


def _redact_nested(value: object, redact: Callable[[str], str], depth: int) -> Json:
    if isinstance(value, Mapping):
        return {
            redact(str(name)): redact_value(item, redact, key=str(name), depth=depth + 1)
            for name, item in list(value.items())[:MAX_ITEMS]
        }
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return [redact_value(item, redact, depth=depth + 1) for item in value[:MAX_ITEMS]]
    return f"<{type(value).__name__}>"
