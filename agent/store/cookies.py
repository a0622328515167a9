"""Cookies of each account's server in state.db: the persistent ones that are kept, and whether any may be."""

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations


def cookie_migrations() -> "Migrations":
    """The tables of `state.db` that this module owns, for `open_state`."""
    from sqlite_utils import Migrations

    migrations = Migrations("cookies")

    @migrations(name="0001_first")
    def first(database: "Database") -> None:
        database.execute(
            "CREATE TABLE cookie_choice (account TEXT PRIMARY KEY, keep INTEGER NOT NULL) STRICT, WITHOUT ROWID"
        )

    return migrations


def may_keep(connection: sqlite3.Connection, account: str) -> bool:
    """Whether the person allows persistent cookies of this account's server. Off at first."""
    found = connection.execute("SELECT keep FROM cookie_choice WHERE account = ?", (account,)).fetchone()
    return bool(found and found[0])


def set_may_keep(connection: sqlite3.Connection, account: str, *, keep: bool) -> None:
    """The person's choice."""
    connection.execute("INSERT OR REPLACE INTO cookie_choice (account, keep) VALUES (?, ?)", (account, keep))
