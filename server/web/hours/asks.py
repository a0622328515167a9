"""Corrections: asked for by whoever worked, or made at once while the rules allow it; and how asks are told."""

from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect
from uuid6 import uuid7

from protocol.operations import AttendanceAsk, AttendanceEvent, AttendanceWithdrawal
from rules.clock import format_utc, parse_utc
from rules.zones import clock_time, instant, zone_of
from server.accounts.rights import not_found
from server.attendance.asking import SENTENCES, AskRow, own_ask
from server.attendance.choosing import find_places
from server.attendance.reading import EventRow, own_event
from server.bounds import is_id
from server.policy.document import policy_payload
from server.problems import ProblemError, problem
from server.receipts.keys import SigningKeys
from server.storage.database import Transaction
from server.storage.members import lock_member
from server.web.attendance import kind_names
from server.web.filing.form import moment
from server.web.hours.sending import send_own
from server.web.hours.sheet import place_name
from server.web.places import Places
from server.web.session import Form
from server.web.visit import Visit
from server.web.words import Words

_PLACES = 200


class AskLine(msgspec.Struct, frozen=True, kw_only=True):
    """One ask in words: what was recorded (`was_…`, empty for what is missing) and what should stand instead."""

    ask_id: str
    member: str
    state: str
    state_text: str
    what: str
    was_at: str
    was_zone: str
    was_place: str
    at: str
    zone: str
    place: str
    reason: str
    asked: str
    by: str
    decided: str
    words: str
    withdrawal: str
    """The id of the operation that would withdraw it; empty once that is over."""


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """What the form is about: an entry (`event`), the missing end of a session (`session`), or a missing session."""

    event: EventRow | None = None
    session: EventRow | None = None
    zone: str = "UTC"
    at_once: bool = False


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """What was typed into the form, and the ids it brought."""

    ids: tuple[str, ...]
    zone: str
    place: str | None
    note: str
    reason: str
    now: datetime


@get("/me/time/ask", sync_to_thread=True)
def ask_page(visit: NamedDependency[Visit], event: FromQuery[str] = "", began: FromQuery[str] = "") -> Response[Any]:
    """The form for a correction."""
    return _page(visit, event, began)


@post("/me/time/ask", sync_to_thread=True)
def send_ask(
    visit: NamedDependency[Visit], signed_form: NamedDependency[Form], keys: NamedDependency[SigningKeys]
) -> Response[Any]:
    """Ask for it; or, while the rules let its person correct an entry unasked, correct it at once."""
    event, session = signed_form.one("event"), signed_form.one("began")
    try:
        with visit.write() as t:
            lock_member(t, visit.actor.member_id)
            chosen = _chosen(t, visit, event, session)
            done = _sent(t, visit, keys, signed_form, chosen)
    except ProblemError as refusal:
        if refusal.problem.status == 404:
            raise
        return _page(visit, event, session, refusal=refusal, typed=signed_form)
    return Redirect(f"/me/time?done={done}", status_code=303)


@post("/me/time/ask/withdraw", sync_to_thread=True)
def withdraw_ask(
    visit: NamedDependency[Visit], signed_form: NamedDependency[Form], keys: NamedDependency[SigningKeys]
) -> Response[Any]:
    """Not wanted any more. Whether it was in time the page says, which shows what became of it."""
    ask_id, operation_id = signed_form.one("ask"), signed_form.one("operation")
    if not is_id(ask_id) or not is_id(operation_id):
        raise not_found("correction")
    with visit.write() as t:
        lock_member(t, visit.actor.member_id)
        send_own(t, visit, keys, operation_id, AttendanceWithdrawal(ask_id=ask_id, at=moment(t.now, "UTC")))
        now = own_ask(t, visit.actor, ask_id)
        if now is None:
            raise not_found("correction")
    done = "withdrawn" if now == "withdrawn" else "decided"
    return Redirect(f"/me/time?done={done}#asks", status_code=303)


