"""The rows of drafts, and of reports that are held back for a moment so that sending them can be undone.

A draft has the id that its report will have, so that a draft is never filed twice. While a report is in `held` its
operation is not given out to be sent: undoing and giving out are transactions of the one writer, and whichever comes
first decides.
"""

import sqlite3
from datetime import datetime, timedelta

import msgspec

from rules.clock import format_utc

UNDO_SEND_SECONDS = 5.0

TABLES = (
    """CREATE TABLE draft (
        draft_id TEXT PRIMARY KEY, text TEXT NOT NULL, location_id TEXT, place_chosen INTEGER NOT NULL,
        saved_at TEXT NOT NULL) STRICT""",
    """CREATE TABLE draft_media (
        media_id TEXT PRIMARY KEY REFERENCES media ON DELETE CASCADE,
        draft_id TEXT NOT NULL REFERENCES draft ON DELETE CASCADE, position INTEGER NOT NULL) STRICT, WITHOUT ROWID""",
    "CREATE INDEX draft_media_draft ON draft_media (draft_id, position)",
    # `text`, `location_id`, `place_chosen`: the draft that the report was.
    """CREATE TABLE held (
        instance_id TEXT PRIMARY KEY REFERENCES report, until TEXT NOT NULL, text TEXT NOT NULL, location_id TEXT,
        place_chosen INTEGER NOT NULL) STRICT""",
)


class StoredDraft(msgspec.Struct, frozen=True, kw_only=True):
    """One draft; `location_id` may be of a place that is gone."""

    draft_id: str
    text: str
    location_id: str | None
    place_chosen: bool
    saved_at: str
    media: tuple[str, ...] = ()


def save(connection: sqlite3.Connection, draft: StoredDraft) -> bool:
    """Keep a draft with those of its files that are of no report; whether it is a new one."""
    known = connection.execute("SELECT 1 FROM draft WHERE draft_id = ?", (draft.draft_id,)).fetchone() is not None
    connection.execute(
        "INSERT INTO draft VALUES (?, ?, ?, ?, ?) ON CONFLICT (draft_id) DO UPDATE SET text = excluded.text,"
        " location_id = excluded.location_id, place_chosen = excluded.place_chosen, saved_at = excluded.saved_at",
        (draft.draft_id, draft.text, draft.location_id, draft.place_chosen, draft.saved_at),
    )
    connection.execute("DELETE FROM draft_media WHERE draft_id = ?", (draft.draft_id,))
    connection.executemany(
        "INSERT OR REPLACE INTO draft_media SELECT media_id, ?, ? FROM media WHERE media_id = ?"
        " AND revision_id IS NULL",
        [(draft.draft_id, position, one) for position, one in enumerate(draft.media)],
    )
    return not known


def find(connection: sqlite3.Connection, draft_id: str) -> StoredDraft | None:
    """One draft with its files, in order."""
    row = connection.execute("SELECT * FROM draft WHERE draft_id = ?", (draft_id,)).fetchone()
    if row is None:
        return None
    return _draft(row, media=tuple(one["media_id"] for one in files(connection, draft_id)))


def files(connection: sqlite3.Connection, draft_id: str) -> list[sqlite3.Row]:
    """The media rows of a draft, in order."""
    return connection.execute(
        "SELECT m.* FROM draft_media AS d JOIN media AS m USING (media_id) WHERE d.draft_id = ? ORDER BY d.position",
        (draft_id,),
    ).fetchall()


def all_drafts(connection: sqlite3.Connection) -> list[StoredDraft]:
    """Without their files, last saved first."""
    rows = connection.execute("SELECT * FROM draft ORDER BY saved_at DESC, draft_id DESC")
    return [_draft(row) for row in rows]


def forget(connection: sqlite3.Connection, draft_id: str) -> None:
    """It is no draft any more; its files are left to whoever claimed them."""
    connection.execute("DELETE FROM draft WHERE draft_id = ?", (draft_id,))


def discard(connection: sqlite3.Connection, draft_id: str) -> list[str]:
    """Forget it and its files; the names in the spool that may be deleted after the commit."""
    names = [row["file_name"] for row in files(connection, draft_id)]
    connection.execute(
        "DELETE FROM media WHERE revision_id IS NULL AND media_id IN"
        " (SELECT media_id FROM draft_media WHERE draft_id = ?)",
        (draft_id,),
    )
    forget(connection, draft_id)
    return names


def hold(connection: sqlite3.Connection, draft: StoredDraft, now: datetime) -> str:
    """Hold the report that this draft has just become back; until when, as RFC 3339."""
    until = format_utc(now + timedelta(seconds=UNDO_SEND_SECONDS))
    connection.execute(
        "INSERT INTO held VALUES (?, ?, ?, ?, ?)",
        (draft.draft_id, until, draft.text, draft.location_id, draft.place_chosen),
    )
    connection.execute("UPDATE operation SET next_due = ? WHERE item_id = ?", (until, draft.draft_id))
    return until


def let_go(connection: sqlite3.Connection, now: datetime | None) -> None:
    """From here on what was held until now may leave and cannot be undone; with None, all that is held.

    One that is held longer than it can have been meant was held before the clock was set back.
    """
    late = format_utc(now) if now is not None else ""
    early = format_utc(now + timedelta(seconds=UNDO_SEND_SECONDS)) if now is not None else ""
    rows = connection.execute("DELETE FROM held WHERE until <= ? OR until > ? RETURNING instance_id", (late, early))
    connection.executemany(
        "UPDATE operation SET next_due = '' WHERE item_id = ?", [(row["instance_id"],) for row in rows.fetchall()]
    )


def holds(connection: sqlite3.Connection) -> bool:
    """Whether anything is held back."""
    return connection.execute("SELECT 1 FROM held LIMIT 1").fetchone() is not None


def take_back(connection: sqlite3.Connection, instance_id: str, now: datetime) -> bool:
    """Make a report that is held back the draft it was, with its files; False if it is not held any more."""
    held = connection.execute("DELETE FROM held WHERE instance_id = ? RETURNING *", (instance_id,)).fetchone()
    if held is None:
        return False
    media = connection.execute(
        "UPDATE media SET revision_id = NULL WHERE revision_id IN"
        " (SELECT revision_id FROM revision WHERE instance_id = ?) RETURNING media_id, position",
        (instance_id,),
    ).fetchall()
    connection.execute("DELETE FROM revision WHERE instance_id = ?", (instance_id,))
    connection.execute("DELETE FROM operation WHERE item_id = ?", (instance_id,))
    connection.execute("DELETE FROM report WHERE instance_id = ?", (instance_id,))
    draft = StoredDraft(
        draft_id=instance_id,
        text=held["text"],
        location_id=held["location_id"],
        place_chosen=bool(held["place_chosen"]),
        saved_at=format_utc(now),
        media=tuple(row["media_id"] for row in sorted(media, key=lambda row: int(row["position"]))),
    )
    save(connection, draft)
    return True


def _draft(row: sqlite3.Row, media: tuple[str, ...] = ()) -> StoredDraft:
    values = dict(row)
    return StoredDraft(**{**values, "place_chosen": bool(values["place_chosen"])}, media=media)
