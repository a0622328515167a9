"""`GET /v1/media/{media_id}/content`: the bytes of a file of one's own, whole or in ranges; and `…/picture`: a small
JPEG of a photo."""

from typing import Any

from litestar import Request, Response, get
from litestar.concurrency import sync_to_thread
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from server.media.content import Content, content_of
from server.media.ranges import requested_part
from server.media.renditions import Rendition, Renditions, known
from server.problems import problem
from server.storage.database import Actor, Database, Transaction
from server.storage.objects import Objects

_SAFE = {
    "Cache-Control": "private, immutable, max-age=31536000",
    "Content-Disposition": "attachment",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}


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
        found = _own(t, actor, media_id)
    part = requested_part(found, request.headers.get("range"), request.headers.get("if-range"))
    return Stream(
        part.stream(objects), status_code=part.status, headers=_SAFE | part.headers, media_type=found.content_type
    )


@get("/v1/media/{media_id:str}/picture")
async def picture(
    media_id: FromPath[str],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    objects: NamedDependency[Objects],
    renditions: NamedDependency[Renditions],
) -> Response[Any]:
    """A small JPEG of a photo of one's own, made when it is first asked for."""
    found, tried, kept = await sync_to_thread(_standing, database, actor, media_id)
    if not tried:
        kept = await renditions.make(actor.organization_id, found)
    if kept is None:
        detail = "There is no picture to show of this file. Fetch the file itself."
        raise problem("no-picture", 404, "No picture", detail)
    headers = _SAFE | {"Content-Length": str(kept.small[1])}
    return Stream(kept.stream(objects, "small"), headers=headers, media_type="image/jpeg")


def _standing(database: Database, actor: Actor, media_id: str) -> tuple[Content, bool, Rendition | None]:
    with database.read(actor.organization_id) as t:
        found = _own(t, actor, media_id)
        tried, kept = known(t, media_id)
    return found, tried, kept


def _own(t: Transaction, actor: Actor, media_id: str) -> Content:
    found = content_of(t, media_id)
    if found is None or found.member_id != actor.member_id or actor.kind != "member":
        detail = "This file has not arrived here in full, or is not yours. Try again once it was received."
        raise problem("file-unknown", 404, "Unknown file", detail)
    return found


routes = [content, picture]
