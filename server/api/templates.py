"""`GET /v1/templates/{template_id}/versions/{version}`, and what its answers look like."""

import msgspec
from litestar import MediaType, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from rules.templates.json_schema import json_schema
from server.problems import ProblemError, problem
from server.storage.database import Actor, Database
from server.templates.reading import version_bytes, version_of

_KEPT = {"Cache-Control": "private, immutable, max-age=31536000"}
"""A version never changes."""


@get("/v1/templates/{template_id:str}/versions/{version:int}", sync_to_thread=True)
def published(
    template_id: FromPath[str],
    version: FromPath[int],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> Response[bytes]:
    """A published checklist of the caller's organization, byte for byte as it was published."""
    with database.read(actor.organization_id) as t:
        body = version_bytes(t, template_id, version)
    if body is None:
        raise _unknown()
    return Response(body, media_type=MediaType.JSON, headers=_KEPT)


@get("/v1/templates/{template_id:str}/versions/{version:int}/schema", sync_to_thread=True)
def schema(
    template_id: FromPath[str],
    version: FromPath[int],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> Response[bytes]:
    """The JSON Schema 2020-12 of the object of field id to answer."""
    with database.read(actor.organization_id) as t:
        found = version_of(t, template_id, version)
    if found is None:
        raise _unknown()
    return Response(msgspec.json.encode(json_schema(found)), media_type="application/schema+json", headers=_KEPT)


def _unknown() -> ProblemError:
    detail = "Your organization has no such version of a checklist. Ask for one that a report or the change feed names."
    return problem("template-unknown", 404, "Unknown checklist", detail)


routes = [published, schema]
