"""Redaction: what a text may still hold after types and declarations have done their part.

Order: recursive key denylist, value rules, size caps. Applied before a row is written; each row bears RULES_VERSION and
one of an older version is redacted again before it is sent. Every pattern is linear: no nested repetition, and the
input is cut before the patterns see it.
"""

import functools
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

RULES_VERSION = 1
MAX_INPUT_CHARS = 4096
MAX_CHARS = 2000
MAX_ITEMS = 50
MAX_DEPTH = 6

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]

_DENIED_KEY = re.compile(
    r"passw|passphrase|pwd|secret|token|credential|cookie|session|auth|api.?key|private.?key|bearer|otp|\bpin\b"
    r"|e.?mail|phone|address|\bssn\b|iban|card|latitude|longitude|position",
    re.IGNORECASE,
)

_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("<key>", re.compile(r"-----BEGIN [A-Z ]{1,40}-----[^-]*(?:-----END [A-Z ]{1,40}-----)?")),
    ("<token>", re.compile(r"\beyJ[\w-]+\.[\w-]+\.?[\w-]*")),
    (
        "<token>",
        re.compile(r"\b(?:gh[pousr]_|github_pat_|glpat-|xox[a-z]-|sk-|pk_|sk_|rk_|AKIA|ASIA|AIza|ya29\.)[\w.-]{8,}"),
    ),
    ("<token>", re.compile(r"\b(?:bearer|basic)\s+[\w.~+/=-]{6,}", re.IGNORECASE)),
    (
        "<secret>",
        re.compile(
            r"""\b[\w-]{0,40}(?:password|passwd|pwd|secret|token|api_?key|cookie|authorization)[\w-]{0,40}["']?"""
            r"""\s{0,5}[=:]\s{0,5}["']?[^\s"',;&]+""",
            re.IGNORECASE,
        ),
    ),
    ("<url>", re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://[^\s\"'<>]+", re.IGNORECASE)),
    ("<email>", re.compile(r"[\w.%+'-]{1,64}@[\w.-]{1,253}")),
    ("<home>", re.compile(r"(?:/home|/Users|/var/home|[A-Za-z]:[\\/]Users)[\\/][^\\/\s\"':;,]+", re.IGNORECASE)),
    ("<address>", re.compile(r"(?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?!\d)")),
    ("<address>", re.compile(r"(?<![0-9a-z])(?:[0-9a-f]{0,4}:){3,10}[0-9a-f]{0,4}(?![0-9a-z])", re.IGNORECASE)),
    ("<id>", re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.IGNORECASE)),
    ("<hex>", re.compile(r"(?<![\w])[0-9a-f]{16,}(?![\w])", re.IGNORECASE)),
    ("<encoded>", re.compile(r"(?<![\w+/=-])(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Za-z])[\w+/-]{24,}={0,2}(?![\w+/=-])")),
    ("<number>", re.compile(r"(?<![\w.])\+?\d[\d ()-]{7,20}\d(?![\w.])")),
)


def redactor(home: Path | None = None) -> Callable[[str], str]:
    """A redactor of texts that also knows this computer's own folders; longest first, in any case."""
    folders = {"<home>": str(home or Path.home()), "<temp>": tempfile.gettempdir()}
    known = sorted(((path, mark) for mark, path in folders.items() if len(path) > 1), key=lambda item: -len(item[0]))
    local = [(mark, re.compile(re.escape(path), re.IGNORECASE)) for path, mark in known]

    def redact(text: str) -> str:
        cut = text[:MAX_INPUT_CHARS]
        for mark, pattern in (*local, *_RULES):
            cut = pattern.sub(mark, cut)
        return cut[:MAX_CHARS]

    return redact


def redact_fields(fields: Mapping[str, str | int | bool], redact: Callable[[str], str]) -> dict[str, str | int | bool]:
    """The scalar fields of one event, redacted."""
    return {
        key: "<withheld>" if denied(key) else redact(value) if isinstance(value, str) else value
        for key, value in fields.items()
    }


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
        return "<withheld>"
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
