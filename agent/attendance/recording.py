"""From a press to an event."""

from datetime import datetime, timedelta

from agent.api import AgentError, RecordAttendance
from agent.attendance.surroundings import Surroundings
from agent.clock import Clock
from protocol.changes import LocationView
from protocol.moment import Moment
from protocol.operations import AttendanceEvent, Evidence, ManifestEntry
from rules.attendance import WorkSession
from rules.clock import parse_utc
from rules.networks import found_network

UNDO_SECONDS = 60


MOST_CODE = 64
"""Characters of what may be typed as a location code; the server judges them."""


def event_for(
    command: RecordAttendance,
    *,
    event_id: str,
    session: WorkSession | None,
    at: Moment,
    evidence: Evidence | None = None,
    media: tuple[ManifestEntry, ...] = (),
) -> AttendanceEvent:
    """The event that `command` means. A check-in is never refused; the rest needs the open `session`. `evidence` is of
    a check-in, `media` are its photos.

    Raises AgentError refused, with what to do instead.
    """
    if command.kind == "check_in":
        return AttendanceEvent(
            event_id=event_id,
            kind="check_in",
            location_id=command.location_id,
            note=command.note,
            evidence=evidence or Evidence(),
            media=media,
            at=at,
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
        media=media,
        at=at,
    )


def evidence_for(code: str, place: LocationView | None, around: Surroundings | None) -> Evidence:
    """What supports a check-in that was chosen by hand: the code as typed, and (`around`, only with the person's grant)
    which of the place's known networks this computer is in. Nothing is said of a place that is known by none."""
    network = None
    if around is not None and place is not None and (place.networks or place.gateways):
        network = found_network(place, around.addresses, around.gateways)
    return Evidence(code=code.strip()[:MOST_CODE] or None, network=network)


def undo_until(event: AttendanceEvent) -> datetime:
    """Until when it can be undone, on the device's clock."""
    return parse_utc(event.at.utc) + timedelta(seconds=UNDO_SECONDS)


def can_undo(event: AttendanceEvent, clock: Clock) -> bool:
    """Whether it was recorded within UNDO_SECONDS; turning the clock back wins nothing while the computer runs."""
    if event.at.boot_id == clock.boot_id():
        return clock.elapsed_ms() - event.at.elapsed_ms <= UNDO_SECONDS * 1000
    return parse_utc(event.at.utc) <= clock.now() <= undo_until(event)
