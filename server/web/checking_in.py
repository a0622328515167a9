"""Checking in and out in a browser: the place may come from a link with its code; a person presses."""

from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect
from uuid6 import uuid7

from protocol.changes import LocationView
from protocol.operations import AttendanceEvent, AttendanceKind, Evidence, Position
from rules.clock import parse_utc
from server.attendance import entering
from server.attendance.arrival import Arrival
from server.attendance.choosing import by_ids, find_places, recent_places
from server.attendance.reading import EventFilter, list_events
from server.bounds import is_id
from server.media.taking import Stores
from server.policy.document import policy_payload
from server.problems import ProblemError, problem
from server.receipts.keys import SigningKeys
from server.storage.database import Transaction
from server.storage.members import lock_member
from server.sync.operations import keep
from server.web.attendance import event_lines
from server.web.bringing import (
    MOST_POSTED,
    kept_photos,
    photo_entries,
    photo_lines,
    read_pressed,
    take_photos,
    told_position,
)
from server.web.filing.form import moment
from server.web.places import Places
from server.web.posted import Posted
from server.web.session import Form, WebRequest
from server.web.visit import Visit
from server.web.words import Words

_OFFERED = 6
ELSEWHERE = "elsewhere"


class CheckIn(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the form: a location's id, `elsewhere` or nothing yet; the words looked for; code and note; the
    id that the event will have; photos that are here, and where the device said it is."""

    location: str = ""
    find: str = ""
    code: str = ""
    note: str = ""
    event: str = ""
    photos: tuple[str, ...] = ()
    position: Position | None = None

    @property
    def location_id(self) -> str | None:
        """The location, where one is chosen."""
        return self.location if is_id(self.location) else None


@get("/check-in", sync_to_thread=True)
def check_in_page(
    visit: NamedDependency[Visit],
    *,
    location: FromQuery[str] = "",
    code: FromQuery[str] = "",
    find: FromQuery[str] = "",
    done: FromQuery[str] = "",
) -> Response[Any]:
    """Where the person is, and what they can press. A link fills in place and code, and presses nothing."""
    return _page(visit, CheckIn(location=location, code=code[:20], find=find[:200]), done=done)


@post("/check-in", request_max_body_size=MOST_POSTED)
async def press(request: WebRequest, visit: NamedDependency[Visit], stores: NamedDependency[Stores]) -> Response[Any]:
    """Keep what was pressed."""
    posted = await read_pressed(request, visit)
    try:
        return await sync_to_thread(_pressed, visit, stores, posted)
    finally:
        posted.close()


def _pressed(visit: Visit, stores: Stores, posted: Posted) -> Response[Any]:
    form = posted.form
    words = {name: form.one(name).strip() for name in ("location", "find", "code", "note", "event")}
    typed = CheckIn(**words, photos=kept_photos(form), position=told_position(form))
    kind = _KINDS.get(form.one("press"))
    if kind is None:
        return _page(visit, typed)
    photos, refusal = take_photos(visit, stores, typed.event, posted) if kind == "check_in" else ((), None)
    typed = msgspec.structs.replace(typed, photos=photos)
    if refusal is not None:
        return _page(visit, typed, refusal=refusal)
    try:
        with visit.write() as t:
            _press(t, visit, stores.keys, kind, typed)
    except ProblemError as error:
        return _page(visit, typed, refusal=error)
    return Redirect(f"/check-in?{urlencode({'done': typed.event})}", status_code=303)


@post("/check-in/undo", sync_to_thread=True)
def undo(
    visit: NamedDependency[Visit], signed_form: NamedDependency[Form], keys: NamedDependency[SigningKeys]
) -> Response[Any]:
    """Take back what was pressed within the last minute."""
    with visit.write() as t:
        lock_member(t, visit.actor.member_id)
        operation = entering.undoing(t, visit.actor, signed_form.one("event"), moment(t.now, "UTC"))
        if operation is not None:
            keep(t, keys, visit.actor, operation)
    return Redirect(f"/check-in?done={'undone' if operation else 'kept'}", status_code=303)


_KINDS: dict[str, AttendanceKind] = {
    "check_in": "check_in",
    "check_out": "check_out",
    "break_start": "break_start",
    "break_end": "break_end",
}


def _press(t: Transaction, visit: Visit, keys: SigningKeys, kind: AttendanceKind, typed: CheckIn) -> None:
    lock_member(t, visit.actor.member_id)
    starts = kind == "check_in"
    if starts and typed.location_id is None and not typed.note:
        raise problem(
            "where",
            400,
            "Where are you?",
            "Nothing was recorded yet. Choose a location, or choose Elsewhere and say in the note where you are.",
            field="location",
        )
    session = entering.offered(t, visit.actor, None).session
    place = typed.location_id if starts else None
    zones = {one.location_id: one.zone for one in by_ids(t, [place])} if place else {}
    body = AttendanceEvent(
        event_id=typed.event,
        kind=kind,
        location_id=place,
        note=typed.note,
        evidence=Evidence(
            method="code" if typed.code else "hand",
            code=typed.code or None,
            position=typed.position if starts else None,
        ),
        media=photo_entries(t, visit, typed.photos) if starts else (),
        at=moment(t.now, zones.get(place or "", session.zone if session else "UTC")),
    )
    operation = entering.entered(t, visit.actor, body)
    if operation is None:
        return
    client = visit.request.client
    arrival = Arrival(mint=visit.mint, address=client.host if client else "", on_page=True)
    result = keep(t, keys, visit.actor, operation, arrival)
    if result.problem is not None:
        raise ProblemError(result.problem)


def _page(visit: Visit, typed: CheckIn, *, done: str = "", refusal: ProblemError | None = None) -> Response[Any]:
    with visit.read() as t:
        offered = entering.offered(t, visit.actor, typed.location_id)
        found = find_places(t, typed.find, _OFFERED) if typed.find else recent_places(t, visit.actor, _OFFERED)
        chosen = [one for one in by_ids(t, [typed.location_id] if typed.location_id else []) if one.active]
        photos = photo_lines(t, visit, typed.photos)
        policy, places, now = policy_payload(t), Places.of(t), t.now
        own = EventFilter(member_id=visit.actor.member_id)
        rows = list_events(t, visit.actor, own, limit=20).rows if is_id(done) else ()
    just = [row for row in rows if row.event_id == done]
    shown = _once([*chosen, *found])
    return visit.page(
        "check_in.html",
        refusal=refusal,
        now=now,
        name=visit.session.name,
        typed=typed,
        chosen=typed.location if chosen or typed.location == ELSEWHERE else "",
        places=shown,
        nothing_found=bool(typed.find) and not found,
        session_zone=places.zone(offered.session.location_id, offered.session.zone) if offered.session else "UTC",
        present=offered.session,
        actions=[(kind, _words(visit.words, kind, visit.session.name)) for kind in offered.actions],
        takes_code=bool(typed.code) or any(one.code_digits for one in shown),
        note_required=policy.note_required,
        photo_required=policy.photo_required,
        photos=photos,
        may_locate=True,
        event_id=typed.event if refusal is not None and is_id(typed.event) else str(uuid7()),
        just=event_lines(visit.words, tuple(just), places),
        may_undo=any(not row.cancelled and now - parse_utc(row.received) <= entering.UNDO for row in just),
        done=done,
        good=_sentences(visit.words).get(done, ""),
    )


def _once(places: list[LocationView]) -> list[LocationView]:
    return list({one.location_id: one for one in places}.values())[: _OFFERED + 1]


def _words(words: Words, kind: AttendanceKind, name: str) -> str:
    _ = words
    return {
        "check_in": _("Check in %(name)s", name=name),
        "check_out": _("Check out %(name)s", name=name),
        "break_start": _("Begin a break"),
        "break_end": _("End the break"),
    }[kind]


def _sentences(words: Words) -> dict[str, str]:
    _ = words
    return {
        "undone": _("It was undone. It stays in your list, marked, and counts no more."),
        "kept": _("It was too late to undo it: that is possible for 60 seconds. Ask for a correction instead."),
    }


routes = [check_in_page, press, undo]
