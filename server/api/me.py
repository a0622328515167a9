"""`GET /v1/me`: the account that an access token belongs to."""

from litestar import get
from litestar.di import NamedDependency

from protocol.discovery import Me
from server.accounts.members import identity
from server.storage.database import Actor, Database


@get("/v1/me", sync_to_thread=True)
def me(actor: NamedDependency[Actor], database: NamedDependency[Database]) -> Me:
    """Who the server takes the caller for."""
    with database.read(actor.organization_id) as t:
        return identity(t, actor, database.fact("server_id"))


routes = [me]
