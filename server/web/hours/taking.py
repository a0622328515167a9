"""Attendance and timesheets taken away as a file: those in a manager's care, or a person's own."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Stream

from rules.clock import format_utc, parse_utc
from rules.zones import zone_of
from server import access
from server.accounts import members
from server.attendance.reading import EventFilter, EventRow, list_events
from server.attendance.worksheets import timesheets
from server.exports.columns import Cell
from server.exports.object_list import write_json
from server.exports.text_table import write_csv
from server.exports.workbook import Table, write_xlsx
from server.outgoing import Download
from server.problems import ProblemError, problem
from server.storage.database import Transaction
from server.web.exporting import check_time, in_turn, time_limit, turns
from server.web.places import Places
from server.web.session import Form
from server.web.visit import Visit
from server.web.words import Words

_LONGEST = 366
_PAGE = 500
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


class HoursRow(msgspec.Struct, frozen=True, kw_only=True):
    """What one session counts for on one day; `seconds` None and `end` None where it has no end. Times are RFC 3339 in
    UTC, `zone` is whose days these are."""

    member_id: str
    person: str
    day: str
    start: str
    end: str | None
    zone: str
    location_id: str | None
    location: str | None
    seconds: int | None
    break_seconds: int
    overlapping_seconds: int
    check_in_id: str


class EntryRow(msgspec.Struct, frozen=True, kw_only=True):
    """One entry as it was recorded, with what is said of it. Times as of `HoursRow`."""

    event_id: str
    member_id: str
    person: str
    kind: str
    at: str
    zone: str
    location_id: str | None
    location: str | None
    note: str
    reason: str
    method: str
    clock: str
    received: str
    check_in_id: str | None
    superseded_by: str | None
    cancelled: bool
    held: str | None
    entered_by: str
    flags: tuple[str, ...]
    sentences: tuple[str, ...]


Row = HoursRow | EntryRow
_Column = tuple[str, int, Callable[[Any], Cell]]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be taken: the hours or the entries, of which days (both included), of whom."""

    what: str
    first: date
    last: date
    own: bool


@get("/attendance/export", sync_to_thread=True)
def take_page(visit: NamedDependency[Visit]) -> Response[Any]:
    """The form, for those in the reader's care."""
    visit.require_manager()
    return _page(visit, own=False)


@post("/attendance/export", sync_to_thread=True, status_code=200)
def take(visit: NamedDependency[Visit], signed_form: NamedDependency[Form]) -> Response[Any]:
    """The file. Who took what is in the access log before the first byte goes."""
    visit.require_manager()
    return _taken(visit, signed_form, own=False)


@get("/me/time/export", sync_to_thread=True)
def take_own_page(visit: NamedDependency[Visit]) -> Response[Any]:
    """The form, for the person's own."""
    return _page(visit, own=True)


@post("/me/time/export", sync_to_thread=True, status_code=200)
def take_own(visit: NamedDependency[Visit], signed_form: NamedDependency[Form]) -> Response[Any]:
    """The file with the person's own."""
    return _taken(visit, signed_form, own=True)


def _taken(visit: Visit, form: Form, *, own: bool) -> Response[Any]:
    kind = form.one("kind")
    try:
        wanted = _wanted(form, own=own)
        if kind not in _TYPES:
            detail = "Choose one of the kinds of file, then press again."
            raise problem("unknown-kind", 400, "Unknown kind of file", detail)
        if not visit.session.confirmed:
            visit.require_password(form.one("current"))
        turns.check(visit.actor.member_id)
    except ProblemError as refusal:
        return _page(visit, own=own, refusal=refusal, typed=form)
    with visit.write() as t:
        told = {"kind": kind, "first": wanted.first.isoformat(), "last": wanted.last.isoformat()}
        subject = visit.actor.member_id if own else None
        access.record(t, visit.actor, "export", wanted.what, "", subject_id=subject, detail=urlencode(told))
    name = f"miratag-{'attendance' if wanted.what == 'events' else 'timesheets'}-{wanted.first}-{wanted.last}.{kind}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    content = in_turn(visit.actor.member_id, _content(visit, wanted, kind))
    return Stream(Download(visit.request, content), media_type=_TYPES[kind], headers=headers)


def _content(visit: Visit, wanted: Wanted, kind: str) -> Iterator[bytes]:
    if kind == "json":
        return write_json(_rows(visit, wanted))
    columns = _entry_columns(visit.words) if wanted.what == "events" else _hour_columns(visit.words)
    cells = ([cell(one) for _name, _width, cell in columns] for one in _rows(visit, wanted))
    if kind == "csv":
        return write_csv([name for name, _width, _cell in columns], cells)
    sheet = visit.words("Entries") if wanted.what == "events" else visit.words("Timesheets")
    table = Table(sheet, [(name, width) for name, width, _cell in columns], cells)
    cut = visit.words("Texts that were too long for a cell and are cut here; CSV and JSON have them.")
    return write_xlsx([table], cut)


def _rows(visit: Visit, wanted: Wanted) -> Iterator[Row]:
    """All of one moment. The time limit breaks the download off, so that nobody takes a part for the whole."""
    with visit.read() as t:
        until = time_limit(t)
        found = _entries(t, visit, wanted) if wanted.what == "events" else _hours(t, visit, wanted)
        for one in found:
            check_time(visit, until)
            yield one


