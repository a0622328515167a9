"""One location, for admins: what it is called and known by, its code, its screens, and the sheet to hang up there."""

from collections.abc import Callable
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from rules.location_code import DIGITS
from rules.places import LEAST_RADIUS_M, MOST_RADIUS_M
from server.locations import codes, places, screens
from server.locations.described import Known
from server.problems import ProblemError
from server.settings import Settings
from server.storage.database import Transaction
from server.web.qr import qr
from server.web.session import Form
from server.web.visit import Visit
from server.web.words import Words
from server.web.zones import zone_names

KNOWN_FIELDS = ("spot", "radius", "networks", "gateways")


@get("/locations/{location_id:str}", sync_to_thread=True)
def location_page(
    visit: NamedDependency[Visit], location_id: FromPath[str], done: FromQuery[str] = ""
) -> Response[Any]:
    """All that is set of it."""
    visit.require_admin()
    return _page(visit, location_id, done=done)


@post("/locations/{location_id:str}", sync_to_thread=True)
def describe_location(
    visit: NamedDependency[Visit], signed_form: NamedDependency[Form], location_id: FromPath[str]
) -> Response[Any]:
    """Say anew what it is called and known by."""
    name, zone, address = (signed_form.one(field) for field in ("name", "zone", "address"))
    return _changed(
        visit,
        location_id,
        lambda t: places.describe(
            t, visit.actor, location_id, name=name, zone=zone.strip(), address=address, known=known(signed_form)
        ),
        "described",
        signed_form,
    )


@post("/locations/{location_id:str}/active", sync_to_thread=True)
def open_or_close_location(
    visit: NamedDependency[Visit], signed_form: NamedDependency[Form], location_id: FromPath[str]
) -> Response[Any]:
    """Offer it for checking in, or no longer."""
    active = signed_form.one("active") == "yes"
    return _changed(
        visit,
        location_id,
        lambda t: places.set_active(t, visit.actor, location_id, active=active),
        "opened" if active else "closed",
    )


@post("/locations/{location_id:str}/code", sync_to_thread=True)
def change_code(
    visit: NamedDependency[Visit], signed_form: NamedDependency[Form], location_id: FromPath[str]
) -> Response[Any]:
    """Give it a code with a new seed, or take it away."""
    digits = signed_form.one("digits")
    if digits == "0":
        return _changed(visit, location_id, lambda t: codes.turn_off(t, visit.actor, location_id), "code-off")
    wished = int(digits) if digits in map(str, DIGITS) else -1
    return _changed(visit, location_id, lambda t: codes.turn_on(t, visit.actor, location_id, wished), "code-on")


@post("/locations/{location_id:str}/screens", sync_to_thread=True)
def make_screen(
    visit: NamedDependency[Visit],
    signed_form: NamedDependency[Form],
    settings: NamedDependency[Settings],
    location_id: FromPath[str],
) -> Response[Any]:
    """Make a screen. Its address is shown in this answer and kept nowhere, so there is no page to redirect to."""
    visit.require_admin()
    kind = signed_form.one("kind")
    try:
        with visit.write() as t:
            token = screens.make(t, visit.actor, location_id, kind, signed_form.one("name"))
    except ProblemError as refusal:
        if refusal.problem.status == 404:
            raise
        return _page(visit, location_id, refusal=refusal)
    path = "screen" if kind == "code" else "kiosk"
    return _page(visit, location_id, made=f"{settings.public_url}/{path}/{token}")


@post("/locations/{location_id:str}/screens/{screen_id:str}/end", sync_to_thread=True)
def end_screen(
    visit: NamedDependency[Visit],
    signed_form: NamedDependency[Form],  # noqa: ARG001 (asking for it is the check of its token)
    location_id: FromPath[str],
    screen_id: FromPath[str],
) -> Response[Any]:
    """Take it back."""
    return _changed(visit, location_id, lambda t: screens.take_back(t, visit.actor, screen_id), "screen-ended")


@get("/locations/{location_id:str}/sheet", sync_to_thread=True)
def location_sheet(
    visit: NamedDependency[Visit], settings: NamedDependency[Settings], location_id: FromPath[str]
) -> Response[Any]:
    """The sheet to print and hang up: name and links, and no code."""
    visit.require_admin()
    with visit.read() as t:
        place = places.location_view(places.find(t, location_id))
    link, address = check_in_link(location_id), check_in_address(settings, location_id)
    return visit.page("location_sheet.html", place=place, link=link, link_qr=qr(link), web=address, web_qr=qr(address))


def check_in_link(location_id: str, code: str = "") -> str:
    """What opens the app with this place chosen; a person still presses."""
    return f"miratag://check-in?location={location_id}" + (f"&code={code}" if code else "")


def check_in_address(settings: Settings, location_id: str, code: str = "") -> str:
    """The same as a page of this server, for whoever has no app at hand: a phone, above all."""
    return f"{settings.public_url}/check-in?location={location_id}" + (f"&code={code}" if code else "")


def known(form: Form) -> Known:
    """What was typed of what the place is known by."""
    return Known(**{field: form.one(field) for field in KNOWN_FIELDS})


def _changed(
    visit: Visit, location_id: str, change: Callable[[Transaction], object], done: str, typed: Form | None = None
) -> Response[Any]:
    visit.require_admin()
    try:
        with visit.write() as t:
            change(t)
    except ProblemError as refusal:
        if refusal.problem.status == 404:
            raise
        return _page(visit, location_id, refusal=refusal, typed=typed)
    return Redirect(f"/locations/{location_id}?done={done}", status_code=303)


def _page(
    visit: Visit,
    location_id: str,
    *,
    done: str = "",
    refusal: ProblemError | None = None,
    typed: Form | None = None,
    made: str = "",
) -> Response[Any]:
    with visit.read() as t:
        place = places.location_view(places.find(t, location_id))
        standing, now = screens.list_of(t, location_id), t.now
    shown = {
        "name": place.name,
        "zone": place.zone,
        "address": place.address,
        "spot": "" if place.latitude is None else f"{place.latitude}, {place.longitude}",
        "radius": "" if place.radius_m is None else str(place.radius_m),
        "networks": "\n".join(place.networks),
        "gateways": "\n".join(place.gateways),
    }
    return visit.page(
        "location.html",
        refusal=refusal,
        now=now,
        place=place,
        shown={field: typed.one(field) for field in shown} if typed else shown,
        zones=zone_names(),
        digits=DIGITS,
        least=LEAST_RADIUS_M,
        most=MOST_RADIUS_M,
        screens=standing,
        made=made,
        good=_sentences(visit.words).get(done, ""),
    )


def _sentences(words: Words) -> dict[str, str]:
    _ = words
    return {
        "added": _("The location was added. It is offered in the app from the next time it connects."),
        "described": _("The location was changed."),
        "closed": _("The location was closed. It is no longer offered; what was recorded there stays."),
        "opened": _("The location is offered again."),
        "code-on": _("The location has a new code. Open a code screen there, so that people can read it."),
        "code-off": _("The location has no code any more."),
        "screen-ended": _("The screen was taken back. Its address opens nothing any more."),
    }


routes = [
    location_page,
    describe_location,
    open_or_close_location,
    change_code,
    make_screen,
    end_screen,
    location_sheet,
]
