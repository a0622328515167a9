"""The server's signing keys, oldest first: the newest signs, each one is endorsed by the one before it."""

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from protocol.statements import KEY, KeyPayload, PublicKey, SignedStatement
from rules.statements import public_key, sign

ENVIRONMENT_NAME = "MIRATAG_SIGNING_KEY"
_PEM = re.compile(rb"-----BEGIN PRIVATE KEY-----.+?-----END PRIVATE KEY-----", re.DOTALL)


class SigningKeyError(Exception):
    """The signing keys cannot be used; the message says why and what to do, for the operator."""


class SigningKeys:
    """Ed25519 keys, oldest first and at least one."""

    def __init__(self, private_keys: list[Ed25519PrivateKey]) -> None:
        self._newest = private_keys[-1]
        self._public: list[PublicKey] = []
        before: Ed25519PrivateKey | None = None
        for private in private_keys:
            self._public.append(public_key(private, _endorsement(before, private) if before else None))
            before = private

    @classmethod
    def load_or_create(cls, folder: Path, environment: Mapping[str, str] = os.environ) -> "SigningKeys":
        """The keys of the environment's secret (PEM, oldest first) or else of `folder`'s *.pem files by name, where a
        first key is made when there is none. Raises SigningKeyError."""
        secret = environment.get(ENVIRONMENT_NAME)
        if secret:
            return cls(_read(secret.encode(), f"the variable {ENVIRONMENT_NAME}"))
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not any(folder.glob("*.pem")):
            add_key(folder)
        return cls([key for path in sorted(folder.glob("*.pem")) for key in _read(path.read_bytes(), str(path))])

    def public_keys(self) -> tuple[PublicKey, ...]:
        """The public halves, oldest first, each with the endorsement of the one before."""
        return tuple(self._public)

    def sign(self, statement_type: str, payload: bytes) -> SignedStatement:
        """A statement by the newest key over exactly these bytes."""
        return sign(self._newest, statement_type, payload)


def add_key(folder: Path) -> Path:
    """Make one more key, which signs from the next start on; keep the older files, they endorse it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    descriptor, name = tempfile.mkstemp(dir=folder)  # made with mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        ordinal = len(list(folder.glob("*.pem"))) + 1
        path = folder / f"{ordinal:04}.pem"
        try:
            path.hardlink_to(name)
        except FileExistsError:  # another process starting on the same folder was first; its key serves both
            return path
    finally:
        Path(name).unlink()
    return path


def _read(content: bytes, where: str) -> list[Ed25519PrivateKey]:
    keys = []
    for block in _PEM.findall(content):
        try:
            key = load_pem_private_key(block, password=None)
        except ValueError:
            raise SigningKeyError(f"The signing key in {where} cannot be read. Restore it from the backup.") from None
        if not isinstance(key, Ed25519PrivateKey):
            raise SigningKeyError(f"The signing key in {where} is not an Ed25519 key. Give one that is.")
        keys.append(key)
    if not keys:
        raise SigningKeyError(f"There is no signing key in {where}. Restore it from the backup.")
    return keys


def _endorsement(before: Ed25519PrivateKey, successor: Ed25519PrivateKey) -> SignedStatement:
    public = public_key(successor)
    return sign(before, KEY, msgspec.json.encode(KeyPayload(kid=public.kid, key=public.key)))
