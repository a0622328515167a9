"""Files of a report before it is sent: attached, and taken off again."""

import sqlite3
from pathlib import Path

import uuid6

from agent.api import AgentError, Attach, Attached, Detach
from agent.runtime import versions
from agent.runtime.workplace import Workplace
from agent.store import drafts, media, reports
from agent.store.work import fact, put_fact
from protocol.operations import ManifestEntry
from rules.clock import format_utc

_KEEP_DETAILS = "keep_details"


def attach(workplace: Workplace, command: Attach) -> Attached:
    """Copy, strip, hash, and only then say so. Raises AgentError refused, cannot_store, usage."""
    if (command.path is None) == (command.data is None):
        raise AgentError("usage", "Attach either a file or what was pasted.")
    media_id = str(uuid6.uuid7())
    limit = workplace.policy().max_media_bytes
    keep, edge = keeps_details(workplace), workplace.policy().photo_max_edge
    if command.path is not None:
        path = Path(command.path).expanduser()
        spooled = workplace.spool.take_file(
            path, media_id=media_id, name=command.name, limit=limit, keep=keep, edge=edge
        )
    else:
        data = command.data or b""
        spooled = workplace.spool.take_bytes(
            data, media_id=media_id, name=command.name, limit=limit, keep=keep, edge=edge
        )

    def put(connection: sqlite3.Connection) -> sqlite3.Row:
        media.add(connection, spooled, format_utc(workplace.clock.now()))
        row: sqlite3.Row = connection.execute("SELECT * FROM media WHERE media_id = ?", (media_id,)).fetchone()
        return row

    try:
        row = workplace.store.write(put).result()
    except BaseException:  # the copy is of no use to anybody
        workplace.spool.forget(spooled.file_name)
        raise
    workplace.thumbnails.make(media_id, workplace.spool.path(spooled.file_name))
    return attached(workplace, row)


def attached(workplace: Workplace, row: sqlite3.Row) -> Attached:
    """A file of no report yet, for the interface."""
    thumbnail = workplace.thumbnails.find(row["media_id"])
    return Attached(
        media_id=row["media_id"],
        name=row["attached_name"],
        size=row["size"],
        content_type=row["content_type"],
        spool_path=str(workplace.spool.path(row["file_name"])),
        thumbnail=str(thumbnail) if thumbnail is not None else None,
        metadata_removed=bool(row["stripped"]),
        keeps_details=bool(row["keeps_details"]),
        original_size=row["original_size"],
    )


def kept_files(workplace: Workplace, connection: sqlite3.Connection, draft: drafts.StoredDraft) -> tuple[Attached, ...]:
    """The files of versions before that a draft keeps, whether their bytes are on this computer or not."""
    row = reports.item(connection, draft.edits) if draft.edits is not None else None
    base = versions.base(connection, row) if row is not None else None
    pool = {one.media_id: one for one in versions.files(connection, base)} if base is not None else {}
    return tuple(_kept(workplace, connection, pool[one]) for one in draft.media if one in pool)


def _kept(workplace: Workplace, connection: sqlite3.Connection, entry: ManifestEntry) -> Attached:
    row = connection.execute("SELECT * FROM media WHERE media_id = ?", (entry.media_id,)).fetchone()
    if row is not None:
        return attached(workplace, row)
    return Attached(
        media_id=entry.media_id,
        name=entry.name,
        size=entry.size,
        content_type=entry.content_type,
        spool_path="",
    )


def detach(workplace: Workplace, command: Detach) -> None:
    """Forget a file that belongs to no report."""
    file_name = workplace.store.write(lambda c: media.detach(c, command.media_id)).result()
    if file_name is not None:
        workplace.spool.forget(file_name)
        workplace.thumbnails.forget(command.media_id)


def keeps_details(workplace: Workplace) -> bool:
    """Whether the person chose that place, device and file name stay in what they attach. Off at first."""
    return workplace.store.read(lambda c: fact(c, _KEEP_DETAILS, bool)) or False


def set_keeps_details(workplace: Workplace, *, keep: bool) -> None:
    """The person's choice, for what is attached from now on."""
    workplace.store.write(lambda c: put_fact(c, _KEEP_DETAILS, keep)).result()
    workplace.changed()
