"""Signing in and out in the browser, by password or by enrolment code."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect

from server.accounts import sign_in, web_sessions
from server.accounts.enrolment_password import redeem_for_password
from server.accounts.minting import Mint
from server.accounts.passwords import MIN_LENGTH
from server.policy_texts.reading import note_use
from server.problems import ProblemError
from server.settings import Settings
from server.storage.database import Actor, Database
from server.web import cookies
from server.web.errors import NO_COOKIE, cookies_off
from server.web.rendering import page, words_of
from server.web.session import (
    Form,
    Session,
    WebRequest,
    brought_form_cookie,
    form_cookie,
    local_path,
)
from server.web.words import Words


@get("/sign-in", sync_to_thread=True)
def sign_in_page(
    request: WebRequest,
    settings: NamedDependency[Settings],
    visitor: NamedDependency[Session | None],
    return_to: FromQuery[str] = "",
    because: FromQuery[str] = "",
) -> Response[Any]:
    """The form, or straight on for who is signed in already."""
    if visitor is not None:
        return Redirect(local_path(return_to) or visitor.first_page, status_code=303)
    if because == NO_COOKIE and not brought_form_cookie(request, settings):
        return cookies_off(request)
    _ = words_of(request)
    sentences = {
        NO_COOKIE: _no_cookie_sentence(_),
        "ended": _("Your sign-in has ended. Sign in again to go on where you were."),
        "password": _("The password was changed. Sign in with the new one."),
    }
    return _sign_in_form(request, settings, return_to=local_path(return_to), sentence=sentences.get(because, ""))


@post("/sign-in", sync_to_thread=True)
def sign_in_now(
    request: WebRequest,
    settings: NamedDependency[Settings],
    database: NamedDependency[Database],
    mint: NamedDependency[Mint],
    open_form: NamedDependency[Form],
) -> Response[Any]:
    """Check the password; a wrong one and too many tries are told above the same form."""
    email, return_to = open_form.one("email"), local_path(open_form.one("return_to"))
    address = request.client.host if request.client else ""
    try:
        actor = sign_in.sign_in(database, mint, email, open_form.one("password"), address)
    except ProblemError as refusal:
        return _sign_in_form(request, settings, return_to=return_to, email=email, refusal=refusal)
    return _signed_in(database, settings, actor, return_to)


@post("/sign-out", sync_to_thread=True)
def sign_out(
    settings: NamedDependency[Settings],
    database: NamedDependency[Database],
    session: NamedDependency[Session],
    signed_form: NamedDependency[Form],  # noqa: ARG001 (asking for it is the check of its token)
) -> Response[None]:
    """End this browser's sign-in."""
    with database.write(session.actor.organization_id) as t:
        web_sessions.end(t, session.secret)
    return Redirect("/", status_code=303, cookies=[cookies.take_away(cookies.SESSION, settings)])


@get("/enrol", sync_to_thread=True)
def enrol_page(request: WebRequest, settings: NamedDependency[Settings], because: FromQuery[str] = "") -> Response[Any]:
    """The form for an enrolment code and a new password."""
    if because != NO_COOKIE:
        return _enrol_form(request, settings)
    if not brought_form_cookie(request, settings):
        return cookies_off(request)
    return _enrol_form(request, settings, sentence=_no_cookie_sentence(words_of(request)))


@post("/enrol", sync_to_thread=True)
def enrol_now(
    request: WebRequest,
    settings: NamedDependency[Settings],
    database: NamedDependency[Database],
    open_form: NamedDependency[Form],
) -> Response[Any]:
    """Use the code up, set the password, sign in."""
    _ = words_of(request)
    code, password = open_form.one("code"), open_form.one("password")
    if password != open_form.one("again"):
        sentence = _("The two passwords differ, so nothing was set. Type the same one twice.")
        return _enrol_form(request, settings, code=code, wrong="again", sentence=sentence)
    try:
        actor = redeem_for_password(database, code, password)
    except ProblemError as refusal:
        wrong = "password" if refusal.problem.field == "password" else "code"
        return _enrol_form(request, settings, code=code, wrong=wrong, sentence=_(refusal.sentence))
    return _signed_in(database, settings, actor, "")


def _no_cookie_sentence(words: Words) -> str:
    return words("The browser was closed since this form was opened, so nothing was sent. Fill it in once more.")


def _signed_in(database: Database, settings: Settings, actor: Actor, return_to: str) -> Response[Any]:
    with database.write(actor.organization_id) as t:
        begun = web_sessions.begin(t, actor)
        note_use(t, actor)
    first_page = "/me" if actor.role == "worker" else "/today"
    return Redirect(
        return_to or first_page, status_code=303, cookies=[cookies.bear(cookies.SESSION, begun.secret, settings)]
    )


def _sign_in_form(
    request: WebRequest,
    settings: Settings,
    *,
    return_to: str,
    email: str = "",
    sentence: str = "",
    refusal: ProblemError | None = None,
) -> Response[Any]:
    kept = form_cookie(request, settings)
    if refusal is not None:
        sentence = words_of(request)(refusal.sentence)
    answer = page(
        request,
        "sign_in.html",
        status=200 if refusal is None else refusal.problem.status,
        headers=None if refusal is None else refusal.headers,
        csrf=kept.value,
        return_to=return_to,
        email=email,
        sentence=sentence,
        wrong=refusal is not None,
    )
    answer.cookies.append(kept)
    return answer


def _enrol_form(
    request: WebRequest, settings: Settings, *, code: str = "", wrong: str = "", sentence: str = ""
) -> Response[Any]:
    kept = form_cookie(request, settings)
    answer = page(
        request,
        "enrol.html",
        status=400 if wrong else 200,
        csrf=kept.value,
        code=code,
        wrong=wrong,
        sentence=sentence,
        least=MIN_LENGTH,
    )
    answer.cookies.append(kept)
    return answer


routes = [sign_in_page, sign_in_now, sign_out, enrol_page, enrol_now]
