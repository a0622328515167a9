"""Issuing: once every file of a revision is held, sign what is held, chained to the member's receipt before."""

import base64
import os
from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Row, Table, func, select

from protocol.changes import RECEIPT as RECEIPT_CHANGE
from protocol.statements import RECEIPT, ReceiptPayload
from rules.receipts import operation_digest, payload_hash
from server import access
from server.feed import Told, publish_all
from server.receipts.keys import SigningKeys
from server.storage.attendance_tables import event_media
from server.storage.database import Transaction
from server.storage.members import lock_member
from server.storage.tables import attendance_event, media, operation, receipt, report, revision, revision_media

_SALT_BYTES = 16


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A revision that is held in full: `body` the operation's bytes, `media` the hashes of its files in their order."""

    instance_id: str
    revision_id: str
    operation_id: str
    body: bytes
    media: tuple[str, ...]
    received: str


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
    return _issue_held(t, keys, found, (found.instance_id, revision_id), _files(t, revision_media, revision_id))


def issue_for_event(t: Transaction, keys: SigningKeys, event_id: str) -> bool:
    """The same of an attendance event that has pictures; one without needs no receipt, as nothing waits for it."""
    c = attendance_event.c
    found = t.first(
        select(c.received, c.member_id, operation.c.operation_id, operation.c.body)
        .join(operation, operation.c.operation_id == c.operation_id)
        .where(t.owns(attendance_event), t.owns(operation), c.event_id == event_id)
    )
    files = _files(t, event_media, event_id)
    if found is None or found.body is None or not files:
        return False
    lock_member(t, found.member_id)
    return bool(receipts_of(t, [event_id])) or _issue_held(t, keys, found, (event_id, event_id), files)


def _files(t: Transaction, manifest: Table, owner_id: str) -> list[Row[Any]]:
    """What `manifest` (revision_media or event_media) says that one revision or event has, in its order."""
    owner = manifest.c.revision_id if manifest is revision_media else manifest.c.event_id
    return t.all(
        select(media.c.sha256, media.c.held)
        .join(manifest, manifest.c.media_id == media.c.media_id)
        .where(t.owns(media), t.owns(manifest), owner == owner_id)
        .order_by(manifest.c.ordinal)
    )


def _issue_held(
    t: Transaction, keys: SigningKeys, found: Row[Any], ids: tuple[str, str], files: Sequence[Row[Any]]
) -> bool:
    if any(file.held is None for file in files):
        return False
    held = Held(
        instance_id=ids[0],
        revision_id=ids[1],
        operation_id=found.operation_id,
        body=found.body,
        media=tuple(file.sha256 for file in files),
        received=found.received,
    )
    publish_all(t, issue(t, keys, found.member_id, [held]))
    return True


def issue(t: Transaction, keys: SigningKeys, member_id: str, revisions: Sequence[Held]) -> list[Told]:
    """Sign the receipts of a member's revisions in this order, and what to tell of each. The caller holds the member
    and has seen that none has one and that all their files are held."""
    if not revisions:
        return []
    previous, ordinal = _last_of(t, member_id)
    head = access.head(t)
    rows, told = [], []
    for number, held in enumerate(revisions, ordinal + 1):
        payload = _payload(t, member_id, held, previous, head)
        previous = payload_hash(payload)
        statement = msgspec.json.encode(keys.sign(RECEIPT, payload))
        rows.append(
            {
                "revision_id": held.revision_id,
                "member_id": member_id,
                "ordinal": number,
                "statement": statement.decode(),
                "payload_sha256": previous,
                "issued": t.now_text,
            }
        )
        told.append(Told(RECEIPT_CHANGE, held.revision_id, statement, member_id))
    t.insert_all(receipt, rows)
    return told


def _payload(t: Transaction, member_id: str, held: Held, previous: str, head: str) -> bytes:
    salt = os.urandom(_SALT_BYTES)
    return msgspec.json.encode(
        ReceiptPayload(
            organization_id=t.organization_id,
            member_id=member_id,
            instance_id=held.instance_id,
            revision_id=held.revision_id,
            operation_id=held.operation_id,
            salt=base64.b64encode(salt).decode(),
            operation_digest=operation_digest(salt, held.body),
            media=held.media,
            received=held.received,
            previous=previous,
            access_head=head,
        )
    )


def receipts_of(t: Transaction, revision_ids: Sequence[str]) -> dict[str, str]:
    """The receipts that were issued for these revisions and not erased, as JSON of a SignedStatement, by revision."""
    rows = t.all(
        t.select(receipt, receipt.c.revision_id, receipt.c.statement).where(
            receipt.c.revision_id.in_(revision_ids), receipt.c.statement != ""
        )
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
