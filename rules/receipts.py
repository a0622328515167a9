"""Receipts: what the server signs when it holds a report in full, and what the client checks before it lets go."""

import base64
import binascii
import hashlib
from collections.abc import Iterable

from protocol.statements import RECEIPT, PublicKey, ReceiptPayload, SignedStatement
from rules.statements import StatementError, read_statement


def operation_digest(salt: bytes, body: bytes) -> str:
    """Hex SHA-256 of the salt followed by the operation's body bytes."""
    return hashlib.sha256(salt + body).hexdigest()


def payload_hash(payload: bytes) -> str:
    """What the next receipt of the same member names as `previous`: hex SHA-256 of the payload's bytes."""
    return hashlib.sha256(payload).hexdigest()


def read_receipt(statement: SignedStatement, keys: Iterable[PublicKey]) -> ReceiptPayload:
    """A receipt whose signature holds. Raises StatementError."""
    return read_statement(statement, keys, RECEIPT, ReceiptPayload)


def check_receipt(
    statement: SignedStatement,
    keys: Iterable[PublicKey],
    *,
    organization_id: str,
    member_id: str,
    operation_id: str,
    body: bytes,
    media_sha256: Iterable[str],
) -> ReceiptPayload:
    """The receipt, if it covers exactly this member's operation, its bytes and its files. Raises StatementError.

    Only after this returns may the client delete what the receipt is for.
    """
    receipt = read_receipt(statement, keys)
    if (receipt.organization_id, receipt.member_id) != (organization_id, member_id):
        raise StatementError("The receipt is for another member.")
    if receipt.operation_id != operation_id:
        raise StatementError("The receipt is for another item.")
    try:
        salt = base64.b64decode(receipt.salt, validate=True)
    except (binascii.Error, ValueError):
        raise StatementError("The receipt's salt is not base64.") from None
    if receipt.operation_digest != operation_digest(salt, body):
        raise StatementError("The receipt is for other words than the ones kept here.")
    if sorted(receipt.media) != sorted(media_sha256):
        raise StatementError("The receipt does not name exactly the files kept here.")
    return receipt
