"""Who looks at a page: the session cookie, the token in every form, and where to go after signing in."""

import hmac
import re
import secrets
from typing import Any

import msgspec
from litestar import Request
from litestar.datastructures import Cookie, State
from litestar.di import NamedDependency
from litestar.exceptions import ClientException

from server.accounts import web_sessions
from server.accounts.rights import not_found
from server.problems import ProblemError, problem
from server.settings import Settings
from server.storage.database import Actor, Database
from server.storage.tables import member, organization
from server.web import cookies
from server.web.words import Words

WebRequest = Request[Any, Any, State]

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_LONGEST_RETURN = 2000


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A signed-in browser. `secret` is the cookie's; it is never written anywhere."""

    actor: Actor
    name: str
    email: str
    organization: str
    csrf: str
    confirmed: bool
    secret: str

    @property
    def sees_others(self) -> bool:
        """Whether the pages about other people are theirs to open."""
        return self.actor.role in {"manager", "admin"}

    @property
    def is_admin(self) -> bool:
        """Whether they look after people and locations."""
        return self.actor.role == "admin"

    @property
    def first_page(self) -> str:
        """Where they start."""
        return "/today" if self.sees_others else "/me"

    def places(self, words: Words) -> list[tuple[str, str]]:
        """The pages they may open, as (path, name)."""
        _ = words
        places = []
        if self.sees_others:
            places += [("/today", _("Today")), ("/reports", _("Reports")), ("/attendance", _("Attendance"))]
        if self.is_admin:
            places += [
                ("/people", _("People")),
                ("/locations", _("Locations")),
                ("/checklists", _("Checklists")),
                ("/rules", _("Rules")),
            ]
        # Who looks after others has many pages, and finds their own time on that of their work.
        own = [("/me", _("My work"))]
        return [*places, *own] if self.sees_others else [*own, ("/me/time", _("My time"))]


class Form(msgspec.Struct, frozen=True):
    """The text fields of a posted form; a name may come more than once."""

    fields: dict[str, list[str]]

    def one(self, name: str) -> str:
        """The field's first value, or empty."""
        return self.fields.get(name, [""])[0]

    def all(self, name: str) -> list[str]:
        """Every value of the field."""
        return self.fields.get(name, [])


class NoFormCookieError(Exception):
    """A form came without the cookie that its page set: the browser refuses cookies, or was closed meanwhile. `path` is
    the form's page, `return_to` where it would have led."""

    def __init__(self, path: str, return_to: str) -> None:
        super().__init__(path)
        self.path = path
        self.return_to = return_to


class SignInNeededError(Exception):
    """The page is for people who are signed in; the browser is sent to sign in and comes back."""


def form_cookie(request: WebRequest, settings: Settings) -> Cookie:
    """The cookie whose value a form repeats where nobody is signed in yet. A good one is kept as it is, so that two
    open tabs both work."""
    kept = cookies.read(request.cookies, cookies.FORM, settings)
    return cookies.bear(cookies.FORM, kept if _TOKEN.fullmatch(kept) else secrets.token_urlsafe(32), settings)


def brought_form_cookie(request: WebRequest, settings: Settings) -> bool:
    """Whether the browser keeps cookies, as far as one request can tell."""
    return bool(cookies.read(request.cookies, cookies.FORM, settings))


def provide_visitor(
    request: WebRequest, database: NamedDependency[Database], settings: NamedDependency[Settings]
) -> Session | None:
    """The dependency `visitor`: the session behind the cookie, if there is one. Error pages find it in the request."""
    secret = cookies.read(request.cookies, cookies.SESSION, settings)
    found = web_sessions.find(database, secret) if secret else None
    if found is None:
        return None
    with database.read(found.actor.organization_id) as t:
        email = t.scalar(t.select(member, member.c.email).where(member.c.member_id == found.actor.member_id))
        employer = t.scalar(t.select(organization, organization.c.name))
    visitor = Session(
        actor=found.actor,
        name=found.name,
        email=email,
        organization=employer,
        csrf=found.csrf,
        confirmed=found.confirmed,
        secret=secret,
    )
    request.state.visitor = visitor
    return visitor


def provide_session(visitor: NamedDependency[Session | None]) -> Session:
    """The dependency `session`: somebody is signed in. Raises SignInNeededError."""
    if visitor is None:
        raise SignInNeededError
    return visitor


def refuse_nul(request: WebRequest) -> None:
    """The `before_request` of every page: an address with a NUL leads nowhere. PostgreSQL would fail at it."""
    if "\0" in request.url.path or any("\0" in value for value in request.query_params.values()):
        raise not_found("page")


async def provide_form(request: WebRequest) -> Form:
    """The dependency `form`: what was posted, unchecked. Files are not taken. Raises ClientException."""
    posted = await request.form()
    fields: dict[str, list[str]] = {}
    for name, value in posted.multi_items():
        if not isinstance(value, str):
            raise ClientException("This form takes no files.")
        if "\0" in value:
            raise ClientException("No keyboard writes this character, and PostgreSQL keeps no text that has it.")
        fields.setdefault(name, []).append(value)
    return Form(fields)


def provide_signed_form(session: NamedDependency[Session], form: NamedDependency[Form]) -> Form:
    """The dependency `signed_form`: a form that one of our own pages showed to this very session. Raises a problem."""
    check_token(session, form)
    return form


def check_token(session: Session, form: Form) -> None:
    """Raise a problem unless one of our own pages showed the form to this very session."""
    if not hmac.compare_digest(session.csrf.encode(), form.one("csrf").encode()):
        raise _stale_form()


def provide_own_form(request: WebRequest, form: NamedDependency[Form], settings: NamedDependency[Settings]) -> Form:
    """The dependency `own_form`: a form that came from a page of this server, as the browser says. For choices that
    need no sign-in: no cookie has to be set before one is made. Raises a problem."""
    site = request.headers.get("sec-fetch-site")
    if site != "same-origin" and (site is not None or request.headers.get("origin") != settings.public_url):
        raise _stale_form()
    return form


def provide_open_form(request: WebRequest, form: NamedDependency[Form], settings: NamedDependency[Settings]) -> Form:
    """The dependency `open_form`: the same where nobody is signed in, by the form cookie. Raises a problem, or
    NoFormCookieError."""
    if not brought_form_cookie(request, settings):
        raise NoFormCookieError(request.url.path, local_path(form.one("return_to")))
    kept = cookies.read(request.cookies, cookies.FORM, settings)
    if not _TOKEN.fullmatch(kept) or not hmac.compare_digest(kept.encode(), form.one("csrf").encode()):
        raise _stale_form()
    return form


def local_path(return_to: str) -> str:
    """`return_to` when it is a path on this server, else empty: nobody is sent elsewhere after signing in."""
    plain = return_to.isascii() and return_to.isprintable() and "\\" not in return_to and " " not in return_to
    if plain and return_to.startswith("/") and not return_to.startswith("//") and len(return_to) <= _LONGEST_RETURN:
        return return_to
    return ""


def _stale_form() -> ProblemError:
    return problem(
        "stale-form",
        403,
        "This form is too old",
        "The form came from an earlier sign-in or another page, so nothing was changed. Go back, load the page again "
        "and repeat it. If it happens again, allow cookies for this site.",
    )
