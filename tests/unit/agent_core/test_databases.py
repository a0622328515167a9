"""Files of the agent on bad days: damaged, busy, newer, full; and the one writer."""

import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from agent.api import AgentError
from agent.store import databases
from agent.store.databases import DatabaseKind, NewerSchemaError, open_database
from agent.store.work import WORK
from agent.store.writer import Writer


def kind(*steps: str) -> DatabaseKind:
    def migrations() -> tuple[Migrations, ...]:
        made = Migrations("test")
        for number, sql in enumerate(steps):

            def step(database: Database, sql: str = sql) -> None:
                database.execute(sql)

            made(name=f"{number:04}")(step)
        return (made,)

    return DatabaseKind(migrations=migrations)


ONE = kind("CREATE TABLE t (x TEXT)")
TWO = kind("CREATE TABLE t (x TEXT)", "ALTER TABLE t ADD COLUMN y TEXT")


@pytest.fixture
def writer() -> Iterator[Writer]:
    made = Writer()
    yield made
    made.close()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_files_are_the_persons_alone_and_survive_power_loss(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "a" / "x.db", ONE).connection) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2
        connection.execute("INSERT INTO t VALUES ('a')")
        assert mode(tmp_path / "a") == 0o700
        assert {mode(path) for path in (tmp_path / "a").iterdir()} == {0o600}
        assert len(list((tmp_path / "a").iterdir())) == 3


def test_a_copy_is_kept_until_the_next_good_start(tmp_path: Path) -> None:
    path, copy = tmp_path / "x.db", tmp_path / "x.before-migration"
    with closing(open_database(path, ONE).connection) as connection:
        connection.execute("INSERT INTO t VALUES ('kept')")
        assert not copy.exists()
    open_database(path, TWO).connection.close()
    with closing(sqlite3.connect(copy)) as before:
        assert before.execute("SELECT * FROM t").fetchall() == [("kept",)]
    assert mode(copy) == 0o600
    with closing(open_database(path, TWO).connection) as connection:
        assert [tuple(row) for row in connection.execute("SELECT * FROM t")] == [("kept", None)]
    assert not copy.exists()


def test_a_step_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    open_database(path, ONE).connection.close()
    with pytest.raises(AgentError) as raised:
        open_database(path, kind("CREATE TABLE t (x TEXT)", "ALTER TABLE nowhere ADD COLUMN y TEXT"))
    assert raised.value.kind == "cannot_store"
    assert list(tmp_path.glob("*.damaged*")) == []
    open_database(path, TWO).connection.close()


def test_a_newer_file_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    open_database(path, TWO).connection.close()
    before = path.read_bytes()
    with pytest.raises(NewerSchemaError, match="newer version"):
        open_database(path, ONE)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"this is no database at all, but it is long enough" * 100, b"short"])
def test_a_damaged_file_is_set_aside_and_kept(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(content)
    opened = open_database(path, ONE)
    opened.connection.close()
    assert opened.set_aside is not None
    assert opened.set_aside.read_bytes() == content
    again = open_database(path, ONE)
    again.connection.close()
    assert again.set_aside is None


def test_a_damaged_page_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    open_database(path, ONE).connection.close()
    content = bytearray(path.read_bytes())
    content[100:4096] = b"\xee" * 3996
    path.write_bytes(content)
    opened = open_database(path, ONE)
    opened.connection.close()
    assert opened.set_aside is not None


def test_a_lock_is_never_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "BUSY_SECONDS", 0.1)
    path = tmp_path / "x.db"
    open_database(path, ONE).connection.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(AgentError, match="another program holds it") as raised:
            open_database(path, TWO)
    assert raised.value.kind == "cannot_store"
    assert list(tmp_path.glob("*.damaged*")) == []
    assert open_database(path, TWO).set_aside is None


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(AgentError) as raised:
        open_database(tmp_path / "file" / "x.db", ONE)
    assert raised.value.kind == "cannot_store"


