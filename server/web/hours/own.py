"""A person's own time: checking in and out here, their timesheet, and the corrections they asked for."""

from datetime import timedelta
from typing import Any

from litestar import Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect
from uuid6 import uuid7

from protocol.operations import (
    AttendanceCancellation,
    AttendanceEvent,
    AttendanceKind,
    Evidence,
)
from rules.clock import format_utc, parse_utc
from server.accounts.rights import not_found
from server.attendance.asking import list_asks
from server.attendance.choosing import find_places, open_session, recent_places
from server.attendance.reading import EventFilter, EventRow, list_events
from server.attendance.worksheets import timesheet
from server.media.taking import Stores
from server.policy.document import policy_payload
from server.problems import ProblemError, problem
from server.receipts.keys import SigningKeys
from server.storage.database import Transaction
from server.storage.members import lock_member
from server.web.bringing import (
    MOST_POSTED,
    photo_entries,
    photo_lines,
    read_pressed,
    take_photos,
    told_position,
)
from server.web.filing.form import moment
from server.web.hours.asks import ask_lines
from server.web.hours.sending import send_own
from server.web.hours.sheet import period, sheet, span_text, today_of
from server.web.places import Places
from server.web.posted import Posted
from server.web.session import Form, WebRequest
from server.web.times import day_words
from server.web.visit import Visit
from server.web.words import Words

UNDO = timedelta(seconds=60)
_PLACES = 50
_RECENT = 8
_KINDS: tuple[AttendanceKind, ...] = ("check_in", "check_out", "break_start", "break_end")


@get("/me/time", sync_to_thread=True)
def own_time(
    visit: NamedDependency[Visit],
    view: FromQuery[str] = "week",
    on: FromQuery[str] = "",
    find: FromQuery[str] = "",
    done: FromQuery[str] = "",
) -> Response[Any]:
    """Where the person is checked in, what they worked in a period, and what became of what they asked for."""
    return _page(visit, view=view, on=on, find=find, done=done)


@post("/me/time/record", request_max_body_size=MOST_POSTED)
async def record_here(
    request: WebRequest, visit: NamedDependency[Visit], stores: NamedDependency[Stores]
) -> Response[Any]:
    """Check in or out, or begin or end a break, by the same operation as from the app. A form that comes twice is
    recorded once: it brought the ids."""
    posted = await read_pressed(request, visit)
    try:
        return await sync_to_thread(_recorded, visit, stores, posted)
    finally:
        posted.close()


def _recorded(visit: Visit, stores: Stores, posted: Posted) -> Response[Any]:
    form = posted.form
    kind = next((one for one in _KINDS if one == form.one("kind")), None)
    if kind is None:
        raise not_found("choice")
    photos, refusal = take_photos(visit, stores, form.one("event"), posted) if kind == "check_in" else ((), None)
    if refusal is None:
        try:
            with visit.write() as t:
                lock_member(t, visit.actor.member_id)
                body = _event(t, visit, form, kind, photos)
                send_own(t, visit, stores.keys, form.one("operation"), body)
        except ProblemError as error:
            refusal = error
    if refusal is not None:
        typed = form if kind == "check_in" else Form({"note": form.all("note")})
        return _page(visit, refusal=refusal, typed=typed, photos=photos)
    return Redirect(f"/me/time?done={kind}", status_code=303)


@post("/me/time/undo", sync_to_thread=True)
def undo_here(
    visit: NamedDependency[Visit], signed_form: NamedDependency[Form], keys: NamedDependency[SigningKeys]
) -> Response[Any]:
    """Take back what arrived here within the last minute; later it is a correction."""
    try:
        with visit.write() as t:
            lock_member(t, visit.actor.member_id)
            last = _undoable(t, visit)
            if last is None or last.event_id != signed_form.one("cancels"):
                raise problem(
                    "too-late-to-undo",
                    409,
                    "Too late to undo",
                    "Undo works for a minute. Ask for a correction instead: choose the entry below.",
                )
            body = AttendanceCancellation(event_id=str(uuid7()), cancels=last.event_id, at=moment(t.now, last.zone))
            send_own(t, visit, keys, signed_form.one("operation"), body)
    except ProblemError as refusal:
        return _page(visit, refusal=refusal)
    return Redirect("/me/time?done=undone", status_code=303)


