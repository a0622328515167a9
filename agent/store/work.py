"""work.db: the tables of one account's work. Times are RFC 3339 UTC text with milliseconds: their order is time."""

import sqlite3
from typing import TYPE_CHECKING, TypeVar

import msgspec

from agent.store import asks, comments, drafts, own_data, searching, versions
from agent.store.databases import DatabaseKind
from rules.sentence import pack, unpack

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations

T = TypeVar("T")

_FIRST = (
    # A report as it stands here; `origin` server: filed elsewhere, known from the feed. `done_at`: receipt verified.
    """CREATE TABLE report (
        instance_id TEXT PRIMARY KEY, origin TEXT NOT NULL CHECK (origin IN ('here', 'server')),
        title TEXT NOT NULL, text TEXT NOT NULL, location_id TEXT, at TEXT NOT NULL,
        done_at TEXT, server BLOB) STRICT""",
    "CREATE INDEX report_at ON report (at, instance_id)",
    "CREATE INDEX report_undone ON report (origin) WHERE done_at IS NULL",
    """CREATE TABLE revision (
        revision_id TEXT PRIMARY KEY, instance_id TEXT NOT NULL REFERENCES report,
        operation_id TEXT NOT NULL UNIQUE REFERENCES operation (operation_id)) STRICT""",
    "CREATE INDEX revision_instance ON revision (instance_id)",
    # The outbox. `body` is encoded once; the same bytes are sent each time and receipts are over them.
    """CREATE TABLE operation (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, operation_id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
        entity TEXT NOT NULL, item_id TEXT NOT NULL, body BLOB NOT NULL,
        state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'kept', 'aside', 'unsupported')),
        attempts INTEGER NOT NULL DEFAULT 0, next_due TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '')
        STRICT""",
    "CREATE INDEX operation_waiting ON operation (seq) WHERE state = 'waiting'",
    "CREATE INDEX operation_item ON operation (item_id)",
    # Files: without a revision they are attached and not sent. `released`: the copy here may go, or is gone.
    """CREATE TABLE media (
        media_id TEXT PRIMARY KEY, revision_id TEXT REFERENCES revision, position INTEGER NOT NULL DEFAULT 0,
        file_name TEXT NOT NULL, name TEXT NOT NULL, content_type TEXT NOT NULL, size INTEGER NOT NULL,
        sha256 TEXT NOT NULL, stripped INTEGER NOT NULL, attached_at TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'aside')),
        sent_bytes INTEGER NOT NULL DEFAULT 0, upload_url TEXT, attempts INTEGER NOT NULL DEFAULT 0,
        next_due TEXT NOT NULL DEFAULT '', released INTEGER NOT NULL DEFAULT 0) STRICT""",
    "CREATE INDEX media_revision ON media (revision_id, position)",
    "CREATE INDEX media_waiting ON media (media_id) WHERE state = 'waiting'",
    # Own events carry `body`; the server's word on any event is `server`.
    """CREATE TABLE attendance (
        event_id TEXT PRIMARY KEY, origin TEXT NOT NULL CHECK (origin IN ('here', 'server')),
        kind TEXT NOT NULL, location_id TEXT, note TEXT NOT NULL, check_in_id TEXT, at TEXT NOT NULL,
        recorded INTEGER NOT NULL, event BLOB NOT NULL, cancelled INTEGER NOT NULL DEFAULT 0,
        done_at TEXT, server BLOB) STRICT""",
    "CREATE INDEX attendance_at ON attendance (at, event_id)",
    "CREATE INDEX attendance_undone ON attendance (origin) WHERE done_at IS NULL",
    """CREATE TABLE receipt (
        revision_id TEXT PRIMARY KEY, statement BLOB NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('verified', 'refused', 'unchecked', 'elsewhere')),
        reason TEXT NOT NULL DEFAULT '') STRICT""",
    # What needs the person: one row a cause (an operation, a file, a receipt), named by `source`.
    """CREATE TABLE trouble (
        item_id TEXT NOT NULL, source TEXT NOT NULL, sentence TEXT NOT NULL, PRIMARY KEY (item_id, source))
        STRICT, WITHOUT ROWID""",
    """CREATE TABLE location (
        location_id TEXT PRIMARY KEY, name TEXT NOT NULL, zone TEXT NOT NULL, address TEXT NOT NULL,
        active INTEGER NOT NULL) STRICT""",
    "CREATE TABLE location_use (location_id TEXT PRIMARY KEY, used_at TEXT NOT NULL) STRICT",
    """CREATE TABLE unknown_change (
        kind TEXT NOT NULL, entity TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (kind, entity)) STRICT""",
    "CREATE TABLE fact (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT",
    "CREATE TABLE job (name TEXT PRIMARY KEY, due TEXT NOT NULL, attempts INTEGER NOT NULL) STRICT",
)

