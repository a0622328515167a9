"""A file that is locked, full, read by another program: the app goes on, says so, and nothing leaves meanwhile."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from telemetry import database
from telemetry.account_log import AccountLog
from telemetry.catalog.events import AppStarted
from telemetry.database import StoreError
from telemetry.writer import Writer


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(database, "BUSY_MS", 100)
    return tmp_path / "telemetry.db"


@pytest.fixture
def writer() -> Iterator[Writer]:
    made = Writer()
    yield made
    made.close()


@pytest.fixture
def log(path: Path, writer: Writer) -> Iterator[AccountLog]:
    made = AccountLog(path, writer)
    made.set_consent("usage", "granted").result(5)
    yield made
    made.close().result(5)


def record(log: AccountLog, count: int) -> None:
    for _ in range(count):
        log.record(AppStarted(surface="tray"))
    log.flush()


def test_a_full_disk_loses_what_it_must_and_counts_it(log: AccountLog) -> None:
    record(log, 10)
    connection = log._store._connection
    assert connection is not None
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count={pages}")
    record(log, 500)
    assert "full" in log.state.trouble
    connection.execute("PRAGMA max_page_count=100000")
    record(log, 1)
    account = log.state.accounts["usage"]
    assert account.recorded == 511
    assert account.lost["storage"] > 0
    assert account.balanced
    assert log.state.trouble == ""


def test_a_lock_is_no_damage(path: Path, log: AccountLog) -> None:
    record(log, 3)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        record(log, 2)
        assert "locked" in log.state.trouble
        assert log.state.due_ms is not None, "it is looked at again later"
        with pytest.raises(StoreError, match="locked"):
            log.set_consent("usage", "denied").result(5)
        assert log.state.on == frozenset()
        other.execute("ROLLBACK")
    log.set_consent("usage", "denied").result(5)
    account = log.state.accounts["usage"]
    assert (account.queued, account.purged) == (0, 3)
    assert account.balanced
    assert [one.name for one in path.parent.glob("*damaged*")] == []


def test_a_reader_that_holds_old_pages_is_named_and_the_rest_is_made_good_later(
    path: Path, log: AccountLog, writer: Writer
) -> None:
    record(log, 3)
    assert any(b"tray" in file.read_bytes() for file in path.parent.glob("telemetry.db*"))
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM record").fetchone()
        with pytest.raises(StoreError, match="another program"):
            log.set_consent("usage", "denied").result(5)
        assert log.state.choices["usage"].state == "denied"
        assert log.claim(everything=True).result(5) is None
        reader.execute("ROLLBACK")
    log.close().result(5)
    again = AccountLog(path, writer)
    again.load().result(5)
    for file in path.parent.glob("telemetry.db*"):
        assert b"tray" not in file.read_bytes()
    again.close().result(5)


def test_a_file_that_cannot_be_opened_keeps_the_app_running(path: Path, writer: Writer) -> None:
    path.mkdir()
    log = AccountLog(path, writer)
    with pytest.raises(StoreError, match="cannot be used"):
        log.set_consent("usage", "granted").result(5)
    log.record(AppStarted(surface="tray"))
    log.flush()
    assert log.state.on == frozenset()
    assert log.state.trouble
