"""`GET /v1/me`: the account that an access token belongs to; and what its member asks to have erased."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import RawBody

from protocol.discovery import Me
from protocol.privacy import ErasureAsked, ErasureRequests, ErasureRequestView
from server.accounts.members import identity
from server.api.request_body import ErasureRequestOperation, decoded
from server.member_data import requests
from server.storage.database import Actor, Database


@get("/v1/me", sync_to_thread=True)
def me(actor: NamedDependency[Actor], database: NamedDependency[Database]) -> Me:
    """Who the server takes the caller for."""
    with database.read(actor.organization_id) as t:
        return identity(t, actor, database.fact("server_id"))


@get("/v1/me/erasure-requests", sync_to_thread=True)
def erasure_requests(actor: NamedDependency[Actor], database: NamedDependency[Database]) -> ErasureRequests:
    """What the caller asked to have erased, and the answers."""
    with database.read(actor.organization_id) as t:
        return requests.own(t, actor)


@post("/v1/me/erasure-requests", status_code=200, sync_to_thread=True, operation_class=ErasureRequestOperation)
def ask_to_erase(
    actor: NamedDependency[Actor], database: NamedDependency[Database], body: RawBody
) -> ErasureRequestView:
    """Ask the organization to erase what it holds about the caller."""
    asked = decoded(body, ErasureAsked)
    with database.write(actor.organization_id) as t:
        return requests.ask(t, actor, asked)


routes = [me, erasure_requests, ask_to_erase]
