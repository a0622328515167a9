"""The rows of what a member asks and answers about their own data: requests to erase, policy texts and the answers."""

import sqlite3
from collections.abc import Iterable

import msgspec

from protocol.privacy import ErasureRequestView, PolicyTextSummary

TABLES = (
    # `view` is the server's word on it; `refused` why the server does not take it at all.
    """CREATE TABLE data_request (
        request_id TEXT PRIMARY KEY, wish TEXT NOT NULL, asked TEXT NOT NULL, sent INTEGER NOT NULL,
        refused TEXT NOT NULL DEFAULT '', view BLOB) STRICT""",
    # A version never changes; its text is there once it was opened.
    "CREATE TABLE policy_text (version INTEGER PRIMARY KEY, summary BLOB NOT NULL, text TEXT) STRICT",
    """CREATE TABLE policy_answer (
        version INTEGER NOT NULL, how TEXT NOT NULL, at TEXT NOT NULL, sent INTEGER NOT NULL,
        PRIMARY KEY (version, how)) STRICT, WITHOUT ROWID""",
)
NOTICE = (
    # Whether the person was told of a version: by the banner that they put away, or because they read it.
    "ALTER TABLE policy_text ADD COLUMN told INTEGER NOT NULL DEFAULT 0",
)
_FIRST_SEEN = "policy_version_first_seen"


class StoredRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One request to the organization; `view` once the server has it."""

    request_id: str
    wish: str
    asked: str
    sent: bool
    refused: str
    view: ErasureRequestView | None


class StoredAnswer(msgspec.Struct, frozen=True):
    """What was said to one version; `how` is accepted or continued_use."""

    version: int
    how: str
    at: str
    sent: bool


def ask(connection: sqlite3.Connection, request_id: str, wish: str, asked: str) -> None:
    """Keep a request until the server has it."""
    connection.execute(
        "INSERT INTO data_request (request_id, wish, asked, sent) VALUES (?, ?, ?, 0)", (request_id, wish, asked)
    )


def unsent(connection: sqlite3.Connection) -> list[StoredRequest]:
    """The requests that the server does not have, oldest first."""
    return [one for one in requests(connection)[::-1] if not one.sent and not one.refused]


def requests(connection: sqlite3.Connection) -> list[StoredRequest]:
    """All, newest first."""
    rows = connection.execute(
        "SELECT request_id, wish, asked, sent, refused, view FROM data_request ORDER BY asked DESC, request_id DESC"
    )
    return [
        StoredRequest(
            request_id=request_id,
            wish=wish,
            asked=asked,
            sent=bool(sent),
            refused=refused,
            view=msgspec.json.decode(view, type=ErasureRequestView) if view is not None else None,
        )
        for request_id, wish, asked, sent, refused, view in rows
    ]


def refuse(connection: sqlite3.Connection, request_id: str, why: str) -> None:
    """The server does not take it."""
    connection.execute("UPDATE data_request SET refused = ? WHERE request_id = ?", (why, request_id))


def learn(connection: sqlite3.Connection, views: Iterable[ErasureRequestView]) -> None:
    """What the server says of requests, also of those that were asked elsewhere."""
    connection.executemany(
        "INSERT INTO data_request (request_id, wish, asked, sent, view) VALUES (?, ?, ?, 1, ?)"
        " ON CONFLICT (request_id) DO UPDATE SET sent = 1, refused = '', view = excluded.view",
        [(one.request_id, one.wish, one.asked, msgspec.json.encode(one)) for one in views],
    )


def learn_texts(connection: sqlite3.Connection, texts: Iterable[PolicyTextSummary]) -> None:
    """Which versions there are."""
    connection.executemany(
        "INSERT INTO policy_text (version, summary) VALUES (?, ?)"
        " ON CONFLICT (version) DO UPDATE SET summary = excluded.summary",
        [(one.version, msgspec.json.encode(one)) for one in texts],
    )


def texts(connection: sqlite3.Connection) -> list[PolicyTextSummary]:
    """The versions that are known here, newest first."""
    rows = connection.execute("SELECT summary FROM policy_text ORDER BY version DESC")
    return [msgspec.json.decode(row[0], type=PolicyTextSummary) for row in rows]


def text(connection: sqlite3.Connection, version: int) -> str | None:
    """The text of a version, if it was fetched."""
    row = connection.execute("SELECT text FROM policy_text WHERE version = ?", (version,)).fetchone()
    return row[0] if row else None


def keep_text(connection: sqlite3.Connection, summary: PolicyTextSummary, content: str) -> None:
    """Keep it, to be read with no line."""
    learn_texts(connection, (summary,))
    connection.execute("UPDATE policy_text SET text = ? WHERE version = ?", (content, summary.version))


def begin_notices(connection: sqlite3.Connection, holds: int | None) -> None:
    """Once, after the first look: the version that holds then, or else the first, is no change to this person."""
    known = [one.version for one in texts(connection)]
    if known:
        first = holds if holds is not None else min(known)
        connection.execute("INSERT OR IGNORE INTO fact VALUES (?, ?)", (_FIRST_SEEN, msgspec.json.encode(first)))


def tell(connection: sqlite3.Connection, version: int) -> bool:
    """The person was told of this version; whether they were not before."""
    changed = connection.execute("UPDATE policy_text SET told = 1 WHERE version = ? AND told = 0", (version,))
    return changed.rowcount > 0


def untold(connection: sqlite3.Connection) -> list[PolicyTextSummary]:
    """The versions after the first seen that the person neither was told of nor accepted, oldest first."""
    rows = connection.execute(
        "SELECT summary FROM policy_text WHERE told = 0"
        " AND version > (SELECT CAST(CAST(value AS TEXT) AS INTEGER) FROM fact WHERE name = ?)"
        " AND version NOT IN (SELECT version FROM policy_answer WHERE how = 'accepted') ORDER BY version",
        (_FIRST_SEEN,),
    )
    return [msgspec.json.decode(row[0], type=PolicyTextSummary) for row in rows]


def answer(connection: sqlite3.Connection, version: int, how: str, at: str, *, sent: bool) -> None:
    """Note what was said to a version; the first of each kind counts."""
    connection.execute(
        "INSERT INTO policy_answer (version, how, at, sent) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (version, how) DO UPDATE SET sent = max(sent, excluded.sent)",
        (version, how, at, sent),
    )


def answers(connection: sqlite3.Connection) -> list[StoredAnswer]:
    """All that was said, by version."""
    rows = connection.execute("SELECT version, how, at, sent FROM policy_answer ORDER BY version, how")
    return [StoredAnswer(version, how, at, bool(sent)) for version, how, at, sent in rows]


def worked_since(connection: sqlite3.Connection, at: str) -> bool:
    """Whether the person recorded work on this computer from then on."""
    own = (
        "SELECT EXISTS (SELECT 1 FROM report WHERE origin = 'here' AND at >= ?)"
        " OR EXISTS (SELECT 1 FROM attendance WHERE origin = 'here' AND at >= ?)"
    )
    return bool(connection.execute(own, (at, at)).fetchone()[0])