def test_a_write_is_all_or_nothing_and_the_future_is_done_after_the_commit(writer: Writer, tmp_path: Path) -> None:
    store = writer.open(tmp_path / "x.db", ONE).result(5)

    def half(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO t VALUES ('half')")
        raise AgentError("refused", "No.")

    assert isinstance(store.write(half).exception(5), AgentError)
    store.write(lambda c: c.execute("INSERT INTO t VALUES ('whole')")).result(5)
    with closing(sqlite3.connect(tmp_path / "x.db")) as other:
        assert other.execute("SELECT x FROM t").fetchall() == [("whole",)]


def test_reading_cannot_write_and_writing_waits_for_nobody(writer: Writer, tmp_path: Path) -> None:
    store = writer.open(tmp_path / "x.db", ONE).result(5)
    with pytest.raises(AgentError):
        store.read(lambda c: c.execute("INSERT INTO t VALUES ('x')"))
    reading, done = threading.Event(), threading.Event()

    def look(connection: sqlite3.Connection) -> int:
        before = connection.execute("SELECT count(*) FROM t").fetchone()[0]
        reading.set()
        assert done.wait(5)
        return connection.execute("SELECT count(*) FROM t").fetchone()[0] - before

    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(store.read(look)))
    thread.start()
    assert reading.wait(5)
    store.write(lambda c: c.execute("INSERT INTO t VALUES ('meanwhile')")).result(5)
    done.set()
    thread.join(5)
    assert found == [0]
    assert store.read(lambda c: c.execute("SELECT count(*) FROM t").fetchone()[0]) == 1


def test_what_comes_after_a_file_was_closed_is_told_so_and_is_no_fault(writer: Writer, tmp_path: Path) -> None:
    store = writer.open(tmp_path / "x.db", ONE).result(5)
    store.on_thread(store.close).result(5)
    late = store.write(lambda connection: connection.execute("INSERT INTO t VALUES ('x')"))
    with pytest.raises(AgentError) as caught:
        late.result(5)
    assert caught.value.kind == "unavailable"
    with pytest.raises(AgentError) as caught:
        store.read(lambda connection: connection.execute("SELECT * FROM t").fetchall())
    assert caught.value.kind == "unavailable"


def test_a_full_disk_is_said_and_what_was_there_stays(writer: Writer, tmp_path: Path) -> None:
    store = writer.open(tmp_path / "x.db", ONE).result(5)
    store.write(lambda c: c.execute("INSERT INTO t VALUES ('kept')")).result(5)

    def fill(connection: sqlite3.Connection) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        connection.execute("INSERT INTO t VALUES (?)", ("x" * 100_000,))

    error = store.write(fill).exception(5)
    assert isinstance(error, AgentError)
    assert error.kind == "cannot_store"
    assert "disk is full" in error.sentence
    assert store.read(lambda c: [row[0] for row in c.execute("SELECT x FROM t")]) == ["kept"]


def test_what_was_asked_before_closing_is_written_and_nothing_after(tmp_path: Path) -> None:
    writer = Writer()
    store = writer.open(tmp_path / "x.db", ONE).result(5)
    futures = [store.write(lambda c, n=n: c.execute("INSERT INTO t VALUES (?)", (str(n),))) for n in range(50)]  # type: ignore[misc]
    writer.close()
    assert all(one.done() and one.exception() is None for one in futures)
    assert isinstance(store.write(lambda c: None).exception(5), AgentError)
    with closing(sqlite3.connect(tmp_path / "x.db")) as other:
        assert other.execute("SELECT count(*) FROM t").fetchone() == (50,)


def test_work_db_has_its_tables(writer: Writer, tmp_path: Path) -> None:
    store = writer.open(tmp_path / "work.db", WORK).result(5)
    tables = {row[0] for row in store.read(lambda c: c.execute("SELECT name FROM sqlite_master").fetchall())}
    assert {"report", "revision", "operation", "media", "attendance", "receipt", "job"} <= tables
