"""Secrets that are handed out: how they are made, derived and recognised. The database keeps their SHA-256 only."""

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

_KEY_BYTES = 32


class Mint:
    """Makes tokens under one server key. Every replica needs the same key, or a lost reply cannot be repeated."""

    def __init__(self, key: bytes) -> None:
        if len(key) != _KEY_BYTES:
            raise ValueError(f"the token key must be {_KEY_BYTES} bytes, this one has {len(key)}")
        self._key = key

    @classmethod
    def create(cls, path: Path) -> "Mint":
        """Write a new key, readable by this user only. FileExistsError if there is one: it is never replaced."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        return cls.load(path)

    @classmethod
    def load(cls, path: Path) -> "Mint":
        """Read the key; FileNotFoundError before `init`, ValueError if it is damaged."""
        return cls(path.read_bytes())

    def derive(self, purpose: str, token: str) -> str:
        """The one secret that follows from `token` for `purpose`; without the key nobody can tell it."""
        return _url_text(hmac.digest(self._key, f"{purpose}\0{token}".encode(), "sha256"))

    def seed(self, purpose: str, subject: str) -> bytes:
        """The 32 bytes that follow from `subject` for `purpose`; likewise."""
        return hmac.digest(self._key, f"seed\0{purpose}\0{subject}".encode(), "sha256")

    def blind(self, subject: str) -> str:
        """A stable name for `subject` (an e-mail, a network) that does not tell it to a reader of the database."""
        return hmac.digest(self._key, f"subject\0{subject}".encode(), "sha256").hex()


def new_token() -> str:
    """256 random bits, URL-safe."""
    return secrets.token_urlsafe(32)


def sha256_of(token: str) -> str:
    """What the database keeps of a token. Tokens are random, so no salt and no slow hash are needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def _url_text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
