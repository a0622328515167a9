"""What managers decide about attendance: corrections asked for, what came into closed days, ends that somebody forgot.

Nothing is ever replaced: what a manager enters is an event of its own that names what it supersedes. Everything decided
is in the access log.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Row
from uuid6 import uuid7

from protocol.changes import Held
from protocol.moment import Moment
from protocol.operations import ATTENDANCE_RECORD, AttendanceCancellation, AttendanceEvent, AttendanceKind
from protocol.sync import Operation
from rules.clock import format_utc, parse_utc
from rules.sentence import Sentence
from rules.zones import zone_of
from server import access
from server.accounts.rights import not_found
from server.accounts.scope import visible
from server.attendance.asking import MAX_WORDS, in_care, publish_ask
from server.attendance.judging import END, START, Standing, judge_all
from server.attendance.recording import cancel, record, telling
from server.attendance.story import events_around
from server.bounds import check_text
from server.problems import ProblemError, problem
from server.storage.attendance_tables import attendance_ask, held_entry
from server.storage.database import Actor, Transaction
from server.storage.keyset import beyond, mark
from server.storage.members import lock_member
from server.storage.operation_rows import operation_row
from server.storage.tables import attendance_cancellation, attendance_event, member
from server.storage.tables import operation as operation_table

_DECIDING_ROLES = ("manager", "admin")


class HeldRow(msgspec.Struct, frozen=True, kw_only=True):
    """What came into a closed day: an event, or an undo of one (then the event's facts)."""

    event_id: str
    member_id: str
    member_name: str
    is_undo: bool
    kind: str | None
    at: str | None
    zone: str
    offset_minutes: int
    location_id: str | None
    note: str
    reason: str
    received: str


class HeldList(msgspec.Struct, frozen=True):
    """One page, newest first; `after` is given back for the next one, None at the end."""

    rows: tuple[HeldRow, ...]
    after: str | None


def may_decide(actor: Actor, owner_id: str) -> bool:
    """Whether attendance of `owner_id` is for `actor` to decide about, as far as they may see it: nobody decides about
    their own."""
    return actor.kind == "member" and actor.role in _DECIDING_ROLES and actor.member_id != owner_id


def approve(t: Transaction, actor: Actor, ask_id: str, words: str = "") -> None:
    """Let what was asked for stand. Raises ProblemError: not in care, decided meanwhile, or what it is about is not
    here."""
    row = _open_ask(t, actor, ask_id, words)
    owner = Actor(actor.organization_id, row.member_id, "worker")
    events = events_around(t, row.member_id, [row.supersedes]) if row.supersedes else []
    operation = Operation(id=row.operation_id, kind="", entity=ask_id, body=msgspec.Raw(b""))
    if row.wants == "remove":
        first = _chain(events, row.supersedes)[0]
        undo = AttendanceCancellation(
            event_id=ask_id, cancels=first.event_id, reason=row.reason, at=_stated(t.now_text, row.zone)
        )
        cancel(t, owner, operation, undo, actor)
    else:
        record(t, owner, operation, _asked_event(row, events), by=actor)
    _settle_ask(t, actor, row, "approved", words)


def refuse(t: Transaction, actor: Actor, ask_id: str, words: str) -> None:
    """Leave what was recorded as it is, with words for whoever asked. Raises ProblemError; also without words."""
    if not words.strip():
        detail = "Write why, in a few words: whoever asked reads them."
        raise problem("words-needed", 400, "Words are missing", detail, field="words")
    _settle_ask(t, actor, _open_ask(t, actor, ask_id, words), "refused", words)


def complete(t: Transaction, actor: Actor, check_in_id: str, at: datetime, reason: str) -> str:
    """Give a session of somebody its end, marked as such; the new event's id. Raises ProblemError: not in care, it has
    an end, or the time is before its start or not yet."""
    row = _visible_event(t, actor, check_in_id)
    _require_words(reason, "reason")
    lock_member(t, row.member_id)
    events = events_around(t, row.member_id, [check_in_id])
    known = {event.event_id: event for event in events}
    began = known[check_in_id]
    if began.kind != START or began.supersedes or not began.counts or _has_end(events, check_in_id):
        detail = "This session has an end, or is none any more. Load the page again and look."
        raise problem("nothing-to-complete", 409, "Nothing to complete", detail)
    standing = _chain(events, check_in_id)[-1]
    if not parse_utc(standing.at) < at <= t.now:
        detail = "The end must be after the check-in and not in the future. Correct the time."
        raise problem("bad-end", 400, "This cannot be the end", detail, field="at")
    body = AttendanceEvent(
        event_id=str(uuid7()),
        kind=END,
        check_in_id=check_in_id,
        reason=reason.strip(),
        completed_later=True,
        at=_stated(format_utc(at), standing.zone, standing.offset_minutes),
    )
    _enter(t, actor, row.member_id, body)
    access.record(t, actor, "complete", "attendance", body.event_id, subject_id=row.member_id, detail=body.at.utc)
    return body.event_id


def let_in(t: Transaction, actor: Actor, event_id: str, words: str = "") -> None:
    """Let count what came into a closed day. Raises ProblemError."""
    _settle_held(t, actor, event_id, "accepted", words)


def leave_out(t: Transaction, actor: Actor, event_id: str, words: str = "") -> None:
    """Leave it out: it stays visible and counts for nothing. Raises ProblemError."""
    _settle_held(t, actor, event_id, "left_out", words)


def list_waiting(t: Transaction, actor: Actor, after: str | None = None, limit: int = 50) -> HeldList:
    """What waits for a decision about closed days, of whom `actor` may see, newest first."""
    c, about = held_entry.c, attendance_event.alias("about")
    statement = (
        t.select(
            held_entry,
            *c,
            member.c.name.label("member_name"),
            *(about.c[name] for name in ("kind", "at", "zone", "offset_minutes", "location_id", "note", "reason")),
        )
        .join(member, member.c.member_id == c.member_id)
        .outerjoin(about, ((about.c.event_id == c.event_id) | (about.c.event_id == c.undoes)) & t.owns(about))
        .where(t.owns(member), c.state == "waiting", visible(t, actor, c.member_id, about.c.location_id))
    )
    if after is not None:
        statement = statement.where(beyond(after, c.received, c.event_id))
    found = t.all(statement.order_by(c.received.desc(), c.event_id.desc()).limit(limit + 1))
    rows = tuple(_held_row(row) for row in found[:limit])
    return HeldList(rows, mark(rows[-1].received, rows[-1].event_id) if len(found) > limit else None)


def _held_row(row: Row[Any]) -> HeldRow:
    return HeldRow(
        event_id=row.event_id,
        member_id=row.member_id,
        member_name=row.member_name,
        is_undo=row.undoes is not None,
        kind=row.kind,
        at=row.at,
        zone=row.zone or "UTC",
        offset_minutes=row.offset_minutes or 0,
        location_id=row.location_id,
        note=row.note or "",
        reason=row.reason or "",
        received=row.received,
    )


def _open_ask(t: Transaction, actor: Actor, ask_id: str, words: str) -> Row[Any]:
    """The ask, whose member is held now. Raises unless it is for the actor to decide and was not decided yet."""
    check_text(words, "What you wrote", "words", MAX_WORDS)
    wanted = t.select(attendance_ask).where(attendance_ask.c.ask_id == ask_id, in_care(t, actor))
    row = t.first(wanted)
    if row is None:
        raise not_found("correction")
    _require_deciding(actor, row.member_id)
    lock_member(t, row.member_id)
    row = t.first(wanted)
    if row is None or row.state != "asked":
        raise _meanwhile()
    return row


def _settle_ask(t: Transaction, actor: Actor, row: Row[Any], state: str, words: str) -> None:
    t.execute(
        t.update(attendance_ask)
        .where(attendance_ask.c.ask_id == row.ask_id)
        .values(state=state, decided_by=actor.member_id, decided=t.now_text, words=words.strip())
    )
    publish_ask(t, row.member_id, row.ask_id)
    verb = {"approved": "approve", "refused": "refuse"}[state]
    access.record(t, actor, verb, "attendance_ask", row.ask_id, subject_id=row.member_id)


def _settle_held(t: Transaction, actor: Actor, event_id: str, state: Held, words: str) -> None:
    check_text(words, "What you wrote", "words", MAX_WORDS)
    wanted = t.select(held_entry).where(held_entry.c.event_id == event_id)
    row = t.first(wanted)
    about = (row.undoes or event_id) if row is not None else ""
    if row is None or not _sees(t, actor, row.member_id, about):
        raise not_found("entry")
    _require_deciding(actor, row.member_id)
    lock_member(t, row.member_id)
    row = t.first(wanted)
    if row is None or row.state != "waiting":
        raise _meanwhile()
    table = attendance_event if row.undoes is None else attendance_cancellation
    with telling(t, row.member_id, about):
        t.execute(t.update(table).where(table.c.event_id == event_id).values(held=state))
    t.execute(
        t.update(held_entry)
        .where(held_entry.c.event_id == event_id)
        .values(state=state, decided_by=actor.member_id, decided=t.now_text, words=words.strip())
    )
    verb = "let_in" if state == "accepted" else "leave_out"
    access.record(t, actor, verb, "attendance", event_id, subject_id=row.member_id)


def _asked_event(row: Row[Any], events: list[Standing]) -> AttendanceEvent:
    """The event that stands once the ask is approved; a change follows the last of those that were made already."""
    if row.wants == "add":
        return AttendanceEvent(
            event_id=row.ask_id,
            kind=row.kind,
            location_id=row.location_id,
            note=row.note or "",
            check_in_id=row.check_in_id,
            reason=row.reason,
            at=_stated(row.at, row.zone),
        )
    last = _chain(events, row.supersedes)[-1]
    moved = row.location_id is not None or row.note is not None
    kind: AttendanceKind = last.kind  # type: ignore[assignment]  # checked when it was recorded
    return AttendanceEvent(
        event_id=row.ask_id,
        kind=kind,
        location_id=row.location_id if moved else last.location_id,
        note=(row.note or "") if moved else last.note,
        check_in_id=last.check_in_id,
        supersedes=last.event_id,
        reason=row.reason,
        completed_later=last.completed_later,
        at=_stated(row.at, row.zone) if row.at else _stated(last.at, last.zone, last.offset_minutes),
    )


def _chain(events: list[Standing], event_id: str) -> list[Standing]:
    """The corrections of an event, from the first that was recorded to the last that counts. Raises ProblemError when
    it is not here."""
    known = {event.event_id: event for event in events}
    if event_id not in known:
        detail = "The entry that this is about has not arrived here. Wait for it, or refuse."
        raise problem("not-here-yet", 409, "Not here yet", detail)
    first = known[event_id]
    seen = {event_id}
    while first.supersedes in known and first.supersedes not in seen:
        first = known[first.supersedes]
        seen.add(first.event_id)
    chain, told = [first], judge_all(events)
    while (later := told[chain[-1].event_id].superseded_by) in known and known[later] not in chain:
        chain.append(known[later])
    return chain


def _has_end(events: list[Standing], check_in_id: str) -> bool:
    return any(
        event.kind == END and event.check_in_id == check_in_id and event.counts and not event.supersedes
        for event in events
    )


def _enter(t: Transaction, actor: Actor, member_id: str, body: AttendanceEvent) -> None:
    """Keep an event that the manager enters for the member, as an operation of the manager's."""
    encoded = msgspec.Raw(msgspec.json.encode(body))
    operation = Operation(id=str(uuid7()), kind=ATTENDANCE_RECORD, entity=body.event_id, body=encoded)
    t.insert(operation_table, **operation_row(t, actor, operation))
    record(t, Actor(actor.organization_id, member_id, "worker"), operation, body, by=actor)


def _stated(at: str, zone: str, offset_minutes: int | None = None) -> Moment:
    """A moment that a person states: no device's clock stands behind it."""
    when = parse_utc(at)
    offset = when.astimezone(zone_of(zone, offset_minutes)).utcoffset() or timedelta()
    minutes = int(offset.total_seconds() // 60)
    utc = format_utc(when.astimezone(UTC))
    return Moment(utc=utc, offset_minutes=minutes, zone=zone, boot_id="stated", elapsed_ms=0)


def _visible_event(t: Transaction, actor: Actor, event_id: str) -> Row[Any]:
    c = attendance_event.c
    row = t.first(
        t.select(attendance_event).where(c.event_id == event_id, visible(t, actor, c.member_id, c.location_id))
    )
    if row is None:
        raise not_found("check-in")
    _require_deciding(actor, row.member_id)
    return row


def _sees(t: Transaction, actor: Actor, member_id: str, event_id: str) -> bool:
    c = attendance_event.c
    by_event = t.select(attendance_event, c.event_id).where(
        c.event_id == event_id, visible(t, actor, c.member_id, c.location_id)
    )
    by_member = t.select(member, member.c.member_id).where(
        member.c.member_id == member_id, visible(t, actor, member.c.member_id)
    )
    return t.first(by_event) is not None or t.first(by_member) is not None


def _require_deciding(actor: Actor, owner_id: str) -> None:
    if not may_decide(actor, owner_id):
        detail = "Your own attendance is for another manager to decide about. Ask one of them."
        raise problem("not-allowed", 403, "Not allowed", detail)


def _require_words(text: str, field: str) -> None:
    if not text.strip():
        raise problem(
            "words-needed", 400, "Words are missing", "Write a reason: everybody who looks reads it.", field=field
        )
    check_text(text, "The reason", field, MAX_WORDS)


def _meanwhile() -> ProblemError:
    detail = Sentence("Somebody has decided about this meanwhile. Load the page again to see what.")
    return problem("decided-meanwhile", 409, "Decided meanwhile", detail)
