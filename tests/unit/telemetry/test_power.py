"""Loss of power takes at most what is younger than SYNC_SECONDS, and to see to that wakes nothing twice."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from telemetry import database, writer
from telemetry.account_log import AccountLog
from telemetry.batches import Terms
from telemetry.catalog.events import AppStarted
from telemetry.queue import Offer
from telemetry.writer import Writer
from tests.unit.telemetry.conftest import Open
from tests.unit.telemetry.making import TAKEN, Clock, fill, offer

FULL = 2


class Disk:
    """What each commit that changed something asked of the disk; `waited` is set by one that waits for it."""

    def __init__(self) -> None:
        self.commits: list[int] = []
        self.waited = threading.Event()

    def connect(self, *arguments: object, **more: object) -> sqlite3.Connection:
        """A connection that tells this one."""
        disk = self

        class Told(sqlite3.Connection):
            before = 0

            def execute(self, sql: str, *rest: object) -> sqlite3.Cursor:  # type: ignore[override]
                (synchronous,) = super().execute("PRAGMA synchronous").fetchone() if sql == "COMMIT" else (0,)
                done = super().execute(sql, *rest)  # type: ignore[arg-type]
                if sql == "COMMIT" and self.total_changes != self.before:
                    self.before = self.total_changes
                    disk.commits.append(synchronous)
                    if synchronous == FULL:
                        disk.waited.set()
                return done

        return CONNECT(*arguments, factory=Told, **more)  # type: ignore[call-overload, no-any-return]

    def forget(self) -> None:
        """Begin to look anew."""
        self.commits.clear()
        self.waited.clear()


CONNECT = sqlite3.connect


def wakeups(thread: threading.Thread) -> int:
    """How often it gave up the processor to wait: every wakeup ends in that."""
    status = Path(f"/proc/self/task/{thread.native_id}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("voluntary")))


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    made = Disk()
    monkeypatch.setattr(database.sqlite3, "connect", made.connect)
    return made


@pytest.fixture
def log(tmp_path: Path, disk: Disk) -> Iterator[AccountLog]:
    thread = Writer()
    made = AccountLog(tmp_path / "telemetry.db", thread)
    made.set_consent("usage", "granted").result(5)
    made.sync_now().result(5)
    disk.forget()
    yield made
    made.close()
    thread.close()


def test_what_was_recorded_waits_for_the_disk_once_after_a_while(
    log: AccountLog, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "SYNC_SECONDS", 0.3)
    for _ in range(3):
        log.record(AppStarted(surface="tray"))
        log.flush()
    assert FULL not in disk.commits, "neither recording nor flushing waits for the disk"
    assert disk.waited.wait(10)
    log.flush()
    assert disk.commits.count(FULL) == 1
    assert log.state.accounts["usage"].queued == 3


def test_nothing_wakes_once_it_is_safe(log: AccountLog, disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "SYNC_SECONDS", 0.2)
    log.record(AppStarted(surface="tray"))
    assert disk.waited.wait(10)
    log.flush()
    (thread,) = (one for one in threading.enumerate() if one.name == "telemetry-writer")
    threading.Event().wait(0.2)  # until it went to rest
    before = wakeups(thread)
    threading.Event().wait(1)
    assert wakeups(thread) == before
    assert disk.commits.count(FULL) == 1


class Busy:
    """A sink that tells how much waited behind when it was told to sync."""

    def __init__(self, thread: Writer) -> None:
        self.thread = thread
        self.behind: list[int] = []

    def append(self, offers: list[Offer]) -> None:
        assert offers
        self.thread.note(self, unsynced=True)

    def sync(self) -> None:
        self.behind.append(self.thread.backlog())


def test_while_records_keep_coming_they_wait_for_the_disk_all_the_same(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "SYNC_SECONDS", 0.0)
    thread, gate = Writer(), threading.Event()
    sink = Busy(thread)
    thread.run(lambda: gate.wait(10))
    for _ in range(3 * writer.GROUP):
        thread.offer(sink, offer(clock))
    gate.set()
    thread.flush()
    thread.close()
    assert sink.behind[0] > writer.GROUP


def test_a_choice_makes_what_was_recorded_before_safe_too(log: AccountLog, disk: Disk) -> None:
    log.record(AppStarted(surface="tray"))
    log.set_consent("diagnostics", "granted").result(5)
    assert disk.commits[-1] == FULL
    disk.forget()
    log.sync_now().result(5)
    assert disk.commits == [], "there is nothing left to do"


def test_the_end_of_the_program_waits_for_the_disk(log: AccountLog, disk: Disk) -> None:
    log.record(AppStarted(surface="tray"))
    log.close().result(5)
    assert disk.commits[-1] == FULL


def test_a_disk_that_does_not_take_it_is_told_and_stops_nothing(
    log: AccountLog, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "SYNC_SECONDS", 0.05)
    told = threading.Event()

    def full() -> None:
        told.set()
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(log._store, "sync", full)
        log.record(AppStarted(surface="tray"))
        assert told.wait(10)
        log.flush()
        assert "disk is full" in log.state.trouble
    disk.forget()
    log.record(AppStarted(surface="tray"))
    assert disk.waited.wait(10)
    log.flush()
    assert log.state.trouble == ""


def test_only_what_waits_for_the_disk_counts_as_safe(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.grant("usage")
    assert not store.unsynced
    fill(store, clock, 1)
    assert store.unsynced
    store.sync()
    assert not store.unsynced
    batch = store.claim(Terms(everything=True))
    assert batch is not None
    assert store.unsynced
    store.settle(batch, TAKEN)
    store.ask_erasure(["usage"])
    store.sync()
    assert not store.unsynced
    assert store.claim(Terms(everything=True)) is None
    assert not store.unsynced, "what changed nothing leaves nothing to be lost"
