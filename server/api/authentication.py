"""Who makes a request: the bearer token of docs/wire.md becomes an `Actor`, or the request ends in a 401 problem.

A handler that names the parameter `actor: Actor` is for members only; there is no other way to get one.
"""

from typing import Any

from litestar import Request
from litestar.di import NamedDependency

from server.accounts import tokens
from server.problems import ProblemError, problem
from server.storage.database import Actor, Database


def provide_actor(request: Request[Any, Any, Any], database: NamedDependency[Database]) -> Actor:
    """The Litestar dependency `actor`. Runs in a worker thread, as it reads the database."""
    token = bearer(request)
    actor = tokens.actor_of(database, token) if token else None
    if actor is None:
        raise not_signed_in(presented=bool(token))
    return actor


def bearer(request: Request[Any, Any, Any]) -> str:
    """The token of the Authorization header, or empty."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def not_signed_in(*, presented: bool) -> ProblemError:
    """The 401 that makes a client refresh once; RFC 6750 wants no error code where no token was presented."""
    return problem(
        "not-signed-in",
        401,
        "Not signed in",
        "This sign-in has ended or is not known here. Sign in again; what was saved on this device stays saved.",
        headers={"WWW-Authenticate": 'Bearer error="invalid_token"' if presented else "Bearer"},
    )
