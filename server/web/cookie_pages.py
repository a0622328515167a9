"""The page of cookies: which there are, which are here, and what becomes of them."""

from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect

from server.settings import Settings
from server.web import cookies
from server.web.choices import choices_of, keep, shown_of
from server.web.rendering import page, words_of
from server.web.session import Form, Session, WebRequest
from server.web.words import Words

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


@get("/cookies", sync_to_thread=True)
def cookies_page(
    request: WebRequest,
    settings: NamedDependency[Settings],
    visitor: NamedDependency[Session | None],
    done: FromQuery[str] = "",
) -> Response[Any]:
    """Every cookie there can be, and whether it is here."""
    _ = words_of(request)
    sentences = {
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
        choices=choices_of(request.cookies, settings),
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


routes = [cookies_page, delete_cookies, choose_lasting]
