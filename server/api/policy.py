"""`GET /v1/policy`."""

from litestar import get
from litestar.di import NamedDependency

from protocol.statements import SignedStatement
from server.policy.document import ensure_policy
from server.receipts.keys import SigningKeys
from server.storage.database import Actor, Database


@get("/v1/policy", sync_to_thread=True)
def policy(
    actor: NamedDependency[Actor], database: NamedDependency[Database], keys: NamedDependency[SigningKeys]
) -> SignedStatement:
    """The policy of the caller's organization that is in force."""
    return ensure_policy(database, keys, actor.organization_id)


routes = [policy]
