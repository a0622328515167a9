"""A file that is locked, full, read by another program: the app goes on, says so, and nothing leaves meanwhile."""

import contextlib
import ctypes
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from telemetry import database
from telemetry.account_log import AccountLog
from telemetry.batches import Terms
from telemetry.catalog.events import AppStarted, ErrorReported
from telemetry.database import StoreError
from telemetry.outcomes import Answered
from telemetry.writer import Writer

REPOSITORY = Path(__file__).resolve().parents[3]


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
        assert log.claim(Terms(everything=True)).result(5) is None
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


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes((content[at] ^ 0xFF,)) + content[at + 1 :]


def spoilt(content: bytes) -> Iterator[bytes]:
    """The file with single bytes and whole pages spoilt here and there, and cut short."""
    pick = random.Random(5)
    for _ in range(25):
        yield flipped(content, pick.randrange(len(content)))
    for page in range(1, len(content) // 4096):
        yield content[: page * 4096] + bytes(pick.randrange(256) for _ in range(4096)) + content[(page + 1) * 4096 :]
        yield content[: page * 4096 + pick.randrange(4096)]


def test_a_file_that_was_locked_at_the_start_is_read_whole_once_it_is_free(path: Path, writer: Writer) -> None:
    log = AccountLog(path, writer)
    log.set_consent("usage", "granted").result(5)
    record(log, 3)
    batch = log.claim(Terms(everything=True)).result(5)
    log.close().result(5)
    again = AccountLog(path, writer)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked"):
            again.load().result(5)
        assert again.state.on == frozenset()
        other.execute("ROLLBACK")
    assert again.claim(Terms(everything=True)).result(5) == batch, "what was under way is sent again"
    assert again.state.accounts["usage"].queued == 3
    again.close().result(5)


def test_a_withdrawal_that_the_file_did_not_take_holds_after_the_next_start(path: Path, writer: Writer) -> None:
    log = AccountLog(path, writer)
    log.set_consent("usage", "granted").result(5)
    record(log, 3)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked"):
            log.set_consent("usage", "denied").result(5)
        other.execute("ROLLBACK")
    log.close().result(5)
    again = AccountLog(path, writer)
    again.load().result(5)
    assert again.state.choices["usage"].state == "denied"
    assert again.state.accounts["usage"].queued == 0
    assert not any(b"tray" in file.read_bytes() for file in path.parent.glob("telemetry*"))
    assert [file.name for file in path.parent.glob("*withdrawn*")] == []
    again.set_consent("usage", "granted").result(5)
    record(again, 1)
    again.close().result(5)
    third = AccountLog(path, writer)
    third.load().result(5)
    assert third.state.accounts["usage"].queued == 1, "the word was for that one withdrawal"
    third.close().result(5)


def test_whatever_is_spoilt_the_app_goes_on_and_a_choice_begins_afresh(path: Path, writer: Writer) -> None:
    """The file may be read as it is, or is put aside; in either case what is chosen next holds and is kept to."""
    log = AccountLog(path, writer)
    log.set_consent("usage", "granted").result(5)
    record(log, 300)
    log.claim(Terms(everything=True)).result(5)
    log.close().result(5)
    content = path.read_bytes()
    aside = 0
    for spoiled in spoilt(content):
        for file in path.parent.glob("telemetry*"):
            file.unlink()
        path.write_bytes(spoiled)
        log = AccountLog(path, writer)
        with contextlib.suppress(StoreError):
            log.load().result(5)
        record(log, 3)
        with contextlib.suppress(StoreError):
            log.claim(Terms(everything=True)).result(5)
        for _ in range(2):  # the first may be what finds the damage
            with contextlib.suppress(StoreError):
                log.set_consent("usage", "granted").result(5)
        assert log.state.on == {"usage"}, log.state.trouble
        record(log, 1)
        aside += log.state.set_aside is not None
        log.set_consent("usage", "denied").result(5)
        assert log.state.on == frozenset()
        assert log.state.accounts["usage"].queued == 0
        assert list(path.parent.glob("*damaged*")) == []
        log.close().result(5)
    assert aside > 10, "some of it must have been noticed"


def test_damage_found_while_recording_is_put_aside_and_a_withdrawal_leaves_nothing_of_it(
    path: Path, writer: Writer
) -> None:
    log = AccountLog(path, writer)
    log.set_consent("diagnostics", "granted").result(5)
    for _ in range(400):
        log.record(ErrorReported(level="error", template="Quartzplover"))
    log.flush()
    connection = log._store._connection
    assert connection is not None
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("PRAGMA cache_size=1")
    content = path.read_bytes()
    with path.open("r+b") as file:  # every page but the first, beneath the open connection
        file.seek(4096)
        file.write(b"Quartzplover " * ((len(content) - 4096) // 13))
    log.set_consent("diagnostics", "denied").result(5)
    assert log.state.choices["diagnostics"].state == "denied"
    assert not any(b"Quartzplover" in file.read_bytes() for file in path.parent.glob("telemetry*"))
    log.close().result(5)


def test_rows_that_are_missing_from_a_batch_are_damage(path: Path, log: AccountLog) -> None:
    record(log, 5)
    batch = log.claim(Terms(everything=True)).result(5)
    assert batch is not None
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("DELETE FROM record WHERE seq = 2")
    with pytest.raises(StoreError, match="not those that it was formed of"):
        log.settle(batch, Answered(200, {"content-type": "application/x-protobuf"}, b"")).result(5)
    assert log.state.on == frozenset()
    assert [one.name for one in path.parent.glob("*damaged*.db")] != []
    log.set_consent("usage", "granted").result(5)
    record(log, 1)
    assert log.state.accounts["usage"].queued == 1


def test_a_folder_that_cannot_be_written_keeps_the_app_running(writer: Writer) -> None:
    """The writer's thread becomes somebody who may only read, as on a disk that is mounted so."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        log = AccountLog(folder / "telemetry.db", writer)
        log.set_consent("usage", "granted").result(5)
        record(log, 2)
        log.close().result(5)
        (folder / "telemetry.db").chmod(0o444)
        folder.chmod(0o555)
        reader = Writer()
        try:
            reader.run(only_reads).result(5)
            again = AccountLog(folder / "telemetry.db", reader)
            with pytest.raises(StoreError, match="cannot be used"):
                again.load().result(5)
            record(again, 3)
            assert again.state.on == frozenset()
            assert "not affected" in again.state.trouble
            with pytest.raises(StoreError):
                again.set_consent("usage", "denied").result(5)
            assert again.state.on == frozenset()
        finally:
            reader.close()
            folder.chmod(0o755)


def only_reads() -> None:
    """Take from this thread what root may do to files of others (Linux; for anyone else the mode is enough)."""
    if os.geteuid() == 0:
        ctypes.CDLL(None).setfsuid(65534)


CHILD = """
import resource, signal, sys
from pathlib import Path
from telemetry.account_log import AccountLog
from telemetry.catalog.events import AppStarted
from telemetry.database import StoreError
from telemetry.writer import Writer

log = AccountLog(Path(sys.argv[1]), Writer())
log.set_consent("usage", "granted").result()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
for _ in range(40):
    for _ in range(100):
        log.record(AppStarted(surface="tray"))
    log.flush()
print(log.state.trouble)
if len(sys.argv) > 2:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
    try:
        log.set_consent("usage", "denied").result()
    except StoreError:
        print("could not be stored")
    sys.exit()
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
log.record(AppStarted(surface="tray"))
log.flush()
account = log.state.accounts["usage"]
print(account.recorded, account.queued, account.lost.get("storage", 0), account.balanced)
log.set_consent("usage", "denied").result()
print(log.state.accounts["usage"].queued)
"""


def test_a_disk_that_is_really_full_loses_what_it_must_and_counts_it(tmp_path: Path) -> None:
    """A process that may write no file beyond a size, which is what the system says when a disk is full."""
    said = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path / "telemetry.db")],
        capture_output=True,
        text=True,
        check=True,
        cwd=REPOSITORY,
        timeout=60,
    ).stdout.splitlines()
    assert "Make room for the file" in said[0]
    recorded, queued, lost, balanced = said[1].split()
    assert int(recorded) == 4001
    assert int(lost) > 0
    assert int(queued) == 4001 - int(lost)
    assert balanced == "True"
    assert said[2] == "0"


def test_a_withdrawal_on_a_full_disk_holds_after_the_next_start(path: Path, writer: Writer) -> None:
    said = subprocess.run(
        [sys.executable, "-c", CHILD, str(path), "withdraw"],
        capture_output=True,
        text=True,
        check=True,
        cwd=REPOSITORY,
        timeout=60,
    ).stdout.splitlines()
    assert "Make room for the file" in said[0]
    assert said[1:] == ["could not be stored"]
    assert any(b"tray" in file.read_bytes() for file in path.parent.glob("telemetry*"))
    log = AccountLog(path, writer)
    log.load().result(5)
    assert log.state.on == frozenset()
    assert log.state.choices["usage"].state == "denied"
    assert not any(b"tray" in file.read_bytes() for file in path.parent.glob("telemetry*"))
    log.close().result(5)
