"""What came from others about the person's reports, each once however often the feed tells of it, until it was told."""

import sqlite3

import msgspec

from agent.store.work import fact, put_fact
from protocol.changes import CommentView, ReportView

_BEGIN = "news_begin"
_MUTED = "news_muted"


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of news: what kind, about which report."""

    kind: str
    instance_id: str


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


def untold(connection: sqlite3.Connection) -> list[Piece]:
    """What was not told yet, oldest first."""
    rows = connection.execute("SELECT kind, instance_id FROM news WHERE told = 0 ORDER BY number")
    return [Piece(kind=row["kind"], instance_id=row["instance_id"]) for row in rows.fetchall()]


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
