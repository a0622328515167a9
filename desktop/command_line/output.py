"""What a command prints, and the exit code for what went wrong."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from agent.errors import ErrorKind

DONE = 0
FAILED = 1
USAGE = 2
NOT_SIGNED_IN = 3
REFUSED = 4
CANNOT_STORE = 5

EXIT_CODES: dict[ErrorKind, int] = {
    "usage": USAGE,
    "not_found": USAGE,
    "not_signed_in": NOT_SIGNED_IN,
    "refused": REFUSED,
    "cannot_store": CANNOT_STORE,
    "unavailable": FAILED,
    "cancelled": FAILED,
}


_STEERING = (*range(0x20), *range(0x7F, 0xA0))
"""Control characters: in names, comments and answers of others they would steer the terminal."""
_IN_SENTENCES = {code: "\N{REPLACEMENT CHARACTER}" for code in _STEERING if chr(code) not in "\n\t"}
_IN_JSON = {code: f"\\u{code:04x}" for code in range(0x7F, 0xA0)}
"""Those that JSON itself leaves as they are."""


def answer(document: Mapping[str, Any], lines: Sequence[str], *, as_json: bool) -> None:
    """Print the result on standard output: the document, or the sentences."""
    if as_json:
        text = json.dumps(document, ensure_ascii=False, indent=2).translate(_IN_JSON)
    else:
        text = "\n".join(lines).translate(_IN_SENTENCES)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def say(sentence: str) -> None:
    """A sentence for the person, on standard error, so that standard output stays for results."""
    sys.stderr.write(sentence.translate(_IN_SENTENCES) + "\n")
    sys.stderr.flush()
