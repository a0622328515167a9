"""Corrections that workers ask for: kept as asked, told to whoever asked, listed for whoever may decide."""

from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, func, or_, select

from protocol.changes import ATTENDANCE_ASK, AskState, AttendanceAskView
from protocol.operations import AttendanceAsk, AttendanceWithdrawal
from protocol.sync import Operation
from rules.clock import format_utc, parse_utc
from server.accounts.scope import visible
from server.bounds import check_id, check_location, check_name, check_text, judged, refused
from server.feed import publish
from server.problems import problem
from server.storage.attendance_tables import ask_withdrawal, attendance_ask
from server.storage.database import Actor, Transaction
from server.storage.keyset import beyond, following, mark
from server.storage.tables import attendance_event, location, member

MAX_WORDS = 2000

SENTENCES: dict[str, str] = {
    "asked": "You asked for this. What was recorded stands until a manager has decided.",
    "approved": "Approved. Your attendance shows it now; what was recorded before stays visible.",
    "refused": "Refused. What was recorded stands as it was.",
    "withdrawn": "Withdrawn by you. What was recorded stands as it was.",
}
"""By state, for the person who asked."""


class AskRow(msgspec.Struct, frozen=True, kw_only=True):
    """One ask, with what it is about as that was recorded (None: not here) and who asked."""

    ask_id: str
    member_id: str
    member_name: str
    wants: str
    state: AskState
    kind: str | None
    at: str | None
    zone: str
    location_id: str | None
    location_name: str | None
    note: str | None
    reason: str
    asked: str
    received: str
    by: str
    decided: str | None
    words: str
    was_kind: str | None
    was_at: str | None
    was_zone: str | None
    was_location_id: str | None
    was_note: str | None


class AskList(msgspec.Struct, frozen=True):
    """One page, newest first; `after` is given back for the next one, None at the end."""

    rows: tuple[AskRow, ...]
    after: str | None


def ask(t: Transaction, actor: Actor, operation: Operation, body: AttendanceAsk) -> bool:
    """Keep what is asked for and tell its member; always True. The caller holds the member and has stored the
    operation. Raises ProblemError."""
    _check(t, operation, body)
    asked = judged(body.asked, "$.asked")
    new = t.insert_new(
        attendance_ask,
        ask_id=body.ask_id,
        member_id=actor.member_id,
        operation_id=operation.id,
        wants=body.wants,
        supersedes=body.supersedes,
        kind=body.kind,
        at=None if body.at is None else _time(body.at),
        zone=body.zone,
        location_id=body.location_id,
        note=body.note,
        check_in_id=body.check_in_id,
        reason=body.reason,
        asked=format_utc(asked.at),
        received=t.now_text,
        **_beginning(t, actor, body),
        words="",
    )
    if not new or _is_event(t, body.ask_id):
        detail = "This entry was already sent under another number. Enter it once more."
        raise problem("event-reused", 409, "Entry already known", detail, field="$.ask_id")
    publish_ask(t, actor.member_id, body.ask_id)
    return True


def withdraw(t: Transaction, actor: Actor, operation: Operation, body: AttendanceWithdrawal) -> bool:
    """What the member asked for is not wanted any more, unless somebody has decided; always True. What belongs to a
    missing check-in goes with it. The caller holds the member and has stored the operation. Raises ProblemError."""
    check_id(body.ask_id, "$.ask_id")
    if operation.entity != body.ask_id:
        raise _unfit("The ids of this entry are mixed up. Update the app and send again.")
    judged(body.at, "$.at")
    t.insert_new(ask_withdrawal, member_id=actor.member_id, ask_id=body.ask_id, received=t.now_text)
    c = attendance_ask.c
    about = or_(c.ask_id == body.ask_id, c.check_in_id == body.ask_id)
    wanted = t.select(attendance_ask, c.ask_id).where(c.member_id == actor.member_id, c.state == "asked", about)
    for ask_id in t.execute(wanted.order_by(c.ask_id)).scalars().all():
        t.execute(t.update(attendance_ask).where(c.ask_id == ask_id).values(state="withdrawn", decided=t.now_text))
        publish_ask(t, actor.member_id, ask_id)
    return True


def _beginning(t: Transaction, actor: Actor, body: AttendanceAsk) -> dict[str, Any]:
    """A new ask waits for a decision, but where its withdrawal, or that of its check-in, has come already."""
    c, named = ask_withdrawal.c, {body.ask_id, body.check_in_id} - {None}
    gone = t.select(ask_withdrawal, c.ask_id).where(c.member_id == actor.member_id, c.ask_id.in_(named))
    withdrawn = t.first(gone) is not None
    return {"state": "withdrawn", "decided": t.now_text} if withdrawn else {"state": "asked"}


def publish_ask(t: Transaction, member_id: str, ask_id: str) -> None:
    """Tell the member what is the matter with it now. The caller holds the member."""
    [row] = t.all(_views(t).where(attendance_ask.c.ask_id == ask_id))
    publish(t, ATTENDANCE_ASK, ask_id, ask_view(row), member_id)


def ask_view(row: Row[Any]) -> AttendanceAskView:
    """A row of `_views` as its member is told of it."""
    plain = {name: getattr(row, name) for name in AttendanceAskView.__struct_fields__ if hasattr(row, name)}
    return AttendanceAskView(**{**plain, "by": row.by or "", "sentence": SENTENCES[row.state]})


