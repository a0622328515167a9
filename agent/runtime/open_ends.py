"""The session that the person is in, and those that were left open: when one asks for a word."""

import sqlite3
from datetime import datetime, timedelta

import msgspec

from agent.api import OpenEnd, OpenSession, ProposedEnd
from agent.attendance.recording import can_undo, undo_until
from agent.runtime.workplace import Workplace
from agent.store import attendance, feed, locations
from agent.store.work import fact, put_fact
from protocol.operations import AttendanceEvent
from protocol.statements import PolicyPayload
from rules.attendance import WorkSession
from rules.clock import format_utc, judge, parse_utc
from rules.resolving import Resolution, due_at, resolution
from rules.shifts import PlannedShift, planned_around
from rules.timesheets import Worked, worked

POSTPONED = timedelta(hours=4)
_LAST_ACTIVITY = "last_activity"
_ASK_AGAIN = "open_end_postponed"
_ASKED_WITHIN = timedelta(days=31)
_AROUND = timedelta(days=2)


class LastActivity(msgspec.Struct, frozen=True):
    """The last use of this computer (RFC 3339) in the session of that check-in."""

    check_in_id: str
    at: str


def view(workplace: Workplace, connection: sqlite3.Connection) -> OpenSession | None:
    """The session that the person is in."""
    found = attendance.current(connection)
    if found is None:
        return None
    row = connection.execute(
        "SELECT event_id FROM attendance WHERE origin = 'here' AND cancelled = 0 ORDER BY recorded DESC LIMIT 1"
    ).fetchone()
    latest = attendance.own_event(connection, row["event_id"]) if row else None
    undoable = latest is not None and can_undo(latest, workplace.clock)
    return OpenSession(
        check_in_id=found.check_in_id,
        location_id=found.check_in.location_id,
        location=locations.name(connection, found.check_in.location_id) or found.check_in.note,
        since=found.check_in.at.utc,
        on_break=found.on_break,
        undo_event=latest.event_id if latest and undoable else None,
        undo_until=format_utc(undo_until(latest)) if latest and undoable else None,
        photo_wanted=found.check_in_id if _photo_wanted(workplace, connection, found) else None,
    )


def _photo_wanted(workplace: Workplace, connection: sqlite3.Connection, session: WorkSession) -> bool:
    """Whether the organization asks for a photo with a check-in, this one has none, and one may still be added."""
    rules = workplace.policy_in(connection)
    late = workplace.clock.now() >= when(session.check_in) + timedelta(hours=rules.correct_hours)
    return rules.photo_required and not late and not attendance.has_files(connection, session.check_in_id)


def postpone(workplace: Workplace) -> None:
    """*Later* is an answer."""
    until = format_utc(workplace.clock.now() + POSTPONED)
    workplace.store.write(lambda c: put_fact(c, _ASK_AGAIN, until)).result()
    workplace.changed()


def asking(workplace: Workplace, connection: sqlite3.Connection) -> OpenEnd | None:
    """The oldest session of the last weeks that needs its person's word, unless they said *Later*."""
    now = workplace.clock.now()
    postponed = fact(connection, _ASK_AGAIN, str)
    if postponed is not None and now < parse_utc(postponed) <= now + POSTPONED:
        return None
    for one, following in attendance.unfinished(connection, format_utc(now - _ASKED_WITHIN)):
        asked = _asking(connection, one, following, workplace.policy_in(connection), now)
        if asked is not None:
            return asked
    return None


def due(workplace: Workplace, connection: sqlite3.Connection) -> datetime | None:
    """From when on the session that the person is in needs its end; None where they are in none."""
    found = attendance.current(connection)
    if found is None:
        return None
    session, shifts = _with_shifts(connection, found, workplace.clock.now())
    return due_at(session, shifts, workplace.policy_in(connection))


def _with_shifts(
    connection: sqlite3.Connection, one: WorkSession, now: datetime
) -> tuple[Worked, tuple[PlannedShift, ...]]:
    """A session as it is reckoned with, and the shifts around it."""
    zones, schedule = locations.zones(connection), feed.schedule(connection)
    [session] = worked([one], when, zones.get)
    return session, planned_around(schedule.shifts, schedule.holidays, session.start - _AROUND, now + _AROUND)


def when(event: AttendanceEvent) -> datetime:
    """The best time known of an event that is kept here."""
    return judge(event.at).at


def latest_word(one: WorkSession) -> datetime:
    """The last that is known of a session: an end must come after it."""
    pauses = [event for pause in one.breaks for event in (pause.start, pause.end) if event is not None]
    return max(when(event) for event in (one.check_in, *pauses))


def last_report(connection: sqlite3.Connection, since: datetime, until: datetime) -> datetime | None:
    """When the person wrote the last report between these times, on this computer."""
    row = connection.execute(
        "SELECT max(at) FROM report WHERE origin = 'here' AND at > ? AND at <= ?",
        (format_utc(since), format_utc(until)),
    ).fetchone()
    return parse_utc(row[0]) if row[0] is not None else None


def note_activity(connection: sqlite3.Connection, check_in_id: str, at: datetime) -> None:
    """In that session this computer was last used then."""
    put_fact(connection, _LAST_ACTIVITY, LastActivity(check_in_id, format_utc(at)))


def forget_activity(connection: sqlite3.Connection) -> None:
    """It is not to be known any more."""
    connection.execute("DELETE FROM fact WHERE name = ?", (_LAST_ACTIVITY,))


def last_activity(connection: sqlite3.Connection, check_in_id: str) -> datetime | None:
    """When this computer was last used in that session, where that was allowed and noted (agent.runtime.absences)."""
    found = fact(connection, _LAST_ACTIVITY, LastActivity)
    return parse_utc(found.at) if found is not None and found.check_in_id == check_in_id else None


def _asking(
    connection: sqlite3.Connection,
    one: WorkSession,
    following: str | None,
    policy: PolicyPayload,
    now: datetime,
) -> OpenEnd | None:
    session, shifts = _with_shifts(connection, one, now)
    next_check_in = parse_utc(following) if following is not None else None
    latest = min(now, next_check_in) if next_check_in is not None else now
    found: Resolution | None = resolution(
        session,
        now,
        shifts,
        policy,
        last_report=last_report(connection, session.start, latest),
        last_activity=last_activity(connection, one.check_in_id),
        next_check_in=next_check_in,
    )
    if found is None:
        return None
    return OpenEnd(
        check_in_id=one.check_in_id,
        location=locations.name(connection, one.check_in.location_id) or one.check_in.note,
        since=format_utc(session.start),
        earliest=format_utc(latest_word(one)),
        latest=format_utc(latest),
        shift=found.shift.shift.name if found.shift is not None else "",
        proposals=_proposals(found),
    )


def _proposals(found: Resolution) -> tuple[ProposedEnd, ...]:
    return tuple(ProposedEnd(kind=end.kind, at=format_utc(end.at)) for end in found.proposals)