def ask_lines(words: Words, rows: tuple[AskRow, ...], places: Places) -> list[AskLine]:
    """Asks in words, in their order."""
    _ = words
    kinds = kind_names(words)
    names = {
        "asked": _("Asked"),
        "approved": _("Approved"),
        "refused": _("Refused"),
        "withdrawn": _("Withdrawn"),
    }
    found = []
    for row in rows:
        kind = kinds.get(row.kind or row.was_kind or "", _("An entry"))
        what = {
            "add": _("%(kind)s is missing", kind=kind),
            "remove": _("%(kind)s did not happen", kind=kind),
        }.get(row.wants, _("%(kind)s was otherwise", kind=kind))
        moved = row.location_id is not None or row.note is not None
        found.append(
            AskLine(
                ask_id=row.ask_id,
                member=row.member_name,
                state=row.state,
                state_text=names[row.state],
                what=what,
                was_at=row.was_at or "",
                was_zone=places.zone(row.was_location_id, row.was_zone or "UTC"),
                was_place=row.was_note or place_name(words, places, row.was_location_id) if row.was_at else "",
                at=row.at or "",
                zone=places.zone(row.location_id, row.zone),
                place=(row.note or place_name(words, places, row.location_id)) if moved else "",
                reason=row.reason,
                asked=row.received,
                by=row.by,
                decided=row.decided or "",
                words=row.words or (_(SENTENCES[row.state]) if row.state != "asked" else ""),
                withdrawal=str(uuid7()) if row.state == "asked" else "",
            )
        )
    return found


def typed_instant(form: Form, zone: str, prefix: str = "") -> datetime:
    """The day and hour that were typed, by the clocks of the zone. Raises ProblemError."""
    try:
        day = date.fromisoformat(form.one(f"{prefix}day"))
        return instant(day, clock_time(form.one(f"{prefix}time")[:5]), zone_of(zone))
    except (ValueError, OverflowError):
        detail = "Give the day and the hour, like 2026-03-29 and 07:30."
        raise problem("bad-time", 400, "Unreadable time", detail, field=f"{prefix}time") from None


def _chosen(t: Transaction, visit: Visit, event: str, session: str) -> Chosen:
    places = Places.of(t)
    if not event and not session:
        return Chosen(zone=_own_zone(t, visit, places))
    found = own_event(t, visit.actor, event or session)
    if found is None or (session and found.kind != "check_in"):
        raise not_found("entry")
    zone = places.zone(found.location_id, found.zone)
    if session:
        return Chosen(session=found, zone=zone)
    hours = policy_payload(t).correct_hours
    at_once = t.now <= parse_utc(found.at) + timedelta(hours=hours) and not found.by
    return Chosen(event=found, zone=zone, at_once=at_once)


def _own_zone(t: Transaction, visit: Visit, places: Places) -> str:
    last = own_event(t, visit.actor, None)
    return places.zone(last.location_id, last.zone) if last is not None else "UTC"


def _sent(t: Transaction, visit: Visit, keys: SigningKeys, form: Form, chosen: Chosen) -> str:
    operation_ids = form.all("operation")
    ask_ids = form.all("ask")
    if len(operation_ids) < 2 or len(ask_ids) < 2 or not all(map(is_id, [*operation_ids, *ask_ids])):
        raise not_found("form")
    typed = _typed(t, form, chosen, ask_ids)
    if chosen.session is not None:
        made: list[AttendanceEvent | AttendanceAsk] = [_missing_end(form, chosen.session, typed)]
    elif chosen.event is None:
        made = _missing_session(t, form, typed)
    elif form.one("wants") == "remove":
        made = [_asking(typed, wants="remove", supersedes=chosen.event.event_id)]
    else:
        made = [_changed(t, form, chosen, chosen.event, typed)]
    for operation_id, body in zip(operation_ids, made, strict=False):
        send_own(t, visit, keys, operation_id, body)
    return "corrected" if isinstance(made[0], AttendanceEvent) else "asked"