def member_asks(t: Transaction, member_id: str, after: str, limit: int) -> list[tuple[str, AttendanceAskView]]:
    """What the member asked for, oldest first, each with the mark that the next page follows."""
    c = attendance_ask.c
    rows = t.all(
        _views(t)
        .where(c.member_id == member_id, following(after, c.received, c.ask_id))
        .order_by(c.received, c.ask_id)
        .limit(limit)
    )
    return [(mark(row.received, row.ask_id), ask_view(row)) for row in rows]


def list_asks(
    t: Transaction,
    actor: Actor,
    *,
    member_id: str | None = None,
    state: AskState | None = None,
    after: str | None = None,
    limit: int = 50,
) -> AskList:
    """What was asked for by whom `actor` may see, newest first."""
    c, was = attendance_ask.c, attendance_event.alias("was")
    asker, decider = member.alias("asker"), member.alias("decider")
    statement = (
        t.select(
            attendance_ask,
            *c,
            asker.c.name.label("member_name"),
            func.coalesce(decider.c.name, "").label("by"),
            location.c.name.label("location_name"),
            *(was.c[name].label(f"was_{name}") for name in ("kind", "at", "zone", "location_id", "note")),
        )
        .join(asker, asker.c.member_id == c.member_id)
        .outerjoin(decider, (decider.c.member_id == c.decided_by) & t.owns(decider))
        .outerjoin(location, (location.c.location_id == c.location_id) & t.owns(location))
        .outerjoin(was, (was.c.event_id == c.supersedes) & t.owns(was) & (was.c.member_id == c.member_id))
        .where(t.owns(asker), in_care(t, actor))
    )
    if member_id is not None:
        statement = statement.where(c.member_id == member_id)
    if state is not None:
        statement = statement.where(c.state == state)
    if after is not None:
        statement = statement.where(beyond(after, c.received, c.ask_id))
    found = t.all(statement.order_by(c.received.desc(), c.ask_id.desc()).limit(limit + 1))
    rows = tuple(msgspec.convert(row, AskRow, from_attributes=True) for row in found[:limit])
    return AskList(rows, mark(rows[-1].received, rows[-1].ask_id) if len(found) > limit else None)


def own_ask(t: Transaction, actor: Actor, ask_id: str) -> AskState | None:
    """What became of something that the actor asked for themselves; None where they asked for no such thing."""
    c = attendance_ask.c
    wanted = t.select(attendance_ask, c.state).where(c.ask_id == ask_id, c.member_id == actor.member_id)
    state: AskState | None = t.scalar(wanted)
    return state


def in_care(t: Transaction, actor: Actor) -> ColumnElement[bool]:
    """Of `attendance_ask`: whether it is by somebody, or for a place, that `actor` may see."""
    return visible(t, actor, attendance_ask.c.member_id, attendance_ask.c.location_id)


def _views(t: Transaction) -> Any:
    by = (
        select(member.c.name)
        .where(t.owns(member), member.c.member_id == attendance_ask.c.decided_by)
        .correlate(attendance_ask)
        .scalar_subquery()
    )
    return t.select(attendance_ask, *attendance_ask.c, by.label("by"))


def _is_event(t: Transaction, ask_id: str) -> bool:
    known = t.select(attendance_event, attendance_event.c.event_id).where(attendance_event.c.event_id == ask_id)
    return t.first(known) is not None


def _check(t: Transaction, operation: Operation, body: AttendanceAsk) -> None:
    check_id(body.ask_id, "$.ask_id")
    for name in ("supersedes", "check_in_id"):
        if getattr(body, name) is not None:
            check_id(getattr(body, name), f"$.{name}")
    named = {body.supersedes, body.check_in_id}
    if operation.entity != body.ask_id or body.ask_id in named:
        raise _unfit("The ids of this entry are mixed up. Update the app and send again.")
    check_text(body.reason, "The reason", "$.reason", MAX_WORDS)
    check_text(body.note or "", "The note", "$.note", MAX_WORDS)
    check_name(body.zone, "The time zone's name", "$.zone")
    check_location(t, body.location_id, "$.location_id")
    if not body.reason.strip():
        raise _unfit("A correction needs a reason. Write why, and send it again.", "$.reason")
    _check_parts(body)


def _check_parts(body: AttendanceAsk) -> None:
    """What is wanted decides what must be there."""
    place = body.location_id is not None or body.note is not None
    if body.wants == "add":
        fits = body.supersedes is None and body.kind is not None and body.at is not None
        fits = fits and (body.kind == "check_in") == (body.check_in_id is None)
    elif body.wants == "change":
        fits = body.supersedes is not None and (body.at is not None or place)
    else:
        fits = body.supersedes is not None and body.at is None and not place
    if not fits:
        raise _unfit("What this correction asks for does not fit together. Enter it once more.", "$.wants")


def _time(text: str) -> str:
    try:
        return format_utc(parse_utc(text))
    except ValueError:
        detail = "The time that should stand cannot be read. Enter it once more."
        raise refused("bad-time", "Unreadable time", detail, "$.at") from None


def _unfit(detail: str, field: str = "$.entity") -> Exception:
    return refused("bad-ask", "Correction not understood", detail, field)
