"""What *Send* costs, counted: statements on the way to the disk, and threads between the press and the commit."""

import threading
from pathlib import Path

from agent.api import FileReport
from agent.store.databases import DatabaseKind
from agent.store.work import WORK
from agent.store.writer import Writer
from tests.unit.agent_drafts.test_drafting import Desk


def test_a_report_is_one_transaction_and_reads_nothing_beside_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    try:
        said: list[str] = []
        desk.work.store.on_thread(lambda: desk.work.store._connection.set_trace_callback(said.append)).result(5)
        desk.work.file_report(FileReport(account="s/m", text="Crane inspected"))
        # SQLite names the statement again for each trigger that it runs, and what the index of words does within.
        ours = dict.fromkeys(
            " ".join(one.split()[:3]) for one in said if not one.startswith("--") if "'main'" not in one
        )
        assert list(ours) == [
            "BEGIN IMMEDIATE",
            "SELECT value FROM",  # what the server last said of the time
            "SELECT event_id FROM",  # the last check-in, and its session if there is one
            "INSERT INTO operation",
            "INSERT INTO report",
            "INSERT INTO revision",
            "COMMIT",
        ]
        assert desk.work.store._reader is None
    finally:
        desk.close()


def test_what_is_done_on_the_writers_thread_writes_there_without_queueing(tmp_path: Path) -> None:
    writer = Writer()
    threads: list[str] = []
    try:
        store = writer.open(tmp_path / "work.db", WORK).result(5)

        def command() -> str:
            other = writer.open(tmp_path / "other.db", DatabaseKind(migrations=lambda: ())).result(0)
            assert other.read(lambda _: 1) == 1
            store.write(lambda _: threads.append(threading.current_thread().name)).result(0)
            return threading.current_thread().name

        assert writer.lane.run(command).result(5) == "writer"
        assert threads == ["writer"]
    finally:
        writer.close()
