"""Closed days: what comes into them later waits for a decision. A day can be closed once it is over everywhere."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import msgspec
from sqlalchemy import bindparam, or_
from sqlalchemy.sql.expression import Executable
from uuid6 import uuid7

from protocol.operations import AttendanceCancellation, AttendanceEvent
from rules.clock import parse_utc
from rules.sentence import Sentence
from rules.timesheets import report_day
from server import access
from server.accounts.rights import not_found
from server.bounds import location_rows
from server.policy.document import policy_for_checks
from server.problems import ProblemError, problem
from server.storage.attendance_tables import attendance_closing
from server.storage.database import WHOEVER_ASKS, Actor, Transaction
from server.storage.members import lock_members
from server.storage.tables import access_grant, attendance_event, group_membership, location, member, member_group

_LAST_ZONE = timedelta(hours=12)
"""Where a day is over last, that long after it is in UTC."""
_PURPOSE = "review"
_LONGEST = timedelta(days=366)
_SLACK = timedelta(days=2)
"""A day in some zone begins less than this from the same date in UTC, whenever days begin."""


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """Days that are closed, `group` (name) or everybody; `reopened` once they are not any more."""

    closing_id: str
    group_id: str | None
    group: str | None
    first_day: str
    last_day: str
    closed: str
    by: str
    reopened: str | None


def close(t: Transaction, actor: Actor, first: date, last: date, group_id: str | None = None) -> str:
    """Close these days (both included) for a group or for everybody; the closing's id. Problems: not in the actor's
    care, not over yet, first after last. Whoever is recording something is waited for: once this is committed, nothing
    comes into these days unmarked any more."""
    _require_care(t, actor, group_id)
    _check_days(t, first, last)
    lock_members(t, group_id)
    closing_id = str(uuid7())
    t.insert(
        attendance_closing,
        closing_id=closing_id,
        group_id=group_id,
        first_day=first.isoformat(),
        last_day=last.isoformat(),
        closed=t.now_text,
        closed_by=actor.member_id,
    )
    detail = f"{first.isoformat()}/{last.isoformat()} {group_id or 'everybody'}"
    access.record(t, actor, "close", "attendance", closing_id, purpose=_PURPOSE, detail=detail)
    return closing_id


def reopen(t: Transaction, actor: Actor, closing_id: str) -> None:
    """Open the days again for what comes from now on; what waits goes on waiting. Harmless when they are open."""
    row = t.first(t.select(attendance_closing).where(attendance_closing.c.closing_id == closing_id))
    if row is None:
        raise not_found("closing")
    _require_care(t, actor, row.group_id)
    this = attendance_closing.c.closing_id == closing_id
    changed = t.execute(
        t.update(attendance_closing)
        .where(this, attendance_closing.c.reopened.is_(None))
        .values(reopened=t.now_text, reopened_by=actor.member_id)
    )
    if changed.rowcount:
        access.record(t, actor, "reopen", "attendance", closing_id, purpose=_PURPOSE)


def closings(t: Transaction, limit: int = 200) -> list[Closing]:
    """The latest days that were ever closed, latest first. That days are closed is no secret within an organization."""
    rows = t.all(
        t.select(
            attendance_closing,
            *attendance_closing.c,
            member.c.name.label("by"),
            member_group.c.name.label("group"),
        )
        .outerjoin(member, (member.c.member_id == attendance_closing.c.closed_by) & t.owns(member))
        .outerjoin(member_group, (member_group.c.group_id == attendance_closing.c.group_id) & t.owns(member_group))
        .order_by(attendance_closing.c.last_day.desc(), attendance_closing.c.closing_id.desc())
        .limit(limit)
    )
    return [msgspec.convert(row, Closing, from_attributes=True) for row in rows]


def comes_late(t: Transaction, member_id: str, body: AttendanceEvent | AttendanceCancellation, at: datetime) -> bool:
    """Whether an event that happened at `at`, or an undo, changes a day of the member that is closed."""
    if isinstance(body, AttendanceCancellation):
        named, own = [body.cancels], []
    else:
        named = [one for one in (body.check_in_id, body.supersedes) if one]
        own = [(at, *_zone(t, body.location_id, body.at.zone, body.at.offset_minutes))]
    touched = [*own, *_moments(t, member_id, named)]
    if not touched:
        return False
    first, last = min(one[0] for one in touched), max(one[0] for one in touched)
    closed = _closed_days(t, member_id, (first - _SLACK).date(), (last + _SLACK).date())
    if not closed:
        return False
    policy = policy_for_checks(t).report_day
    days = [report_day(moment, zone, offset, policy) for moment, zone, offset in touched]
    # A session counts for every day from its start to its end.
    return any(since <= max(days) and until >= min(days) for since, until in closed)


def any_closed(t: Transaction, first: datetime, last: datetime) -> bool:
    """Whether a day of anybody is closed on which something could count that happened from `first` to `last`."""
    days = ((first - _SLACK).date().isoformat(), (last + _SLACK).date().isoformat())
    return t.asked(_ANY_CLOSED, first=days[0], last=days[1]).first() is not None


def _closed_days(t: Transaction, member_id: str, first: date, last: date) -> list[tuple[date, date]]:
    rows = t.asked(_CLOSED_DAYS, member_id=member_id, first=first.isoformat(), last=last.isoformat())
    return [(date.fromisoformat(row.first_day), date.fromisoformat(row.last_day)) for row in rows]


def _closed_for_a_member() -> Executable:
    c = attendance_closing.c
    own_groups = WHOEVER_ASKS.select(group_membership, group_membership.c.group_id).where(
        group_membership.c.member_id == bindparam("member_id")
    )
    return _ANY_CLOSED.where(or_(c.group_id.is_(None), c.group_id.in_(own_groups)))


_ANY_CLOSED = WHOEVER_ASKS.select(
    attendance_closing, attendance_closing.c.first_day, attendance_closing.c.last_day
).where(
    attendance_closing.c.last_day >= bindparam("first"),
    attendance_closing.c.first_day <= bindparam("last"),
    attendance_closing.c.reopened.is_(None),
)
_CLOSED_DAYS = _closed_for_a_member()


def _moments(t: Transaction, member_id: str, event_ids: Iterable[str]) -> list[tuple[datetime, str, int | None]]:
    """When these events and their check-ins were, and in which zone they count."""
    wanted, found, asked = set(event_ids), [], set[str]()
    c = attendance_event.c
    while wanted - asked:
        rows = t.all(
            t.select(
                attendance_event,
                *(c.at, c.zone, c.offset_minutes, c.check_in_id, c.supersedes),
                location.c.zone.label("place"),
            )
            .outerjoin(location, (location.c.location_id == c.location_id) & t.owns(location))
            .where(c.member_id == member_id, c.event_id.in_(wanted - asked))
        )
        asked |= wanted
        for row in rows:
            found.append((parse_utc(row.at), row.place or row.zone, None if row.place else row.offset_minutes))
            wanted |= {name for name in (row.check_in_id, row.supersedes) if name}
    return found


def _zone(t: Transaction, location_id: str | None, zone: str, offset: int) -> tuple[str, int | None]:
    place = location_rows(t, [location_id]).get(location_id) if location_id is not None else None
    return (place.zone, None) if place is not None else (zone, offset)


def _require_care(t: Transaction, actor: Actor, group_id: str | None) -> None:
    """Raise unless the group, or with None everybody, is in the actor's care. What they may not see does not exist."""
    if group_id is not None and t.first(t.select(member_group).where(member_group.c.group_id == group_id)) is None:
        raise not_found("group")
    everything = access_grant.c.group_id.is_(None) & access_grant.c.location_id.is_(None)
    wanted = everything if group_id is None else or_(everything, access_grant.c.group_id == group_id)
    grants = t.select(access_grant, access_grant.c.grant_id).where(access_grant.c.member_id == actor.member_id, wanted)
    if actor.role not in {"manager", "admin"} or actor.kind != "member" or t.first(grants) is None:
        raise problem(
            "not-in-care",
            403,
            "Not in your care",
            "You can close days only of a group that is in your care, or of everybody if all are. Choose a group, or "
            "ask an admin.",
            field="group",
        )


def _check_days(t: Transaction, first: date, last: date) -> None:
    if first > last or last - first > _LONGEST:
        raise _bad_days("The first day must not be after the last, and at most a year can be closed at once.")
    over = (t.now - _LAST_ZONE).date() - timedelta(days=1)
    if last > over:
        detail = Sentence(
            "A day can be closed once it is over everywhere: at the moment that is up to %(day)s. Choose an earlier "
            "last day.",
            day=over.isoformat(),
        )
        raise _bad_days(detail)


def _bad_days(detail: str) -> ProblemError:
    return problem("bad-days", 400, "These days cannot be closed", detail, field="days")
