"""The rows of drafts, and of reports that are held back for a moment so that sending them can be undone.

A draft has the id that its report will have, so that a draft is never filed twice. While a report is in `held` its
operation is not given out to be sent: undoing and giving out are transactions of the one writer, and whichever comes
first decides. Whatever else is written about it, a version or a comment, gives it out.
"""

import sqlite3
from datetime import datetime, timedelta
from typing import Any

import msgspec

from agent.store import comments, templates
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


EDITING = (
    # The draft of a report's next version; `kept`: ids of files of versions before, which are not attached anew.
    "ALTER TABLE draft ADD COLUMN edits TEXT",
    "ALTER TABLE draft ADD COLUMN kept TEXT NOT NULL DEFAULT '[]'",
    "CREATE UNIQUE INDEX draft_edits ON draft (edits) WHERE edits IS NOT NULL",
    "CREATE TABLE comment_draft (instance_id TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID",
)


class StoredDraft(msgspec.Struct, frozen=True, kw_only=True):
    """One draft; `edits` is the report that it is another version of, its `media` then has files of versions before.
    `location_id` may be of a place that is gone. `answers` are all that were given, of fields that are
    hidden now too."""

    draft_id: str
    text: str
    location_id: str | None
    place_chosen: bool
    saved_at: str
    media: tuple[str, ...] = ()
    template_id: str | None = None
    template_version: int | None = None
    answers: dict[str, Any] = msgspec.field(default_factory=dict)
    edits: str | None = None


def save(connection: sqlite3.Connection, draft: StoredDraft) -> bool:
    """Keep a draft with those of its files, and of those its answers name, that are of no report; whether it is new."""
    known = connection.execute("SELECT edits FROM draft WHERE draft_id = ?", (draft.draft_id,)).fetchone()
    connection.execute(
        "INSERT INTO draft (draft_id, saved_at, text, location_id, place_chosen, template_id, template_version,"
        " answers, edits) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (draft_id) DO UPDATE SET text = excluded.text,"
        " location_id = excluded.location_id, place_chosen = excluded.place_chosen, saved_at = excluded.saved_at,"
        " template_id = excluded.template_id, template_version = excluded.template_version, answers = excluded.answers",
        (draft.draft_id, draft.saved_at, *_content(draft), draft.edits),
    )
    named = templates.files_named(connection, draft.template_id, draft.template_version, draft.answers)
    connection.execute("DELETE FROM draft_media WHERE draft_id = ?", (draft.draft_id,))
    connection.executemany(
        "INSERT OR REPLACE INTO draft_media SELECT media_id, ?, ? FROM media WHERE media_id = ?"
        " AND operation_id IS NULL",
        [(draft.draft_id, position, one) for position, one in enumerate(dict.fromkeys((*draft.media, *named)))],
    )
    if draft.edits is not None or (known is not None and known["edits"] is not None):
        _keep_files(connection, draft)
    return known is None


def _keep_files(connection: sqlite3.Connection, draft: StoredDraft) -> None:
    """The files of versions before that the next one keeps, in order."""
    new = {row["media_id"] for row in files(connection, draft.draft_id)}
    kept = [one for one in draft.media if one not in new]
    connection.execute(
        "UPDATE draft SET kept = ? WHERE draft_id = ?", (msgspec.json.encode(kept).decode(), draft.draft_id)
    )


def of_report(connection: sqlite3.Connection, instance_id: str) -> str | None:
    """The draft of a report's next version."""
    row = connection.execute("SELECT draft_id FROM draft WHERE edits = ?", (instance_id,)).fetchone()
    return row["draft_id"] if row is not None else None


def find(connection: sqlite3.Connection, draft_id: str) -> StoredDraft | None:
    """One draft with its files, in order."""
    row = connection.execute("SELECT * FROM draft WHERE draft_id = ?", (draft_id,)).fetchone()
    if row is None:
        return None
    kept = msgspec.json.decode(row["kept"], type=tuple[str, ...])
    return _draft(row, media=(*kept, *(one["media_id"] for one in files(connection, draft_id))))


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


def discard(connection: sqlite3.Connection, draft_id: str) -> list[tuple[str, str]]:
    """Forget it and its files: (media id, name in the spool) of what may be deleted after the commit."""
    names = [(row["media_id"], row["file_name"]) for row in files(connection, draft_id)]
    connection.execute(
        "DELETE FROM media WHERE operation_id IS NULL AND media_id IN"
        " (SELECT media_id FROM draft_media WHERE draft_id = ?)",
        (draft_id,),
    )
    comments.forget_apart(connection, draft_id)
    forget(connection, draft_id)
    return names


