"""Installations: the random ids that log data leaves under, each with its secret; one at a time is in use.

What changes one does so in the transaction that is open.
"""

import os
import sqlite3

import msgspec

from telemetry.ids import random_id


class Installation(msgspec.Struct, frozen=True):
    """The random id that batches bear, its secret, and whether the server knows it."""

    installation_id: str
    secret: str
    registered: bool


def current(connection: sqlite3.Connection) -> Installation | None:
    """The one in use."""
    found = connection.execute(
        "SELECT installation_id, secret, registered FROM installation WHERE retired_ms IS NULL"
    ).fetchone()
    return Installation(found[0], found[1], bool(found[2])) if found else None


def make(connection: sqlite3.Connection, now_ms: int) -> Installation:
    """Another; there must be none in use."""
    # Not version 7: the moment of its making would link it to the member who asked.
    made = Installation(random_id(), os.urandom(32).hex(), registered=False)
    connection.execute(
        "INSERT INTO installation (installation_id, secret, registered, made_ms, used) VALUES (?, ?, 0, ?, 0)",
        (made.installation_id, made.secret, now_ms),
    )
    return made


def registered(connection: sqlite3.Connection, installation_id: str, *, known: bool) -> None:
    """Whether the server knows it."""
    query = "UPDATE installation SET registered = ? WHERE installation_id = ?"
    connection.execute(query, (known, installation_id))


def used(connection: sqlite3.Connection) -> None:
    """From here on something may have left under the one in use."""
    connection.execute("UPDATE installation SET used = 1 WHERE retired_ms IS NULL AND NOT used")


def retire(connection: sqlite3.Connection, now_ms: int) -> None:
    """None is in use any more; the secret is kept, because asking for erasure needs it."""
    connection.execute("UPDATE installation SET retired_ms = ? WHERE retired_ms IS NULL", (now_ms,))


def start_over(connection: sqlite3.Connection, now_ms: int) -> None:
    """The same, and running numbers that do not follow those before; nothing may wait."""
    retire(connection, now_ms)
    anywhere = int.from_bytes(os.urandom(3), "big")
    connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'record'", (anywhere,))
