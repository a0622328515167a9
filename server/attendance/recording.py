"""Recording and undoing: only what is malformed or of another organization is refused, all else is kept with flags."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from protocol.changes import ATTENDANCE, AttendanceView, Held
from protocol.operations import AttendanceCancellation, AttendanceEvent, Evidence, Position
from protocol.sync import Operation
from rules.clock import JudgedTime, format_utc
from rules.evidence import needs_a_look
from server.attendance.arrival import UNTOLD, Arrival
from server.attendance.closing import comes_late
from server.attendance.evidence import weigh
from server.attendance.judging import Judgement, Standing, judge_all
from server.attendance.looking import ask_for_a_look, why_look
from server.attendance.photos import announce_photos, check_photos
from server.attendance.sentences import sentences
from server.attendance.story import Story, events_around, story_around
from server.bounds import check_id, check_location, check_text, judged, location_rows, refused
from server.feed import Told, publish, publish_all
from server.policy.document import payloads, policy_for_checks
from server.problems import ProblemError, problem
from server.storage.attendance_tables import held_entry
from server.storage.database import Actor, Transaction
from server.storage.keyset import following, mark
from server.storage.moments import moment_columns
from server.storage.tables import attendance_cancellation, attendance_event

_AHEAD = timedelta(minutes=5)
_LONG_AGO = timedelta(days=31)
_MAX_NOTE = 2000
_MAX_NETWORK = 200
_MAX_CODE = 64
_AS_KEPT = (
    "held",
    "by",
    "supersedes",
    "note",
    "reason",
    "zone",
    "offset_minutes",
    "completed_later",
    "evidence",
    "missing",
)
"""What is told of an event as `Standing` has it."""


def record(
    t: Transaction,
    actor: Actor,
    operation: Operation,
    body: AttendanceEvent,
    *,
    by: Actor | None = None,
    arrival: Arrival = UNTOLD,
) -> bool:
    """Keep the event and tell its member of every event it changes something for; always True (no conflicts here).

    `by` is the manager who enters it for the member `actor`. The caller holds the member (server.storage.members) and
    has stored the operation. Raises ProblemError.
    """
    _check_event(t, operation, body)
    time = judged(body.at, "$.at")
    held = _held(t, actor, body, time.at, by)
    row = _row(t, actor, operation, body, time=time, by=by, arrival=arrival, held=held)
    if not t.insert_new(attendance_event, **row):
        raise _reused()
    announce_photos(t, actor, body)
    if held:
        _keep_held(t, actor, body.event_id, held, by=by)
    story = story_around(t, actor.member_id, body.event_id)
    _tell_changed(t, actor.member_id, story, [event for event in story.events if event.event_id != body.event_id])
    return True


def plain_row(t: Transaction, actor: Actor, operation: Operation, body: AttendanceEvent) -> dict[str, Any]:
    """The columns of an event without pictures or code, of a day that is open. Raises the ProblemError of `record`."""
    _check_event(t, operation, body)
    time = judged(body.at, "$.at")
    return _row(t, actor, operation, body, time=time, by=None, arrival=UNTOLD, held=None)


def tell_of_new(t: Transaction, stories: Mapping[str, tuple[str, Story]]) -> None:
    """What `record` tells of a new event, for many: by member the event's id and the story around it."""
    told = []
    for member_id, (event_id, story) in stories.items():
        before = [event for event in story.events if event.event_id != event_id]
        for changed, earlier, view in _changed(story, before):
            told.append(Told(ATTENDANCE, changed, view, member_id))
            ask_for_a_look(t, changed, why_look(earlier), why_look(view))
    publish_all(t, told)


def _row(
    t: Transaction,
    actor: Actor,
    operation: Operation,
    body: AttendanceEvent,
    *,
    time: JudgedTime,
    by: Actor | None,
    arrival: Arrival,
    held: Held | None,
) -> dict[str, Any]:
    weighed = weigh(t, actor, arrival, body, time.at)
    flags = [*_noticed(t, body, time.at), *weighed.flags]
    if by is None and not arrival.kiosk:
        flags += _lacking(t, body, time.at)
    return {
        "event_id": body.event_id,
        "member_id": actor.member_id,
        "operation_id": operation.id,
        "kind": body.kind,
        "location_id": body.location_id,
        "note": body.note,
        "check_in_id": body.check_in_id,
        "supersedes": body.supersedes,
        "reason": body.reason,
        "completed_later": body.completed_later,
        **moment_columns(body.at),
        "at": format_utc(time.at),
        "grade": "server" if by or arrival.on_page else time.grade,
        "recorded_by": by.member_id if by else None,
        "correct_hours": policy_for_checks(t).correct_hours if body.supersedes else None,
        "held": held,
        **weighed.columns,
        "flags": " ".join(flags),
        "look": False,
        "photos": len(body.media),
        "received": t.now_text,
    }


