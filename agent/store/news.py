"""What came from others about the person's reports and attendance, and reminders, each once however often the feed or
the clock tells of it, until it was told."""

import sqlite3

import msgspec

from agent.store.work import fact, put_fact
from protocol.changes import AttendanceAskView, CommentView, ReportView

_BEGIN = "news_begin"
_MUTED = "news_muted"


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of news: what kind, about which report (empty: none), and what else there is to say."""

    kind: str
    instance_id: str
    words: str = ""


def begin(connection: sqlite3.Connection) -> None:
    """The first full pull is over: from now on what comes is news."""
    if not fact(connection, _BEGIN, bool):
        put_fact(connection, _BEGIN, True)


def of_report(connection: sqlite3.Connection, view: ReportView) -> None:
    """A decision that stands, or versions side by side."""
    if len(view.heads) > 1:
        _note(connection, "conflict", view.instance_id, " ".join(sorted(view.heads)))
    elif view.review is not None and view.review.decision == view.state:
        _note(connection, view.review.decision, view.instance_id, f"{view.instance_id} {view.review.at}")


def of_comment(connection: sqlite3.Connection, view: CommentView) -> None:
    """What somebody else said."""
    if not view.own:
        _note(connection, "comment", view.instance_id, view.comment_id)


def of_ask(connection: sqlite3.Connection, view: AttendanceAskView) -> None:
    """A manager decided about a correction."""
    if view.state not in {"asked", "withdrawn"}:
        _note(connection, "correction", "", f"{view.ask_id} {view.state}")


def remind(connection: sqlite3.Connection, kind: str, key: str, words: str) -> bool:
    """Something falls due that the person wished to be reminded of; whether it is new. Unlike what others did, it is
    told from the first day on."""
    inserted = connection.execute(
        "INSERT OR IGNORE INTO news (key, kind, instance_id, told, words) VALUES (?, ?, '', ?, ?)",
        (f"{kind} {key}", kind, kind in muted(connection), words),
    )
    return inserted.rowcount > 0


def reminded(connection: sqlite3.Connection, kind: str, key: str) -> bool:
    """Whether that was noted before."""
    return connection.execute("SELECT 1 FROM news WHERE key = ?", (f"{kind} {key}",)).fetchone() is not None


def untold(connection: sqlite3.Connection) -> list[Piece]:
    """What was not told yet, oldest first."""
    rows = connection.execute("SELECT kind, instance_id, words FROM news WHERE told = 0 ORDER BY number")
    return [Piece(**dict(row)) for row in rows.fetchall()]


def tell(connection: sqlite3.Connection) -> None:
    """All of it was told, or stood before the person's eyes."""
    connection.execute("UPDATE news SET told = 1 WHERE told = 0")


def muted(connection: sqlite3.Connection) -> set[str]:
    """The kinds that the person does not wish to be told of."""
    return fact(connection, _MUTED, set[str]) or set()


def choose(connection: sqlite3.Connection, kind: str, *, told: bool) -> None:
    """Tell of that kind, or no longer: then what of it waits to be told is not told either."""
    put_fact(connection, _MUTED, sorted(muted(connection) - {kind} if told else muted(connection) | {kind}))
    if not told:
        connection.execute("UPDATE news SET told = 1 WHERE told = 0 AND kind = ?", (kind,))


def _note(connection: sqlite3.Connection, kind: str, instance_id: str, key: str) -> None:
    told = not fact(connection, _BEGIN, bool) or kind in muted(connection)
    connection.execute(
        "INSERT OR IGNORE INTO news (key, kind, instance_id, told) VALUES (?, ?, ?, ?)",
        (f"{kind} {key}", kind, instance_id, told),
    )
