"""Photos and files of reports, handed to a browser that must not run anything of them."""

from typing import Any
from urllib.parse import quote

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from server import access
from server.accounts.rights import not_found
from server.media.content import content_of
from server.reports.reading import name_of_file, owner_of_file
from server.storage.objects import Objects
from server.web.visit import Visit

_PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"})


@get("/media/{media_id:str}", sync_to_thread=True)
def file(visit: NamedDependency[Visit], objects: NamedDependency[Objects], media_id: FromPath[str]) -> Response[Any]:
    """The bytes of one file. That somebody else opened it is recorded."""
    with visit.write() as t:
        owner = owner_of_file(t, visit.actor, media_id)
        content = content_of(t, media_id) if owner is not None else None
        if owner is None or content is None:
            raise not_found("file")
        name = name_of_file(t, media_id) or media_id
        if owner != visit.actor.member_id:
            access.record(t, visit.actor, "view", "media", media_id, subject_id=owner)
    return Stream(content.stream(objects), headers=_headers(content.content_type, content.size, name))


def shown_inline(content_type: str) -> bool:
    """Whether a browser shows this kind as a picture and nothing more. SVG is a program, so it is not among them."""
    return _plain(content_type) in _PICTURES


def _headers(content_type: str, size: int, name: str) -> dict[str, str]:
    """Pictures are shown, in a sandbox where nothing runs; everything else, also what nobody knows, is only saved."""
    inline = shown_inline(content_type)
    return {
        "Content-Type": _plain(content_type) if inline else "application/octet-stream",
        "Content-Length": str(size),
        "Content-Disposition": f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }


def _plain(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


routes = [file]
