"""Location codes: RFC 6238 with HMAC-SHA1 and steps of thirty seconds, as authenticator apps have it.

Whoever holds the seed can make codes, and only the server does.
"""

import hashlib
import hmac
import unicodedata
from datetime import UTC, datetime, timedelta

STEP = timedelta(seconds=30)
DIGITS = (6, 8)
"""How many digits a code may have."""
SEED_BYTES = 20
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def step_at(at: datetime) -> int:
    """The number of the step that this moment (aware) lies in."""
    return (at - _EPOCH) // STEP


def step_begins(step: int) -> datetime:
    """When this step begins, aware UTC."""
    return _EPOCH + step * STEP


def code_at(seed: bytes, step: int, digits: int) -> str:
    """The code of this step, with leading zeros."""
    digest = hmac.digest(seed, step.to_bytes(8, "big"), hashlib.sha1)
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}d}"


def typed_code(text: str) -> str:
    """What was typed as the digits 0 to 9: without the gaps that people leave, whatever digits their keyboard has."""
    kept = []
    for character in text:
        digit = unicodedata.decimal(character, None)
        if digit is not None:
            kept.append(str(digit))
        elif not (character.isspace() or unicodedata.category(character) in {"Pd", "Cf"}):
            kept.append(character)
    return "".join(kept)


def matching_step(seed: bytes, digits: int, typed: str, step: int, around: int) -> int | None:
    """The step nearest to `step`, at most `around` away, whose code was typed; None when it is of none of these."""
    given = typed_code(typed).encode(errors="replace")
    for distance in range(around + 1):
        for candidate in {step - distance, step + distance}:
            if candidate >= 0 and hmac.compare_digest(code_at(seed, candidate, digits).encode(), given):
                return candidate
    return None
