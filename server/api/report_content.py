"""`GET /v1/media/{media_id}/content`: the bytes of a file of one's own, whole or in ranges."""

import re
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from server.media.content import Content, content_of
from server.problems import problem
from server.storage.database import Actor, Database
from server.storage.objects import Objects

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


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
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, immutable, max-age=31536000",
        "Content-Disposition": "attachment",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "ETag": f'"{found.sha256}"',
        "X-Content-Type-Options": "nosniff",
    }
    start, end = requested_range(request.headers.get("range"), found)
    status = 200
    if (start, end) != (0, found.size):
        status = 206
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{found.size}"
    headers["Content-Length"] = str(end - start)
    return Stream(found.stream(objects, start, end), status_code=status, headers=headers, media_type=found.content_type)


def requested_range(text: str | None, found: Content) -> tuple[int, int]:
    """The bytes of a Range header as (start, end), end not included; all of them when there is none, or one that this
    server does not serve. Raises a 416 problem when it lies outside the file."""
    matched = _RANGE.fullmatch(text or "")
    if matched is None or matched[0] == "bytes=-":
        return 0, found.size
    first, last = matched[1], matched[2]
    if not first:
        start, end = max(0, found.size - int(last)), found.size
    else:
        start, end = int(first), min(found.size, int(last) + 1) if last else found.size
    if start >= end:
        detail = f"The file has {found.size} bytes, and those asked for are not among them. Ask for others."
        headers = {"Content-Range": f"bytes */{found.size}"}
        raise problem("range", 416, "Range Not Satisfiable", detail, field="Range", headers=headers)
    return start, end


routes = [content]
