"""state.db: what belongs to the profile and to no account's work; and how often each egress row was used."""

import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from agent.store.databases import DatabaseKind
from agent.store.profile import Profile
from agent.store.writer import Store, Writer
from rules.clock import format_utc

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations


def open_state(profile: Profile, writer: Writer, *more: "Callable[[], Migrations]") -> Store:
    """Open state.db with the tables here and those of `more` (each a named set of its own, as `agent.accounts` has).

    Raises AgentError cannot_store.
    """
    kind = DatabaseKind(migrations=lambda: (_egress_migrations(), *(one() for one in more)))
    return writer.open(profile.state, kind).result()


class EgressCount(msgspec.Struct, frozen=True):
    """How often a row was used with a host since the app was installed; `last` is RFC 3339, None for never."""

    row: str
    host: str
    requests: int
    bytes_sent: int
    last: str | None


def count_egress(connection: sqlite3.Connection, *, row: str, host: str, bytes_sent: int | None, at: datetime) -> None:
    """Add one request that begins (no bytes yet), or the bytes of one that ended."""
    connection.execute(
        "INSERT INTO egress (row, host, requests, bytes_sent, last) VALUES (?, ?, ?, ?, ?) ON CONFLICT (row, host)"
        " DO UPDATE SET requests = requests + excluded.requests, bytes_sent = bytes_sent + excluded.bytes_sent,"
        " last = excluded.last",
        (row, host, bytes_sent is None, bytes_sent or 0, format_utc(at)),
    )


def egress_counts(connection: sqlite3.Connection) -> list[EgressCount]:
    """Every row and host, the most recent first."""
    rows = connection.execute("SELECT row, host, requests, bytes_sent, last FROM egress ORDER BY last DESC")
    return [EgressCount(*row) for row in rows]


def _egress_migrations() -> "Migrations":
    from sqlite_utils import Migrations

    migrations = Migrations("egress")

    @migrations(name="0001_first")
    def first(database: "Database") -> None:
        database.execute(
            "CREATE TABLE egress (row TEXT NOT NULL, host TEXT NOT NULL, requests INTEGER NOT NULL,"
            " bytes_sent INTEGER NOT NULL, last TEXT NOT NULL, PRIMARY KEY (row, host)) STRICT, WITHOUT ROWID"
        )

    return migrations
