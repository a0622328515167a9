"""A manager's first page: what needs them, who is in, what just came, what is still on its way."""

import math
from typing import Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency

from rules.clock import format_utc
from server import access
from server.attendance.asking import list_asks
from server.attendance.deciding import list_waiting, may_decide
from server.attendance.looking import count_looks, count_own_alone
from server.attendance.reading import EventFilter, EventRow, list_events, present_members
from server.member_data import requests
from server.reports.listing import ReportFilter, list_reports
from server.shifts.expecting import Missing, expected_members
from server.storage.database import Transaction
from server.web.attendance import PresentLine, present_lines
from server.web.my_privacy import policy_news
from server.web.places import Places
from server.web.reports import report_lines
from server.web.visit import Visit
from server.web.words import Words

_JUST_IN = 8
_ON_THE_WAY = 20
_MOST_NAMED = 20
"""Of what needs a look, the newest: those among them that need an end are named."""


class PlacePeople(msgspec.Struct, frozen=True):
    """Who is in at one location; the name is empty for those elsewhere."""

    name: str
    people: list[PresentLine]


class MissingLine(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody whose shift began at `since` and who has not come."""

    name: str
    shift: str
    since: str
    zone: str
    location: str


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that waits for a person's word."""

    title: str
    reason: str
    at: str
    zone: str


@get("/today", sync_to_thread=True)
def today_page(visit: NamedDependency[Visit]) -> Response[Any]:
    """Of whom and what is in the reader's care only."""
    visit.require_manager()
    with visit.write() as t:
        places = Places.of(t)
        shown = _care(visit, t, places) | _new(visit, t, places)
        access.record(t, visit.actor, "list", "today", "")
        news, now = policy_news(t, visit.actor), t.now
    return visit.page("today.html", now=now, news=news, **shown)


@get("/today/in", sync_to_thread=True)
def in_now(visit: NamedDependency[Visit]) -> Response[Any]:
    """What needs the reader, who is in and who is missing, for the open page to renew itself; that it was opened is on
    record already."""
    visit.require_manager()
    with visit.read() as t:
        shown = _care(visit, t, Places.of(t))
        now = t.now
    return visit.page("today_care.html", now=now, **shown)


@get("/today/new", sync_to_thread=True)
def just_in(visit: NamedDependency[Visit]) -> Response[Any]:
    """The same of what just came and what is on its way."""
    visit.require_manager()
    with visit.read() as t:
        shown = _new(visit, t, Places.of(t))
        now = t.now
    return visit.page("today_new.html", now=now, **shown)


def _care(visit: Visit, t: Transaction, places: Places) -> dict[str, Any]:
    """What today_care.html shows. A session without an end is named, and so not counted among the looks."""
    _ = visit.words
    events = list_events(t, visit.actor, EventFilter(look=True), limit=_MOST_NAMED)
    needs = _needs(visit.words, events.rows, places)
    open_asks, held = list_asks(t, visit.actor, state="asked").rows, list_waiting(t, visit.actor).rows
    owners = [one.member_id for one in open_asks] + [one.member_id for one in held]
    waiting = sum(may_decide(visit.actor, owner) for owner in owners)
    here = _here(visit, t, places)
    if needs or waiting:
        here["said"] += " " + _("Waiting for you: %(number)d.", number=len(needs) + waiting)
    return here | {
        "needs": needs,
        "looks": count_looks(t, visit.actor) - len(needs),
        "own": count_own_alone(t, visit.actor),
        "erasures": requests.waiting(t) if visit.session.is_admin else 0,
        "waiting": waiting,
    }


def _new(visit: Visit, t: Transaction, places: Places) -> dict[str, Any]:
    """What today_new.html shows."""
    reports = list_reports(t, visit.actor, limit=_JUST_IN)
    on_the_way = list_reports(t, visit.actor, ReportFilter(waiting=True), limit=_ON_THE_WAY)
    return {"reports": report_lines(reports.rows, places), "on_the_way": report_lines(on_the_way.rows, places)}


def _here(visit: Visit, t: Transaction, places: Places) -> dict[str, Any]:
    """What in_now.html shows."""
    _ = visit.words
    present = present_lines(present_members(t, visit.actor), places)
    expected = expected_members(t, visit.actor)
    wait = expected.changes - t.now if expected.changes is not None else None
    said = [_("In now: %(number)d.", number=len(present))]
    if expected.missing:
        said.append(_("Expected, not here: %(number)d.", number=len(expected.missing)))
    return {
        "places": _by_place(present),
        "present_count": len(present),
        "missing": missing_lines(expected.missing, places),
        "said": " ".join(said),
        "next_seconds": math.ceil(wait.total_seconds()) if wait is not None else None,
    }


def missing_lines(missing: tuple[Missing, ...], places: Places) -> list[MissingLine]:
    """Who is expected and has not come."""
    return [
        MissingLine(
            name=one.member_name,
            shift=one.shift.shift.name,
            since=format_utc(one.shift.start),
            zone=one.shift.shift.zone,
            location=known.name if (known := places.by_id.get(one.shift.shift.location_id or "")) else "",
        )
        for one in missing
    ]


def _by_place(present: list[PresentLine]) -> list[PlacePeople]:
    """Locations by name, elsewhere last."""
    found: dict[str, list[PresentLine]] = {}
    for one in present:
        found.setdefault(one.location, []).append(one)
    names = sorted(found, key=lambda name: (not name, name.casefold()))
    return [PlacePeople(name, found[name]) for name in names]


def _needs(words: Words, events: tuple[EventRow, ...], places: Places) -> list[Need]:
    _ = words
    return [
        Need(
            title=_("%(name)s: a check-in needs an end", name=row.member_name),
            reason=_(
                "Checked in at %(place)s and not out again before the next check-in. Ask them when they left.",
                place=row.location_name or row.note or _("elsewhere"),
            ),
            at=row.at,
            zone=places.zone(row.location_id, row.zone),
        )
        for row in events
        if row.needs_end and not row.cancelled
    ]


routes = [today_page, in_now, just_in]
