"""What managers decide: corrections asked for, entries into closed days, ends that were forgotten; and closing days."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from rules.clock import format_utc, parse_utc
from rules.zones import zone_of
from server import access
from server.accounts import groups
from server.accounts.rights import not_found
from server.attendance import closing, deciding
from server.attendance.asking import list_asks
from server.attendance.deciding import HeldRow, list_waiting, may_decide
from server.attendance.reading import EventFilter, EventRow, Present, list_events, present_members
from server.policy.document import policy_payload
from server.problems import ProblemError, problem
from server.storage.database import Transaction
from server.web.attendance import kind_names
from server.web.hours.asks import ask_lines, typed_instant
from server.web.hours.sheet import place_name
from server.web.places import Places
from server.web.session import Form
from server.web.visit import Visit
from server.web.words import Words

_LOOKED_BACK = timedelta(days=62)
_MOST_EVENTS = 500
_SHOWN = 50


class HeldLine(msgspec.Struct, frozen=True, kw_only=True):
    """What waits for a decision about a closed day."""

    event_id: str
    member: str
    what: str
    at: str
    zone: str
    place: str
    reason: str
    received: str


class OpenLine(msgspec.Struct, frozen=True, kw_only=True):
    """A session without an end; `day` and `time` begin the form, at its start."""

    event_id: str
    member: str
    at: str
    zone: str
    place: str
    day: str
    time: str


@get("/attendance/corrections", sync_to_thread=True)
def corrections_page(
    visit: NamedDependency[Visit], after: FromQuery[str] = "", done: FromQuery[str] = ""
) -> Response[Any]:
    """Everything about attendance that waits for the reader's word."""
    visit.require_manager()
    return _queue(visit, after=after, done=done)


@post("/attendance/corrections/{ask_id:str}", sync_to_thread=True)
def decide_ask(
    visit: NamedDependency[Visit], signed_form: NamedDependency[Form], ask_id: FromPath[str]
) -> Response[Any]:
    """Approve or refuse what was asked for."""
    words, decision = signed_form.one("words"), signed_form.one("decision")
    if decision == "approved":
        return _decided(visit, lambda t: deciding.approve(t, visit.actor, ask_id, words), "approved", ask_id, words)
    return _decided(visit, lambda t: deciding.refuse(t, visit.actor, ask_id, words), "refused", ask_id, words)


@post("/attendance/held/{event_id:str}", sync_to_thread=True)
def decide_held(
    visit: NamedDependency[Visit], signed_form: NamedDependency[Form], event_id: FromPath[str]
) -> Response[Any]:
    """Let in or leave out what came into a closed day."""
    words, decision = signed_form.one("words"), signed_form.one("decision")
    act = deciding.let_in if decision == "accepted" else deciding.leave_out
    done = "let_in" if decision == "accepted" else "left_out"
    return _decided(visit, lambda t: act(t, visit.actor, event_id, words), done, event_id, words)


@post("/attendance/sessions/{event_id:str}/end", sync_to_thread=True)
def complete_session(
    visit: NamedDependency[Visit], signed_form: NamedDependency[Form], event_id: FromPath[str]
) -> Response[Any]:
    """Give somebody's session the end that they told."""
    reason = signed_form.one("words")

    def act(t: Transaction) -> None:
        places = Places.of(t)
        found = list_events(t, visit.actor, EventFilter(event_id=event_id), limit=1).rows
        if not found:
            raise not_found("check-in")
        at = typed_instant(signed_form, places.zone(found[0].location_id, found[0].zone))
        deciding.complete(t, visit.actor, event_id, at, reason)

    return _decided(visit, act, "completed", event_id, reason)


@get("/attendance/closings", sync_to_thread=True)
def closings_page(visit: NamedDependency[Visit], done: FromQuery[str] = "") -> Response[Any]:
    """The days that are closed, and the form to close more."""
    visit.require_manager()
    return _closings(visit, done=done)


@post("/attendance/closings", sync_to_thread=True)
def close_days(visit: NamedDependency[Visit], signed_form: NamedDependency[Form]) -> Response[Any]:
    """Close days for a group or for everybody."""
    visit.require_manager()
    try:
        first, last = _typed_days(signed_form)
        with visit.write() as t:
            closing.close(t, visit.actor, first, last, signed_form.one("group") or None)
    except ProblemError as refusal:
        return _closings(visit, refusal=refusal, typed=signed_form)
    return Redirect("/attendance/closings?done=closed", status_code=303)


@post("/attendance/closings/{closing_id:str}/reopen", sync_to_thread=True)
def reopen_days(
    visit: NamedDependency[Visit],
    signed_form: NamedDependency[Form],  # noqa: ARG001 (asking for it is the check of its token)
    closing_id: FromPath[str],
) -> Response[Any]:
    """Open them again."""
    visit.require_manager()
    try:
        with visit.write() as t:
            closing.reopen(t, visit.actor, closing_id)
    except ProblemError as refusal:
        if refusal.problem.status == 404:
            raise
        return _closings(visit, refusal=refusal)
    return Redirect("/attendance/closings?done=reopened", status_code=303)


def _typed_days(form: Form) -> tuple[date, date]:
    try:
        first = date.fromisoformat(form.one("first"))
        return first, date.fromisoformat(form.one("last") or form.one("first"))
    except ValueError:
        detail = "Give the first and the last day, like 2026-03-01 and 2026-03-31."
        raise problem("bad-days", 400, "These days cannot be closed", detail, field="days") from None