_REVIEW = (
    # What the server's view asks of the person: '', 'returned' or 'conflict'.
    "ALTER TABLE report ADD COLUMN asks TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX report_asks ON report (instance_id) WHERE asks <> ''",
    "ALTER TABLE revision ADD COLUMN edit INTEGER NOT NULL DEFAULT 0",
    # Written here it has an operation; `taught` once the server told of it.
    """CREATE TABLE comment (
        comment_id TEXT PRIMARY KEY, instance_id TEXT NOT NULL, operation_id TEXT REFERENCES operation (operation_id),
        by_name TEXT NOT NULL, own INTEGER NOT NULL, text TEXT NOT NULL, at TEXT NOT NULL,
        taught INTEGER NOT NULL) STRICT""",
    "CREATE INDEX comment_instance ON comment (instance_id, at)",
    # As after an update of the app: changes of kinds that were not known so far are taken in at the next start.
    "DELETE FROM fact WHERE name = 'app_version'",
)

_MEDIA = (
    # `name` is what it is called where it goes. `original_size`: of one that was made smaller, else 0.
    "ALTER TABLE media ADD COLUMN attached_name TEXT NOT NULL DEFAULT ''",
    "UPDATE media SET attached_name = name",
    "ALTER TABLE media ADD COLUMN keeps_details INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE media ADD COLUMN original_size INTEGER NOT NULL DEFAULT 0",
    # The person holds this one back; nothing else waits for it.
    "ALTER TABLE media ADD COLUMN held INTEGER NOT NULL DEFAULT 0",
)


_TEMPLATES = (
    # Every version that was ever told of, as the bytes that came: drafts and reports keep the version they began with,
    # and a field of a later app's kind is still there after an update.
    """CREATE TABLE template (
        template_id TEXT NOT NULL, version INTEGER NOT NULL, title TEXT NOT NULL, body BLOB NOT NULL,
        PRIMARY KEY (template_id, version)) STRICT""",
    # What the organization offers now: the newest version of each, `active` unless it was withdrawn.
    """CREATE TABLE template_offered (
        template_id TEXT PRIMARY KEY, version INTEGER NOT NULL, active INTEGER NOT NULL) STRICT""",
    "ALTER TABLE report ADD COLUMN template_id TEXT",
    "ALTER TABLE report ADD COLUMN template_version INTEGER",
    # The answers as they read, for the search.
    "ALTER TABLE report ADD COLUMN answers TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX report_template ON report (template_id, at) WHERE template_id IS NOT NULL",
    *(
        statement
        for table in ("draft", "held")
        for statement in (
            f"ALTER TABLE {table} ADD COLUMN template_id TEXT",
            f"ALTER TABLE {table} ADD COLUMN template_version INTEGER",
            f"ALTER TABLE {table} ADD COLUMN answers TEXT NOT NULL DEFAULT '{{}}'",
        )
    ),
    # Which place of the report the server named when it refused it.
    "ALTER TABLE trouble ADD COLUMN field TEXT NOT NULL DEFAULT ''",
    *searching.WITH_ANSWERS,
    # As after an update of the app: changes of kinds that were not known so far are taken in at the next start.
    "DELETE FROM fact WHERE name = 'app_version'",
)


