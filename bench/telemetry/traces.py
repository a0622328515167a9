"""Unsent bytes that a withdrawal leaves in any file of the profile, and how long it takes with a full queue."""

import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

from bench.compare import Comparison
from telemetry.account_log import AccountLog
from telemetry.catalog.events import ErrorReported
from telemetry.writer import Writer
from tests.privacy.test_no_trace import CANARY
from tests.privacy.traces import found_in

ROWS = 50_000
ROUNDS = 7


def run() -> list[Comparison]:
    """Files in which a canary is found, in any form; milliseconds of a withdrawal, disk included."""
    left: list[float] = []
    took: list[float] = []
    by_default = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            found, seconds = _withdraw(Path(folder))
        left.append(found)
        took.append(seconds * 1000)
        with tempfile.TemporaryDirectory() as folder:
            by_default.append(_by_default(Path(folder)))
    what = f"files with unsent bytes after a withdrawal of {ROWS} rows"
    return [
        Comparison(what, "files", [max(left)], by_default, "SQLite as it comes", 0),
        Comparison(f"a withdrawal of {ROWS} rows", "ms", took, [250], "the promise of", 1.0),
    ]


def _withdraw(folder: Path) -> tuple[float, float]:
    writer = Writer()
    log = AccountLog(folder / "telemetry.db", writer)
    log.set_consent("diagnostics", "granted").result()
    for number in range(ROWS):
        log.record(ErrorReported(level="error", template=CANARY))
        if number % 1000 == 999:
            log.flush()
    log.flush()
    if log.state.accounts["diagnostics"].queued < ROWS * 0.9 or not found_in(folder, CANARY):
        raise RuntimeError("the canaries are not there to begin with")
    begun = time.perf_counter()
    log.set_consent("diagnostics", "denied").result()
    seconds = time.perf_counter() - begun
    found = len(found_in(folder, CANARY))
    log.close()
    writer.close()
    return found, seconds


def _by_default(folder: Path) -> float:
    """The same rows in a database as SQLite makes it, deleted."""
    with closing(sqlite3.connect(folder / "peer.db")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE record(seq INTEGER PRIMARY KEY, body BLOB)")
        connection.executemany("INSERT INTO record(body) VALUES (?)", ((CANARY.encode(),) for _ in range(ROWS)))
        connection.commit()
        connection.execute("DELETE FROM record")
        connection.commit()
        return len(found_in(folder, CANARY))
