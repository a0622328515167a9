"""Checking in and out at a kiosk: number and PIN told the person, the screen the place, this server the time.

What is pressed is the same operation as from an app, with its id minted in the form, so that a form that comes twice is
one event.
"""

import msgspec

from protocol.moment import Moment
from protocol.operations import ATTENDANCE_RECORD, AttendanceEvent, AttendanceKind, Evidence
from protocol.sync import Operation
from server.attendance.choosing import open_session
from server.attendance.reading import Present
from server.storage.database import Actor, Transaction
from server.storage.tables import attendance_event


class Offered(msgspec.Struct, frozen=True):
    """What the person can press, the likeliest first, and the session they are in."""

    actions: tuple[AttendanceKind, ...]
    session: Present | None


def offered(t: Transaction, actor: Actor, location_id: str) -> Offered:
    """What can be pressed at a kiosk of this location."""
    session = open_session(t, actor)
    if session is None:
        return Offered(("check_in",), None)
    if session.location_id != location_id:
        return Offered(("check_out", "check_in"), session)
    pause: AttendanceKind = "break_end" if session.on_break else "break_start"
    return Offered((pause, "check_out") if session.on_break else ("check_out", pause), session)


def entered(
    t: Transaction, actor: Actor, *, event_id: str, kind: AttendanceKind, location_id: str, at: Moment
) -> Operation | None:
    """The operation that a press means, under the ids of its form; None when that very event is here already, or when
    it needs a session that has ended meanwhile. The caller holds the member."""
    c = attendance_event.c
    if t.first(t.select(attendance_event, c.event_id).where(c.event_id == event_id)) is not None:
        return None
    session = open_session(t, actor)
    if kind != "check_in" and session is None:
        return None
    body = AttendanceEvent(
        event_id=event_id,
        kind=kind,
        location_id=location_id,
        check_in_id=_first(t, session.event_id) if session is not None and kind != "check_in" else None,
        evidence=Evidence(method="kiosk"),
        at=at,
    )
    return Operation(id=event_id, kind=ATTENDANCE_RECORD, entity=event_id, body=msgspec.Raw(msgspec.json.encode(body)))


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
