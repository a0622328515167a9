"""The change feed: what became true, in an order in which nothing is skipped however late a transaction commits.

Changes are ordered by (xid, position). On PostgreSQL a reader stops before the oldest transaction that still runs, so
no change can appear behind its cursor. Two transactions may touch one entity in the reverse order of their xids; the
one that held the entity's row later also took the higher position, so a change that a higher position outdoes is left
out, and an older truth never follows a newer one.
"""

import base64
import binascii
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import BigInteger, ColumnElement, and_, cast, func, literal_column, or_, select, tuple_

from protocol.sync import Change
from rules.decoding import UNREADABLE
from server.storage.database import Actor, Transaction
from server.storage.notices import Notice
from server.storage.tables import change

KEPT = timedelta(days=180)
"""How long changes wait for a device that does not ask; after that it begins anew."""
PRUNED = "pruned"
"""The kind of the one row, of no entity, that stands for all that was pruned before it; it is never sent."""

_MAX_CURSOR = 512


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """How far a device has read: everything up to and including (xid, position) of one feed epoch. While a full pull
    goes on, `stage` and `after` say where it stands. Devices may send anything, so it opens no rows of others."""

    epoch: str
    xid: int
    position: int
    stage: int | None = None
    after: str = ""

    def encoded(self) -> str:
        """The opaque text that travels."""
        return base64.urlsafe_b64encode(msgspec.json.encode(self)).decode()

    @classmethod
    def decoded(cls, text: str) -> "Cursor | None":
        """The cursor of this text, or None when it is not one."""
        if len(text) > _MAX_CURSOR:
            return None
        try:
            cursor = msgspec.json.decode(base64.b64decode(text.encode(), altchars=b"-_", validate=True), type=cls)
        except (binascii.Error, UnicodeEncodeError, *UNREADABLE):
            return None
        return cursor if cursor._possible() else None

    def _possible(self) -> bool:
        numbers = (self.xid, self.position, self.stage or 0)
        return all(0 <= number < 2**63 for number in numbers) and "\0" not in self.after


class Page(msgspec.Struct, frozen=True):
    """Changes in order, the cursor after them, and whether more are there already."""

    changes: tuple[Change, ...]
    cursor: Cursor
    more: bool


class Told(msgspec.Struct, frozen=True):
    """The whole present truth of an entity, for one member or (None) everyone of the organization."""

    kind: str
    entity: str
    body: msgspec.Struct | bytes
    member_id: str | None


def publish(t: Transaction, kind: str, entity: str, body: msgspec.Struct | bytes, member_id: str | None) -> None:
    """Tell one member, or (None) everyone of the organization, the whole present truth of an entity.

    The caller must hold the entity's row (or its member's, server.storage.members), so that truths of one entity take
    their positions in the order in which they became true.
    """
    publish_all(t, (Told(kind, entity, body, member_id),))


def publish_all(t: Transaction, told: Iterable[Told]) -> None:
    """The same of many, in this order."""
    rows = [_row(t, one) for one in told]
    t.insert_all(change, rows)
    if rows:
        t.notices.add(Notice.CHANGED)


def _row(t: Transaction, told: Told) -> dict[str, Any]:
    return {
        "xid": t.once(_running_xid, lambda: t.scalar(select(_running_xid()))) if t.dialect == "postgresql" else 0,
        "member_id": told.member_id,
        "kind": told.kind,
        "entity": told.entity,
        "body": told.body if isinstance(told.body, bytes) else msgspec.json.encode(told.body),
        "at": t.now_text,
    }


def newest(t: Transaction, epoch: str) -> Cursor:
    """The cursor of a device that knows everything this transaction sees."""
    if t.dialect == "postgresql":
        return Cursor(epoch, int(t.scalar(select(_oldest_running()))) - 1, 2**63 - 1)
    return Cursor(epoch, 0, int(t.scalar(t.select(change, func.max(change.c.position))) or 0))