def _hours(t: Transaction, visit: Visit, wanted: Wanted) -> Iterator[HoursRow]:
    places = Places.of(t)
    own = visit.actor.member_id
    people = [one for one in members.list_visible(t, visit.actor) if not wanted.own or one.member_id == own]
    names = {one.member_id: one.name for one in people}
    for member_id, found in timesheets(t, list(names), wanted.first, wanted.last):
        for one in found:
            session = one.session
            place = places.by_id.get(session.location_id or "")
            days: list[tuple[date, int | None]] = [(portion.day, portion.seconds) for portion in one.portions]
            for day, seconds in days or [(one.day, 0 if one.ended else None)]:
                yield HoursRow(
                    member_id=member_id,
                    person=names[member_id],
                    day=day.isoformat(),
                    start=format_utc(session.start),
                    end=None if session.end is None else format_utc(session.end),
                    zone=session.zone,
                    location_id=session.location_id,
                    location=place.name if place else None,
                    seconds=seconds,
                    break_seconds=one.break_seconds,
                    overlapping_seconds=one.overlapping_seconds,
                    check_in_id=session.check_in_id,
                )


def _entries(t: Transaction, visit: Visit, wanted: Wanted) -> Iterator[EntryRow]:
    """Those whose day, by the clocks of their place, is one of these."""
    places = Places.of(t)
    day_before = datetime.combine(wanted.first, time(), UTC) - timedelta(days=1)
    day_after = datetime.combine(wanted.last, time(), UTC) + timedelta(days=2)
    asked = EventFilter(
        member_id=visit.actor.member_id if wanted.own else None,
        since=format_utc(day_before),
        until=format_utc(day_after),
    )
    after: str | None = None
    while True:
        page = list_events(t, visit.actor, asked, after, _PAGE)
        for row in page.rows:
            zone = places.zone(row.location_id, row.zone)
            if wanted.first <= parse_utc(row.at).astimezone(zone_of(zone, row.offset_minutes)).date() <= wanted.last:
                yield _entry(visit.words, row, zone)
        after = page.after
        if after is None:
            return


def _entry(words: Words, row: EventRow, zone: str) -> EntryRow:
    plain = {name: getattr(row, name) for name in EntryRow.__struct_fields__ if hasattr(row, name)}
    derived = {
        "person": row.member_name,
        "zone": zone,
        "location": row.location_name,
        "clock": row.grade,
        "entered_by": row.by,
        "sentences": tuple(words(sentence) for sentence in row.sentences),
    }
    return EntryRow(**{**plain, **derived})


def _wall(at: str | None, zone: str) -> datetime | None:
    return None if at is None else parse_utc(at).astimezone(zone_of(zone)).replace(tzinfo=None)


def _hour_columns(words: Words) -> list[_Column]:
    _ = words
    return [
        (_("Person"), 20, lambda one: one.person),
        (_("Day"), 12, lambda one: one.day),
        (_("From, at the place"), 18, lambda one: _wall(one.start, one.zone)),
        (_("To, at the place"), 18, lambda one: _wall(one.end, one.zone)),
        (_("Location"), 20, lambda one: one.location or _("Elsewhere")),
        (_("Hours counted"), 10, lambda one: None if one.seconds is None else round(one.seconds / 3600, 4)),
        (_("Seconds counted"), 10, lambda one: one.seconds),
        (_("Seconds of breaks"), 10, lambda one: one.break_seconds),
        (_("Seconds counted elsewhere"), 10, lambda one: one.overlapping_seconds),
        (_("Time zone"), 16, lambda one: one.zone),
        (_("From (UTC)"), 22, lambda one: one.start),
        (_("To (UTC)"), 22, lambda one: one.end),
        (_("Session id"), 38, lambda one: one.check_in_id),
    ]


def _entry_columns(words: Words) -> list[_Column]:
    _ = words
    return [
        (_("Person"), 20, lambda one: one.person),
        (_("What"), 12, lambda one: one.kind),
        (_("When, at the place"), 18, lambda one: _wall(one.at, one.zone)),
        (_("Location"), 20, lambda one: one.location),
        (_("Note"), 30, lambda one: one.note),
        (_("What is said of it"), 40, lambda one: "\n".join(one.sentences)),
        (_("Reason"), 30, lambda one: one.reason),
        (_("Entered by"), 20, lambda one: one.entered_by),
        (_("Undone"), 8, lambda one: _("yes") if one.cancelled else ""),
        (_("Closed day"), 10, lambda one: one.held or ""),
        (_("How chosen"), 10, lambda one: one.method),
        (_("Clock"), 10, lambda one: one.clock),
        (_("Time zone"), 16, lambda one: one.zone),
        (_("When (UTC)"), 22, lambda one: one.at),
        (_("Received (UTC)"), 22, lambda one: one.received),
        (_("Entry id"), 38, lambda one: one.event_id),
        (_("Session id"), 38, lambda one: one.check_in_id),
        (_("Corrected by entry"), 38, lambda one: one.superseded_by),
    ]


def _wanted(form: Form, *, own: bool) -> Wanted:
    try:
        first, last = date.fromisoformat(form.one("first")), date.fromisoformat(form.one("last"))
        fits = first <= last and (last - first).days <= _LONGEST and first.year > 1969 and last.year < 9000
    except ValueError:
        fits = False
    if not fits:
        detail = "Give the first and the last day, at most a year apart."
        raise problem("bad-days", 400, "These days cannot be exported", detail, field="days")
    return Wanted(what="events" if form.one("what") == "events" else "timesheets", first=first, last=last, own=own)


def _page(visit: Visit, *, own: bool, refusal: ProblemError | None = None, typed: Form | None = None) -> Response[Any]:
    today = visit.database.now().date()
    return visit.page(
        "take_time.html",
        refusal=refusal,
        own=own,
        back="/me/time" if own else "/attendance",
        action="/me/time/export" if own else "/attendance/export",
        typed=typed or Form({}),
        first=today.replace(day=1).isoformat(),
        last=today.isoformat(),
        ask_password=not visit.session.confirmed,
    )


routes = [take_page, take, take_own_page, take_own]