def cancel(
    t: Transaction, actor: Actor, operation: Operation, body: AttendanceCancellation, by: Actor | None = None
) -> bool:
    """Undo an event: it stays, marked, and counts no more. One that comes before what it undoes waits for it. `by` as
    of `record`."""
    check_id(body.event_id, "$.event_id")
    check_id(body.cancels, "$.cancels")
    if operation.entity != body.event_id:
        raise _mixed_up()
    check_text(body.reason, "The reason", "$.reason", _MAX_NOTE)
    time = judged(body.at, "$.at")
    held = _held(t, actor, body, time.at, by)
    before = story_around(t, actor.member_id, body.cancels).events
    new = t.insert_new(
        attendance_cancellation,
        event_id=body.event_id,
        member_id=actor.member_id,
        operation_id=operation.id,
        cancels=body.cancels,
        reason=body.reason,
        **moment_columns(body.at),
        recorded_by=by.member_id if by else None,
        held=held,
        received=t.now_text,
    )
    if not new:
        raise _reused()
    if held:
        _keep_held(t, actor, body.event_id, held, by=by, undoes=body.cancels)
    _tell_changed(t, actor.member_id, story_around(t, actor.member_id, body.cancels), before)
    return True


@contextmanager
def telling(t: Transaction, member_id: str, event_id: str) -> Iterator[None]:
    """Around what changes something about a kept event: its member is told what follows for it and for others."""
    before = story_around(t, member_id, event_id).events
    yield
    _tell_changed(t, member_id, story_around(t, member_id, event_id), before)


def publish_event(t: Transaction, event_id: str) -> None:
    """Tell the event's member its present truth."""
    c = attendance_event.c
    owner = t.scalar(t.select(attendance_event, c.member_id).where(c.event_id == event_id))
    publish(t, ATTENDANCE, event_id, _views(events_around(t, owner, [event_id]))[event_id], owner)


def _held(
    t: Transaction, actor: Actor, body: AttendanceEvent | AttendanceCancellation, at: datetime, by: Actor | None
) -> Held | None:
    """What came into a closed day waits; what a manager enters there is let in by that."""
    if not comes_late(t, actor.member_id, body, at):
        return None
    return "accepted" if by else "waiting"


def _keep_held(
    t: Transaction, actor: Actor, event_id: str, state: Held, *, by: Actor | None, undoes: str | None = None
) -> None:
    t.insert(
        held_entry,
        event_id=event_id,
        member_id=actor.member_id,
        undoes=undoes,
        state=state,
        received=t.now_text,
        decided_by=by.member_id if by else None,
        decided=t.now_text if by else None,
        words="",
    )


def member_views(t: Transaction, member_id: str, after: str, limit: int) -> list[tuple[str, AttendanceView]]:
    """What the server says of the member's events, oldest first, each with the mark that the next page follows."""
    c = attendance_event.c
    page = t.all(
        t.select(attendance_event, c.event_id, c.at)
        .where(c.member_id == member_id, following(after, c.at, c.event_id))
        .order_by(c.at, c.event_id)
        .limit(limit)
    )
    views = _views(events_around(t, member_id, [row.event_id for row in page]))
    return [(mark(row.at, row.event_id), views[row.event_id]) for row in page]


def _tell_changed(t: Transaction, member_id: str, story: Story, before: list[Standing]) -> None:
    """Tell what the story's core is now, where that is not what it was `before`."""
    for event_id, earlier, view in _changed(story, before):
        publish(t, ATTENDANCE, event_id, view, member_id)
        ask_for_a_look(t, event_id, why_look(earlier), why_look(view))


