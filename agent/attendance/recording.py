"""From a press to an event."""

from datetime import datetime, timedelta

from agent.api import AgentError, RecordAttendance
from agent.clock import Clock
from protocol.moment import Moment
from protocol.operations import AttendanceEvent
from rules.attendance import WorkSession
from rules.clock import parse_utc

UNDO_SECONDS = 60


def event_for(command: RecordAttendance, *, event_id: str, session: WorkSession | None, at: Moment) -> AttendanceEvent:
    """The event that `command` means. A check-in is never refused; the rest needs the open `session`.

    Raises AgentError refused, with what to do instead.
    """
    if command.kind == "check_in":
        return AttendanceEvent(
            event_id=event_id, kind="check_in", location_id=command.location_id, note=command.note, at=at
        )
    if session is None:
        raise AgentError("refused", "You are not checked in. Check in first.")
    if command.kind == "break_start" and session.on_break:
        raise AgentError("refused", "Your break has begun already. End it, or check out.")
    if command.kind == "break_end" and not session.on_break:
        raise AgentError("refused", "You are not on a break.")
    return AttendanceEvent(
        event_id=event_id,
        kind=command.kind,
        location_id=command.location_id,
        note=command.note,
        check_in_id=session.check_in_id,
        at=at,
    )


def undo_until(event: AttendanceEvent) -> datetime:
    """Until when it can be undone, on the device's clock."""
    return parse_utc(event.at.utc) + timedelta(seconds=UNDO_SECONDS)


def can_undo(event: AttendanceEvent, clock: Clock) -> bool:
    """Whether it was recorded within UNDO_SECONDS; turning the clock back wins nothing while the computer runs."""
    if event.at.boot_id == clock.boot_id():
        return clock.elapsed_ms() - event.at.elapsed_ms <= UNDO_SECONDS * 1000
    return parse_utc(event.at.utc) <= clock.now() <= undo_until(event)