def _decided(visit: Visit, act: Callable[[Transaction], None], done: str, about: str, typed: str) -> Response[Any]:
    visit.require_manager()
    try:
        with visit.write() as t:
            act(t)
    except ProblemError as refusal:
        if refusal.problem.status == 404:
            raise
        return _queue(visit, refusal=refusal, about=about, typed=typed)
    return Redirect(f"/attendance/corrections?done={done}", status_code=303)


def _queue(
    visit: Visit,
    *,
    after: str = "",
    done: str = "",
    refusal: ProblemError | None = None,
    about: str = "",
    typed: str = "",
) -> Response[Any]:
    words = visit.words
    with visit.write() as t:
        places = Places.of(t)
        asks = list_asks(t, visit.actor, state="asked", after=after or None, limit=_SHOWN)
        settled = () if after else list_asks(t, visit.actor, limit=20).rows
        held = list_waiting(t, visit.actor, limit=_SHOWN)
        recent = EventFilter(since=format_utc(t.now - _LOOKED_BACK))
        events = list_events(t, visit.actor, recent, limit=_MOST_EVENTS)
        access.record(t, visit.actor, "list", "corrections", "")
        now = t.now
        long_open = format_utc(t.now - timedelta(hours=policy_payload(t).open_session_hours))
        present = [one for one in present_members(t, visit.actor) if one.since <= long_open]
    mine = [row for row in asks.rows if may_decide(visit.actor, row.member_id)]
    return visit.page(
        "corrections.html",
        refusal=refusal,
        now=now,
        good=_sentences(words).get(done, ""),
        asks=ask_lines(words, tuple(mine), places),
        settled=ask_lines(words, tuple(row for row in settled if row.state != "asked"), places),
        held=[_held_line(words, places, row) for row in held.rows if may_decide(visit.actor, row.member_id)],
        open=[
            _open_line(words, places, row)
            for row in events.rows
            if row.needs_end and not row.cancelled and may_decide(visit.actor, row.member_id)
        ]
        + [_present_line(words, places, one) for one in present if may_decide(visit.actor, one.member_id)],
        older=f"/attendance/corrections?{urlencode({'after': asks.after})}" if asks.after else "",
        newer="/attendance/corrections" if after else "",
        about=about,
        typed=typed,
    )


def _held_line(words: Words, places: Places, row: HeldRow) -> HeldLine:
    kind = kind_names(words).get(row.kind or "", words("An entry"))
    return HeldLine(
        event_id=row.event_id,
        member=row.member_name,
        what=words("%(kind)s, undone", kind=kind) if row.is_undo else kind,
        at=row.at or "",
        zone=places.zone(row.location_id, row.zone),
        place=row.note or (place_name(words, places, row.location_id) if row.location_id else ""),
        reason=row.reason,
        received=row.received,
    )


def _open_line(words: Words, places: Places, row: EventRow) -> OpenLine:
    zone = places.zone(row.location_id, row.zone)
    wall: datetime = parse_utc(row.at).astimezone(zone_of(zone, row.offset_minutes))
    return OpenLine(
        event_id=row.event_id,
        member=row.member_name,
        at=row.at,
        zone=zone,
        place=row.note or place_name(words, places, row.location_id),
        day=wall.date().isoformat(),
        time=wall.strftime("%H:%M"),
    )


def _present_line(words: Words, places: Places, one: Present) -> OpenLine:
    zone = places.zone(one.location_id, one.zone)
    wall = parse_utc(one.since).astimezone(zone_of(zone))
    return OpenLine(
        event_id=one.check_in_id,
        member=one.member_name,
        at=one.since,
        zone=zone,
        place=one.note or place_name(words, places, one.location_id),
        day=wall.date().isoformat(),
        time=wall.strftime("%H:%M"),
    )


def _closings(
    visit: Visit, *, done: str = "", refusal: ProblemError | None = None, typed: Form | None = None
) -> Response[Any]:
    with visit.read() as t:
        found, named, now = closing.closings(t), groups.list_all(t), t.now
    first = (now.date().replace(day=1) - timedelta(days=1)).replace(day=1)
    return visit.page(
        "closings.html",
        refusal=refusal,
        now=now,
        good=_sentences(visit.words).get(done, ""),
        closings=found,
        groups=named,
        typed=typed or Form({}),
        first=first.isoformat(),
        last=(now.date().replace(day=1) - timedelta(days=1)).isoformat(),
    )


def _sentences(words: Words) -> dict[str, str]:
    _ = words
    return {
        "approved": _("Approved. The person reads it in the app and here; both entries stay visible."),
        "refused": _("Refused. The person reads your words in the app and here."),
        "let_in": _("It counts now, and says that it came into a closed day."),
        "left_out": _("It is left out: it stays visible and counts for nothing."),
        "completed": _("The session has its end now, marked as given by you."),
        "closed": _("The days are closed. What comes into them later waits for a decision, under Corrections."),
        "reopened": _("The days are open again. What was waiting goes on waiting."),
    }


routes = [
    corrections_page,
    decide_ask,
    decide_held,
    complete_session,
    closings_page,
    close_days,
    reopen_days,
]
