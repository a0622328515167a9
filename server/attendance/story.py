"""The events that must be read to judge some: their sessions, those beside them, and no more of a long history."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    and_,
    bindparam,
    func,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.expression import Executable

from server.attendance.judging import START, Standing
from server.attendance.photos import photos_of
from server.attendance.telling import COLUMNS, evidence_of
from server.storage.database import WHOEVER_ASKS, Bound, Transaction
from server.storage.tables import attendance_cancellation, attendance_event, member

_COLUMNS = (
    *("event_id", "kind", "at", "grade", "location_id", "check_in_id", "supersedes", "received", "correct_hours"),
    *("held", "note", "reason", "zone", "offset_minutes", "completed_later"),
)
"""Of a kept event, as `Standing` has them."""

_BESIDE = 2
"""Check-ins read on each side: what is said of the one next to a session depends on the one after that."""

_MOST_BETWEEN = 200
"""Check-ins between the first and the last of a page that are read at once; a closely packed page has fewer."""


class Place(msgspec.Struct, frozen=True):
    """Where an event stands among those of its member; `at` as `Standing` has it."""

    member_id: str
    at: str
    event_id: str


class Story(msgspec.Struct, frozen=True):
    """`core` holds the ids of which judging `events` says the whole truth; the others are there for their sake."""

    events: list[Standing]
    core: frozenset[str]


def events_around(t: Transaction, member_id: str, event_ids: Collection[str]) -> list[Standing]:
    """Of a member's events as many as judging these takes: their sessions, and the check-ins beside each.

    What is read hangs on how many are asked for, not on how long the member has worked.
    """
    own = _linked(t, member_id, set(event_ids))
    beside = _beside(t, member_id, [event for event in own if _begins(event)])
    return _with_sessions(t, member_id, own, beside)


def story_around(t: Transaction, member_id: str, event_id: str) -> Story:
    """What one event can change something for, with all that is needed to say what."""
    own = _linked(t, member_id, {event_id})
    core = {event.event_id for event in own}
    beside: set[str] = set()
    for check_in in own:
        if _begins(check_in):
            for neighbours in _neighbours(t, member_id, check_in):
                core.update(neighbours[:1])
                beside.update(neighbours)
    return Story(_with_sessions(t, member_id, own, beside), frozenset(core))


def before_latest(t: Transaction, latest: Collection[Place]) -> dict[str, list[str]]:
    """By member the standing check-ins before an event of theirs, nearest first, of those members who have none after
    it. One place a member."""
    if t.dialect == "postgresql":
        columns = {name: [getattr(one, name) for one in latest] for name in Place.__struct_fields__}
        rows = [(row.member_id, row.event_id, row.at) for row in t.asked(_LATEST, **columns)]
    else:
        rows = [
            (one.member_id, row.event_id, row.at)
            for one in latest
            for row in t.asked(_NEIGHBOURS, **msgspec.structs.asdict(one))
        ]
    found: dict[str, list[tuple[str, str]]] = {one.member_id: [] for one in latest}
    for member_id, event_id, at in rows:
        found[member_id].append((at, event_id))
    return {
        one.member_id: [event_id for _, event_id in sorted(found[one.member_id], reverse=True)]
        for one in latest
        if all(place < (one.at, one.event_id) for place in found[one.member_id])
    }


def stories_of_latest(t: Transaction, latest: Mapping[str, tuple[str, list[str]]]) -> dict[str, tuple[str, Story]]:
    """Around an event of each of these members, by member: the event's id and its story, as `story_around` tells it of
    one that nothing names yet and no check-in follows. Given are the event's id and what `before_latest` found."""
    wanted = {name for event_id, before in latest.values() for name in (event_id, *before)}
    events = _read(t, _OF_MANY, members=set(latest), wanted=wanted)
    if any(before for _, before in latest.values()):
        events += _read(t, _CORRECTING, members=set(latest), wanted={event.event_id for _, event in events})
    by_member: dict[str, dict[str, Standing]] = {}
    for member_id, event in events:
        by_member.setdefault(member_id, {})[event.event_id] = event
    return {
        member_id: (event_id, _story(by_member[member_id], event_id, before))
        for member_id, (event_id, before) in latest.items()
    }


def _story(events: dict[str, Standing], event_id: str, before: list[str]) -> Story:
    own = events.pop(event_id)
    return Story([own, *events.values()], frozenset([event_id, *before[:1]]))