_NEWS = (
    """CREATE TABLE news (
        number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, instance_id TEXT NOT NULL,
        told INTEGER NOT NULL) STRICT""",
    "CREATE INDEX news_untold ON news (number) WHERE told = 0",
    # What an app of before knows already is no news.
    """INSERT OR REPLACE INTO fact SELECT 'news_begin', CAST('true' AS BLOB) FROM fact WHERE name = 'cursor'""",
    """INSERT INTO news (key, kind, instance_id, told) SELECT json_extract(CAST(server AS TEXT), '$.review.decision')
        || ' ' || instance_id || ' ' || json_extract(CAST(server AS TEXT), '$.review.at'),
        json_extract(CAST(server AS TEXT), '$.review.decision'), instance_id, 1
        FROM report WHERE json_extract(CAST(server AS TEXT), '$.review.at') IS NOT NULL""",
    """INSERT INTO news (key, kind, instance_id, told) SELECT 'comment ' || comment_id, 'comment', instance_id, 1
        FROM comment WHERE own = 0""",
)


_ATTENDANCE = (
    # What the server says of an event that came into a closed day, and which event this one corrects.
    "ALTER TABLE attendance ADD COLUMN held TEXT",
    "ALTER TABLE attendance ADD COLUMN supersedes TEXT",
    # An event counts unless it was undone or is kept out of a closed day.
    """ALTER TABLE attendance ADD COLUMN left_out INTEGER NOT NULL
        AS (cancelled OR coalesce(held, 'accepted') <> 'accepted')""",
    "UPDATE attendance SET supersedes = json_extract(CAST(event AS TEXT), '$.supersedes')",
    "CREATE INDEX attendance_session ON attendance (check_in_id) WHERE check_in_id IS NOT NULL",
    "CREATE INDEX attendance_recorded ON attendance (recorded)",
    "CREATE INDEX attendance_corrects ON attendance (supersedes) WHERE supersedes IS NOT NULL",
    # What a place is known by (protocol.changes.LocationView), as it came.
    "ALTER TABLE location ADD COLUMN view BLOB",
    "CREATE TABLE location_favourite (location_id TEXT PRIMARY KEY) STRICT",
    # `ask` is what was asked here (protocol.operations.AttendanceAsk), `server` the server's word on any ask.
    """CREATE TABLE attendance_ask (
        ask_id TEXT PRIMARY KEY, asked TEXT NOT NULL, ask BLOB, server BLOB) STRICT""",
    "ALTER TABLE news ADD COLUMN words TEXT NOT NULL DEFAULT ''",
    # As after an update of the app: changes of kinds that were not known so far are taken in at the next start.
    "DELETE FROM fact WHERE name = 'app_version'",
)


_EVENT_FILES = (
    # Which operation told the organization of a file: of a report's version or of an event; none while it is attached.
    "ALTER TABLE media ADD COLUMN operation_id TEXT REFERENCES operation (operation_id)",
    """UPDATE media SET operation_id = (SELECT operation_id FROM revision AS v WHERE v.revision_id = media.revision_id)
        WHERE revision_id IS NOT NULL""",
    "CREATE INDEX media_operation ON media (operation_id, position)",
    "CREATE INDEX media_here ON media (operation_id) WHERE released = 0",
    "DROP INDEX media_waiting",
    "CREATE INDEX media_waiting ON media (operation_id) WHERE state = 'waiting'",
    # The event that the same press recorded before this one: undone together.
    "ALTER TABLE attendance ADD COLUMN pressed_with TEXT",
    # Receipts of events were set apart so far, as if they were of another device.
    """UPDATE receipt SET state = 'unchecked' WHERE state = 'elsewhere' AND revision_id IN
        (SELECT item_id FROM operation WHERE kind = 'attendance.record')""",
    # As after an update of the app: changes of kinds that were not known so far are taken in at the next start.
    "DELETE FROM fact WHERE name = 'app_version'",
)


