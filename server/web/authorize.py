"""The OAuth page: a person who is signed in here lets the desktop app on the same computer sign in as them."""

from typing import Any
from urllib.parse import urlsplit

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from server.accounts import oauth
from server.settings import Settings
from server.storage.database import Database
from server.web.rendering import page
from server.web.session import Form, Session, SignInNeededError, WebRequest

_FIELDS = ("client_id", "redirect_uri", "response_type", "state", "code_challenge", "code_challenge_method")


@get("/oauth/authorize", sync_to_thread=True)
def authorize_page(request: WebRequest, visitor: NamedDependency[Session | None]) -> Response[Any]:
    """Ask the person. A request that is not in order ends on an error page and redirects nowhere."""
    asked = {name: request.query_params.get(name, "") for name in _FIELDS}
    checked = oauth.read_authorization_request(asked)
    if visitor is None:
        raise SignInNeededError
    # Chromium holds the redirect that follows a form against form-action, so the one program that waits is named.
    loopback = urlsplit(checked.redirect_uri)
    return page(
        request,
        "authorize.html",
        form_action=f"'self' {loopback.scheme}://{loopback.netloc}",
        session=visitor,
        request_fields=list(asked.items()),
    )


@post("/oauth/authorize", sync_to_thread=True)
def authorize_now(
    settings: NamedDependency[Settings],
    database: NamedDependency[Database],
    session: NamedDependency[Session],
    signed_form: NamedDependency[Form],
) -> Response[None]:
    """The person's answer, on to the program that waits for it."""
    checked = oauth.read_authorization_request({name: signed_form.one(name) for name in _FIELDS})
    if signed_form.one("answer") != "yes":
        return Redirect(oauth.refuse(checked, settings.public_url), status_code=303)
    with database.write(session.actor.organization_id) as t:
        address = oauth.grant_code(t, session.actor, checked, settings.public_url)
    return Redirect(address, status_code=303, headers={"Cache-Control": "no-store"})


routes = [authorize_page, authorize_now]
