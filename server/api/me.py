"""`GET /v1/me`: the account that an access token belongs to; what its member asks to have erased; and everything about
them."""

from typing import Any

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import RawBody
from litestar.response import Stream

from protocol.discovery import Me
from protocol.privacy import ErasureAsked, ErasureRequests, ErasureRequestView
from server.accounts.members import identity
from server.api.request_body import ErasureRequestOperation, decoded
from server.member_data import requests
from server.member_data.handing_over import hand_over
from server.outgoing import Download
from server.storage.database import Actor, Database
from server.storage.objects import Objects


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


@get("/v1/me/data", sync_to_thread=True)
def my_data(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    objects: NamedDependency[Objects],
) -> Stream:
    """Everything about the caller, as one ZIP."""
    headers = {"Content-Disposition": 'attachment; filename="miratag-my-data.zip"'}
    content = Download(request, hand_over(database, objects, actor))
    return Stream(content, media_type="application/zip", headers=headers)


routes = [me, erasure_requests, ask_to_erase, my_data]
