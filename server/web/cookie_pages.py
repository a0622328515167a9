"""The page of cookies: which there are, which are here, and what becomes of them."""

from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect

from server.logs import visits
from server.settings import Settings
from server.web import cookies
from server.web.choices import choices_of, keep, shown_of
from server.web.optional import Standing, Which, standing_of
from server.web.rendering import page, words_of
from server.web.session import Form, Session, WebRequest, local_path
from server.web.spans import span
from server.web.words import Words
from telemetry.catalog.page_events import PAGE_EVENTS

_ALL = "all"


class CookieLine(msgspec.Struct, frozen=True, kw_only=True):
    """One cookie, as the page tells it. `here`: this browser brought it."""

    stem: str
    name: str
    purpose: str
    when: str
    lifetime: str
    here: bool
    is_session: bool


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a visitor can allow. `events`: what is counted, with the fields, by the catalog; `rules`: the
    address of somebody else's own rules."""

    which: Which
    name: str
    sentences: tuple[str, ...]
    chosen: bool
    events: tuple[tuple[str, tuple[str, ...]], ...] = ()
    rules: str = ""
    rules_name: str = ""


@get("/cookies", sync_to_thread=True)
def cookies_page(
    request: WebRequest,
    settings: NamedDependency[Settings],
    visitor: NamedDependency[Session | None],
    done: FromQuery[str] = "",
) -> Response[Any]:
    """Every cookie there can be, and whether it is here."""
    _ = words_of(request)
    standing = standing_of(request.cookies, request.headers, settings)
    sentences = {
        "chosen": _("Your choice is kept in this browser."),
        "deleted": _("Deleted. It comes back only if you do again what it is for."),
        "blocked": _("From now on every cookie goes when the browser closes."),
        "lasting": _("What you choose is remembered after the browser was closed, for as long as it says below."),
    }
    return page(
        request,
        "cookies.html",
        session=visitor,
        good=sentences.get(done, ""),
        cookies=cookie_lines(_, request.cookies, settings),
        choices=standing.choices,
        offered=[offer(_, which, standing) for which in standing.offered],
        refusal=standing.refusal,
    )


@post("/cookies/delete", sync_to_thread=True)
def delete_cookies(
    request: WebRequest, settings: NamedDependency[Settings], own_form: NamedDependency[Form]
) -> Response[None]:
    """Take one away, or all; but for the sign-in, which signing out ends here and on the server."""
    which = own_form.one("which")
    gone = [
        one
        for one in cookies.EVERY
        if one != cookies.SESSION and which in {one.stem, _ALL} and cookies.read(request.cookies, one, settings)
    ]
    taken = [cookies.take_away(one, settings) for one in gone]
    return Redirect("/cookies?done=deleted", status_code=303, cookies=taken)


@post("/cookies/lasting", sync_to_thread=True)
def choose_lasting(
    request: WebRequest, settings: NamedDependency[Settings], own_form: NamedDependency[Form]
) -> Response[None]:
    """Whether cookies may outlive the browser window: those that are here follow at once."""
    chosen = msgspec.structs.replace(choices_of(request.cookies, settings), lasting=own_form.one("lasting") == "yes")
    kept = keep(request.cookies, settings, chosen, shown_of(request.cookies, settings))
    done = "lasting" if chosen.lasting else "blocked"
    return Redirect(f"/cookies?done={done}", status_code=303, cookies=kept)


@post("/cookies/choices", sync_to_thread=True)
def choose(request: WebRequest, settings: NamedDependency[Settings], own_form: NamedDependency[Form]) -> Response[None]:
    """What may be done that nobody needs: all of it or none, as the notice asks, or one by one."""
    standing = standing_of(request.cookies, request.headers, settings)
    of_all = {"allow": "yes", "needed": "no"}.get(own_form.one("answer"), "")
    said = {which: of_all or own_form.one(which) for which in standing.offered}
    chosen = {which: answer == "yes" for which, answer in said.items() if answer in {"yes", "no"}}
    kept = keep(
        request.cookies,
        settings,
        msgspec.structs.replace(standing.choices, **chosen),
        shown_of(request.cookies, settings),
    )
    back = local_path(own_form.one("return_to")) or "/cookies?done=chosen#choices"
    return Redirect(back, status_code=303, cookies=kept)


@get("/.well-known/gpc.json", sync_to_thread=False)
def gpc_support() -> dict[str, Any]:
    """That Global Privacy Control is honoured, as https://www.w3.org/TR/gpc/ has it said."""
    return {"gpc": True, "lastUpdate": "2026-11-25"}


def offer(words: Words, which: Which, standing: Standing) -> Offer:
    """One thing that can be allowed, with all there is to know about it."""
    _ = words
    chosen = getattr(standing.choices, which) is True
    if which == "visits":
        return Offer(
            which=which,
            name=_("Counting visits"),
            sentences=(
                _(
                    "Which public page was opened, whether scripts run, and how long it took to load, rounded. A "
                    "number on this server goes up by one: of you, your address, the time of day or another visit "
                    "nothing is kept."
                ),
                _("The numbers are kept for %(span)s. Nobody else gets them.", span=span(words, visits.LONGEST)),
            ),
            events=tuple((name, tuple(field.name for field in one.fields)) for name, one in PAGE_EVENTS.items()),
            chosen=chosen,
        )
    return Offer(
        which=which,
        name=_("Google Analytics"),
        sentences=(
            _(
                "These pages then load a script of Google: the first page, privacy, cookies and contact. Google learns "
                "your address, your browser and screen, and which of these pages you open. How long it keeps that, its "
                "own rules say."
            ),
            _(
                "The script runs in a frame that can neither read these pages nor keep a cookie. It is never loaded "
                "where a password is typed."
            ),
        ),
        rules="https://policies.google.com/privacy",
        rules_name=_("Google's privacy policy"),
        chosen=chosen,
    )


def cookie_lines(words: Words, brought: dict[str, str], settings: Settings) -> list[CookieLine]:
    """Every cookie that these pages set."""
    return [
        CookieLine(
            stem=one.stem,
            name=one.name(secure=settings.secure),
            purpose=cookies.purpose(words, one),
            when=cookies.when_set(words, one),
            lifetime=cookies.lifetime(words, one),
            here=bool(cookies.read(brought, one, settings)),
            is_session=one == cookies.SESSION,
        )
        for one in cookies.EVERY
    ]


routes = [cookies_page, choose, delete_cookies, choose_lasting, gpc_support]