def readable(t: Transaction, cursor: Cursor, epoch: str) -> bool:
    """Whether the feed still holds everything after `cursor`: same epoch, not pruned, and not of a lost future (a
    database restored from a backup knows fewer changes than its devices)."""
    if cursor.epoch != epoch:
        return False
    end = _end(t)
    if (cursor.xid, cursor.position) > (end.xid, end.position):
        return False
    # Its entity is named too because there is an index on that, and this is asked with every sync.
    marks = t.select(change, change.c.xid, change.c.position).where(change.c.entity == "", change.c.kind == PRUNED)
    pruned = t.first(marks)
    return pruned is None or (cursor.xid, cursor.position) >= (pruned.xid, pruned.position)


def changes_after(t: Transaction, actor: Actor, cursor: Cursor, limit: int) -> Page:
    """At most `limit` of the actor's changes after `cursor`."""
    last = newest(t, cursor.epoch)
    later = change.alias("later")
    outdone = (
        select(later.c.position)
        .where(
            t.owns(later),
            later.c.entity == change.c.entity,
            later.c.kind == change.c.kind,
            later.c.member_id.is_not_distinct_from(change.c.member_id),
            later.c.position > change.c.position,
            _settled(t, later.c.xid),
        )
        .exists()
    )
    rows = t.all(
        t.select(change)
        .where(
            or_(change.c.member_id == actor.member_id, change.c.member_id.is_(None)),
            change.c.kind != PRUNED,
            tuple_(change.c.xid, change.c.position) > tuple_(cursor.xid, cursor.position),
            _settled(t, change.c.xid),
            ~outdone,
        )
        .order_by(change.c.xid, change.c.position)
        .limit(limit + 1)
    )
    more, rows = len(rows) > limit, rows[:limit]
    changes = tuple(Change(kind=row.kind, entity=row.entity, body=msgspec.Raw(row.body)) for row in rows)
    if more:
        return Page(changes, Cursor(cursor.epoch, rows[-1].xid, rows[-1].position), more=True)
    return Page(changes, max(last, cursor, key=lambda c: (c.xid, c.position)), more=False)


def prune(t: Transaction, before: str, most: int = 500) -> int:
    """Forget the oldest changes among those published before `before` (RFC 3339), at most so many, and how many those
    were; devices that missed them pull anew."""
    rows = t.all(
        t.select(change, change.c.xid, change.c.position)
        .where(change.c.at < before, _settled(t, change.c.xid))
        .order_by(change.c.xid, change.c.position)
        .limit(most)
    )
    if not rows:
        return 0
    last = rows[-1]
    reached = tuple_(change.c.xid, change.c.position)
    here = and_(change.c.xid == last.xid, change.c.position == last.position)
    gone = t.execute(t.delete(change).where(reached < tuple_(last.xid, last.position))).rowcount
    t.execute(t.update(change).where(here).values(kind=PRUNED, entity="", body=b"", member_id=None))
    return gone


def _settled(t: Transaction, xid: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether no transaction that still runs can come before this one."""
    return xid < _oldest_running() if t.dialect == "postgresql" else xid == 0


def _end(t: Transaction) -> Cursor:
    if t.dialect == "postgresql":
        return Cursor("", int(t.scalar(select(_next_xid()))), 2**63 - 1)
    return Cursor("", 0, int(t.scalar(t.select(change, func.max(change.c.position))) or 0))


def _running_xid() -> ColumnElement[Any]:
    return _bigint("pg_current_xact_id()")


def _oldest_running() -> ColumnElement[Any]:
    return _bigint("pg_snapshot_xmin(pg_current_snapshot())")


def _next_xid() -> ColumnElement[Any]:
    return _bigint("pg_snapshot_xmax(pg_current_snapshot())")


def _bigint(expression: str) -> ColumnElement[Any]:
    """PostgreSQL's xid8 has no cast to bigint but through text."""
    return cast(literal_column(f"{expression}::text"), BigInteger)
