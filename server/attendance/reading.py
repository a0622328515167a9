"""The reads behind pages and exports: who is in, and the list of events. Every one passes `server.accounts.scope`."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Row, and_

from protocol.changes import EvidenceView, Held
from rules.clock import Grade
from rules.evidence import needs_a_look
from server.accounts.scope import visible
from server.attendance.judging import END, START, judge_all
from server.attendance.looking import Looked, looks_of
from server.attendance.photos import Photo, photos_of
from server.attendance.sentences import sentences
from server.attendance.story import counts, events_around, stands
from server.storage.database import Actor, Transaction
from server.storage.keyset import beyond, mark
from server.storage.tables import attendance_event, location, member


class Present(msgspec.Struct, frozen=True, kw_only=True):
    """A member who is in: where (a location, or the note of one elsewhere), since when, and whether on a break.
    `check_in_id` is what an end of it names: the check-in as it was first recorded."""

    member_id: str
    member_name: str
    event_id: str
    check_in_id: str
    location_id: str | None
    location_name: str | None
    note: str
    since: str
    zone: str
    grade: str
    on_break: bool


class EventFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which events: of one member, at one place, with `at` in [`since`, `until`) (RFC 3339), or those that
    wait for the reader to look; all when empty."""

    member_id: str | None = None
    location_id: str | None = None
    since: str | None = None
    until: str | None = None
    look: bool = False
    event_id: str | None = None


class EventRow(msgspec.Struct, frozen=True, kw_only=True):
    """One event with what the server says of it; `sentences` are for people, `flags` their stable names. `to_look`: the
    reader should look at it, and nobody has; `looked`: somebody has. Of both nobody learns about their own entries."""

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
    grade: Grade
    received: str
    method: str
    check_in_id: str | None
    flags: tuple[str, ...]
    sentences: tuple[str, ...]
    cancelled: bool
    superseded_by: str | None
    needs_end: bool
    by: str
    held: Held | None
    needs_a_look: bool
    to_look: bool
    looked: Looked | None
    evidence: EvidenceView
    photos: tuple[Photo, ...]


class EventList(msgspec.Struct, frozen=True):
    """One page, newest first; `after` is given back for the next one, None at the end."""

    rows: tuple[EventRow, ...]
    after: str | None


