"""What secrets and personal data look like in a text: one rule for each kind, and a cheap guard before each.

Every pattern is linear: what repeats within a repetition is bounded. A guard gets the text in lower case; it may let
too much through to its pattern, and never too little. Tests compare with the patterns alone.
"""

import functools
import re
from collections.abc import Callable

Guard = Callable[[str], bool]
Rule = tuple[str, re.Pattern[str], Guard]
"""The mark that is left, the pattern that it stands for, and whether that pattern is worth trying."""


def has(*parts: str) -> Guard:
    """One of these is there. If the pattern ignores case they hold no `i` and no `s`: other letters pass for those."""
    if len(parts) == 1:
        (only,) = parts
        return lambda text: only in text

    def has_any(text: str) -> bool:
        for part in parts:  # noqa: SIM110 # half the time of `any` over a generator
            if part in text:
                return True
        return False

    return has_any


def _has_both(one: Guard, other: Guard) -> Guard:
    return lambda text: one(text) and other(text)


def _finds(pattern: str) -> Guard:
    search = re.compile(pattern).search
    return lambda text: search(text) is not None


_NAME = r"[^\s\"'<>|:;,\\/]"
REST = rf"(?:[\\/](?:{_NAME}| (?=[^\n\"'<>|:;,\\/]{{1,40}}[\\/]))*)"
"""One more part of a path, of either kind; a space counts if a separator follows soon."""

_after_dot = functools.lru_cache(1)(_finds(r"\.\d"))
_run = functools.lru_cache(1)(_finds(r"(?<![\w+/=-])[\w+/=-]{16}"))
_slash = has("/", "\\")

_KEYS: tuple[Rule, ...] = (
    ("<key>", re.compile(r"-----BEGIN [A-Z ]{1,40}-----[^-]*(?:-----END [A-Z ]{1,40}-----)?"), has("-----")),
    ("<token>", re.compile(r"\beyJ[\w-]+\.[\w-]+\.?[\w-]*"), has("eyj")),
    (
        "<token>",
        re.compile(
            r"\b(?:gh[pousr]_|github_pat_|glpat-|xox[a-z]-|sk-|[psr]k_|whsec_|npm_|pypi-|hf_|dop_v1_|shpat_|SG\.|AKIA"
            r"|ASIA|AIza|ya29\.)[\w.-]{8,}"
        ),
        has(
            *("gh", "glpat-", "xox", "sk-", "k_", "whsec_", "npm_", "pypi-", "hf_", "dop_", "shpat_", "sg.", "akia"),
            *("asia", "aiza", "ya29."),
        ),
    ),
    ("<token>", re.compile(r"\b(?:bearer|basic)\s+[\w.~+/=-]{6,}", re.IGNORECASE), has("bearer", "ba")),
    (
        "<secret>",
        re.compile(
            r"\b[\w-]{0,40}(?:password|passwd|passphrase|pwd|secret|token|(?:api|access|private)[_-]?key|cookie"
            r"|authorization|credential|otp)[\w-]{0,40}[\"']?\s{0,5}[=:]\s{0,5}(?:\"[^\"]*\"?|'[^']*'?|[^\s\"',;&]+)",
            re.IGNORECASE,
        ),
        _has_both(has("=", ":"), has("word", "wd", "phra", "cret", "token", "key", "coo", "author", "creden", "otp")),
    ),
)

_PLACES: tuple[Rule, ...] = (
    ("<url>", re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://[^\s\"'<>]+", re.IGNORECASE), has("://")),
    ("<url>", re.compile(r"[\w.%+-]{1,64}:[^\s@/:]{1,64}@[\w.-]{1,253}"), has("@")),
    ("<email>", re.compile(r"[\w.%+'-]{1,64}@[\w.-]{1,253}"), has("@")),
    ("<query>", re.compile(r"[?&][\w.~%-]{1,64}=[^\s&\"'<>]*"), _has_both(has("="), has("?", "&"))),
    (
        "<home>",
        re.compile(rf"(?:/home|/Users|/var/home|[A-Z]:[\\/]Users){REST}{{1,60}}", re.IGNORECASE),
        _slash,
    ),
    (
        "<path>",
        re.compile(rf"(?:\b[A-Z]:(?=\\|/(?!/))|\\\\{_NAME}{{1,64}}){REST}{{1,60}}", re.IGNORECASE),
        has("\\", ":/"),
    ),
    (
        "<path>",
        re.compile(rf"(?<!\w)(?:~[\w.-]{{0,32}}|/{_NAME}{{1,255}})(?:/{_NAME}{{0,255}}){{1,60}}"),
        _slash,
    ),
    (
        "<position>",
        re.compile(r"(?<!\d)-?\d{1,3}\.\d{3,18}°?\s{0,3}[,;/ ]\s{0,3}-?\d{1,3}\.\d{3,18}"),
        _after_dot,
    ),
    (
        "<position>",
        re.compile(r"\b(?:lat|lon|lng)[a-z]{0,7}[\"']?\s{0,5}[=:]\s{0,5}[\"']?-?\d{1,3}\.\d{1,18}", re.IGNORECASE),
        _after_dot,
    ),
)

_NUMBERS: tuple[Rule, ...] = (
    ("<address>", re.compile(r"(?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?!\d)"), _after_dot),
    (
        "<address>",
        re.compile(
            r"(?<![0-9a-z])(?:(?:[0-9a-f]{0,4}:){3,10}[0-9a-f]{0,4}|(?:[0-9a-f]{1,4})?::[0-9a-f]{1,4})(?![0-9a-z])",
            re.IGNORECASE,
        ),
        _finds(r":[0-9a-f]{0,4}:"),
    ),
    (
        "<id>",
        re.compile(
            r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b|\b(?:[0-9a-f]{2}-){5}[0-9a-f]{2}\b", re.IGNORECASE
        ),
        lambda text: text.count("-") >= 4,
    ),
    ("<hex>", re.compile(r"(?<![\w])[0-9a-f]{16,}(?![\w])", re.IGNORECASE), _run),
    (
        "<encoded>",
        re.compile(r"(?<![\w+/-])(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Za-z])[\w+/-]{24,}={0,2}(?![\w+/=-])"),
        _run,
    ),
    (
        "<number>",
        re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"),
        _finds(r"\d\d[ 0-9a-z]{8}"),
    ),
    ("<number>", re.compile(r"(?<![\w.])\+?\d[\d ()-]{7,20}\d(?![\w.])"), _finds(r"\d[\d ()-]{7}")),
)

RULES = (*_KEYS, *_PLACES, *_NUMBERS)
"""In the order in which they are tried: what holds others goes first."""