# In the order they were made; another is put at the end.
_STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("0001_first", _FIRST),
    ("0002_review", _REVIEW),
    ("0002_drafts", (*drafts.TABLES, *searching.TABLES)),
    ("0003_media", _MEDIA),
    ("0004_templates", _TEMPLATES),
    ("0005_versions", versions.TABLES),
    ("0006_editing", drafts.EDITING),
    ("0007_news", _NEWS),
    ("0008_comments_apart", comments.APART),
    ("0009_attendance", _ATTENDANCE),
    ("0010_event_files", _EVENT_FILES),
    (
        "0011_latest_check_in",
        (
            # What the tray and every press ask first: without it they read all that was ever recorded.
            """CREATE INDEX attendance_check_in ON attendance (at, recorded)
                WHERE kind = 'check_in' AND supersedes IS NULL AND NOT left_out""",
        ),
    ),
    ("0012_withdrawals", asks.WITHDRAWALS),
    (
        "0013_positions",
        (
            # Check-ins that wait a moment for the position of this computer (agent.store.locating).
            "CREATE TABLE locating (event_id TEXT PRIMARY KEY REFERENCES attendance, until TEXT NOT NULL) STRICT",
        ),
    ),
    ("0014_own_data", own_data.TABLES),
    (
        "0015_files_of_events",
        (
            # What is counted with every look: files of events that are still here, and those that are held back.
            "CREATE INDEX media_held ON media (operation_id) WHERE held = 1",
            "DROP INDEX media_here",
            "CREATE INDEX media_of_events ON media (operation_id) WHERE released = 0 AND revision_id IS NULL",
        ),
    ),
    ("0016_policy_notice", own_data.NOTICE),
    # What a sentence was made of, so that a window says it in another language.
    ("0017_trouble_made_of", ("ALTER TABLE trouble ADD COLUMN made_of TEXT NOT NULL DEFAULT ''",)),
)


def _migrations() -> "Migrations":
    from sqlite_utils import Migrations

    migrations = Migrations("work")
    for name, statements in _STEPS:
        _add(migrations, name, statements)
    return migrations


def _add(migrations: "Migrations", name: str, statements: tuple[str, ...]) -> None:
    @migrations(name=name)
    def run(database: "Database") -> None:
        for statement in statements:
            database.execute(statement)


WORK = DatabaseKind(migrations=lambda: (_migrations(),))


def put_fact(connection: sqlite3.Connection, name: str, value: object) -> None:
    """Keep one value, as JSON, under its name."""
    connection.execute("INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)", (name, msgspec.json.encode(value)))


def fact(connection: sqlite3.Connection, name: str, kind: type[T]) -> T | None:
    """The value kept under `name`, or None."""
    row = connection.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
    return msgspec.json.decode(row[0], type=kind) if row is not None else None


def put_trouble(connection: sqlite3.Connection, *, item_id: str, source: str, sentence: str, field: str = "") -> None:
    """Note what the person must see at an item, what caused it, and which place of the item it is about, if known."""
    connection.execute(
        "INSERT OR REPLACE INTO trouble (item_id, source, sentence, field, made_of) VALUES (?, ?, ?, ?, ?)",
        (item_id, source, str(sentence), field, pack(sentence)),
    )


def read_trouble(kept: str | None) -> str | None:
    """The sentence, of `json_array(sentence, made_of)` of its row."""
    if kept is None:
        return None
    text, made_of = msgspec.json.decode(kept, type=tuple[str, str])
    return unpack(text, made_of)


def end_trouble(connection: sqlite3.Connection, source: str) -> None:
    """That cause is gone."""
    connection.execute("DELETE FROM trouble WHERE source = ?", (source,))