def undone(t: Bound, events: Any) -> ColumnElement[bool]:
    """Of `attendance_event` or an alias of it: whether it was taken back, and that counts."""
    return _taken_back(t, events, _let_in(attendance_cancellation))


def counts(t: Bound, events: Any) -> ColumnElement[bool]:
    """Of the same: whether it is part of the story, neither undone nor kept out of a closed day."""
    return and_(_let_in(events), ~undone(t, events))


def stands(t: Bound, events: Any) -> ColumnElement[bool]:
    """Of the same: it counts, and is not itself a correction."""
    return and_(events.c.supersedes.is_(None), counts(t, events))


def _let_in(table: Any) -> ColumnElement[bool]:
    return or_(table.c.held.is_(None), table.c.held == "accepted")


def _taken_back(t: Bound, events: Any, which: ColumnElement[bool]) -> ColumnElement[bool]:
    return (
        select(attendance_cancellation.c.event_id)
        .where(
            t.owns(attendance_cancellation),
            attendance_cancellation.c.cancels == events.c.event_id,
            attendance_cancellation.c.member_id == events.c.member_id,
            which,
        )
        .exists()
    )


def _linked(t: Transaction, member_id: str, wanted: set[str]) -> list[Standing]:
    """Every event that is tied to the wanted ones by a check-in or a correction, however many ties away."""
    found: dict[str, Standing] = {}
    asked: set[str] = set()
    while wanted:
        asked |= wanted
        rows = [event for _, event in _read(t, _TIED, member_id=member_id, wanted=wanted)]
        found.update({event.event_id: event for event in rows})
        named = {name for event in rows for name in (event.event_id, event.check_in_id, event.supersedes) if name}
        wanted = named - asked
    return list(found.values())


def _with_sessions(t: Transaction, member_id: str, own: list[Standing], beside: set[str]) -> list[Standing]:
    if not beside:
        return own
    c = attendance_event.c
    around = _standing(t, and_(_of(member_id), or_(c.event_id.in_(beside), c.check_in_id.in_(beside))))
    superseding = _standing(t, and_(_of(member_id), c.supersedes.in_({event.event_id for event in around})))
    return list({event.event_id: event for event in [*own, *around, *superseding]}.values())


def _begins(event: Standing) -> bool:
    return event.kind == START and not event.supersedes


def _beside(t: Transaction, member_id: str, check_ins: list[Standing]) -> set[str]:
    """The standing check-ins next to these, on both sides; in a few queries where they follow one another closely."""
    if not check_ins:
        return set()
    first, last = min(check_ins, key=_place), max(check_ins, key=_place)
    c = attendance_event.c
    between = list(
        t.execute(
            t.select(attendance_event, c.event_id)
            .where(
                _of(member_id),
                c.kind == START,
                stands(t, attendance_event),
                c.at.between(first.at, last.at),
            )
            .limit(_MOST_BETWEEN + 1)
        ).scalars()
    )
    if len(between) > _MOST_BETWEEN:  # of a page that leaves out most of what happened between its events
        return {one for check_in in check_ins for side in _neighbours(t, member_id, check_in) for one in side}
    before, _ = _neighbours(t, member_id, first)
    _, after = _neighbours(t, member_id, last)
    return {*between, *before, *after}


def _place(event: Standing) -> tuple[str, str]:
    return event.at, event.event_id


def _neighbours(t: Transaction, member_id: str, check_in: Standing) -> Iterable[list[str]]:
    """The ids of the standing check-ins before and after, each list nearest first."""
    place = _place(check_in)
    rows = t.asked(_NEIGHBOURS, member_id=member_id, at=check_in.at, event_id=check_in.event_id)
    places = sorted((row.at, row.event_id) for row in rows)
    yield [event_id for at, event_id in reversed(places) if (at, event_id) < place]
    yield [event_id for at, event_id in places if (at, event_id) > place]


def _of(member_id: str) -> ColumnElement[bool]:
    return attendance_event.c.member_id == member_id


