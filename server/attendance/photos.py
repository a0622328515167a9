"""Pictures of attendance events: announced by the event, uploaded like those of reports, and told of."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import select

from protocol.operations import AttendanceEvent
from server.bounds import refused
from server.policy.document import policy_for_checks
from server.reports.manifest import announce_file, check_manifest
from server.storage.attendance_tables import event_media
from server.storage.database import Actor, Transaction
from server.storage.tables import media

MOST = 3


class Photo(msgspec.Struct, frozen=True):
    """A picture of an event; `held` once it is here in full."""

    media_id: str
    name: str
    content_type: str
    held: bool


def check_photos(t: Transaction, body: AttendanceEvent) -> None:
    """Raise the first problem of the announced pictures."""
    if not body.media:
        return
    if len(body.media) > MOST:
        detail = f"The entry has {len(body.media)} pictures; {MOST} is the most. Write a report for the others."
        raise refused("too-many-files", "Too many files", detail, "$.media", MOST)
    check_manifest(body.media, policy_for_checks(t).max_media_bytes)


def announce_photos(t: Transaction, actor: Actor, body: AttendanceEvent) -> None:
    """Keep which pictures the event has. Raises when an id already stands for another file or another member's."""
    for ordinal, entry in enumerate(body.media):
        announce_file(
            t,
            actor,
            media_id=entry.media_id,
            sha256=entry.sha256,
            size=entry.size,
            content_type=entry.content_type,
            field=f"$.media[{ordinal}].media_id",
        )
        t.insert(event_media, event_id=body.event_id, media_id=entry.media_id, ordinal=ordinal, name=entry.name)


def photos_of(t: Transaction, event_ids: Sequence[str]) -> dict[str, tuple[Photo, ...]]:
    """The pictures of these events in their order; an event without one is left out."""
    if not event_ids:
        return {}
    rows = t.all(
        select(event_media.c.event_id, event_media.c.name, media.c.media_id, media.c.content_type, media.c.held)
        .join(media, media.c.media_id == event_media.c.media_id)
        .where(t.owns(event_media), t.owns(media), event_media.c.event_id.in_(event_ids))
        .order_by(event_media.c.event_id, event_media.c.ordinal)
    )
    found: dict[str, list[Photo]] = {}
    for row in rows:
        one = Photo(row.media_id, row.name, row.content_type, row.held is not None)
        found.setdefault(row.event_id, []).append(one)
    return {event_id: tuple(photos) for event_id, photos in found.items()}


def events_of(t: Transaction, media_id: str) -> list[str]:
    """The events that have this picture."""
    rows = t.select(event_media, event_media.c.event_id).where(event_media.c.media_id == media_id)
    return list(t.execute(rows.order_by(event_media.c.event_id)).scalars())
