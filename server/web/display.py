"""Light or dark, and the language: chosen by the person, else as the browser has it."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect

from server.settings import Settings
from server.web import cookies
from server.web.choices import choices_of, keep, shown_of
from server.web.rendering import page, words_of
from server.web.session import Form, Session, WebRequest
from server.web.words import languages, name_of, words_for


@get("/display", sync_to_thread=True)
def display_page(
    request: WebRequest,
    settings: NamedDependency[Settings],
    visitor: NamedDependency[Session | None],
    done: FromQuery[str] = "",
) -> Response[Any]:
    """The form."""
    words = words_of(request)
    by_browser = words_for(request.headers.get("accept-language", "")).language
    return page(
        request,
        "display.html",
        session=visitor,
        good=words("Your choice is kept in this browser.") if done else "",
        shown=shown_of(request.cookies, settings),
        languages=[(one, name_of(one)) for one in languages()],
        by_browser=name_of(by_browser),
        lasting=choices_of(request.cookies, settings).lasting,
        lasts=cookies.lifetime(words, cookies.THEME),
    )


@post("/display", sync_to_thread=True)
def choose_display(
    request: WebRequest, settings: NamedDependency[Settings], own_form: NamedDependency[Form]
) -> Response[None]:
    """Keep what was chosen; where that is what the browser says anyway, keep nothing."""
    wanted = {
        cookies.THEME.name(secure=settings.secure): own_form.one("theme"),
        cookies.LANGUAGE.name(secure=settings.secure): own_form.one("language"),
    }
    shown = shown_of(wanted, settings)
    kept = keep(request.cookies, settings, choices_of(request.cookies, settings), shown)
    return Redirect("/display?done=chosen", status_code=303, cookies=kept)


routes = [display_page, choose_display]
