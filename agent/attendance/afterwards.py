"""What a person says afterwards: the end of a session that was left open, and what should stand instead."""

from datetime import datetime, timedelta

from agent.api import AgentError, CorrectAttendance
from protocol.moment import Moment
from protocol.operations import AttendanceAsk, AttendanceEvent, ManifestEntry
from rules.clock import format_utc, parse_utc
from rules.sentence import Sentence

MOST_REASON = 2000
_AHEAD = timedelta(minutes=5)


def reason_of(text: str) -> str:
    """Raises AgentError usage: there is none, or it is a book."""
    reason = text.strip()
    if not reason:
        raise AgentError("usage", "Say why in a few words, so that whoever reads it later understands.")
    if len(reason) > MOST_REASON:
        raise AgentError(
            "usage",
            Sentence(
                "The reason has %(count)s characters; %(most)s are the most. Shorten it.",
                count=len(reason),
                most=MOST_REASON,
            ),
        )
    return reason


def instant_of(text: str, now: datetime) -> datetime:
    """A time that somebody gave, not in the future. Raises AgentError usage."""
    try:
        at = parse_utc(text)
    except ValueError:
        raise AgentError("usage", "This is not a time. Give it as 2026-01-31T16:00:00+01:00.") from None
    if at > now + _AHEAD:
        raise AgentError("usage", "This time has not come yet. Give one that has passed.")
    return at


def told(at: datetime, now: Moment) -> Moment:
    """A time as somebody told it later: no clock was read then, so nothing confirms it."""
    return Moment(utc=format_utc(at), offset_minutes=now.offset_minutes, zone=now.zone, boot_id="stated", elapsed_ms=0)


def end_of(check_in_id: str, *, event_id: str, at: Moment, reason: str, location_id: str | None) -> AttendanceEvent:
    """The end of a session, completed later."""
    return AttendanceEvent(
        event_id=event_id,
        kind="check_out",
        location_id=location_id,
        check_in_id=check_in_id,
        reason=reason,
        completed_later=True,
        at=at,
    )


def corrected(event: AttendanceEvent, command: CorrectAttendance, *, event_id: str, at: Moment) -> AttendanceEvent:
    """The event that stands instead of `event`: its time, and the place where the command names another."""
    moved = command.location_id is not None or command.note is not None
    return AttendanceEvent(
        event_id=event_id,
        kind=event.kind,
        location_id=command.location_id if moved else event.location_id,
        note=(command.note or "") if moved else event.note,
        check_in_id=event.check_in_id,
        supersedes=event.event_id,
        reason=reason_of(command.reason),
        completed_later=event.completed_later,
        at=at,
    )


def with_photos(
    event: AttendanceEvent, photos: tuple[ManifestEntry, ...], *, event_id: str, at: Moment
) -> AttendanceEvent:
    """The event that stands instead of `event`: the same, with these photos."""
    return AttendanceEvent(
        event_id=event_id,
        kind=event.kind,
        location_id=event.location_id,
        note=event.note,
        check_in_id=event.check_in_id,
        supersedes=event.event_id,
        reason="A photo was added.",
        media=photos,
        at=at,
    )


def ask_for(command: CorrectAttendance, *, ask_id: str, at: datetime | None, asked: Moment) -> AttendanceAsk:
    """What a manager is asked for. Raises AgentError usage when its parts do not fit together."""
    if command.wants == "add":
        if command.kind is None or at is None:
            raise AgentError("usage", "Say what is missing, a check-in, a check-out or a break, and when it was.")
        if command.kind != "check_in" and command.check_in_id is None:
            raise AgentError("usage", "Say which check-in it belongs to.")
    elif command.event_id is None:
        raise AgentError("usage", "Say which entry this is about.")
    elif command.wants == "change" and at is None and command.location_id is None and command.note is None:
        raise AgentError("usage", "Say what should stand instead: another time, or another place.")
    adds = command.wants == "add"
    return AttendanceAsk(
        ask_id=ask_id,
        wants=command.wants,
        supersedes=None if adds else command.event_id,
        kind=command.kind if adds else None,
        at=format_utc(at) if at is not None and command.wants != "remove" else None,
        zone=asked.zone,
        location_id=None if command.wants == "remove" else command.location_id,
        note=None if command.wants == "remove" else command.note,
        check_in_id=command.check_in_id if adds and command.kind != "check_in" else None,
        reason=reason_of(command.reason),
        asked=asked,
    )