def _changed(story: Story, before: list[Standing]) -> Iterator[tuple[str, AttendanceView | None, AttendanceView]]:
    """Of the story's core each event that is another than `before`, as it was and as it is."""
    earlier = _views(before)
    for event_id, view in _views(story.events).items():
        if event_id in story.core and earlier.get(event_id) != view:
            yield event_id, earlier.get(event_id), view


def _views(events: list[Standing]) -> dict[str, AttendanceView]:
    judgements = judge_all(events)
    return {event.event_id: _view(event, judgements[event.event_id]) for event in events}


def _view(event: Standing, judgement: Judgement) -> AttendanceView:
    return AttendanceView(
        event_id=event.event_id,
        kind=event.kind,  # type: ignore[arg-type]  # checked when it was recorded
        at=event.at,
        grade=event.grade,  # type: ignore[arg-type]
        location_id=event.location_id,
        check_in_id=event.check_in_id,
        flags=judgement.flags,
        sentences=sentences(judgement.flags),
        cancelled=event.cancelled,
        superseded_by=judgement.superseded_by,
        needs_end=judgement.needs_end,
        needs_a_look=needs_a_look(judgement.flags, cancelled=event.cancelled),
        **{name: getattr(event, name) for name in _AS_KEPT},
    )


def _noticed(t: Transaction, body: AttendanceEvent, at: datetime) -> list[str]:
    """What depends on the moment of arrival, and so is noted once and for all."""
    place = location_rows(t, [body.location_id]).get(body.location_id) if body.location_id is not None else None
    noticed = {
        "from_the_future": at > t.now + _AHEAD,
        "long_ago": at < t.now - _LONG_AGO,
        "location_retired": place is not None and not place.active,
        "no_place": body.kind == "check_in" and body.location_id is None and not body.note.strip(),
        "completed_later": body.completed_later,
    }
    return [flag for flag, found in noticed.items() if found]


def _lacking(t: Transaction, body: AttendanceEvent, at: datetime) -> list[str]:
    """What the policy in force when it happened asked for and a check-in does not have."""
    if body.kind != "check_in" or body.supersedes:
        return []
    then = format_utc(at)
    asked = next(one for one in t.once("policies", lambda: payloads(t)) if one.issued <= then)
    lacking = {
        "note_missing": asked.note_required and not body.note.strip(),
        "photo_missing": asked.photo_required and not body.media,
    }
    return [flag for flag, lacks in lacking.items() if lacks]


def _check_event(t: Transaction, operation: Operation, body: AttendanceEvent) -> None:
    check_id(body.event_id, "$.event_id")
    if operation.entity != body.event_id:
        raise _mixed_up()
    if body.check_in_id is not None:
        check_id(body.check_in_id, "$.check_in_id")
    if body.supersedes is not None:
        check_id(body.supersedes, "$.supersedes")
    if body.event_id in {body.check_in_id, body.supersedes}:
        raise _mixed_up()
    check_text(body.note, "The note", "$.note", _MAX_NOTE)
    check_text(body.reason, "The reason", "$.reason", _MAX_NOTE)
    _check_evidence(body.evidence)
    check_photos(t, body)
    check_location(t, body.location_id, "$.location_id")


def _check_evidence(evidence: Evidence) -> None:
    check_text(evidence.code or "", "The location code", "$.evidence.code", _MAX_CODE)
    check_text(evidence.network or "", "The network's name", "$.evidence.network", _MAX_NETWORK)
    if evidence.position is not None:
        _check_position(evidence.position)


def _check_position(position: Position) -> None:
    check_text(position.source, "The source of the position", "$.evidence.position.source", _MAX_CODE)
    for name, most in (("latitude", 90.0), ("longitude", 180.0), ("accuracy_m", 4e7)):
        if not abs(getattr(position, name)) <= most:
            detail = "The position cannot be on Earth. Send it again without the position."
            raise refused("bad-position", "Unreadable position", detail, f"$.evidence.position.{name}")


def _mixed_up() -> ProblemError:
    detail = "The ids of this entry are mixed up. Update the app and send again."
    return refused("bad-entity", "Mixed-up ids", detail, "$.entity")


def _reused() -> ProblemError:
    detail = "This entry was already sent under another number. Enter it once more."
    return problem("event-reused", 409, "Entry already known", detail, field="$.event_id")
