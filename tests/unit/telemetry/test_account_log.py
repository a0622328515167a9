"""The face that callers see: never blocks, counts what it cannot keep, survives a disk that will not take it."""

import datetime
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from protocol.statements import TelemetryPolicy
from telemetry import account_log
from telemetry.account_log import AccountLog
from telemetry.catalog.events import AppStarted
from telemetry.consent import Conditions
from telemetry.store import Store
from telemetry.writer import ClosedError, Writer


@pytest.fixture
def writer() -> Iterator[Writer]:
    made = Writer()
    yield made
    made.close()


@pytest.fixture
def log(writer: Writer, tmp_path: Path) -> Iterator[AccountLog]:
    made = AccountLog(tmp_path / "telemetry.db", writer)
    made.set_consent("usage", "granted").result(5)
    yield made
    made.close().result(5)


def hold(writer: Writer) -> Callable[[], None]:
    """Keep the writer's thread busy; returns how to let it go."""
    release = threading.Event()
    writer.run(lambda: release.wait(10))
    return release.set


def test_recording_takes_no_time_while_the_disk_stalls(writer: Writer, log: AccountLog) -> None:
    release = hold(writer)
    times = []
    for _ in range(2000):
        started = time.perf_counter()
        log.record(AppStarted(surface="tray"))
        times.append(time.perf_counter() - started)
    release()
    log.flush()
    assert sorted(times)[1980] < 0.001
    assert log.state.accounts["usage"].queued == 2000


def test_beyond_the_backlog_events_are_counted_as_lost(
    writer: Writer, log: AccountLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account_log, "MAX_BACKLOG", 100)
    release = hold(writer)
    for _ in range(150):
        log.record(AppStarted(surface="tray"))
    release()
    log.flush()
    log.record(AppStarted(surface="tray"))
    log.flush()
    account = log.state.accounts["usage"]
    assert account.recorded == 151
    assert account.lost["backlog"] == account.recorded - account.queued > 0
    assert account.balanced


def test_what_the_disk_does_not_take_is_counted_once_it_does(log: AccountLog, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "append", full)
        log.record(AppStarted(surface="tray"))
        log.flush()
        assert "disk is full" in log.state.trouble
        assert "usage" in log.state.on
    log.record(AppStarted(surface="tray"))
    log.flush()
    account = log.state.accounts["usage"]
    assert (account.recorded, account.queued, account.lost) == (2, 1, {"storage": 1})
    assert log.state.trouble == ""


def test_a_fault_in_one_account_stops_no_other(
    writer: Writer, log: AccountLog, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fault(*_arguments: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(Store, "append", fault)
        log.record(AppStarted(surface="tray"))
        log.flush()
    assert "could not be appended" in caplog.text
    log.record(AppStarted(surface="tray"))
    log.flush()
    assert log.state.accounts["usage"].queued == 1


def test_an_expired_event_is_counted_here_and_not_recorded(writer: Writer, tmp_path: Path) -> None:
    expiry = datetime.datetime.combine(AppStarted.declaration.expires, datetime.time(12)).timestamp()
    log = AccountLog(tmp_path / "telemetry.db", writer, clock=lambda: int(expiry * 1000))
    log.set_consent("usage", "granted").result(5)
    log.record(AppStarted(surface="tray"))
    log.flush()
    assert log.withheld == {"expired": 1}
    assert log.state.accounts["usage"].recorded == 0
    log.close().result(5)


def test_a_grant_and_a_denial_at_once_end_denied(writer: Writer, log: AccountLog) -> None:
    release = hold(writer)
    granted = log.set_consent("usage", "granted")
    denied = log.set_consent("usage", "denied")
    release()
    granted.result(5)
    denied.result(5)
    assert log.state.choices["usage"].state == "denied"
    assert log.state.on == frozenset()
    with log.gate.passing("usage", log.state.choices["usage"].epoch, lambda: None) as may:
        assert not may


def test_after_close_nothing_is_taken(writer: Writer, tmp_path: Path) -> None:
    writer.close()
    log = AccountLog(tmp_path / "telemetry.db", writer)
    log.record(AppStarted(surface="tray"))
    with pytest.raises(ClosedError):
        log.set_consent("usage", "granted").result(5)
    assert not (tmp_path / "telemetry.db").exists()


def test_what_was_offered_before_close_is_kept(tmp_path: Path) -> None:
    writer = Writer()
    log = AccountLog(tmp_path / "telemetry.db", writer)
    log.set_consent("usage", "granted").result(5)
    for _ in range(500):
        log.record(AppStarted(surface="tray"))
    log.close()
    writer.close()
    connection = sqlite3.connect(tmp_path / "telemetry.db")
    (count,) = connection.execute("SELECT count(*) FROM record").fetchone()
    connection.close()
    assert count == 500


def _refuse_usage(log: AccountLog) -> "Future[None]":
    return log.set_conditions(Conditions(policy=TelemetryPolicy(usage=False)))


@pytest.mark.parametrize(
    ("act", "work"),
    [
        (_refuse_usage, "enforce"),
        (lambda log: log.ask_erasure(["usage"]), "ask_erasure"),
        (AccountLog.reset_installation, "reset_installation"),
        (AccountLog.forget, "forget"),
    ],
)
def test_what_was_queued_before_does_not_open_the_gate_for_what_is_shut(
    writer: Writer,
    log: AccountLog,
    monkeypatch: pytest.MonkeyPatch,
    *,
    act: Callable[[AccountLog], "Future[object]"],
    work: str,
) -> None:
    log.set_consent("usage", "granted").result(5)
    batch_epoch = log.state.choices["usage"].epoch
    passed: list[bool] = []

    def try_to_pass(*_arguments: object) -> None:
        with log.gate.passing("usage", batch_epoch, lambda: None) as may:
            passed.append(may)

    monkeypatch.setattr(log._store, work, try_to_pass)
    release = hold(writer)
    log.be_thrifty_no_more()  # a job whose snapshot opens the gate for what is on
    done = act(log)
    release()
    done.result(5)
    assert passed == [False]
