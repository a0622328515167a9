"""Sessions and hours of members, from what is kept: paired by `rules.attendance`, added up by `rules.timesheets`."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select

from protocol.moment import Moment
from protocol.operations import AttendanceEvent
from rules.attendance import work_sessions
from rules.clock import format_utc, parse_utc
from rules.timesheets import SessionHours, Worked, hours, within, worked
from server.attendance.judging import START
from server.attendance.story import undone
from server.policy.document import policy_for_checks
from server.storage.database import Transaction
from server.storage.tables import attendance_event, location

_SLACK = timedelta(days=2)
"""A day in some zone begins less than this from the same date in UTC, whenever days begin."""
LONGEST = timedelta(days=7)
"""A session that lasts longer is found by its start only: hours of days beyond are not looked for."""
_MANY = 500


def sessions_between(
    t: Transaction, member_ids: Sequence[str], since: datetime, until: datetime
) -> dict[str, tuple[Worked, ...]]:
    """The sessions of each member whose check-in, as it was first recorded or as it stands, lies in [since, until)."""
    found: dict[str, tuple[Worked, ...]] = {}
    for at in range(0, len(member_ids), _MANY):
        found.update(_sessions(t, member_ids[at : at + _MANY], since, until))
    return found


def timesheet(t: Transaction, member_id: str, first: date, last: date) -> tuple[SessionHours, ...]:
    """What the member's sessions count for on these days (both included), by start; sessions without an end are there
    and have no hours."""
    return next(timesheets(t, [member_id], first, last), (member_id, ()))[1]


def timesheets(
    t: Transaction, member_ids: Sequence[str], first: date, last: date
) -> Iterator[tuple[str, tuple[SessionHours, ...]]]:
    """The same of several, in their order, members without any sessions left out."""
    since = datetime.combine(first, time(), UTC) - _SLACK - LONGEST
    until = datetime.combine(last, time(), UTC) + _SLACK
    policy = policy_for_checks(t).report_day
    for at in range(0, len(member_ids), _MANY):
        part = member_ids[at : at + _MANY]
        found = _sessions(t, part, since, until)
        for member_id in part:
            kept = within(hours(found.get(member_id, ()), policy), first, last)
            if kept:
                yield member_id, kept


def _sessions(
    t: Transaction, member_ids: Collection[str], since: datetime, until: datetime
) -> dict[str, tuple[Worked, ...]]:
    zones = _zones(t)
    events, cancelled, at = _events(t, member_ids, format_utc(since), format_utc(until))
    return {
        member_id: worked(
            work_sessions(own, cancelled),
            when=lambda event: at[event.event_id],
            zone_at=zones.get,
        )
        for member_id, own in events.items()
    }


def _zones(t: Transaction) -> dict[str, str]:
    rows = t.all(t.select(location, location.c.location_id, location.c.zone))
    return {row.location_id: row.zone for row in rows}


def _events(
    t: Transaction, member_ids: Collection[str], since: str, until: str
) -> tuple[dict[str, list[AttendanceEvent]], set[str], dict[str, datetime]]:
    """By member in the order they happened, the ids of those that do not count, and when each was."""
    c = attendance_event.c
    begun = (
        select(c.event_id)
        .where(t.owns(attendance_event), c.member_id.in_(member_ids), c.kind == START, c.at >= since, c.at < until)
        .scalar_subquery()
    )
    rows = {row.event_id: row for row in _rows(t, member_ids, c.event_id.in_(begun) | c.check_in_id.in_(begun))}
    rows.update((row.event_id, row) for row in _rows(t, member_ids, c.supersedes.in_(_ended(t, member_ids, begun))))
    # Corrections may tie events together that lie far apart. Of those there are few.
    asked: set[str] = set()
    while pending := _corrections(rows.values()) - asked:
        asked |= pending
        rows.update((row.event_id, row) for row in _rows(t, member_ids, _tied(pending)))
    events: dict[str, list[AttendanceEvent]] = {}
    left_out: set[str] = set()
    at: dict[str, datetime] = {}
    for row in sorted(rows.values(), key=lambda row: (row.at, row.event_id)):
        moment = Moment(utc=row.at, offset_minutes=row.offset_minutes, zone=row.zone, boot_id="", elapsed_ms=0)
        event = AttendanceEvent(
            event_id=row.event_id,
            kind=row.kind,
            location_id=row.location_id,
            check_in_id=row.check_in_id,
            supersedes=row.supersedes,
            at=moment,
        )
        events.setdefault(row.member_id, []).append(event)
        at[row.event_id] = parse_utc(row.at)
        if row.undone or row.held in {"waiting", "left_out"}:
            left_out.add(row.event_id)
    return events, left_out, at


def _rows(t: Transaction, member_ids: Collection[str], which: ColumnElement[bool]) -> list[Row[Any]]:
    c = attendance_event.c
    columns = (
        *(c.event_id, c.member_id, c.kind, c.at, c.zone, c.offset_minutes, c.location_id, c.check_in_id, c.supersedes),
        *(c.held, undone(t, attendance_event).label("undone")),
    )
    return t.all(t.select(attendance_event, *columns).where(c.member_id.in_(member_ids), which))


def _ended(t: Transaction, member_ids: Collection[str], begun: Any) -> Any:
    """The ids of the sessions' events, for what corrects them."""
    c = attendance_event.c
    own = c.event_id.in_(begun) | c.check_in_id.in_(begun)
    return select(c.event_id).where(t.owns(attendance_event), c.member_id.in_(member_ids), own).scalar_subquery()


def _corrections(rows: Iterable[Row[Any]]) -> set[str]:
    """The ids of corrections and of what they name."""
    found = [row for row in rows if row.supersedes]
    return {name for row in found for name in (row.event_id, row.supersedes, row.check_in_id) if name}


def _tied(ids: Collection[str]) -> ColumnElement[bool]:
    c = attendance_event.c
    return or_(c.event_id.in_(ids), c.check_in_id.in_(ids), c.supersedes.in_(ids))
