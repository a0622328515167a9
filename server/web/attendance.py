"""Who is in, and what was recorded."""

from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from rules.evidence import SAID_BY_EVIDENCE, evidence_sentences
from server import access
from server.accounts import members
from server.attendance.looking import Looked, mark_looked, take_look_back
from server.attendance.photos import Photo
from server.attendance.reading import EventFilter, EventRow, Present, list_events, present_members
from server.bounds import is_id
from server.problems import ProblemError
from server.web.places import Places
from server.web.session import Form
from server.web.visit import Visit
from server.web.words import Words

_WAITS = frozenset({"closed_waiting", "undo_waits"})
"""Flags of what is decided about on another page."""


class PresentLine(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is in; `note` says where when it is at no location."""

    name: str
    location: str
    note: str
    since: str
    zone: str
    on_break: bool


class EventLine(msgspec.Struct, frozen=True, kw_only=True):
    """One recorded event in words."""

    event_id: str
    kind_text: str
    member: str
    at: str
    zone: str
    offset_minutes: int
    location: str
    note: str
    evidence: str
    sentences: tuple[str, ...]
    reason: str
    cancelled: bool
    superseded: bool
    needs_end: bool
    look: bool
    to_look: bool
    looked: Looked | None
    waits: bool
    photos: tuple[Photo, ...]


@get("/attendance", sync_to_thread=True)
def attendance_page(
    visit: NamedDependency[Visit],
    *,
    location: FromQuery[str] = "",
    person: FromQuery[str] = "",
    look: FromQuery[str] = "",
    after: FromQuery[str] = "",
    done: FromQuery[str] = "",
) -> Response[Any]:
    """The attendance of whom and what is in the reader's care."""
    visit.require_manager()
    return _page(visit, {"location": location, "person": person, "look": look, "after": after}, done=done)


@post("/attendance/events/{event_id:str}/look", sync_to_thread=True)
def look_at(
    visit: NamedDependency[Visit], signed_form: NamedDependency[Form], event_id: FromPath[str]
) -> Response[Any]:
    """Note that the reader looked at an entry, or take that back."""
    visit.require_manager()
    asked = {name: signed_form.one(name) for name in ("location", "person", "look", "after")}
    back = signed_form.one("do") == "back"
    try:
        with visit.write() as t:
            if back:
                take_look_back(t, visit.actor, event_id)
            else:
                mark_looked(t, visit.actor, event_id, signed_form.one("words"))
    except ProblemError as refusal:
        if refusal.problem.status == 404:
            raise
        return _page(visit, asked, refusal=refusal)
    query = urlencode({**{name: value for name, value in asked.items() if value}, "done": "back" if back else event_id})
    return Redirect(f"/attendance?{query}", status_code=303)


def _page(visit: Visit, asked: dict[str, str], *, done: str = "", refusal: ProblemError | None = None) -> Response[Any]:
    after = asked["after"]
    chosen = {name: value for name, value in asked.items() if value and name != "after"}
    wanted = EventFilter(
        member_id=asked["person"] or None, location_id=asked["location"] or None, look=bool(asked["look"])
    )
    with visit.write() as t:
        places = Places.of(t)
        present = present_members(t, visit.actor)
        events = list_events(t, visit.actor, wanted, after or None)
        people = members.list_visible(t, visit.actor)
        access.record(t, visit.actor, "list", "attendance", "")
        now = t.now
    _ = visit.words
    return visit.page(
        "attendance.html",
        refusal=refusal,
        now=now,
        good=_("It is in the list of what needs a look again.") if done == "back" else "",
        looked_at=done if is_id(done) else "",
        present=present_lines(present, places),
        events=event_lines(visit.words, events.rows, places),
        own_only=False,
        chosen=chosen,
        asked=asked,
        locations=places.choices(),
        people=people,
        older=f"/attendance?{urlencode({**chosen, 'after': events.after})}" if events.after else "",
        newer=f"/attendance?{urlencode(chosen)}" if after else "",
    )


def present_lines(present: tuple[Present, ...], places: Places) -> list[PresentLine]:
    """Who is in, by name."""
    return [
        PresentLine(
            name=one.member_name,
            location=one.location_name or "",
            note=one.note,
            since=one.since,
            zone=places.zone(one.location_id, one.zone),
            on_break=one.on_break,
        )
        for one in present
    ]


def event_lines(words: Words, rows: tuple[EventRow, ...], places: Places) -> list[EventLine]:
    """Events in words, in their order."""
    _ = words
    # A break or an end is where its check-in was, unless it says otherwise.
    where = {row.event_id: row for row in rows if row.kind == "check_in"}
    kinds = kind_names(words)
    return [
        EventLine(
            event_id=row.event_id,
            kind_text=kinds[row.kind],
            member=row.member_name,
            at=row.at,
            zone=places.zone(row.location_id or began.location_id, row.zone),
            offset_minutes=row.offset_minutes,
            location=row.location_name or ("" if row.note else began.location_name or ""),
            note=row.note or began.note or ("" if row.kind != "check_in" else _("Elsewhere")),
            evidence=_("Entered by %(name)s.", name=row.by) if row.by else evidence_text(words, row),
            sentences=tuple(
                _(sentence)
                for flag, sentence in zip(row.flags, row.sentences, strict=True)
                if flag not in SAID_BY_EVIDENCE
            ),
            look=row.needs_a_look,
            to_look=row.to_look,
            looked=row.looked,
            waits=row.needs_end or not _WAITS.isdisjoint(row.flags),
            photos=row.photos,
            reason=row.reason,
            cancelled=row.cancelled,
            superseded=row.superseded_by is not None,
            needs_end=row.needs_end,
        )
        for row in rows
        for began in (where.get(row.check_in_id or "", row),)
    ]


def kind_names(words: Words) -> dict[str, str]:
    """What each kind of entry is called."""
    _ = words
    return {
        "check_in": _("Check-in"),
        "check_out": _("Check-out"),
        "break_start": _("Break begun"),
        "break_end": _("Break ended"),
    }


def evidence_text(words: Words, row: EventRow) -> str:
    """How an event came about, in plain sentences and never as proof."""
    return " ".join(words(sentence) for sentence in evidence_sentences(row.evidence, row.grade))


routes = [attendance_page, look_at]
