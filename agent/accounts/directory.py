"""The accounts of one profile: read from memory by any thread, written through the one writer of `state.db`."""

import contextlib
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from agent.accounts.account import Account
from agent.api import AgentError
from agent.store.databases import cannot_store, open_reader
from agent.store.writer import Store
from protocol.discovery import ThirdParty
from protocol.statements import PublicKey

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations

_COLUMNS = tuple(field for field in Account.__struct_fields__)
_AS_JSON: dict[str, Any] = {
    "keys": tuple[PublicKey, ...],
    "third_parties": tuple[ThirdParty, ...] | None,
    "third_parties_chosen": tuple[ThirdParty, ...],
}
"""Columns that hold more than one value, and what they are read as."""


def account_migrations() -> "Migrations":
    """The table of `state.db` that this module owns, for `open_state`."""
    from sqlite_utils import Migrations

    migrations = Migrations("accounts")

    @migrations(name="0001_first")
    def first(database: "Database") -> None:
        database.execute(
            """CREATE TABLE account (
            server_id TEXT NOT NULL, member_id TEXT NOT NULL, server_url TEXT NOT NULL, token_endpoint TEXT NOT NULL,
            revocation_endpoint TEXT NOT NULL, name TEXT NOT NULL, email TEXT NOT NULL, organization_id TEXT NOT NULL,
            organization TEXT NOT NULL, keys TEXT NOT NULL, credentials TEXT NOT NULL, signed_out INTEGER NOT NULL,
            selected INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (server_id, member_id)) STRICT"""
        )

    @migrations(name="0002_third_parties")
    def third_parties(database: "Database") -> None:
        database.execute("ALTER TABLE account ADD COLUMN third_parties TEXT NOT NULL DEFAULT 'null'")
        database.execute("ALTER TABLE account ADD COLUMN third_parties_chosen TEXT NOT NULL DEFAULT '[]'")

    return migrations


def stored_accounts(path: Path) -> tuple[Account, ...]:
    """The accounts of a profile that is not opened here, and may be open elsewhere. Raises AgentError cannot_store."""
    if not path.exists():
        return ()
    with contextlib.closing(open_reader(path)) as connection:
        try:
            accounts, _ = _load(connection)
        except sqlite3.DatabaseError as error:
            raise cannot_store(error, path) from error
    return tuple(accounts.values())


class AccountDirectory:
    """The accounts, in the order they were added, and which one is shown.

    Safe from any thread; what changes them waits for the commit. Changes are made on the writer's thread, one after
    the other, so that what one reads of an account still is so when it is committed.
    """

    def __init__(self, state: Store) -> None:
        """Reads the table. Raises AgentError cannot_store."""
        self._state = state
        self._lock = threading.Lock()
        self._accounts, self._current = state.read(_load)

    def list(self) -> tuple[Account, ...]:
        """Every account, also signed-out ones: their work is still here."""
        with self._lock:
            return tuple(self._accounts.values())

    def get(self, account: str) -> Account:
        """Raises AgentError not_found."""
        with self._lock:
            found = self._accounts.get(account)
        if found is None:
            raise AgentError("not_found", "This account is not in the app any more. Sign in to add it again.")
        return found

    @property
    def current(self) -> Account | None:
        """The account that is shown."""
        with self._lock:
            return self._accounts.get(self._current) if self._current else None

    def put(self, account: Account) -> None:
        """Add, or replace all that is known of it, and show it."""
        self._change(lambda: account, selected=True)

    def learn(self, account: str, keys: tuple[PublicKey, ...], third_parties: tuple[ThirdParty, ...]) -> None:
        """What the server says of itself from now on; the caller has followed the chain of keys from the pinned."""
        self._change(
            lambda: msgspec.structs.replace(self.get(account), keys=keys, third_parties=third_parties), selected=False
        )

    def choose_third_parties(self, account: str, shown: tuple[ThirdParty, ...] | None) -> None:
        """The person allows what is passed on to those that they were shown, or with None to those named now."""

        def chosen() -> Account:
            known = self.get(account)
            named = known.third_parties or ()
            return msgspec.structs.replace(known, third_parties_chosen=named if shown is None else shown)

        self._change(chosen, selected=False)

    def sign_out(self, account: str) -> None:
        """Note that the person signed out; what the account holds stays."""
        self._change(lambda: msgspec.structs.replace(self.get(account), signed_out=True), selected=False)

    def remove(self, account: str) -> None:
        """Forget it; another one is shown, if there is one. Raises AgentError not_found."""

        def change() -> None:
            known = self.get(account)
            others = [one for one in self.list() if one.account != account]

            def write(connection: sqlite3.Connection) -> None:
                own = (known.server_id, known.member_id)
                connection.execute("DELETE FROM account WHERE server_id = ? AND member_id = ?", own)
                if others and self._current == account:
                    _store(connection, others[0], selected=True)

            self._state.write(write).result()
            with self._lock:
                del self._accounts[account]
                if self._current == account:
                    self._current = others[0].account if others else None

        self._state.on_thread(change).result()

    def select(self, account: str) -> None:
        """Show this account. Raises AgentError not_found."""
        self._change(lambda: self.get(account), selected=True)

    def _change(self, changed: Callable[[], Account], *, selected: bool) -> None:
        def change() -> None:
            account = changed()
            self._state.write(lambda connection: _store(connection, account, selected=selected)).result()
            with self._lock:
                self._accounts[account.account] = account
                if selected:
                    self._current = account.account

        self._state.on_thread(change).result()


def _load(connection: sqlite3.Connection) -> tuple[dict[str, Account], str | None]:
    accounts: dict[str, Account] = {}
    current = None
    for row in connection.execute(f"SELECT {', '.join(_COLUMNS)}, selected FROM account ORDER BY rowid"):  # noqa: S608
        values = dict(zip(_COLUMNS, row, strict=False))
        told = {name: msgspec.json.decode(values.pop(name), type=kind) for name, kind in _AS_JSON.items()}
        account = Account(**{**values, "signed_out": bool(values["signed_out"])}, **told)
        accounts[account.account] = account
        if row[-1]:
            current = account.account
    return accounts, current


def _store(connection: sqlite3.Connection, account: Account, *, selected: bool) -> None:
    values = {name: getattr(account, name) for name in _COLUMNS}
    values |= {name: msgspec.json.encode(values[name]).decode() for name in _AS_JSON}
    updates = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS)
    connection.execute(
        f"INSERT INTO account ({', '.join(_COLUMNS)}) VALUES ({', '.join(':' + name for name in _COLUMNS)}) "  # noqa: S608
        f"ON CONFLICT (server_id, member_id) DO UPDATE SET {updates}",
        values,
    )
    if selected:
        connection.execute(
            "UPDATE account SET selected = (server_id = ? AND member_id = ?)", (account.server_id, account.member_id)
        )
