"""The one writer: every change to a database of the agent is made on its thread, one transaction one file."""

import contextlib
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from agent.api import AgentError
from agent.store.databases import DatabaseKind, cannot_store, open_database, open_reader
from agent.store.lane import Lane

T = TypeVar("T")


class Store:
    """One database file: writes go to the writer's thread, reads happen on the caller's (never Qt's) thread."""

    def __init__(self, lane: Lane, path: Path, connection: sqlite3.Connection, set_aside: Path | None) -> None:
        self.path = path
        self.set_aside = set_aside
        self._lane = lane
        self._connection = connection
        self._reader: sqlite3.Connection | None = None
        self._reading = threading.Lock()
        self._closed = False

    def write(self, change: Callable[[sqlite3.Connection], T]) -> "Future[T]":
        """Run `change` in a transaction of its own; the future is done after the commit.

        It fails with AgentError cannot_store, unavailable once it is closed, or with what `change` raised; then nothing
        was changed. On the writer's own thread it is done when this returns; within a `change` nothing else may be
        written.
        """
        return self._lane.at_once(lambda: self._transact(change))

    def on_thread(self, work: Callable[[], T]) -> "Future[T]":
        """Run `work` on the writer's thread: nothing is written between what it reads and what it writes."""
        return self._lane.at_once(work)

    def read(self, look: Callable[[sqlite3.Connection], T]) -> T:
        """What `look` finds, in one snapshot of the file. Raises AgentError cannot_store; unavailable once closed."""
        with self._reading:
            self._check_open()
            if self._reader is None:
                self._reader = open_reader(self.path)
            try:
                self._reader.execute("BEGIN")
                try:
                    return look(self._reader)
                finally:
                    self._reader.execute("ROLLBACK")
            except sqlite3.DatabaseError as error:
                raise cannot_store(error, self.path) from error

    def close(self) -> None:
        """Close both connections; on the writer's thread, or after it ended."""
        with self._reading:
            self._closed = True
            if self._reader is not None:
                self._reader.close()
        self._connection.close()

    def _check_open(self) -> None:
        if self._closed:
            raise AgentError("unavailable", "The app is closing. Try again when it runs.")

    def _transact(self, change: Callable[[sqlite3.Connection], T]) -> T:
        self._check_open()
        connection = self._connection
        try:
            connection.execute("BEGIN IMMEDIATE")
            try:
                result = change(connection)
                connection.execute("COMMIT")
            except BaseException:  # whatever it was, nothing of this change may stay
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise  # a fault of the program, not of the disk
        except sqlite3.DatabaseError as error:
            raise cannot_store(error, self.path) from error
        return result


class Writer:
    """Opens the databases and owns the thread that writes them.

    `lane` is that thread. What ends in a write is best done on it as a whole: the way to the disk is then one queue.
    Nothing may be done there that waits for another thread, for the network or for a person.
    """

    def __init__(self) -> None:
        self.lane = Lane("writer")
        self._stores: list[Store] = []

    def open(self, path: Path, kind: DatabaseKind) -> "Future[Store]":
        """Open, or make, and migrate `path`; the future fails as `open_database` does."""
        return self.lane.at_once(lambda: self._open(path, kind))

    def flush(self, wait_seconds: float = 5.0) -> None:
        """Return once everything queued before is done, or after `wait_seconds`."""
        with contextlib.suppress(TimeoutError, AgentError):
            self.lane.run(lambda: None).result(wait_seconds)

    def close(self, wait_seconds: float = 5.0) -> None:
        """Finish what is queued, then close every file."""

        def close_all() -> None:
            for store in self._stores:
                store.close()

        self.lane.post(close_all)
        self.lane.close(wait_seconds)

    def _open(self, path: Path, kind: DatabaseKind) -> Store:
        opened = open_database(path, kind)
        store = Store(self.lane, path, opened.connection, opened.set_aside)
        self._stores.append(store)
        return store
