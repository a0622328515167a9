"""The reads behind pages and exports: who is in, and the list of events. Every one passes `server.accounts.scope`."""

import msgspec
from sqlalchemy import and_, or_

from server.accounts.scope import visible
from server.attendance.judging import START, judge_all
from server.attendance.recording import standing_events
from server.attendance.sentences import sentences
from server.storage.database import Actor, Transaction
from server.storage.tables import attendance_event, location, member


class Present(msgspec.Struct, frozen=True, kw_only=True):
    """A member who is in: where (a location, or the note of one elsewhere), since when, and whether on a break."""

    member_id: str
    member_name: str
    event_id: str
    location_id: str | None
    location_name: str | None
    note: str
    since: str
    zone: str
    grade: str
    on_break: bool


class EventFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which events: of one member, at one place, with `at` in [`since`, `until`) (RFC 3339); all when empty."""

    member_id: str | None = None
    location_id: str | None = None
    since: str | None = None
    until: str | None = None


class EventRow(msgspec.Struct, frozen=True, kw_only=True):
    """One event with what the server says of it; `sentences` are for people, `flags` their stable names."""

    event_id: str
    kind: str
    member_id: str
    member_name: str
    location_id: str | None
    location_name: str | None
    note: str
    reason: str
    at: str
    zone: str
    offset_minutes: int
    grade: str
    received: str
    method: str
    check_in_id: str | None
    flags: tuple[str, ...]
    sentences: tuple[str, ...]
    cancelled: bool
    superseded_by: str | None
    needs_end: bool


class EventList(msgspec.Struct, frozen=True):
    """One page, newest first; `after` is given back for the next one, None at the end."""

    rows: tuple[EventRow, ...]
    after: str | None


def present_members(t: Transaction, actor: Actor) -> tuple[Present, ...]:
    """Who is in now, of those whom `actor` may see, by name."""
    members = t.all(
        t.select(attendance_event, attendance_event.c.member_id)
        .where(
            attendance_event.c.kind == START,
            visible(t, actor, attendance_event.c.member_id, attendance_event.c.location_id),
        )
        .distinct()
    )
    found = [_open_check_in(t, row.member_id) for row in members]
    present = [_present(t, actor, check_in) for check_in in found if check_in is not None]
    return tuple(sorted((one for one in present if one is not None), key=lambda one: (one.member_name, one.member_id)))


def list_events(
    t: Transaction,
    actor: Actor,
    wanted: EventFilter = EventFilter(),  # noqa: B008 - frozen
    after: str | None = None,
    limit: int = 50,
) -> EventList:
    """The events that `actor` may read, newest first."""
    c = attendance_event.c
    conditions = [
        column == value
        for column, value in ((c.member_id, wanted.member_id), (c.location_id, wanted.location_id))
        if value is not None
    ]
    if wanted.since is not None:
        conditions.append(c.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(c.at < wanted.until)
    if after is not None:
        at, _, event_id = after.partition(" ")
        conditions.append(or_(c.at < at, and_(c.at == at, c.event_id < event_id)))
    found = t.all(
        t.select(attendance_event, *c, member.c.name.label("member_name"), location.c.name.label("location_name"))
        .join(member, member.c.member_id == c.member_id)
        .outerjoin(location, and_(location.c.location_id == c.location_id, t.owns(location)))
        .where(t.owns(member), visible(t, actor, c.member_id, c.location_id), *conditions)
        .order_by(c.at.desc(), c.event_id.desc())
        .limit(limit + 1)
    )
    page = found[:limit]
    judged = {}
    for member_id in {row.member_id for row in page}:
        events = standing_events(t, member_id)
        judgements = judge_all(events)
        judged.update({event.event_id: (event.cancelled, judgements[event.event_id]) for event in events})
    rows = []
    for row in page:
        cancelled, judgement = judged[row.event_id]
        plain = {name: getattr(row, name) for name in EventRow.__struct_fields__ if hasattr(row, name)}
        derived = {
            "flags": judgement.flags,
            "sentences": sentences(judgement.flags),
            "cancelled": cancelled,
            "superseded_by": judgement.superseded_by,
            "needs_end": judgement.needs_end,
        }
        rows.append(EventRow(**{**plain, **derived}))
    return EventList(tuple(rows), f"{rows[-1].at} {rows[-1].event_id}" if len(found) > limit else None)


def _open_check_in(t: Transaction, member_id: str) -> tuple[str, bool] | None:
    """The event id of the member's open check-in (its last correction, if corrected), and whether on a break."""
    events = [event for event in standing_events(t, member_id) if not event.cancelled]
    firsts = [event for event in events if not event.supersedes]
    check_ins = [event for event in firsts if event.kind == START]
    if not check_ins:
        return None
    own = [event for event in firsts if event.check_in_id == check_ins[-1].event_id]
    if any(event.kind == "check_out" for event in own):
        return None
    breaks = [event.kind for event in own if event.kind in {"break_start", "break_end"}]
    superseded_by = {event.supersedes: event.event_id for event in events if event.supersedes}
    latest, seen = check_ins[-1].event_id, set[str]()
    while latest in superseded_by and latest not in seen:
        seen.add(latest)
        latest = superseded_by[latest]
    return latest, bool(breaks) and breaks[-1] == "break_start"


def _present(t: Transaction, actor: Actor, check_in: tuple[str, bool]) -> Present | None:
    event_id, on_break = check_in
    c = attendance_event.c
    row = t.first(
        t.select(attendance_event, *c, member.c.name.label("member_name"), location.c.name.label("location_name"))
        .join(member, member.c.member_id == c.member_id)
        .outerjoin(location, and_(location.c.location_id == c.location_id, t.owns(location)))
        .where(t.owns(member), c.event_id == event_id, visible(t, actor, c.member_id, c.location_id))
    )
    if row is None:
        return None
    return Present(
        member_id=row.member_id,
        member_name=row.member_name,
        event_id=row.event_id,
        location_id=row.location_id,
        location_name=row.location_name,
        note=row.note,
        since=row.at,
        zone=row.zone,
        grade=row.grade,
        on_break=on_break,
    )
