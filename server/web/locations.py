"""Locations, for admins: adding, renaming, closing."""

import zoneinfo
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from server.locations import places
from server.problems import ProblemError
from server.storage.database import Transaction
from server.web.session import Form
from server.web.visit import Visit
from server.web.words import Words


@get("/locations", sync_to_thread=True)
def locations_page(visit: NamedDependency[Visit], done: FromQuery[str] = "") -> Response[Any]:
    """Every location, and the form for a new one."""
    visit.require_admin()
    return _page(visit, done=done)


@post("/locations", sync_to_thread=True)
def add_location(visit: NamedDependency[Visit], signed_form: NamedDependency[Form]) -> Response[Any]:
    """Add one."""
    name, zone, address = (signed_form.one(field) for field in ("name", "zone", "address"))
    return _changed(
        visit,
        lambda t: places.add(t, visit.actor, name=name, zone=zone.strip(), address=address),
        "added",
        signed_form,
    )


@post("/locations/{location_id:str}", sync_to_thread=True)
def describe_location(
    visit: NamedDependency[Visit], signed_form: NamedDependency[Form], location_id: FromPath[str]
) -> Response[Any]:
    """Give it another name, zone or address."""
    name, zone, address = (signed_form.one(field) for field in ("name", "zone", "address"))
    return _changed(
        visit,
        lambda t: places.describe(t, visit.actor, location_id, name=name, zone=zone.strip(), address=address),
        "described",
        signed_form,
        location_id,
    )


@post("/locations/{location_id:str}/active", sync_to_thread=True)
def open_or_close_location(
    visit: NamedDependency[Visit], signed_form: NamedDependency[Form], location_id: FromPath[str]
) -> Response[Any]:
    """Offer it for checking in, or no longer."""
    active = signed_form.one("active") == "yes"
    return _changed(
        visit,
        lambda t: places.set_active(t, visit.actor, location_id, active=active),
        "opened" if active else "closed",
    )


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """The zones by region and city that this server knows."""
    regions = ("Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Europe/")
    more = ("Indian/", "Pacific/")
    return tuple(sorted(name for name in zoneinfo.available_timezones() if name.startswith(regions + more)))


def _changed(
    visit: Visit,
    change: Callable[[Transaction], object],
    done: str,
    typed: Form | None = None,
    location_id: str = "",
) -> Response[Any]:
    """`typed` is shown again when it was refused: for the location it was about, or as the new one."""
    visit.require_admin()
    try:
        with visit.write() as t:
            change(t)
    except ProblemError as refusal:
        if refusal.problem.status == 404:
            raise
        return _page(visit, refusal=refusal, typed=typed, about=location_id)
    return Redirect(f"/locations?done={done}", status_code=303)


def _page(
    visit: Visit,
    *,
    done: str = "",
    refusal: ProblemError | None = None,
    typed: Form | None = None,
    about: str = "",
) -> Response[Any]:
    with visit.read() as t:
        found = places.list_all(t)
    return visit.page(
        "locations.html",
        refusal=refusal,
        locations=found,
        zones=zone_names(),
        about=about,
        typed=typed or Form({}),
        new=typed if typed is not None and not about else Form({}),
        good=_sentences(visit.words).get(done, ""),
    )


def _sentences(words: Words) -> dict[str, str]:
    _ = words
    return {
        "added": _("The location was added. It is offered in the app from the next time it connects."),
        "described": _("The location was changed."),
        "closed": _("The location was closed. It is no longer offered; what was recorded there stays."),
        "opened": _("The location is offered again."),
    }


routes = [locations_page, add_location, describe_location, open_or_close_location]
