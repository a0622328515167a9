"""The rows of comments: written here and on their way, or told by the server."""

import sqlite3

import msgspec

from agent.store.attendance import normal
from protocol.changes import CommentView
from protocol.operations import ReportComment


class CommentRow(msgspec.Struct, frozen=True, kw_only=True):
    """One comment; `operation` is the state of what sends it, None for one that was not written here."""

    comment_id: str
    by_name: str
    own: bool
    text: str
    at: str
    taught: bool
    operation: str | None


def add(connection: sqlite3.Connection, comment: ReportComment, *, operation_id: str, by: str, at: str) -> None:
    """Keep a comment that was written here; its operation is in line already."""
    connection.execute(
        "INSERT INTO comment VALUES (?, ?, ?, ?, 1, ?, ?, 0)",
        (comment.comment_id, comment.instance_id, operation_id, by, comment.text, at),
    )


APART = (
    # Comments on a report that is a draft again: nobody else knows of it, so they wait here for it to be sent.
    """CREATE TABLE comment_apart (
        comment_id TEXT PRIMARY KEY, instance_id TEXT NOT NULL, by_name TEXT NOT NULL, text TEXT NOT NULL,
        at TEXT NOT NULL, body BLOB NOT NULL) STRICT""",
    "CREATE INDEX comment_apart_instance ON comment_apart (instance_id)",
)


def put_apart(connection: sqlite3.Connection, instance_id: str) -> None:
    """The report is to be a draft again: what was written about it here waits beside that, and is in line no more."""
    connection.execute(
        "INSERT OR REPLACE INTO comment_apart SELECT c.comment_id, c.instance_id, c.by_name, c.text, c.at, o.body"
        " FROM comment AS c JOIN operation AS o USING (operation_id) WHERE c.instance_id = ? AND NOT c.taught",
        (instance_id,),
    )
    connection.execute("DELETE FROM comment WHERE instance_id = ?", (instance_id,))


def take_up(connection: sqlite3.Connection, instance_id: str) -> list[tuple[ReportComment, bytes, str, str]]:
    """The report is sent: its comments that waited, oldest first, as (comment, body, by whom, at). They wait no
    more."""
    rows = connection.execute(
        "DELETE FROM comment_apart WHERE instance_id = ? RETURNING body, by_name, at, comment_id", (instance_id,)
    ).fetchall()
    rows.sort(key=lambda row: (row["at"], row["comment_id"]))
    return [
        (msgspec.json.decode(row["body"], type=ReportComment), row["body"], row["by_name"], row["at"]) for row in rows
    ]


def forget_apart(connection: sqlite3.Connection, instance_id: str) -> None:
    """The draft was discarded, and its comments with it."""
    connection.execute("DELETE FROM comment_apart WHERE instance_id = ?", (instance_id,))


def keep_draft(connection: sqlite3.Connection, instance_id: str, text: str) -> None:
    """Keep what is written of a comment that was not sent; nothing but white space is no draft."""
    connection.execute("DELETE FROM comment_draft WHERE instance_id = ?", (instance_id,))
    if text.strip():
        connection.execute("INSERT INTO comment_draft VALUES (?, ?)", (instance_id, text))


def count_drafts(connection: sqlite3.Connection) -> int:
    """How many comments were begun and not sent."""
    (count,) = connection.execute("SELECT count(*) FROM comment_draft").fetchone()
    return int(count)


def draft(connection: sqlite3.Connection, instance_id: str) -> str:
    """What was written of a comment on this report and not sent, or empty."""
    row = connection.execute("SELECT text FROM comment_draft WHERE instance_id = ?", (instance_id,)).fetchone()
    return row["text"] if row is not None else ""


def learn(connection: sqlite3.Connection, view: CommentView) -> None:
    """Take the server's word on one comment in."""
    connection.execute(
        "INSERT INTO comment VALUES (?, ?, NULL, ?, ?, ?, ?, 1) ON CONFLICT (comment_id) DO UPDATE SET"
        " by_name = excluded.by_name, at = excluded.at, taught = 1",
        (view.comment_id, view.instance_id, view.by, view.own, view.text, normal(view.at)),
    )


def forget_taught(connection: sqlite3.Connection) -> None:
    """What only the server had told goes."""
    connection.execute("DELETE FROM comment WHERE operation_id IS NULL")
    connection.execute("UPDATE comment SET taught = 0")


def of_report(connection: sqlite3.Connection, instance_id: str) -> list[CommentRow]:
    """The comments on a report, oldest first."""
    rows = connection.execute(
        "SELECT c.comment_id, c.by_name, c.own, c.text, c.at, c.taught, o.state AS operation FROM comment AS c"
        " LEFT JOIN operation AS o USING (operation_id) WHERE c.instance_id = ? ORDER BY c.at, c.comment_id",
        (instance_id,),
    )
    return [
        CommentRow(**{**dict(row), "own": bool(row["own"]), "taught": bool(row["taught"])}) for row in rows.fetchall()
    ]
