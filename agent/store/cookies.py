"""Cookies of each account's server in state.db: the persistent ones that are kept, and whether any may be."""

import sqlite3
from typing import TYPE_CHECKING

from agent.transport import Cookie

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

    @migrations(name="0002_cookies")
    def cookies(database: "Database") -> None:
        database.execute(
            "CREATE TABLE cookie (account TEXT NOT NULL, name TEXT NOT NULL, host TEXT NOT NULL, value TEXT NOT NULL,"
            " secure INTEGER NOT NULL, expires REAL NOT NULL, PRIMARY KEY (account, name)) STRICT, WITHOUT ROWID"
        )

    return migrations


def kept(connection: sqlite3.Connection) -> dict[str, list[Cookie]]:
    """The persistent cookies of each account."""
    found: dict[str, list[Cookie]] = {}
    rows = connection.execute("SELECT account, name, host, value, secure, expires FROM cookie")
    for account, name, host, value, secure, expires in rows:
        cookie = Cookie(name=name, host=host, value=value, secure=bool(secure), expires=expires)
        found.setdefault(account, []).append(cookie)
    return found


def keep(connection: sqlite3.Connection, account: str, name: str, cookie: Cookie | None) -> None:
    """Keep this one, in place of what was kept under its name; None: keep none."""
    connection.execute("DELETE FROM cookie WHERE account = ? AND name = ?", (account, name))
    if cookie is not None:
        connection.execute(
            "INSERT INTO cookie (account, name, host, value, secure, expires) VALUES (?, ?, ?, ?, ?, ?)",
            (account, name, cookie.host, cookie.value, cookie.secure, cookie.expires),
        )


def forget(connection: sqlite3.Connection, account: str) -> None:
    """Nothing of this account."""
    for table in ("cookie", "cookie_choice"):
        connection.execute(f"DELETE FROM {table} WHERE account = ?", (account,))  # noqa: S608 # one of these


def may_keep_for(connection: sqlite3.Connection) -> set[str]:
    """The accounts for which the person allows persistent cookies."""
    return {row[0] for row in connection.execute("SELECT account FROM cookie_choice WHERE keep")}


def may_keep(connection: sqlite3.Connection, account: str) -> bool:
    """Whether the person allows persistent cookies of this account's server. Off at first."""
    found = connection.execute("SELECT keep FROM cookie_choice WHERE account = ?", (account,)).fetchone()
    return bool(found and found[0])


def set_may_keep(connection: sqlite3.Connection, account: str, *, keep: bool) -> None:
    """The person's choice."""
    connection.execute("INSERT OR REPLACE INTO cookie_choice (account, keep) VALUES (?, ?)", (account, keep))
