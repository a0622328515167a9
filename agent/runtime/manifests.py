"""The files of a revision or an event, under the names they have where they go."""

import sqlite3
from collections.abc import Iterable

from agent.api import AgentError
from agent.store import media
from protocol.operations import ManifestEntry
from rules.media.names import neutral_name


def manifest(
    connection: sqlite3.Connection, media_ids: tuple[str, ...], others: Iterable[ManifestEntry] = ()
) -> tuple[ManifestEntry, ...]:
    """Entries of files that are attached and of no report yet, in this order; `others` are of the same report.

    The name of a photo, video or recording tells as much as what was taken out of it, so here it gets another, unless
    the person keeps it. Raises AgentError not_found when one is not attached any more.
    """
    rows = media.attached(connection, media_ids)
    if rows is None:
        raise AgentError("not_found", "A file is not attached any more. Attach it again.")
    taken = [one.name for one in others]
    entries = []
    for row in rows:
        name = row["name"]
        if not row["keeps_details"]:
            name = neutral_name(row["content_type"], row["attached_name"], taken)
            media.rename(connection, row["media_id"], name)
        taken.append(name)
        entries.append(
            ManifestEntry(
                media_id=row["media_id"],
                name=name,
                content_type=row["content_type"],
                size=row["size"],
                sha256=row["sha256"],
            )
        )
    return tuple(entries)
