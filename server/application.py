"""The one application: every route by name, what their handlers may ask for, and the limits around them."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, Router
from litestar.datastructures import MutableScopeHeaders
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import ControllerRouterHandler, Message, Scope

from protocol.version import VERSION
from server import problem_replies
from server.accounts.minting import Mint
from server.api import discovery, health, logs, me, media, oauth, policy, report_content, revisions, sync, templates
from server.api.authentication import provide_actor
from server.incoming import IncomingRequest
from server.media.renditions import Renditions
from server.problems import ProblemError
from server.receipts.keys import SigningKeys
from server.settings import Settings
from server.storage.database import Database
from server.storage.objects import Objects
from server.web import routes as web

MAX_BODY = 1024 * 1024
"""Of a request, in bytes, where the handler does not say otherwise."""

_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_HSTS = "max-age=31536000"


def create_application(settings: Settings) -> Litestar:
    """The application over one database and one object store. Raises what their opening raises; migrates nothing."""
    database, objects = Database(settings.database_url), Objects(settings.media_url)
    renditions = Renditions(database, objects)
    given = {
        "settings": settings,
        "database": database,
        "objects": objects,
        "renditions": renditions,
        "mint": Mint.load(settings.token_key),
        "keys": SigningKeys.load_or_create(settings.signing_keys),
    }

    @asynccontextmanager
    async def open_database(_application: Litestar) -> AsyncIterator[None]:
        yield
        renditions.close()
        database.close()

    return Litestar(
        route_handlers=[*_api(), *web.routes],
        dependencies={
            **{name: Provide(_always(value), sync_to_thread=False) for name, value in given.items()},
            "actor": Provide(provide_actor, sync_to_thread=True),
        },
        exception_handlers={
            ProblemError: problem_replies.on_problem,
            HTTPException: problem_replies.on_http_error,
            Exception: problem_replies.on_anything_else,
        },
        before_send=[_security_headers(settings)],
        lifespan=[open_database],
        request_class=IncomingRequest,
        request_max_body_size=MAX_BODY,
        openapi_config=_openapi(),
        logging_config=None,
        debug=False,
        pdb_on_exception=False,
    )


def _api() -> list[ControllerRouterHandler]:
    """The routes of docs/wire.md, by who may ask, as the OpenAPI document tells it."""
    of_members = [
        *me.routes,
        *sync.routes,
        *media.routes,
        *report_content.routes,
        *revisions.routes,
        *policy.routes,
        *templates.routes,
    ]
    return [
        *discovery.routes,
        *oauth.routes,
        *health.routes,
        Router(path="/", route_handlers=of_members, security=[{"member": []}]),
        Router(path="/", route_handlers=logs.routes, security=[{"member": []}, {"installation": []}]),
    ]


def _always(value: Any) -> Callable[[], Any]:
    def provide() -> Any:
        return value

    return provide


def _security_headers(settings: Settings) -> Callable[[Message, Scope], Any]:
    headers = {**_HEADERS, "Strict-Transport-Security": _HSTS} if settings.secure else _HEADERS

    async def add(message: Message, _scope: Scope) -> None:
        """What a handler set itself (media in a sandbox, files that may be cached) stays."""
        if message["type"] == "http.response.start":
            present = MutableScopeHeaders.from_message(message)
            for name, value in headers.items():
                present.setdefault(name, value)

    return add


def _openapi() -> OpenAPIConfig:
    schemes = {
        "member": SecurityScheme(type="http", scheme="bearer", description="An access token of /oauth/token."),
        "installation": SecurityScheme(type="http", scheme="bearer", description="INSTALLATION_ID.SECRET"),
    }
    return OpenAPIConfig(
        title="Miratag",
        version=VERSION,
        path="/schema",
        # JSON only: the pages that draw it load scripts from elsewhere.
        render_plugins=[JsonRenderPlugin()],
        components=Components(security_schemes=dict(schemes)),
    )
