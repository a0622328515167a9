"""The text of an enrolment code: 28 characters in groups of four, easy to read out and to type."""

import secrets

# Crockford's alphabet: no I, L, O, U, so that nothing is mistaken for 1 or 0 and no word appears.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 28
_GROUP = 4
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code() -> str:
    """A code of 140 random bits, e.g. `7KQ2-M0XD-…`."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return "-".join(letters[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def normalized(typed: str) -> str | None:
    """The letters of a typed code whatever its case, spaces, dashes and look-alikes; None if it cannot be a code."""
    letters = "".join(typed.replace("-", " ").split()).upper().translate(_READ_AS)
    if len(letters) != _LENGTH or any(letter not in _ALPHABET for letter in letters):
        return None
    return letters
