"""Issuing: once every file of a revision is held, sign what is held, chained to the member's receipt before."""

import base64
import os
from collections.abc import Sequence

import msgspec
from sqlalchemy import func, select

from protocol.changes import RECEIPT as RECEIPT_CHANGE
from protocol.statements import RECEIPT, ReceiptPayload
from rules.receipts import operation_digest, payload_hash
from server import access
from server.feed import publish
from server.receipts.keys import SigningKeys
from server.storage.database import Transaction
from server.storage.members import lock_member
from server.storage.tables import media, operation, receipt, report, revision, revision_media

_SALT_BYTES = 16


def issue_if_complete(t: Transaction, keys: SigningKeys, revision_id: str) -> bool:
    """Sign and publish the receipt of a revision whose files are all held; whether it has one now."""
    found = t.first(
        select(
            revision.c.instance_id,
            revision.c.received,
            report.c.member_id,
            operation.c.operation_id,
            operation.c.body,
        )
        .join(report, report.c.instance_id == revision.c.instance_id)
        .join(operation, operation.c.operation_id == revision.c.operation_id)
        .where(t.owns(revision), t.owns(report), t.owns(operation), revision.c.revision_id == revision_id)
    )
    if found is None or found.body is None:
        return False
    lock_member(t, found.member_id)
    if receipts_of(t, [revision_id]):
        return True
    files = t.all(
        select(media.c.sha256, media.c.held)
        .join(revision_media, revision_media.c.media_id == media.c.media_id)
        .where(t.owns(media), t.owns(revision_media), revision_media.c.revision_id == revision_id)
        .order_by(revision_media.c.ordinal)
    )
    if any(file.held is None for file in files):
        return False
    previous, ordinal = _last_of(t, found.member_id)
    salt = os.urandom(_SALT_BYTES)
    payload = msgspec.json.encode(
        ReceiptPayload(
            organization_id=t.organization_id,
            member_id=found.member_id,
            instance_id=found.instance_id,
            revision_id=revision_id,
            operation_id=found.operation_id,
            salt=base64.b64encode(salt).decode(),
            operation_digest=operation_digest(salt, found.body),
            media=tuple(file.sha256 for file in files),
            received=found.received,
            previous=previous,
            access_head=access.head(t),
        )
    )
    statement = msgspec.json.encode(keys.sign(RECEIPT, payload))
    t.insert(
        receipt,
        revision_id=revision_id,
        member_id=found.member_id,
        ordinal=ordinal + 1,
        statement=statement.decode(),
        payload_sha256=payload_hash(payload),
        issued=t.now_text,
    )
    publish(t, RECEIPT_CHANGE, revision_id, statement, found.member_id)
    return True


def receipts_of(t: Transaction, revision_ids: Sequence[str]) -> dict[str, str]:
    """The receipts that were issued for these revisions, as JSON of a SignedStatement, by revision."""
    rows = t.all(
        t.select(receipt, receipt.c.revision_id, receipt.c.statement).where(receipt.c.revision_id.in_(revision_ids))
    )
    return {row.revision_id: row.statement for row in rows}


def _last_of(t: Transaction, member_id: str) -> tuple[str, int]:
    last = t.scalar(t.select(receipt, func.max(receipt.c.ordinal)).where(receipt.c.member_id == member_id))
    if last is None:
        return "", 0
    digest = t.scalar(
        t.select(receipt, receipt.c.payload_sha256).where(receipt.c.member_id == member_id, receipt.c.ordinal == last)
    )
    return str(digest), int(last)
