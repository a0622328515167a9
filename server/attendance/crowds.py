"""Check-ins of many members in one transaction, as at the start of a shift.

They leave the very rows that `record` leaves. Only what is plain is kept here: chosen by hand, nothing wrong with it,
nothing that names it already, nothing after it. Of everything else `record` decides.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import msgspec
from sqlalchemy import select, union_all

from protocol.operations import AttendanceEvent, Evidence
from protocol.sync import Operation
from rules.clock import parse_utc
from server.attendance.closing import any_closed
from server.attendance.judging import START
from server.attendance.recording import plain_row, tell_of_new
from server.attendance.story import Place, before_latest, stories_of_latest
from server.bounds import is_id, location_rows
from server.problems import ProblemError
from server.storage.database import Actor, Transaction
from server.storage.members import lock_free_members
from server.storage.tables import attendance_cancellation, attendance_event
from server.storage.tables import operation as operation_table

_NEAR = timedelta(days=1)


class Press(msgspec.Struct, frozen=True):
    """A check-in of a member, and the operation that it came as; `place` tells it from the others, whose ids may be
    anything."""

    place: int
    actor: Actor
    operation: Operation
    body: AttendanceEvent


class Plain(msgspec.Struct, frozen=True):
    """One that can be kept: its row, and its member's check-ins before it, nearest first."""

    press: Press
    row: dict[str, object]
    before: list[str]


def is_plain(body: AttendanceEvent) -> bool:
    """Whether it says no more than who, when, where and a note."""
    evidence_is_plain = body.evidence == Evidence(method=body.evidence.method)
    names_others = body.check_in_id or body.supersedes or body.media or body.reason or body.completed_later
    return body.kind == START and evidence_is_plain and not names_others


def plain_ones(t: Transaction, presses: Sequence[Press]) -> list[Plain]:
    """Those that can be kept together, at most one of a member, who is held from now on."""
    free = lock_free_members(t, {one.actor.member_id for one in presses})
    firsts = {one.actor.member_id: one for one in reversed(presses) if one.actor.member_id in free}
    fresh = _unnamed(t, [one for one in firsts.values() if _has_ids(one)])
    rows = {
        member_id: row for member_id, one in fresh.items() if (row := _row(t, one)) is not None and _is_near(t, row)
    }
    times = [parse_utc(str(row["at"])) for row in rows.values()]
    if not times or any_closed(t, min(times), max(times)):
        return []
    places = [Place(member_id, str(row["at"]), str(row["event_id"])) for member_id, row in rows.items()]
    found = before_latest(t, places)
    return [Plain(fresh[member_id], rows[member_id], before) for member_id, before in found.items()]


def keep_together(t: Transaction, plain: Sequence[Plain]) -> None:
    """Keep them, whose operations are kept, and tell their members. Raises sqlalchemy.exc.IntegrityError when an id
    was taken meanwhile."""
    t.insert_all(attendance_event, (one.row for one in plain))
    latest = {one.press.actor.member_id: (one.press.body.event_id, one.before) for one in plain}
    tell_of_new(t, stories_of_latest(t, latest))


def _is_near(t: Transaction, row: Mapping[str, object]) -> bool:
    """Whether it happened about now: one clock that stands in another year must not span everybody's days."""
    return abs(t.now - parse_utc(str(row["at"]))) <= _NEAR


def _has_ids(one: Press) -> bool:
    return is_id(one.operation.id) and is_id(one.body.event_id) and one.operation.entity == one.body.event_id


def _unnamed(t: Transaction, presses: Sequence[Press]) -> Mapping[str, Press]:
    """By member those of which no id is in the tables yet, neither as their own nor as what another event names."""
    if not presses:
        return {}
    ids = {name for one in presses for name in (one.operation.id, one.body.event_id)}
    events, undone = attendance_event.c, attendance_cancellation.c
    columns = (
        *(operation_table.c.operation_id, events.event_id, events.check_in_id, events.supersedes),
        *(undone.event_id, undone.cancels),
    )
    named = (select(column).where(t.owns(column.table), column.in_(ids)) for column in columns)
    known = set(t.execute(union_all(*named)).scalars())
    location_rows(t, {one.body.location_id for one in presses if one.body.location_id and is_id(one.body.location_id)})
    return {one.actor.member_id: one for one in presses if known.isdisjoint({one.operation.id, one.body.event_id})}


def _row(t: Transaction, one: Press) -> dict[str, object] | None:
    try:
        return plain_row(t, one.actor, one.operation, one.body)
    except ProblemError:
        return None  # said by `record`, when its turn comes
