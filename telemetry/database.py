"""telemetry.db: one file per account; how it is opened, kept from leaving traces, and put aside when damaged.

Written with the standard library alone, because this runs on the way to the first record.
Deleted content is overwritten (`secure_delete`), temporary tables stay in memory, and the write-ahead log is emptied
after a withdrawal, so that what was deleted is in no file.
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from rules.sentence import Sentence

BUSY_MS = 5000
_WITHDRAWN = "-withdrawn"
_CACHE_KIB = 2000
_MUCH_KIB = 65536
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}

_FIRST = """
CREATE TABLE consent(
    category TEXT PRIMARY KEY, state TEXT NOT NULL, epoch INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE consent_log(
    epoch INTEGER PRIMARY KEY, category TEXT NOT NULL, state TEXT NOT NULL, cause TEXT NOT NULL,
    at_ms INTEGER NOT NULL) STRICT;
CREATE TABLE installation(
    installation_id TEXT PRIMARY KEY, secret TEXT NOT NULL, registered INTEGER NOT NULL, made_ms INTEGER NOT NULL,
    retired_ms INTEGER) STRICT, WITHOUT ROWID;
CREATE TABLE record(
    seq INTEGER PRIMARY KEY AUTOINCREMENT, category TEXT NOT NULL, epoch INTEGER NOT NULL, urgent INTEGER NOT NULL,
    rules INTEGER NOT NULL, recorded_ms INTEGER NOT NULL, size INTEGER NOT NULL, batch_id TEXT,
    body BLOB NOT NULL) STRICT;
CREATE INDEX record_by_batch ON record(batch_id, category, urgent, recorded_ms, size);
CREATE TABLE batch(
    batch_id TEXT PRIMARY KEY, family TEXT NOT NULL, category TEXT NOT NULL, epoch INTEGER NOT NULL,
    installation_id TEXT NOT NULL, state TEXT NOT NULL, uncertain INTEGER NOT NULL, records INTEGER NOT NULL,
    sha256 TEXT NOT NULL, formed_ms INTEGER NOT NULL, ended_ms INTEGER, status INTEGER,
    accepted INTEGER NOT NULL DEFAULT 0, reply BLOB, body BLOB) STRICT;
CREATE INDEX batch_by_state ON batch(state, batch_id);
CREATE INDEX batch_by_family ON batch(family, state);
CREATE TABLE tally(
    category TEXT NOT NULL, what TEXT NOT NULL, count INTEGER NOT NULL, bytes INTEGER NOT NULL,
    PRIMARY KEY(category, what)) STRICT, WITHOUT ROWID;
CREATE TABLE fact(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
"""
_READABLE_LEDGER = """
CREATE TABLE left_batch(
    batch_id TEXT PRIMARY KEY, family TEXT NOT NULL, category TEXT NOT NULL, epoch INTEGER NOT NULL,
    installation_id TEXT NOT NULL, state TEXT NOT NULL, uncertain INTEGER NOT NULL, records INTEGER NOT NULL,
    sha256 TEXT NOT NULL, formed_ms INTEGER NOT NULL, ended_ms INTEGER, status INTEGER,
    accepted INTEGER NOT NULL DEFAULT 0, size INTEGER NOT NULL, host TEXT NOT NULL DEFAULT '',
    verdicts TEXT NOT NULL DEFAULT '', erased_ms INTEGER, reply BLOB, body BLOB) STRICT;
INSERT INTO left_batch (batch_id, family, category, epoch, installation_id, state, uncertain, records, sha256,
    formed_ms, ended_ms, status, accepted, size, reply, body) SELECT batch_id, family, category, epoch,
    installation_id, state, uncertain, records, sha256, formed_ms, ended_ms, status, accepted,
    coalesce(length(body), 0), reply, body FROM batch;
DROP TABLE batch;
ALTER TABLE left_batch RENAME TO batch;
CREATE INDEX batch_by_state ON batch(state, batch_id);
CREATE INDEX batch_by_family ON batch(family, state);
"""
_ERASURES = """
CREATE TABLE erasure(
    erasure_id TEXT PRIMARY KEY, categories TEXT NOT NULL, asked_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE erasure_request(
    request_id TEXT PRIMARY KEY, erasure_id TEXT NOT NULL, installation_id TEXT NOT NULL, attempts INTEGER NOT NULL,
    not_before_ms INTEGER NOT NULL, trouble TEXT NOT NULL, done_ms INTEGER, erased INTEGER, relayed TEXT,
    statement BLOB) STRICT;
CREATE INDEX erasure_request_by_erasure ON erasure_request(erasure_id);
CREATE INDEX erasure_request_undone ON erasure_request(not_before_ms) WHERE statement IS NULL;
ALTER TABLE installation ADD COLUMN used INTEGER NOT NULL DEFAULT 1;
"""
_RANGES = """
ALTER TABLE batch ADD COLUMN first_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batch ADD COLUMN last_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batch ADD COLUMN record_bytes INTEGER NOT NULL DEFAULT 0;
UPDATE batch SET
    first_seq = coalesce((SELECT min(seq) FROM record WHERE record.batch_id = batch.batch_id), 0),
    last_seq = coalesce((SELECT max(seq) FROM record WHERE record.batch_id = batch.batch_id), 0),
    record_bytes = coalesce((SELECT sum(record.size) FROM record WHERE record.batch_id = batch.batch_id), 0)
    WHERE state IN ('waiting', 'sending');
DROP INDEX record_by_batch;
ALTER TABLE record DROP COLUMN batch_id;
CREATE INDEX record_by_category ON record(category);
"""
_PASSED_ON = """
CREATE TABLE passed_on(
    installation_id TEXT NOT NULL, ended INTEGER NOT NULL, attempts INTEGER NOT NULL, not_before_ms INTEGER NOT NULL,
    PRIMARY KEY(installation_id, ended)) STRICT, WITHOUT ROWID;
INSERT INTO passed_on SELECT DISTINCT installation_id,
    NOT EXISTS (SELECT 1 FROM consent WHERE consent.category = 'third_party' AND consent.state = 'granted'), 0, 0
    FROM batch JOIN installation USING (installation_id) WHERE batch.category = 'third_party'
    AND (batch.state != 'waiting' OR batch.uncertain);
"""
_STEPS = (_FIRST, _READABLE_LEDGER, _ERASURES, _RANGES, _PASSED_ON)
"""Each brings the file one version further; the bytes of a batch come last in its row, so that a list reads none."""


class StoreError(Exception):
    """telemetry.db cannot be used now; `sentence` is for the person. Work itself is not concerned."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NewerStoreError(StoreError):
    """A newer version of the app wrote the file; it is left as it is."""


def open_database(path: Path) -> tuple[sqlite3.Connection, Path | None]:
    """The connection, and where a damaged predecessor was kept. The file is made if it is missing.

    Raises StoreError: busy for 5 seconds, no space, no permission; NewerStoreError.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            return _connect(path), None
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
        aside = set_aside(path)
        return _connect(path), aside
    except (sqlite3.Error, OSError) as error:
        raise store_error(error, path) from error


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file is damaged, and not merely locked, full or out of reach."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED


def damage(what: str) -> sqlite3.DatabaseError:
    """The error for content that contradicts itself; `is_damage` holds for it."""
    error = sqlite3.DatabaseError(what)
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def store_error(error: sqlite3.Error | OSError, path: Path) -> StoreError:
    """The same, as the sentence for a person."""
    return StoreError(
        Sentence(
            "Log data cannot be kept because %(name)s in %(folder)s cannot be used: %(error)s. Nothing "
            "of it is sent meanwhile; your work is not affected. Make room for the file or free it, and "
            "try again.",
            name=path.name,
            folder=path.parent,
            error=error,
        )
    )


def copies(path: Path) -> list[Path]:
    """Files beside `path` that may hold what it held: predecessors put aside, and copies."""
    own = {path.name, f"{path.name}-wal", f"{path.name}-shm"}
    beside = (file for file in path.parent.glob(f"{path.stem}*") if file.name not in own and file.is_file())
    return [file for file in beside if not file.name.endswith(_WITHDRAWN)]


def withdrawal_mark(path: Path, category: str) -> Path:
    """An empty file that stands for a withdrawal which the database could not take; a full disk has room for that."""
    return path.with_name(f"{path.name}-{category}{_WITHDRAWN}")


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection, *, durable: bool = False) -> Iterator[None]:
    """All or nothing, whatever kills the process. `durable`: survives loss of power, and with it all that was committed
    before; without that, loss of power may take the last of it, and leaves the file whole."""
    if durable:
        connection.execute("PRAGMA synchronous=FULL")
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:  # whatever it was, nothing of it may stay
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    finally:
        if durable:
            connection.execute("PRAGMA synchronous=NORMAL")


@contextlib.contextmanager
def much_at_once(connection: sqlite3.Connection) -> Iterator[None]:
    """Room in memory for a transaction that changes most of the file, so that nothing of it is written twice."""
    connection.execute(f"PRAGMA cache_size=-{_MUCH_KIB}")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")


def give_back(connection: sqlite3.Connection) -> None:
    """Cut the free pages off the file, in the transaction that is open. Pages that are gone need not be overwritten."""
    (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    for _ in range(free):
        connection.execute("PRAGMA incremental_vacuum(1)")  # a page a call: Python takes one step of it


def empty_log(connection: sqlite3.Connection) -> None:
    """Copy the write-ahead log into the file and cut it to nothing. Raises StoreError while another program reads."""
    busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise StoreError(
            "The choice is kept and nothing more is sent, but another program holds the log data file open, so that "
            "deleted records may still be in it. Close that program and choose again."
        )


def _connect(path: Path) -> sqlite3.Connection:
    path.touch(mode=0o600)
    path.chmod(0o600)
    connection = sqlite3.connect(path, timeout=BUSY_MS / 1000, isolation_level=None, check_same_thread=False)
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > len(_STEPS):
            raise NewerStoreError(
                Sentence(
                    "Log data is off because a newer version of Miratag wrote %(name)s in %(folder)s. The file "
                    "was not touched; your work is not affected. Install the newer version again.",
                    name=path.name,
                    folder=path.parent,
                )
            )
        if version == 0:  # on a file that is there it would write each time, and change nothing
            connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
        connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY;"
            "PRAGMA journal_size_limit=524288; PRAGMA trusted_schema=OFF;"
        )
        for number, step in enumerate(_STEPS[version:], version + 1):
            connection.executescript(f"BEGIN IMMEDIATE; {step} PRAGMA user_version={number}; COMMIT;")
        connection.execute("SELECT count(*) FROM consent")
    except BaseException:  # nobody else will close it
        connection.close()
        raise
    return connection


def set_aside(path: Path) -> Path:
    """Move a damaged file and what belongs to it out of the way; where it is now. Raises OSError."""
    import shutil

    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    aside = path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}")
    for suffix in ("-wal", "-shm"):
        companion = path.with_name(path.name + suffix)
        if companion.exists():
            shutil.move(companion, aside.with_name(aside.name + suffix))
    path.rename(aside)
    return aside
