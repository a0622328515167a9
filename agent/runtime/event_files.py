"""Photos of attendance events: announced with the event, sent like those of reports, let go by its receipt."""

import sqlite3
from datetime import datetime

from agent.api import MOST_PHOTOS, AgentError, MediaItem
from agent.runtime.manifests import manifest
from agent.runtime.views import media_item
from agent.runtime.workplace import Workplace
from agent.store import attendance, media, reports
from protocol.operations import ManifestEntry
from rules.clock import format_utc
from rules.sentence import Sentence


def taken(connection: sqlite3.Connection, media_ids: tuple[str, ...]) -> tuple[ManifestEntry, ...]:
    """Entries of files that are attached, for an event. Raises AgentError refused, not_found."""
    if len(media_ids) > MOST_PHOTOS:
        raise AgentError(
            "refused",
            Sentence(
                "These are %(count)s photos; %(most)s are the most here. Write a report for the others.",
                count=len(media_ids),
                most=MOST_PHOTOS,
            ),
        )
    return manifest(connection, media_ids)


def drop(connection: sqlite3.Connection, event_id: str, now: datetime) -> list[tuple[str, str]]:
    """The event was undone: what of its files may be deleted after the commit (media id, name in the spool)."""
    gone = media.drop_unsent(connection, event_id)
    if gone:
        attendance.received_without_files(connection, event_id, format_utc(now))
    return gone


def items(workplace: Workplace, connection: sqlite3.Connection, event_id: str) -> tuple[MediaItem, ...]:
    """The files of an event that was recorded here, as they are shown."""
    return tuple(
        media_item(one, workplace.original(one), workplace.thumbnails.find(one.media_id), workplace.uploading())
        for one in map(media.report_file, reports.files(connection, event_id))
    )
