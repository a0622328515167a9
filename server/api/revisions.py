"""`GET /v1/reports/{instance_id}/revisions/{revision_id}`: a version of an own report, as the bytes that were sent."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from server.problems import problem
from server.reports.reading import own_revision
from server.storage.database import Actor, Database


@get("/v1/reports/{instance_id:str}/revisions/{revision_id:str}", sync_to_thread=True)
def revision(
    instance_id: FromPath[str],
    revision_id: FromPath[str],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> Response[bytes]:
    """A `ReportRevision`, written by the caller on whatever device; it never changes."""
    with database.read(actor.organization_id) as t:
        body = own_revision(t, actor, instance_id, revision_id)
    if body is None:
        detail = "This version of the report is not here, or is not yours. Ask for what changed, then try again."
        raise problem("revision-unknown", 404, "Unknown version", detail)
    headers = {"Cache-Control": "private, no-store"}
    return Response(body, media_type="application/json", headers=headers)


routes = [revision]
