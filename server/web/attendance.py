"""Who is in, and what was recorded."""

from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from rules.evidence import SAID_BY_EVIDENCE, evidence_sentences
from server import access
from server.accounts import members
from server.attendance.photos import Photo
from server.attendance.reading import EventFilter, EventRow, Present, list_events, present_members
from server.web.places import Places
from server.web.visit import Visit
from server.web.words import Words


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
    photos: tuple[Photo, ...]


@get("/attendance", sync_to_thread=True)
def attendance_page(
    visit: NamedDependency[Visit],
    *,
    location: FromQuery[str] = "",
    person: FromQuery[str] = "",
    look: FromQuery[str] = "",
    after: FromQuery[str] = "",
) -> Response[Any]:
    """The attendance of whom and what is in the reader's care."""
    visit.require_manager()
    chosen = {name: value for name, value in (("location", location), ("person", person), ("look", look)) if value}
    wanted = EventFilter(member_id=person or None, location_id=location or None, look=bool(look))
    with visit.write() as t:
        places = Places.of(t)
        present = present_members(t, visit.actor)
        events = list_events(t, visit.actor, wanted, after or None)
        people = members.list_visible(t, visit.actor)
        access.record(t, visit.actor, "list", "attendance", "")
        now = t.now
    return visit.page(
        "attendance.html",
        now=now,
        present=present_lines(present, places),
        events=event_lines(visit.words, events.rows, places),
        own_only=False,
        chosen=chosen,
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


routes = [attendance_page]
