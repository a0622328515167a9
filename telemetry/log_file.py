"""One telemetry.db as its owner holds it: opened when it is first needed, committed to, made safe, and removed."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from telemetry.database import copies, empty_log, open_database, transaction


class LogFile:
    """`unsynced`: something was committed that would not survive loss of power. For one thread at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connection: sqlite3.Connection | None = None
        self.unsynced = False

    def open(self) -> Path | None:
        """Open it unless it is, and make it if it is missing; where a damaged predecessor is now, if there was one.
        Raises StoreError."""
        if self.connection is not None:
            return None
        self.connection, aside = open_database(self.path)
        return aside

    @contextmanager
    def commit(self, *, durable: bool = False) -> Iterator[sqlite3.Connection]:
        """A transaction; `durable`: when it is through, it and all before it survive loss of power."""
        assert self.connection is not None, "open it first"
        before = self.connection.total_changes
        with transaction(self.connection, durable=durable):
            yield self.connection
        if self.connection.total_changes != before:
            self.unsynced = not durable

    def sync(self, now_ms: int) -> None:
        """What was committed survives loss of power once this returns."""
        if self.connection is not None and self.unsynced:
            with self.commit(durable=True) as connection:  # SQLite waits for the disk only with something to write
                note = "INSERT OR REPLACE INTO fact (name, value) VALUES ('synced_ms', ?)"
                connection.execute(note, (now_ms,))

    def leave_no_copy(self) -> None:
        """Nothing that was deleted is in any file. Raises StoreError while another program reads."""
        assert self.connection is not None, "open it first"
        for copy in copies(self.path):
            copy.unlink()
        empty_log(self.connection)

    def close(self) -> None:
        """Close it, if it is open."""
        if self.connection is not None:
            self.connection.close()
            self.connection, self.unsynced = None, False

    def remove(self) -> None:
        """Close it, and delete it with all that lies beside it."""
        self.close()
        companions = (self.path.with_name(f"{self.path.name}{end}") for end in ("", "-wal", "-shm"))
        for file in (*companions, *copies(self.path)):
            file.unlink(missing_ok=True)
