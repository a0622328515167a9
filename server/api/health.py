"""Whether this process runs, and whether it can serve: for whoever restarts it and whoever sends it requests."""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency

from server.storage.database import Database


@get("/health/live", sync_to_thread=False)
def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "live"}


@get("/health/ready", sync_to_thread=True)
def ready(database: NamedDependency[Database]) -> Response[Any]:
    """200 when the database answers with this program's schema, else 503."""
    if database.ready():
        return Response({"status": "ready"})
    return Response({"status": "not ready"}, status_code=503, headers={"Retry-After": "5"})


routes = [live, ready]
