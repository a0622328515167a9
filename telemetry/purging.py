"""Deleting what was not sent of one category, every byte of it, and remembering that until it is through."""

import sqlite3

from telemetry import tally
from telemetry.catalog import Category
from telemetry.database import give_back

_PREFIX = "withdrawing:"


def begun(connection: sqlite3.Connection, category: Category, epoch: int) -> None:
    """In the transaction that commits why: a crash before `purge` is through is made good by the next start."""
    connection.execute("INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)", (f"{_PREFIX}{category}", epoch))


def through(connection: sqlite3.Connection, category: Category) -> None:
    """Nothing of it is left in any file."""
    connection.execute("DELETE FROM fact WHERE name = ?", (f"{_PREFIX}{category}",))


def unfinished(connection: sqlite3.Connection) -> set[str]:
    """The categories of which it was begun and is not through."""
    found = connection.execute("SELECT name FROM fact WHERE name GLOB ?", (f"{_PREFIX}*",))
    return {name.removeprefix(_PREFIX) for (name,) in found}


def is_any(connection: sqlite3.Connection, category: Category) -> bool:
    """Whether a record of it is here."""
    query = "SELECT EXISTS (SELECT 1 FROM record WHERE category = ?)"
    return bool(connection.execute(query, (category,)).fetchone()[0])


def purge(connection: sqlite3.Connection, category: Category, now_ms: int) -> None:
    """Delete its rows, its batches and the bytes of those refused, in the transaction that is open; that a batch may
    have arrived stays listed."""
    (count, size) = connection.execute(
        "SELECT count(*), coalesce(sum(size), 0) FROM record WHERE category = ?", (category,)
    ).fetchone()
    others = "SELECT EXISTS (SELECT 1 FROM record WHERE category != ?)"
    if connection.execute(others, (category,)).fetchone()[0]:
        connection.execute("DELETE FROM record WHERE category = ?", (category,))
    else:
        connection.execute("DELETE FROM record")  # without looking at the rows
    connection.execute(
        "UPDATE batch SET state = 'may_have_arrived', ended_ms = ? WHERE category = ?"
        " AND (state = 'sending' OR (state = 'waiting' AND uncertain))",
        (now_ms, category),
    )
    connection.execute("DELETE FROM batch WHERE category = ? AND state = 'waiting'", (category,))
    connection.execute("UPDATE batch SET body = NULL, reply = NULL WHERE category = ? AND state != 'sent'", (category,))
    tally.add(connection, category, "purged", count, size)
    give_back(connection)
