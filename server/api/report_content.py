"""`GET /v1/media/{media_id}/content`: the bytes of a file of one's own, whole or in ranges."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from server.media.content import content_of
from server.media.ranges import requested_part
from server.problems import problem
from server.storage.database import Actor, Database
from server.storage.objects import Objects


@get("/v1/media/{media_id:str}/content", sync_to_thread=True)
def content(
    request: Request[Any, Any, Any],
    media_id: FromPath[str],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    objects: NamedDependency[Objects],
) -> Response[Any]:
    """A file that is held. Always a download: what others wrote is never shown as a page of ours."""
    with database.read(actor.organization_id) as t:
        found = content_of(t, media_id)
    if found is None or found.member_id != actor.member_id or actor.kind != "member":
        detail = "This file has not arrived here in full, or is not yours. Try again once it was received."
        raise problem("file-unknown", 404, "Unknown file", detail)
    headers = {
        "Cache-Control": "private, immutable, max-age=31536000",
        "Content-Disposition": "attachment",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    part = requested_part(found, request.headers.get("range"), request.headers.get("if-range"))
    return Stream(
        part.stream(objects), status_code=part.status, headers=headers | part.headers, media_type=found.content_type
    )


routes = [content]
