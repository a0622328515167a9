"""The change feed: what became true, in an order in which nothing is skipped however late a transaction commits.

Changes are ordered by (xid, position). On PostgreSQL a reader stops before the oldest transaction that still runs, so
no change can appear behind its cursor. Two transactions may touch one entity in the reverse order of their xids; the
one that held the entity's row later also took the higher position, so a change that a higher position outdoes is left
out, and an older truth never follows a newer one.
"""

import base64
import binascii
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    String,
    and_,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.sql.expression import Executable

from protocol.sync import Change
from rules.decoding import UNREADABLE
from server.storage.database import OWN, Actor, Dialect, Transaction
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

    @property
    def place(self) -> tuple[int, int]:
        """Of the last change that the device knows."""
        return self.xid, self.position

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
    row = _row(t, Told(kind, entity, body, member_id))
    t.insert(change, xid=_running_xid() if t.dialect == "postgresql" else 0, **row)
    t.notices.add(Notice.CHANGED)


def publish_all(t: Transaction, told: Iterable[Told]) -> None:
    """The same of many, in this order."""
    rows = [_row(t, one) for one in told]
    if not rows:
        return
    xid = t.once(_running_xid, lambda: t.scalar(select(_running_xid()))) if t.dialect == "postgresql" else 0
    t.insert_all(change, ({"xid": xid, **row} for row in rows))
    t.notices.add(Notice.CHANGED)


def _row(t: Transaction, told: Told) -> dict[str, Any]:
    return {
        "member_id": told.member_id,
        "kind": told.kind,
        "entity": told.entity,
        "body": told.body if isinstance(told.body, bytes) else msgspec.json.encode(told.body),
        "at": t.now_text,
    }


def newest(t: Transaction, epoch: str) -> Cursor:
    """The cursor of a device that knows everything this transaction sees."""
    if t.dialect == "postgresql":
        return Cursor(epoch, int(t.scalar(_OLDEST_RUNNING)) - 1, 2**63 - 1)
    return Cursor(epoch, 0, int(t.scalar(t.select(change, func.max(change.c.position))) or 0))


def readable(t: Transaction, cursor: Cursor, epoch: str) -> bool:
    """Whether the feed still holds everything after `cursor`: same epoch, not pruned, and not of a lost future (a
    database restored from a backup knows fewer changes than its devices)."""
    return cursor.epoch == epoch and _reachable(t.asked(_marks(t.dialect)).one(), cursor)


def _reachable(marks: Row[Any], cursor: Cursor) -> bool:
    if cursor.place > (marks.end_xid, marks.end_position or 0):
        return False
    return marks.pruned_xid is None or cursor.place >= (marks.pruned_xid, marks.pruned_position)


def changes_after(t: Transaction, actor: Actor, cursor: Cursor, limit: int) -> Page:
    """At most `limit` of the actor's changes after `cursor`."""
    last = newest(t, cursor.epoch)
    rows = _later(t, [actor.member_id], cursor, limit + 1)
    more, rows = len(rows) > limit, rows[:limit]
    changes = tuple(map(_change, rows))
    if more:
        return Page(changes, Cursor(cursor.epoch, rows[-1].xid, rows[-1].position), more=True)
    return Page(changes, max(last, cursor, key=lambda c: c.place), more=False)


