"""The bytes of a file that is held, as a stream."""

from collections.abc import Iterator, Sequence

import msgspec

from server.bounds import is_id
from server.storage.database import Transaction
from server.storage.objects import Objects
from server.storage.tables import media, upload_part


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """A held file; `parts` are (object key, start, size in bytes), in order and without gaps."""

    media_id: str
    member_id: str
    content_type: str
    size: int
    sha256: str
    parts: tuple[tuple[str, int, int], ...]

    def stream(self, objects: Objects, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to, not including, `end`, about 1 MiB at a time."""
        stop = self.size if end is None else end
        for key, first, size in self.parts:
            if first < stop and first + size > start:
                yield from objects.stream(key, max(0, start - first), min(size, stop - first))


def content_of(t: Transaction, media_id: str) -> Content | None:
    """A held file, or None. Whether the actor may read it is asked before: server.reports.reading.owner_of_file."""
    if not is_id(media_id):
        return None
    return next(iter(contents_of(t, [media_id])), None)


def contents_of(t: Transaction, media_ids: Sequence[str]) -> list[Content]:
    """Those of these files that are held. The caller has asked whether the actor may read them."""
    rows = t.all(t.select(media).where(media.c.media_id.in_(media_ids), media.c.held.is_not(None)))
    parts: dict[str, list[tuple[str, int, int]]] = {}
    uploads = [row.upload_id for row in rows]
    for part in t.all(t.select(upload_part).where(upload_part.c.upload_id.in_(uploads)).order_by(upload_part.c.start)):
        parts.setdefault(part.upload_id, []).append((part.object_key, part.start, part.size))
    return [
        Content(
            media_id=row.media_id,
            member_id=row.member_id,
            content_type=row.content_type,
            size=row.size,
            sha256=row.sha256,
            parts=tuple(parts.get(row.upload_id, ())),
        )
        for row in rows
    ]
