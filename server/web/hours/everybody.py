"""The timesheets of those in a manager's care: a month of everybody, and one person's in full."""

from datetime import date
from typing import Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from rules.timesheets import SessionHours
from server import access
from server.accounts import members
from server.attendance.worksheets import timesheet, timesheets
from server.web.hours.sheet import period, sheet, span_text, today_of
from server.web.places import Places
from server.web.times import day_words
from server.web.visit import Visit


class PersonLine(msgspec.Struct, frozen=True, kw_only=True):
    """One person's month."""

    member_id: str
    name: str
    seconds: int
    sessions: int
    days: int
    unended: int


@get("/attendance/timesheets", sync_to_thread=True)
def timesheets_page(visit: NamedDependency[Visit], on: FromQuery[str] = "") -> Response[Any]:
    """A month, a line each."""
    visit.require_manager()
    with visit.write() as t:
        chosen = period("month", f"{on}-01" if len(on) == 7 else on, today_of(t))
        people = members.list_visible(t, visit.actor)
        names = {one.member_id: one.name for one in people}
        found = dict(timesheets(t, list(names), chosen.first, chosen.last))
        access.record(t, visit.actor, "list", "timesheets", "", detail=chosen.first.isoformat()[:7])
        now = t.now
    lines = [_line(member_id, names[member_id], own) for member_id, own in found.items()]
    return visit.page(
        "timesheets.html",
        now=now,
        lines=lines,
        without=[one.name for one in people if one.active and one.member_id not in found],
        seconds=sum(one.seconds for one in lines),
        period=chosen,
        span=lambda seconds: span_text(visit.words, seconds),
    )


@get("/attendance/timesheets/{member_id:str}", sync_to_thread=True)
def person_timesheet(
    visit: NamedDependency[Visit],
    member_id: FromPath[str],
    view: FromQuery[str] = "month",
    on: FromQuery[str] = "",
) -> Response[Any]:
    """One person's, as they see their own."""
    visit.require_manager()
    words = visit.words
    with visit.write() as t:
        line = members.find(t, visit.actor, member_id)
        places = Places.of(t)
        chosen = period(view, on, today_of(t))
        found = sheet(words, places, timesheet(t, member_id, chosen.first, chosen.last))
        access.record(t, visit.actor, "view", "timesheet", member_id, subject_id=member_id)
        now = t.now
    return visit.page(
        "timesheet.html",
        now=now,
        name=line.name,
        member_id=member_id,
        period=chosen,
        sheet=found,
        span=lambda seconds: span_text(words, seconds),
        day_text=lambda day: day_words(words, day),
        own=False,
        running="",
    )


def _line(member_id: str, name: str, found: tuple[SessionHours, ...]) -> PersonLine:
    days: set[date] = {portion.day for one in found for portion in one.portions}
    return PersonLine(
        member_id=member_id,
        name=name,
        seconds=sum(one.seconds for one in found),
        sessions=len(found),
        days=len(days),
        unended=sum(not one.ended for one in found),
    )


routes = [timesheets_page, person_timesheet]
