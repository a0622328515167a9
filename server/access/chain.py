"""A hash chain per organization: each record's SHA-256 covers its own columns and the record before it."""

import hashlib
from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import func, select

from server.storage.database import Actor, Transaction
from server.storage.tables import access_record

_CHAINED = (
    "organization_id",
    "ordinal",
    "at",
    "actor",
    "actor_kind",
    "action",
    "entity_kind",
    "entity",
    "subject_id",
    "purpose",
    "detail",
    "previous_sha256",
)


def record(
    t: Transaction,
    actor: Actor,
    action: str,
    entity_kind: str,
    entity: str,
    *,
    subject_id: str | None = None,
    purpose: str = "review",
    detail: str = "",
) -> None:
    """Append one record. `subject_id` is the member whose data it was, `action` a stable verb (`view`, `export`…)."""
    _queue_up(t)
    last = _last(t)
    columns: dict[str, Any] = {
        "organization_id": t.organization_id,
        "ordinal": 1 if last is None else last.ordinal + 1,
        "at": t.now_text,
        "actor": actor.member_id,
        "actor_kind": actor.kind,
        "action": action,
        "entity_kind": entity_kind,
        "entity": entity,
        "subject_id": subject_id,
        "purpose": purpose,
        "detail": detail,
        "previous_sha256": "" if last is None else last.sha256,
    }
    t.connection.execute(access_record.insert().values(**columns, sha256=_digest(columns)))


def viewed_since(t: Transaction, actor: Actor, entities: Collection[str], since: str) -> bool:
    """Whether one of these was viewed by the actor after `since` (RFC 3339), so that the parts of one looking (ranges
    of a film, pictures of a page) are one record."""
    return (
        t.first(
            t.select(access_record, access_record.c.ordinal)
            .where(
                access_record.c.entity.in_(entities),
                access_record.c.actor == actor.member_id,
                access_record.c.at > since,
                access_record.c.action == "view",
            )
            .limit(1)
        )
        is not None
    )


def head(t: Transaction) -> str:
    """The hash of the newest record, or empty: what a receipt carries to pin the log as it stood."""
    last = _last(t)
    return "" if last is None else str(last.sha256)


def broken_at(t: Transaction) -> int | None:
    """The ordinal of the first record that was altered, or that follows a removed one; None if the chain holds.

    Records removed from the end do not show here; the heads in receipts show them.
    """
    rows = t.connection.execute(
        select(access_record)
        .where(access_record.c.organization_id == t.organization_id)
        .order_by(access_record.c.ordinal)
        .execution_options(yield_per=500)
    )
    previous, expected = "", 1
    for row in rows:
        columns = {name: getattr(row, name) for name in _CHAINED}
        if row.ordinal != expected or row.previous_sha256 != previous or row.sha256 != _digest(columns):
            return int(row.ordinal)
        previous, expected = row.sha256, row.ordinal + 1
    return None


def _digest(columns: dict[str, Any]) -> str:
    return hashlib.sha256(msgspec.json.encode([columns[name] for name in _CHAINED])).hexdigest()


def _last(t: Transaction) -> Any | None:
    return t.first(
        select(access_record.c.ordinal, access_record.c.sha256)
        .where(access_record.c.organization_id == t.organization_id)
        .order_by(access_record.c.ordinal.desc())
        .limit(1)
    )


def _queue_up(t: Transaction) -> None:
    """Two transactions must not follow the same record. SQLite's writers already wait for each other."""
    if t.dialect == "postgresql":
        key = func.hashtextextended(f"access_record/{t.organization_id}", 0)
        t.connection.execute(select(func.pg_advisory_xact_lock(key)))
