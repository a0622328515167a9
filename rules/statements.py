"""Signed statements: the bytes that are signed, and whether a signature and a chain of keys hold."""

import base64
import binascii
import hashlib
from collections.abc import Iterable
from typing import TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from protocol.statements import KEY, KeyPayload, PublicKey, SignedStatement
from rules.decoding import UNREADABLE

T = TypeVar("T")


class StatementError(Exception):
    """A statement that proves nothing; the message says why, for a person."""


def pre_authentication_encoding(statement_type: str, payload: bytes) -> bytes:
    """The DSSE v1 encoding of what is signed (https://github.com/secure-systems-lab/dsse, protocol.md)."""
    kind = statement_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def key_id(raw_public_key: bytes) -> str:
    """The name of a key: 16 hex digits of the SHA-256 of its 32 raw bytes."""
    return hashlib.sha256(raw_public_key).hexdigest()[:16]


def public_key(private: Ed25519PrivateKey, endorsement: SignedStatement | None = None) -> PublicKey:
    """The public half, as it is published."""
    raw = private.public_key().public_bytes_raw()
    return PublicKey(kid=key_id(raw), key=base64.b64encode(raw).decode(), endorsement=endorsement)


def sign(private: Ed25519PrivateKey, statement_type: str, payload: bytes) -> SignedStatement:
    """Sign exact bytes; the caller keeps no other encoding of them."""
    signature = private.sign(pre_authentication_encoding(statement_type, payload))
    return SignedStatement(
        type=statement_type,
        kid=key_id(private.public_key().public_bytes_raw()),
        payload=base64.b64encode(payload).decode(),
        signature=base64.b64encode(signature).decode(),
    )


def verify(statement: SignedStatement, keys: Iterable[PublicKey], expected_type: str) -> bytes:
    """The payload bytes of a statement that one of `keys` signed. Raises StatementError otherwise."""
    if statement.type != expected_type:
        raise StatementError(f"This is a statement of type {statement.type}, not {expected_type}.")
    for key in keys:
        if key.kid != statement.kid:
            continue
        raw = _decoded(key.key, "key")
        if key_id(raw) != key.kid:
            raise StatementError(f"The key named {key.kid} has another fingerprint.")
        payload = _decoded(statement.payload, "payload")
        try:
            Ed25519PublicKey.from_public_bytes(raw).verify(
                _decoded(statement.signature, "signature"),
                pre_authentication_encoding(statement.type, payload),
            )
        except (InvalidSignature, ValueError):
            raise StatementError(
                "The signature does not fit the content: it was changed, or another key signed it."
            ) from None
        return payload
    raise StatementError(f"It is signed with the key {statement.kid}, which this account does not trust.")


def read_statement(
    statement: SignedStatement, keys: Iterable[PublicKey], expected_type: str, payload_type: type[T]
) -> T:
    """The payload of a statement that one of `keys` signed. Raises StatementError."""
    payload = verify(statement, keys, expected_type)
    try:
        return msgspec.json.decode(payload, type=payload_type)
    except UNREADABLE as error:
        raise StatementError(f"Its content cannot be read: {error}.") from None


def trusted_keys(pinned: Iterable[PublicKey], offered: Iterable[PublicKey]) -> tuple[PublicKey, ...]:
    """The pinned keys and those of `offered` that a trusted key endorses, directly or through a chain.

    A pinned key missing from `offered` stays trusted: old receipts must still verify.
    """
    trusted = {key.kid: key for key in pinned}
    waiting = [key for key in offered if key.kid not in trusted]
    grown = True
    while grown:
        grown = False
        for key in list(waiting):
            if _endorsed(key, trusted.values()):
                trusted[key.kid] = key
                waiting.remove(key)
                grown = True
    return tuple(trusted.values())


def _endorsed(key: PublicKey, trusted: Iterable[PublicKey]) -> bool:
    if key.endorsement is None:
        return False
    try:
        payload = msgspec.json.decode(verify(key.endorsement, trusted, KEY), type=KeyPayload)
    except (StatementError, *UNREADABLE):
        return False
    return payload.kid == key.kid and payload.key == key.key


def _decoded(text: str, what: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise StatementError(f"The {what} is not base64.") from None