def hold(connection: sqlite3.Connection, draft: StoredDraft, now: datetime) -> str:
    """Hold the report that this draft has just become back; until when, as RFC 3339."""
    until = format_utc(now + timedelta(seconds=UNDO_SEND_SECONDS))
    connection.execute(
        "INSERT INTO held (instance_id, until, text, location_id, place_chosen, template_id, template_version, answers)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (draft.draft_id, until, *_content(draft)),
    )
    connection.execute("UPDATE operation SET next_due = ? WHERE item_id = ?", (until, draft.draft_id))
    return until


def let_go(connection: sqlite3.Connection, now: datetime | None) -> None:
    """From here on what was held until now may leave and cannot be undone or added to; with None, all that is held.

    One that is held longer than it can have been meant was held before the clock was set back.
    """
    late = format_utc(now) if now is not None else ""
    early = format_utc(now + timedelta(seconds=UNDO_SEND_SECONDS)) if now is not None else ""
    rows = connection.execute("DELETE FROM held WHERE until <= ? OR until > ? RETURNING instance_id", (late, early))
    # The same of check-ins that wait for a position (agent.store.locating).
    events = connection.execute("DELETE FROM locating WHERE until <= ? OR until > ? RETURNING event_id", (late, early))
    connection.executemany(
        "UPDATE operation SET next_due = '' WHERE item_id = ?",
        [(row[0],) for row in (*rows.fetchall(), *events.fetchall())],
    )


def hold_no_longer(connection: sqlite3.Connection, instance_id: str) -> None:
    """More was written about a report: if it is held back, it leaves now, since undoing would take that along."""
    if connection.execute("DELETE FROM held WHERE instance_id = ?", (instance_id,)).rowcount:
        connection.execute("UPDATE operation SET next_due = '' WHERE item_id = ?", (instance_id,))


def holds(connection: sqlite3.Connection) -> bool:
    """Whether anything is held back."""
    query = "SELECT 1 FROM held UNION ALL SELECT 1 FROM locating LIMIT 1"
    return connection.execute(query).fetchone() is not None


def take_back(connection: sqlite3.Connection, instance_id: str, now: datetime) -> bool:
    """Make a report that is held back the draft it was, with its files; False if it is not held any more."""
    held = connection.execute("DELETE FROM held WHERE instance_id = ? RETURNING *", (instance_id,)).fetchone()
    if held is None:
        return False
    saved_at = format_utc(now)
    unfile(connection, _draft({**dict(held), "draft_id": instance_id, "saved_at": saved_at}))
    return True


def unfile(connection: sqlite3.Connection, draft: StoredDraft) -> None:
    """Make a report that the server has nothing of this draft, with the report's files; its comments wait for it."""
    media = connection.execute(
        "UPDATE media SET revision_id = NULL, operation_id = NULL, state = 'waiting', upload_url = NULL"
        " WHERE revision_id IN (SELECT revision_id FROM revision WHERE instance_id = ?) RETURNING media_id, position",
        (draft.draft_id,),
    ).fetchall()
    comments.put_apart(connection, draft.draft_id)
    connection.execute("DELETE FROM revision WHERE instance_id = ?", (draft.draft_id,))
    connection.execute("DELETE FROM operation WHERE item_id = ?", (draft.draft_id,))
    connection.execute("DELETE FROM report WHERE instance_id = ?", (draft.draft_id,))
    connection.execute("DELETE FROM trouble WHERE item_id = ?", (draft.draft_id,))
    filed = [row["media_id"] for row in sorted(media, key=lambda row: int(row["position"]))]
    save(connection, msgspec.structs.replace(draft, media=tuple(filed)))


def _content(draft: StoredDraft) -> tuple[object, ...]:
    answers = msgspec.json.encode(draft.answers).decode()
    return draft.text, draft.location_id, draft.place_chosen, draft.template_id, draft.template_version, answers


def _draft(row: sqlite3.Row | dict[str, Any], media: tuple[str, ...] = ()) -> StoredDraft:
    columns = dict(row)
    values = {name: columns[name] for name in StoredDraft.__struct_fields__ if name in columns}
    values["place_chosen"] = bool(values["place_chosen"])
    values["answers"] = msgspec.json.decode(values["answers"])
    return StoredDraft(**values, media=media)