def changes_after_each(t: Transaction, readers: Mapping[str, Cursor], epoch: str, limit: int) -> dict[str, Page]:
    """The same for many members at once, by member. Left out are those who begin anew, and those who are so far behind
    that there would be over `limit` changes to read for all: each of them is asked for alone."""
    marks = t.asked(_marks(t.dialect)).one()
    reached = {
        member_id: cursor
        for member_id, cursor in readers.items()
        if cursor.stage is None and cursor.epoch == epoch and _reachable(marks, cursor)
    }
    if not reached:
        return {}
    last = newest(t, epoch)
    ordered = sorted(reached, key=lambda one: reached[one].place)
    # A few devices that are far behind must not make everybody's reading long.
    for those in (ordered, ordered[len(ordered) // 2 :]):
        rows = _later(t, those, reached[those[0]], limit + 1)
        if len(rows) <= limit:
            return {member_id: _page(rows, member_id, reached[member_id], last) for member_id in those}
    return {}


def _page(rows: Sequence[Row[Any]], member_id: str, cursor: Cursor, last: Cursor) -> Page:
    """All of a member's among these changes."""
    own = (row for row in rows if row.member_id in {None, member_id} and (row.xid, row.position) > cursor.place)
    return Page(tuple(map(_change, own)), max(last, cursor, key=lambda c: c.place), more=False)


def _later(t: Transaction, readers: Collection[str], cursor: Cursor, most: int) -> Sequence[Row[Any]]:
    asked = {"readers": readers, "after_xid": cursor.xid, "after_position": cursor.position, "most": most}
    return t.asked(_later_changes(t.dialect), **asked).all()


def _change(row: Row[Any]) -> Change:
    return Change(kind=row.kind, entity=row.entity, body=msgspec.Raw(row.body))


@cache
def _later_changes(dialect: Dialect) -> Executable:
    """The changes of `readers` after a place, at most so many."""
    later = change.alias("later")
    outdone = (
        select(later.c.position)
        .where(
            later.c.organization_id == OWN,
            later.c.entity == change.c.entity,
            later.c.kind == change.c.kind,
            later.c.member_id.is_not_distinct_from(change.c.member_id),
            later.c.position > change.c.position,
            _settled(dialect, later.c.xid),
        )
        .exists()
    )
    after = tuple_(bindparam("after_xid", type_=BigInteger), bindparam("after_position", type_=BigInteger))

    def of(whom: ColumnElement[bool]) -> Select[Any]:
        return (
            select(change)
            .where(
                change.c.organization_id == OWN,
                whom,
                change.c.kind != PRUNED,
                tuple_(change.c.xid, change.c.position) > after,
                _settled(dialect, change.c.xid),
                ~outdone,
            )
            .order_by(change.c.xid, change.c.position)
            .limit(bindparam("most", type_=BigInteger))
        )

    # Two questions, each along an index that begins with whose changes they are: nobody reads past everybody else's.
    readers = change.c.member_id.in_(bindparam("readers", type_=String, expanding=True))
    both = union_all(*(select(of(whom).subquery()) for whom in (readers, change.c.member_id.is_(None))))
    return both.order_by("xid", "position").limit(bindparam("most", type_=BigInteger))


@cache
def _marks(dialect: Dialect) -> Executable:
    """Where the feed ends, and up to where it was pruned, if it was."""
    # Its entity is named too because there is an index on that, and this is asked with every sync.
    pruned = (
        select(change.c.xid, change.c.position)
        .where(change.c.organization_id == OWN, change.c.entity == "", change.c.kind == PRUNED)
        .order_by(change.c.xid.desc(), change.c.position.desc())
        .limit(1)
    )
    end: tuple[ColumnElement[Any], ColumnElement[Any]]
    if dialect == "postgresql":
        end = (_next_xid(), literal(2**63 - 1, BigInteger))
    else:
        end = (literal(0), select(func.max(change.c.position)).where(change.c.organization_id == OWN).scalar_subquery())
    return select(
        end[0].label("end_xid"),
        end[1].label("end_position"),
        pruned.with_only_columns(change.c.xid).scalar_subquery().label("pruned_xid"),
        pruned.with_only_columns(change.c.position).scalar_subquery().label("pruned_position"),
    )


def prune(t: Transaction, before: str, most: int = 500) -> int:
    """Forget the oldest changes among those published before `before` (RFC 3339), at most so many, and how many those
    were; devices that missed them pull anew."""
    rows = t.all(
        t.select(change, change.c.xid, change.c.position)
        .where(change.c.at < before, _settled(t.dialect, change.c.xid))
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


def _settled(dialect: Dialect, xid: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether no transaction that still runs can come before this one."""
    return xid < _oldest_running() if dialect == "postgresql" else xid == 0


def _running_xid() -> ColumnElement[Any]:
    return _bigint("pg_current_xact_id()")


def _oldest_running() -> ColumnElement[Any]:
    return _bigint("pg_snapshot_xmin(pg_current_snapshot())")


def _next_xid() -> ColumnElement[Any]:
    return _bigint("pg_snapshot_xmax(pg_current_snapshot())")


def _bigint(expression: str) -> ColumnElement[Any]:
    """PostgreSQL's xid8 has no cast to bigint but through text."""
    return cast(literal_column(f"{expression}::text"), BigInteger)


_OLDEST_RUNNING = select(_oldest_running())