def _event(t: Transaction, visit: Visit, form: Form, kind: AttendanceKind, photos: tuple[str, ...]) -> AttendanceEvent:
    session = open_session(t, visit.actor)
    place = form.one("place") if kind == "check_in" else ""
    zone = Places.of(t).zone(place or None, session.zone if session else _last_zone(t, visit))
    if kind != "check_in" and session is None:
        raise problem("not-checked-in", 409, "Not checked in", "You are not checked in any more. Check in first.")
    return AttendanceEvent(
        event_id=form.one("event"),
        kind=kind,
        location_id=place or None,
        note=form.one("note").strip(),
        check_in_id=None if kind == "check_in" or session is None else session.check_in_id,
        evidence=Evidence(position=told_position(form)) if kind == "check_in" else Evidence(),
        media=photo_entries(t, visit, photos),
        at=moment(t.now, zone),
    )


def _last_zone(t: Transaction, visit: Visit) -> str:
    rows = list_events(t, visit.actor, EventFilter(member_id=visit.actor.member_id), limit=1).rows
    return rows[0].zone if rows else "UTC"


def _undoable(t: Transaction, visit: Visit) -> EventRow | None:
    """The person's newest entry, while it can be undone."""
    rows = list_events(t, visit.actor, EventFilter(member_id=visit.actor.member_id), limit=1).rows
    young = [row for row in rows if not row.cancelled and t.now - parse_utc(row.received) <= UNDO and not row.by]
    return young[0] if young else None


def _page(
    visit: Visit,
    *,
    view: str = "week",
    on: str = "",
    find: str = "",
    done: str = "",
    refusal: ProblemError | None = None,
    typed: Form = Form({}),  # noqa: B008 - frozen
    photos: tuple[str, ...] = (),
) -> Response[Any]:
    own, words = visit.actor.member_id, visit.words
    with visit.read() as t:
        places = Places.of(t)
        chosen = period(view, on, today_of(t))
        session, undo = open_session(t, visit.actor), _undoable(t, visit)
        running = session.check_in_id if session else ""
        found = sheet(words, places, timesheet(t, own, chosen.first, chosen.last), running)
        recent = [] if find else recent_places(t, visit.actor, _RECENT)
        offered = {one.location_id: one for one in [*recent, *find_places(t, find, _PLACES)]}
        asks = list_asks(t, visit.actor, member_id=own, limit=20)
        policy, shown_photos, now = policy_payload(t), photo_lines(t, visit, photos), t.now
    return visit.page(
        "my_time.html",
        refusal=refusal,
        now=now,
        good=_sentences(words).get(done, ""),
        session_now=session,
        session_zone=places.zone(session.location_id, session.zone) if session else "UTC",
        undo=undo,
        undo_until=format_utc(parse_utc(undo.received) + UNDO) if undo else "",
        offered=list(offered.values()),
        find=find,
        note=typed.one("note"),
        place=typed.one("place") or ("elsewhere" if "place" in typed.fields else ""),
        photos=shown_photos,
        note_required=policy.note_required,
        photo_required=policy.photo_required,
        may_locate=True,
        event_id=typed.one("event") or str(uuid7()),
        operation_id=typed.one("operation") or str(uuid7()),
        undo_operation=str(uuid7()),
        period=chosen,
        sheet=found,
        span=lambda seconds: span_text(words, seconds),
        day_text=lambda day: day_words(words, day),
        asks=ask_lines(words, asks.rows, places),
        own=True,
        running=running,
    )


def _sentences(words: Words) -> dict[str, str]:
    _ = words
    return {
        "check_in": _("You are checked in."),
        "check_out": _("You are checked out."),
        "break_start": _("Your break has begun."),
        "break_end": _("Your break has ended."),
        "undone": _("It is undone. The entry stays visible, and counts no more."),
        "asked": _("You asked for it. What was recorded stands until a manager has decided; you read it here."),
        "corrected": _("It is corrected. What was recorded before stays visible beside it."),
        "withdrawn": _("It is withdrawn. Nobody needs to decide about it any more; it stays visible below."),
        "decided": _("Somebody has decided about it meanwhile. You read below what."),
    }


routes = [own_time, record_here, undo_here]
