"""Photos, films and files of reports, handed to a browser that must not run anything of them."""

from datetime import timedelta
from typing import Any, Literal
from urllib.parse import quote

from litestar import Response, get
from litestar.concurrency import sync_to_thread
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Stream

from rules.clock import format_utc
from server import access
from server.accounts.rights import not_found
from server.media.content import Content, content_of
from server.media.ranges import requested_part
from server.media.renditions import Rendition, Renditions, is_picture, known
from server.reports.reading import name_of_file, owner_of_file, reports_of_file
from server.storage.database import Transaction
from server.storage.objects import Objects
from server.web.rendering import static_url
from server.web.visit import Visit

Kind = Literal["picture", "film", "file"]

_BROWSERS_SHOW = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"})
_FILMS = frozenset({"video/mp4", "video/webm", "video/quicktime", "video/x-m4v", "video/ogg"})
_ONE_LOOKING = timedelta(minutes=30)
_SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@get("/media/{media_id:str}", sync_to_thread=True)
def file(visit: NamedDependency[Visit], objects: NamedDependency[Objects], media_id: FromPath[str]) -> Response[Any]:
    """The bytes of one file, whole or in a range. That somebody else opened it is recorded."""
    with visit.read() as t:
        content, seen = _content(t, visit, media_id, [media_id])
        name = name_of_file(t, media_id) or media_id
    _record(visit, content, seen=seen)
    asked = visit.request.headers
    part = requested_part(content, asked.get("range"), asked.get("if-range"))
    headers = _headers(content.content_type, name) | part.headers
    return Stream(part.stream(objects), status_code=part.status, headers=headers)


@get(["/media/{media_id:str}/small", "/media/{media_id:str}/large"])
async def picture(
    visit: NamedDependency[Visit],
    objects: NamedDependency[Objects],
    renditions: NamedDependency[Renditions],
    media_id: FromPath[str],
) -> Response[Any]:
    """A picture as a JPEG that this server made of it; where it cannot be shown, a drawing that says so."""
    size: Literal["small", "large"] = "small" if visit.request.url.path.endswith("/small") else "large"
    content, tried, found = await sync_to_thread(_picture, visit, media_id, size)
    if not tried:
        found = await renditions.make(visit.actor.organization_id, content)
    if found is None:
        return Redirect(static_url("no-picture.svg"), status_code=303, headers={"Cache-Control": "no-store"})
    length = (found.small if size == "small" else found.large)[1]
    headers = _SAFE | {"Content-Security-Policy": _SANDBOX, "Content-Length": str(length)}
    return Stream(found.stream(objects, size), media_type="image/jpeg", headers=headers)


def kind_of(content_type: str) -> Kind:
    """How a page shows a file that says it is this. SVG is a program, so it is no picture."""
    plain = _plain(content_type)
    return "picture" if is_picture(plain) else "film" if plain in _FILMS else "file"


def _picture(visit: Visit, media_id: str, size: str) -> tuple[Content, bool, Rendition | None]:
    with visit.read() as t:
        # A page with small pictures was recorded itself; whoever has not opened one is.
        counted = [media_id, *(reports_of_file(t, media_id) if size == "small" else [])]
        content, seen = _content(t, visit, media_id, counted)
        tried, found = known(t, media_id)
    _record(visit, content, seen=seen)
    return content, tried, found


def _content(t: Transaction, visit: Visit, media_id: str, counted: list[str]) -> tuple[Content, bool]:
    """The file, if it is the reader's to open, and whether this looking is in the access log already."""
    owner = owner_of_file(t, visit.actor, media_id)
    content = content_of(t, media_id) if owner is not None else None
    if content is None:
        raise not_found("file")
    own = owner == visit.actor.member_id
    return content, own or access.viewed_since(t, visit.actor, counted, format_utc(t.now - _ONE_LOOKING))


def _record(visit: Visit, content: Content, *, seen: bool) -> None:
    if not seen:
        with visit.write() as t:
            access.record(t, visit.actor, "view", "media", content.media_id, subject_id=content.member_id)


def _headers(content_type: str, name: str) -> dict[str, str]:
    """Pictures are shown, in a sandbox where nothing runs; all else, also what nobody knows, is saved. A film keeps its
    kind, so that pages of ours can play it; by itself it is saved too, as no browser plays it in a sandbox."""
    plain = _plain(content_type)
    inline = plain in _BROWSERS_SHOW
    return _SAFE | {
        "Content-Type": plain if inline or plain in _FILMS else "application/octet-stream",
        "Content-Disposition": f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": _SANDBOX,
    }


def _plain(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


routes = [file, picture]