def present_members(t: Transaction, actor: Actor, member_id: str | None = None) -> tuple[Present, ...]:
    """Who is in now, of those whom `actor` may see, by name; or one of them alone."""
    open_ids = _open_check_ins(t, member_id)
    latest = _latest(t, open_ids)
    on_break = _on_break(t, open_ids)
    c = attendance_event.c
    rows = t.all(
        t.select(attendance_event, *c, member.c.name.label("member_name"), location.c.name.label("location_name"))
        .join(member, member.c.member_id == c.member_id)
        .outerjoin(location, and_(location.c.location_id == c.location_id, t.owns(location)))
        .where(t.owns(member), c.event_id.in_(latest), visible(t, actor, c.member_id, c.location_id))
        .order_by(member.c.name, c.member_id)
    )
    return tuple(
        Present(
            member_id=row.member_id,
            member_name=row.member_name,
            event_id=row.event_id,
            check_in_id=latest[row.event_id],
            location_id=row.location_id,
            location_name=row.location_name,
            note=row.note,
            since=row.at,
            zone=row.zone,
            grade=row.grade,
            on_break=latest[row.event_id] in on_break,
        )
        for row in rows
    )


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
        for column, value in (
            (c.member_id, wanted.member_id),
            (c.location_id, wanted.location_id),
            (c.event_id, wanted.event_id),
        )
        if value is not None
    ]
    if wanted.since is not None:
        conditions.append(c.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(c.at < wanted.until)
    if wanted.look:
        conditions += [c.look, c.member_id != actor.member_id]
    if after is not None:
        conditions.append(beyond(after, c.at, c.event_id))
    found = t.all(
        t.select(attendance_event, *c, member.c.name.label("member_name"), location.c.name.label("location_name"))
        .join(member, member.c.member_id == c.member_id)
        .outerjoin(location, and_(location.c.location_id == c.location_id, t.owns(location)))
        .where(t.owns(member), visible(t, actor, c.member_id, c.location_id), *conditions)
        .order_by(c.at.desc(), c.event_id.desc())
        .limit(limit + 1)
    )
    rows = _told(t, actor, found[:limit])
    return EventList(rows, mark(rows[-1].at, rows[-1].event_id) if len(found) > limit else None)


def _told(t: Transaction, actor: Actor, page: Sequence[Row[Any]]) -> tuple[EventRow, ...]:
    """Kept events with what follows for each from the others of its member."""
    judged = {}
    for member_id in {row.member_id for row in page}:
        events = events_around(t, member_id, [row.event_id for row in page if row.member_id == member_id])
        judgements = judge_all(events)
        judged.update({event.event_id: (event, judgements[event.event_id]) for event in events})
    rows = []
    photos = photos_of(t, [row.event_id for row in page if row.photos])
    looks = looks_of(t, [row.event_id for row in page if row.member_id != actor.member_id])
    for row in page:
        event, judgement = judged[row.event_id]
        plain = {name: getattr(row, name) for name in EventRow.__struct_fields__ if hasattr(row, name)}
        derived = {
            "flags": judgement.flags,
            "sentences": sentences(judgement.flags),
            "cancelled": event.cancelled,
            "superseded_by": judgement.superseded_by,
            "needs_end": judgement.needs_end,
            "by": event.by,
            "held": event.held,
            "needs_a_look": needs_a_look(judgement.flags, cancelled=event.cancelled),
            "to_look": row.look and row.member_id != actor.member_id,
            "looked": looks.get(row.event_id),
            "evidence": event.evidence,
            "photos": photos.get(row.event_id, ()),
        }
        rows.append(EventRow(**{**plain, **derived}))
    return tuple(rows)


def own_event(t: Transaction, actor: Actor, event_id: str | None) -> EventRow | None:
    """One of the actor's own entries, or the newest; None when there is no such."""
    wanted = EventFilter(member_id=actor.member_id, event_id=event_id)
    return next(iter(list_events(t, actor, wanted, limit=1).rows), None)


def _open_check_ins(t: Transaction, member_id: str | None) -> list[str]:
    """Each member's last check-in, where nothing ended it. Reads a few rows of each member, however long they work."""
    asked = member.c.member_id.is_not(None) if member_id is None else member.c.member_id == member_id
    c = attendance_event.c
    newest = (
        t.select(attendance_event, c.event_id)
        .where(c.member_id == member.c.member_id, c.kind == START, stands(t, attendance_event))
        .order_by(c.at.desc(), c.event_id.desc())
        .limit(1)
        .correlate(member)
        .scalar_subquery()
    )
    last = t.all(t.select(member, member.c.member_id, newest.label("event_id")).where(asked))
    # Asked apart: joined to the above, PostgreSQL reads every check-out there ever was.
    ends = t.all(
        t.select(attendance_event, c.member_id, c.check_in_id).where(
            c.check_in_id.in_([row.event_id for row in last]), c.kind == END, stands(t, attendance_event)
        )
    )
    ended = {(row.member_id, row.check_in_id) for row in ends}
    return [row.event_id for row in last if row.event_id and (row.member_id, row.event_id) not in ended]


def _latest(t: Transaction, event_ids: list[str]) -> dict[str, str]:
    """The last correction of each of these events, or the event itself, with the event it stands for."""
    c = attendance_event.c
    latest = {event_id: event_id for event_id in event_ids}
    seen = set(event_ids)
    while True:
        rows = t.all(
            t.select(attendance_event, c.event_id, c.supersedes, c.at).where(
                c.supersedes.in_(latest), c.event_id.not_in(seen), counts(t, attendance_event)
            )
        )
        # Sorted here: asked to sort, SQLite reads the whole organization in that order to find these few.
        corrections = {row.supersedes: row.event_id for row in sorted(rows, key=lambda row: (row.at, row.event_id))}
        if not corrections:
            return latest
        seen.update(corrections.values())
        latest = {corrections.get(event_id, event_id): first for event_id, first in latest.items()}


def _on_break(t: Transaction, check_in_ids: list[str]) -> set[str]:
    """Those of these check-ins whose last break has not ended."""
    c = attendance_event.c
    rows = t.all(
        t.select(attendance_event, c.check_in_id, c.kind, c.at, c.event_id).where(
            c.check_in_id.in_(check_in_ids), c.kind.in_(("break_start", "break_end")), stands(t, attendance_event)
        )
    )
    last = {row.check_in_id: row.kind for row in sorted(rows, key=lambda row: (row.at, row.event_id))}
    return {check_in_id for check_in_id, kind in last.items() if kind == "break_start"}