def _typed(t: Transaction, form: Form, chosen: Chosen, ids: list[str]) -> Typed:
    reason = form.one("reason").strip()
    if not reason:
        raise problem("words-needed", 400, "Words are missing", "Write why: a manager reads it.", field="reason")
    return Typed(
        ids=tuple(ids),
        zone=chosen.zone,
        place=form.one("place") or None,
        note=form.one("note").strip(),
        reason=reason,
        now=t.now,
    )


def _asking(typed: Typed, **parts: Any) -> AttendanceAsk:
    shared = {"ask_id": typed.ids[0], "zone": typed.zone, "reason": typed.reason}
    return AttendanceAsk(**{**shared, **parts}, asked=moment(typed.now, typed.zone))


def _missing_end(form: Form, session: EventRow, typed: Typed) -> AttendanceAsk:
    end = typed_instant(form, typed.zone)
    return _asking(typed, wants="add", kind="check_out", at=format_utc(end), check_in_id=session.event_id)


def _missing_session(t: Transaction, form: Form, typed: Typed) -> list[AttendanceEvent | AttendanceAsk]:
    zone = Places.of(t).zone(typed.place, typed.zone)
    start, end = typed_instant(form, zone), typed_instant(form, zone, "end_")
    if end <= start:
        detail = "The end must be after the start. Correct one of them."
        raise problem("bad-end", 400, "This cannot be the end", detail, field="end_time")
    typed = msgspec.structs.replace(typed, zone=zone)
    came, went = typed.ids[:2]
    place = {"location_id": typed.place, "note": typed.note}
    return [
        _asking(typed, wants="add", kind="check_in", at=format_utc(start), **place),
        _asking(typed, ask_id=went, wants="add", kind="check_out", at=format_utc(end), check_in_id=came),
    ]


def _changed(
    t: Transaction, form: Form, chosen: Chosen, event: EventRow, typed: Typed
) -> AttendanceEvent | AttendanceAsk:
    at = typed_instant(form, typed.zone)
    if at > t.now:
        detail = "This time is still to come. Give the time when it happened."
        raise problem("bad-time", 400, "Not yet", detail, field="time")
    place = {"location_id": typed.place, "note": typed.note}
    if not chosen.at_once:
        return _asking(typed, wants="change", supersedes=event.event_id, at=format_utc(at), **place)
    return AttendanceEvent(
        event_id=typed.ids[0],
        kind=event.kind,  # type: ignore[arg-type]  # checked when it was recorded
        location_id=typed.place,
        note=typed.note,
        check_in_id=event.check_in_id,
        supersedes=event.event_id,
        reason=typed.reason,
        at=moment(at, typed.zone),
    )


def _page(
    visit: Visit, event: str, session: str, *, refusal: ProblemError | None = None, typed: Form | None = None
) -> Response[Any]:
    words = visit.words
    with visit.read() as t:
        places = Places.of(t)
        chosen = _chosen(t, visit, event, session)
        offered = {one.location_id: one for one in find_places(t, "", _PLACES)}
        now = t.now
    about = chosen.event or chosen.session
    if about is not None and about.location_id in places.by_id:
        offered[about.location_id] = places.by_id[about.location_id]
    where = zone_of(chosen.zone)
    shown = parse_utc(about.at) if about is not None else now
    wall = shown.astimezone(where)
    return visit.page(
        "ask.html",
        refusal=refusal,
        now=now,
        chosen=chosen,
        about=about,
        kind_text=kind_names(words).get(about.kind, "") if about is not None else "",
        offered=sorted(offered.values(), key=lambda one: one.name.casefold()),
        typed=typed or Form({}),
        day=wall.date().isoformat(),
        time=wall.strftime("%H:%M"),
        ids=[(str(uuid7()), str(uuid7())) for _ in range(2)],
    )


routes = [ask_page, send_ask, withdraw_ask]
