"""Refusals as pages: a title, what happened and what to do next, and never what went on inside."""

from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from litestar import Response
from litestar.response import Redirect

from protocol.problems import Problem
from server.accounts.rights import not_found
from server.web import cookies, rendering
from server.web.session import NoFormCookieError, WebRequest, form_cookie, local_path
from server.web.words import Words

NO_COOKIE = "cookies"
"""Why a form is shown again: it came without its cookie."""


def page(
    request: WebRequest, problem: Problem, headers: dict[str, str] | None = None, sentence: str = ""
) -> Response[str]:
    """The page for a problem: the hook for whoever answers a browser with a status of 400 or more. `sentence` is its
    detail, if that can be translated better than from the finished text."""
    words = rendering.words_of(request)
    title, detail = words(problem.title), words(sentence or problem.detail)
    if problem.status >= 500 or problem.title == HTTPStatus(problem.status).phrase:
        # Nothing but a status is known, so the sentence is one for readers of pages.
        title, detail = _sentences(words).get(problem.status, (title, detail))
    return rendering.page(
        request,
        "error.html",
        status=problem.status,
        headers=headers,
        session=request.state.get("visitor"),
        title=title,
        detail=detail,
    )


def on_sign_in_needed(request: WebRequest, _error: Exception) -> Response[None]:
    """The exception handler that sends a browser to sign in and brings it back to the page it asked for."""
    query = f"?{request.url.query}" if request.url.query else ""
    asked = {"return_to": request.url.path + query if request.method == "GET" else ""}
    if any(request.cookies.get(cookies.SESSION.name(secure=secure)) for secure in (True, False)):
        asked["because"] = "ended"
    return Redirect(f"/sign-in?{urlencode(asked)}", status_code=303)


def on_no_form_cookie(request: WebRequest, error: NoFormCookieError) -> Response[None]:
    """The exception handler that sets the cookie once more and looks whether it comes back, on the form's own page."""
    asked = {"because": NO_COOKIE, **({"return_to": error.return_to} if error.return_to else {})}
    again = form_cookie(request, rendering.settings_of(request))
    return Redirect(f"{error.path}?{urlencode(asked)}", status_code=303, cookies=[again])


def cookies_off(request: WebRequest) -> Response[str]:
    """The page for a browser that does not bring a cookie back: what to switch on, and what works without."""
    settings = rendering.settings_of(request)
    back = local_path(request.query_params.get("return_to", ""))
    needed = [one.name(secure=settings.secure) for one in (cookies.SESSION, cookies.FORM)]
    return rendering.page(
        request,
        "cookies_off.html",
        status=403,
        again=request.url.path + (f"?{urlencode({'return_to': back})}" if back else ""),
        host=urlsplit(settings.public_url).netloc,
        needed=needed,
    )


def on_impossible_name(request: WebRequest, _error: ValueError) -> Response[str]:
    """The exception handler of the files: a name with a NUL is refused by the operating system, not by the router."""
    return page(request, not_found("page").problem)


def _sentences(words: Words) -> dict[int, tuple[str, str]]:
    _ = words
    return {
        400: (
            _("Not understood"),
            _("The address or the form cannot be read. Go back, load the page again and repeat it."),
        ),
        403: (_("Not allowed"), _("This is not open to you. Ask an admin of your organization if it should be.")),
        404: (
            _("Nothing here"),
            _("There is no such page, or it is not open to you. Check the address, or start from the first page."),
        ),
        405: (_("Nothing here"), _("This address is not for opening directly. Start from the first page.")),
        410: (_("Gone"), _("What was here was removed and does not come back.")),
        413: (_("Too large"), _("What was sent is larger than this form takes. Shorten it and send it again.")),
        500: (
            _("Something went wrong here"),
            _(
                "The fault is on this server, not with you. Nothing that was received before is lost. Try again in a "
                "few minutes; if it stays, tell the operator under Contact."
            ),
        ),
        503: (_("Not available"), _("This server cannot answer right now. Try again in a minute.")),
    }
