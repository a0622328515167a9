"""The one application: every route by name, what their handlers may ask for, and the limits around them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from litestar import Litestar, Router
from litestar.concurrency import sync_to_thread
from litestar.datastructures import MutableScopeHeaders, State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import ControllerRouterHandler, Message, Scope

from protocol.version import VERSION
from server import problem_replies
from server.accounts.minting import Mint
from server.api import (
    discovery,
    health,
    logs,
    me,
    media,
    oauth,
    policy,
    policy_texts,
    report_content,
    revisions,
    sync,
    templates,
)
from server.api.authentication import provide_actor
from server.incoming import IncomingRequest
from server.media.renditions import Renditions
from server.outgoing import paced
from server.problems import ProblemError
from server.receipts.keys import SigningKeys
from server.relaying.setting_up import receivers_of, routes_of
from server.relaying.worker import Relay
from server.settings import Settings
from server.storage import hearing
from server.storage.database import Database
from server.storage.objects import Objects
from server.sync.crowds import Crowds
from server.web import routes as web
from server.web.live import Streams

MAX_BODY = 1024 * 1024
"""Of a request, in bytes, where the handler does not say otherwise."""

_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_HSTS = "max-age=31536000"


_GIVEN = ("settings", "database", "objects", "renditions", "mint", "keys", "streams", "routes", "relay")


def create_application(settings: Settings) -> Litestar:
    """The application over one database and one object store. Raises what `furnish` raises; migrates nothing."""
    application = Litestar(
        route_handlers=[*_api(), *web.routes],
        dependencies={
            **{name: Provide(_from_state(name), sync_to_thread=False) for name in _GIVEN},
            "actor": Provide(provide_actor, sync_to_thread=True),
        },
        exception_handlers={
            ProblemError: problem_replies.on_problem,
            HTTPException: problem_replies.on_http_error,
            Exception: problem_replies.on_anything_else,
        },
        before_send=[_add_headers],
        middleware=[paced],
        lifespan=[_while_serving],
        request_class=IncomingRequest,
        request_max_body_size=MAX_BODY,
        openapi_config=_openapi(),
        logging_config=None,
        debug=False,
        pdb_on_exception=False,
    )
    furnish(application, settings)
    return application


def furnish(application: Litestar, settings: Settings) -> None:
    """What its handlers work on from the next start on: one database and one object store, closed when it stops. Raises
    what their opening raises."""
    database, objects = Database(settings.database_url), Objects(settings.media_url)
    mint = Mint.load(settings.token_key)
    application.state.update(
        settings=settings,
        database=database,
        objects=objects,
        renditions=Renditions(database, objects),
        mint=mint,
        keys=SigningKeys.load_or_create(settings.signing_keys),
        streams=Streams(database),
        routes=routes_of(settings),
        relay=Relay(database, receivers_of(settings, mint)),
        crowds=Crowds(database),
    )


def end_streams(application: Litestar) -> None:
    """Let go of open pages, which would wait for ever; before what serves waits for requests under way."""
    application.state.streams.end_all()


@asynccontextmanager
async def _while_serving(application: Litestar) -> AsyncIterator[None]:
    database: Database = application.state.database
    ways = (hearing.hear, hearing.send) if database.dialect == "postgresql" else ()
    tasks = [asyncio.create_task(way(database)) for way in ways]
    relay: Relay = application.state.relay
    relay.begin()
    yield
    end_streams(application)
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    await sync_to_thread(relay.close)
    application.state.renditions.close()
    application.state.crowds.close()
    application.state.database.close()


def _api() -> list[ControllerRouterHandler]:
    """The routes of docs/wire.md, by who may ask, as the OpenAPI document tells it."""
    of_members = [
        *me.routes,
        *sync.routes,
        *media.routes,
        *report_content.routes,
        *revisions.routes,
        *policy.routes,
        *policy_texts.routes,
        *templates.routes,
    ]
    return [
        *discovery.routes,
        *oauth.routes,
        *health.routes,
        Router(path="/", route_handlers=of_members, security=[{"member": []}]),
        Router(path="/", route_handlers=logs.routes, security=[{"member": []}, {"installation": []}]),
    ]


def _from_state(name: str) -> Callable[[State], Any]:
    def provide(state: State) -> Any:
        return state[name]

    return provide


async def _add_headers(message: Message, scope: Scope) -> None:
    """What a handler set itself (media in a sandbox, files that may be cached) stays."""
    if message["type"] == "http.response.start":
        present = MutableScopeHeaders.from_message(message)
        for name, value in _HEADERS.items():
            present.setdefault(name, value)
        if scope["litestar_app"].state.settings.secure:
            present.setdefault("Strict-Transport-Security", _HSTS)


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
