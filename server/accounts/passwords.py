"""Passwords: argon2id hashes, and checking that costs the same whether or not the e-mail is known here."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from rules.sentence import Sentence
from server.problems import problem

MIN_LENGTH = 10
MAX_LENGTH = 200

_hasher = PasswordHasher()
# One check takes 64 MiB; a flood of sign-ins must queue instead of taking the memory of the machine.
_at_once = threading.BoundedSemaphore(4)
_nobody: list[str] = []


def hash_password(password: str) -> str:
    """The argon2id hash to keep; a problem if the password is too short or too long."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise problem(
            "password-length",
            400,
            "Password not accepted",
            Sentence(
                "A password needs %(least)d to %(most)d characters; this one has %(length)d. Choose another.",
                least=MIN_LENGTH,
                most=MAX_LENGTH,
                length=len(password),
            ),
            field="password",
            limit=MIN_LENGTH if len(password) < MIN_LENGTH else MAX_LENGTH,
        )
    return hashed(password)


def hashed(secret: str) -> str:
    """The argon2id hash of a secret whose length its own rules have looked at."""
    with _at_once:
        return _hasher.hash(secret)


def matches(kept_hash: str | None, password: str) -> bool:
    """Whether `password` is the one of `kept_hash`. None (nobody, or no password yet) takes as long and is False."""
    if len(password) > MAX_LENGTH:
        return False
    with _at_once:
        try:
            return _hasher.verify(kept_hash or _hash_of_nobody(), password) and kept_hash is not None
        except (VerificationError, InvalidHashError):
            return False


def _hash_of_nobody() -> str:
    if not _nobody:
        _nobody.append(_hasher.hash("the password of nobody"))
    return _nobody[0]
