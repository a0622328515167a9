"""Checking in and out on this server's own pages, in a browser or at a kiosk: the time is the server's.

What is pressed is the same operation as from an app, with its id minted in the form, so that a form that comes twice is
one event.
"""

from datetime import timedelta

import msgspec
from uuid6 import uuid7

from protocol.moment import Moment
from protocol.operations import (
    ATTENDANCE_CANCEL,
    ATTENDANCE_RECORD,
    AttendanceCancellation,
    AttendanceEvent,
    AttendanceKind,
)
from protocol.sync import Operation
from rules.clock import parse_utc
from server.attendance.choosing import open_session
from server.attendance.reading import Present
from server.attendance.story import stands
from server.storage.database import Actor, Transaction
from server.storage.tables import attendance_event

UNDO = timedelta(seconds=60)


class Offered(msgspec.Struct, frozen=True):
    """What the person can press, the likeliest first, and the session they are in."""

    actions: tuple[AttendanceKind, ...]
    session: Present | None


def offered(t: Transaction, actor: Actor, location_id: str | None) -> Offered:
    """What can be pressed at this location; None for wherever they are in now."""
    session = open_session(t, actor)
    if session is None:
        return Offered(("check_in",), None)
    if location_id is not None and session.location_id != location_id:
        return Offered(("check_out", "check_in"), session)
    return Offered(("break_end", "check_out") if session.on_break else ("check_out", "break_start"), session)


def entered(t: Transaction, actor: Actor, body: AttendanceEvent) -> Operation | None:
    """The operation that a press means, under the id of its form; what is no check-in gets that of the open session.
    None when that very event is here already, or when its session has ended meanwhile. The caller holds the member."""
    c = attendance_event.c
    if t.first(t.select(attendance_event, c.event_id).where(c.event_id == body.event_id)) is not None:
        return None
    if body.kind != "check_in":
        session = open_session(t, actor)
        if session is None:
            return None
        body = msgspec.structs.replace(body, check_in_id=_first(t, session.event_id))
    encoded = msgspec.Raw(msgspec.json.encode(body))
    return Operation(id=body.event_id, kind=ATTENDANCE_RECORD, entity=body.event_id, body=encoded)


def undoing(t: Transaction, actor: Actor, event_id: str, at: Moment) -> Operation | None:
    """The operation that takes an own event back; None when it is not there, taken back already, or too old for that.
    The caller holds the member."""
    c = attendance_event.c
    received = t.scalar(
        t.select(attendance_event, c.received).where(
            c.event_id == event_id, c.member_id == actor.member_id, stands(t, attendance_event)
        )
    )
    if received is None or t.now - parse_utc(received) > UNDO:
        return None
    body = AttendanceCancellation(event_id=str(uuid7()), cancels=event_id, at=at)
    encoded = msgspec.Raw(msgspec.json.encode(body))
    return Operation(id=body.event_id, kind=ATTENDANCE_CANCEL, entity=body.event_id, body=encoded)


def _first(t: Transaction, event_id: str) -> str:
    """What an event stands for: pairing is by the check-in as it was first recorded, not by its corrections."""
    c = attendance_event.c
    seen = {event_id}
    while True:
        before = t.scalar(t.select(attendance_event, c.supersedes).where(c.event_id == event_id))
        if before is None or before in seen:
            return event_id
        seen.add(before)
        event_id = before
