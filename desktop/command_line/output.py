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


def answer(document: Mapping[str, Any], lines: Sequence[str], *, as_json: bool) -> None:
    """Print the result on standard output: the document, or the sentences."""
    text = json.dumps(document, ensure_ascii=False, indent=2) if as_json else "\n".join(lines)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def say(sentence: str) -> None:
    """A sentence for the person, on standard error, so that standard output stays for results."""
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()