def _all_events() -> Select[Any]:
    t = WHOEVER_ASKS
    undo_waits = _taken_back(t, attendance_event, attendance_cancellation.c.held == "waiting")
    entered_by = (
        select(member.c.name)
        .where(t.owns(member), member.c.member_id == attendance_event.c.recorded_by)
        .correlate(attendance_event)
        .scalar_subquery()
    )
    return t.select(
        attendance_event,
        attendance_event.c.member_id,
        *(attendance_event.c[name] for name in (*_COLUMNS, *COLUMNS)),
        attendance_event.c.flags,
        attendance_event.c.photos,
        undone(t, attendance_event).label("cancelled"),
        undo_waits.label("undo_waits"),
        entered_by.label("by"),
    )


def _neighbours_on_both_sides() -> Executable:
    c = attendance_event.c
    at, event_id, member_id = (bindparam(name, type_=String) for name in ("at", "event_id", "member_id"))
    place, here = tuple_(c.at, c.event_id), tuple_(at, event_id)
    standing = WHOEVER_ASKS.select(attendance_event, c.event_id, c.at).where(
        c.member_id == member_id, c.kind == START, stands(WHOEVER_ASKS, attendance_event)
    )
    before = standing.where(c.at <= at, place < here).order_by(c.at.desc(), c.event_id.desc()).limit(_BESIDE)
    after = standing.where(c.at >= at, place > here).order_by(c.at, c.event_id).limit(_BESIDE)
    return union_all(select(before.subquery()), select(after.subquery()))


def _tied_events() -> Executable:
    c = attendance_event.c
    wanted = bindparam("wanted", type_=String, expanding=True)
    tied = or_(c.event_id.in_(wanted), c.check_in_id.in_(wanted), c.supersedes.in_(wanted))
    return _EVENTS.where(c.member_id == bindparam("member_id"), tied)


def _events_of_many(named: Sequence[ColumnElement[Any]]) -> Executable:
    """Those events of some members that bear a wanted id in one of these columns."""
    wanted = bindparam("wanted", type_=String, expanding=True)
    members = bindparam("members", type_=String, expanding=True)
    return _EVENTS.where(attendance_event.c.member_id.in_(members), or_(*(column.in_(wanted) for column in named)))


def _latest_of_many() -> Executable:
    """`_NEIGHBOURS` of many members at once."""
    c = attendance_event.c
    arrays = [bindparam(name, type_=postgresql.ARRAY(String)) for name in Place.__struct_fields__]
    given = func.unnest(*arrays).table_valued(*Place.__struct_fields__).render_derived("given")
    place, here = tuple_(c.at, c.event_id), tuple_(given.c.at, given.c.event_id)
    standing = WHOEVER_ASKS.select(attendance_event, c.event_id, c.at).where(
        c.member_id == given.c.member_id, c.kind == START, stands(WHOEVER_ASKS, attendance_event)
    )
    before = standing.where(c.at <= given.c.at, place < here).order_by(c.at.desc(), c.event_id.desc()).limit(_BESIDE)
    after = standing.where(c.at >= given.c.at, place > here).order_by(c.at, c.event_id).limit(1)
    sides = (one.lateral("beside") for one in (before, after))
    return union_all(
        *(select(given.c.member_id, side.c.event_id, side.c.at).select_from(given.join(side, true())) for side in sides)
    )


_EVENTS = _all_events()
_TIED = _tied_events()
_NEIGHBOURS = _neighbours_on_both_sides()
_LATEST = _latest_of_many()
_OF_MANY = _events_of_many((attendance_event.c.event_id, attendance_event.c.check_in_id))
_CORRECTING = _events_of_many((attendance_event.c.supersedes,))


def _standing(t: Transaction, condition: ColumnElement[bool]) -> list[Standing]:
    return [event for _, event in _read(t, _EVENTS.where(condition))]


def _read(t: Transaction, statement: Executable, **values: Any) -> list[tuple[str, Standing]]:
    """Events with their members' ids."""
    rows = t.asked(statement, **values).all()
    photos = photos_of(t, [row.event_id for row in rows if row.photos])
    return [
        (row.member_id, _event(row, tuple(one.media_id for one in photos.get(row.event_id, ()) if not one.held)))
        for row in rows
    ]


def _event(row: Row[Any], missing: tuple[str, ...]) -> Standing:
    return Standing(
        **{name: getattr(row, name) for name in _COLUMNS},
        cancelled=bool(row.cancelled),
        undo_waits=bool(row.undo_waits),
        by=row.by or "",
        noted=tuple(row.flags.split()),
        evidence=evidence_of(row),
        missing=missing,
        photos=row.photos,
    )
