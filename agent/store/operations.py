"""The outbox's rows: what waits, what was kept, what was set aside and why."""

import sqlite3
from collections.abc import Iterable

import msgspec

from agent.store import drafts
from agent.store.work import end_trouble, put_trouble
from protocol.operations import ATTENDANCE_ASK, ATTENDANCE_CANCEL, ATTENDANCE_WITHDRAW


class StoredOperation(msgspec.Struct, frozen=True):
    """One operation as it is kept; `body` is what travels, byte for byte."""

    operation_id: str
    kind: str
    entity: str
    item_id: str
    body: bytes
    attempts: int


def add(
    connection: sqlite3.Connection, *, operation_id: str, kind: str, entity: str, item_id: str, body: bytes
) -> None:
    """Put one in line."""
    connection.execute(
        "INSERT INTO operation (operation_id, kind, entity, item_id, body) VALUES (?, ?, ?, ?, ?)",
        (operation_id, kind, entity, item_id, body),
    )


def due(connection: sqlite3.Connection, now: str, limit: int) -> list[StoredOperation]:
    """What may go now, in the order it was made; nothing overtakes an earlier operation of the same item.

    What is held back so that it can be undone may not.
    """
    rows = connection.execute(
        "SELECT operation_id, kind, entity, item_id, body, attempts FROM operation AS o"
        " WHERE state = 'waiting' AND next_due <= ? AND item_id NOT IN (SELECT instance_id FROM held)"
        " AND item_id NOT IN (SELECT event_id FROM locating)"
        " AND NOT EXISTS (SELECT 1 FROM operation AS e"
        "  WHERE e.item_id = o.item_id AND e.seq < o.seq AND e.state = 'waiting' AND e.next_due > ?)"
        " ORDER BY seq LIMIT ?",
        (now, now, limit),
    )
    return [StoredOperation(*row) for row in rows]


def next_due(connection: sqlite3.Connection) -> str | None:
    """When the first that waits may go; None when nothing waits."""
    found: str | None = connection.execute("SELECT min(next_due) FROM operation WHERE state = 'waiting'").fetchone()[0]
    return found


def kept(connection: sqlite3.Connection, operation_id: str, now: str) -> None:
    """The organization keeps it."""
    row = connection.execute(
        "UPDATE operation SET state = 'kept', reason = '' WHERE operation_id = ? RETURNING item_id, kind",
        (operation_id,),
    ).fetchone()
    if row is None:
        return
    end_trouble(connection, operation_id)
    if row["kind"] not in {ATTENDANCE_CANCEL, ATTENDANCE_ASK, ATTENDANCE_WITHDRAW}:
        connection.execute(
            "UPDATE attendance SET done_at = coalesce(done_at, ?) WHERE event_id = ?"  # else its receipt says so
            " AND NOT EXISTS (SELECT 1 FROM media WHERE operation_id = ? AND released = 0)",
            (now, row["item_id"], operation_id),
        )


def set_aside(connection: sqlite3.Connection, operation_id: str, *, state: str, sentence: str, field: str = "") -> None:
    """It is not sent again before the person wishes so (`aside`) or the app is newer (`unsupported`); `field` is the
    path in its body that the server named."""
    row = connection.execute(
        "UPDATE operation SET state = ?, reason = ? WHERE operation_id = ? RETURNING item_id",
        (state, sentence, operation_id),
    ).fetchone()
    if row is not None:
        put_trouble(connection, item_id=row["item_id"], source=operation_id, sentence=sentence, field=field)


def any_not_taken(connection: sqlite3.Connection) -> bool:
    """Whether there is one that the server has not, whatever the reason."""
    return connection.execute("SELECT 1 FROM operation WHERE state <> 'kept' LIMIT 1").fetchone() is not None


def trouble_of(connection: sqlite3.Connection, entity: str) -> str:
    """Why the operation of that entity was set aside; empty when it was not."""
    row = connection.execute(
        "SELECT reason FROM operation WHERE entity = ? AND state IN ('aside', 'unsupported') LIMIT 1", (entity,)
    ).fetchone()
    return row["reason"] if row is not None else ""


def line_of(connection: sqlite3.Connection, entity: str, kind: str) -> tuple[str, bool] | None:
    """In which line (its item) the operation of that kind about an entity stands, and whether it was set aside; None
    where it was not made here. What is put in the same line comes after it."""
    row = connection.execute(
        "SELECT item_id, state FROM operation WHERE entity = ? AND kind = ? LIMIT 1", (entity, kind)
    ).fetchone()
    return (row["item_id"], row["state"] == "aside") if row is not None else None


def give_up(connection: sqlite3.Connection, entity: str, kind: str) -> None:
    """What was set aside of it is not wanted any more, and needs nobody."""
    for row in connection.execute(
        "DELETE FROM operation WHERE entity = ? AND kind = ? AND state = 'aside' RETURNING operation_id", (entity, kind)
    ).fetchall():
        end_trouble(connection, row["operation_id"])


def failed(connection: sqlite3.Connection, operation_ids: Iterable[str], next_due_at: str) -> None:
    """The server failed over these; they are tried again from `next_due_at` on."""
    connection.executemany(
        "UPDATE operation SET attempts = attempts + 1, next_due = ? WHERE operation_id = ? AND state = 'waiting'",
        [(next_due_at, one) for one in operation_ids],
    )


def retry(connection: sqlite3.Connection, item_id: str | None) -> None:
    """Send again at once: one item, also if it was set aside; or (None) all that waits. Nothing is held back."""
    drafts.let_go(connection, None)
    if item_id is None:
        connection.execute("UPDATE operation SET next_due = '' WHERE state = 'waiting'")
        connection.execute("UPDATE media SET next_due = '' WHERE state = 'waiting'")
        return
    connection.execute(
        "UPDATE operation SET state = 'waiting', next_due = '', attempts = 0, reason = ''"
        " WHERE item_id = ? AND state <> 'kept'",
        (item_id,),
    )
    connection.execute(
        "UPDATE media SET state = 'waiting', next_due = '', attempts = 0 WHERE state <> 'sent' AND operation_id IN"
        " (SELECT operation_id FROM operation WHERE item_id = ?)",
        (item_id,),
    )
    # A receipt that does not fit stays in sight: sending again changes nothing about it.
    connection.execute(
        "DELETE FROM trouble WHERE item_id = ? AND source NOT IN (SELECT revision_id FROM receipt)", (item_id,)
    )


def retry_unsupported(connection: sqlite3.Connection) -> None:
    """At the start of another version of the app: what only an update could send may go."""
    for row in connection.execute("SELECT DISTINCT item_id FROM operation WHERE state = 'unsupported'").fetchall():
        retry(connection, row["item_id"])
