"""From *Send* to durable, beside the very same rows committed on the calling thread."""

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.api import FileReport, SignIn
from agent.credentials.store import MemoryStore
from agent.runtime import LocalAgent
from agent.store.databases import open_database
from agent.store.profile import Profile
from agent.store.work import WORK
from bench.compare import Comparison
from tests.live_server import LiveServer

REPORTS = 400
ROUNDS = 7
SECONDS = 60.0
TABLES = ("operation", "report", "revision")
TEXT = "Crane inspected\n" + "Ropes, hooks and brakes are in order. " * 8


def run() -> list[Comparison]:
    """p50 and p99 over ROUNDS of REPORTS each, in milliseconds; the server is down, as it often is."""
    ours: list[list[float]] = []
    peer: list[list[float]] = []
    with tempfile.TemporaryDirectory() as folder, signed_in(Path(folder)) as (agent, account, work):
        _file(agent, account, 50)
        for _ in range(ROUNDS):
            before = _last_operation(work)
            ours.append(_file(agent, account, REPORTS))
            peer.append(_commit_alike(Path(folder) / "peer.db", work, before))
    return [
        Comparison(
            f"Send to durable, {name}",
            "ms",
            [_percentile(times, part) for times in ours],
            [_percentile(times, part) for times in peer],
            "the same rows on the calling thread",
            target,
        )
        for name, part, target in (("p50", 50, 2.0), ("p99", 99, 3.0))
    ]


@contextmanager
def signed_in(folder: Path, *, offline: bool = True) -> Iterator[tuple[LocalAgent, str, Path]]:
    """An agent with an account, and its work.db; `offline` ends the server once signed in."""
    profile = Profile(folder / "profile")
    profile.prepare()
    with LiveServer.start(folder) as server:
        agent = LocalAgent(profile, open_external=lambda _: None, keyring=MemoryStore())
        try:
            code = server.enrol(server.facts["worker"][0][0])
            signed_in = agent.submit(SignIn(server_url=server.url, enrolment_code=code)).result(SECONDS)
            if offline:
                server.stop()
            yield agent, signed_in.account, profile.work(signed_in.account)
        finally:
            agent.close()


def _file(agent: LocalAgent, account: str, count: int) -> list[float]:
    times = []
    for number in range(count):
        begun = time.perf_counter()
        agent.submit(FileReport(account=account, text=f"{number} {TEXT}")).result(SECONDS)
        times.append((time.perf_counter() - begun) * 1000)
    return times


def _last_operation(work: Path) -> int:
    connection = sqlite3.connect(work)
    try:
        return int(connection.execute("SELECT coalesce(max(seq), 0) FROM operation").fetchone()[0])
    finally:
        connection.close()


def _rows(work: Path, after: int) -> Iterator[list[tuple[str, sqlite3.Row]]]:
    """What each report left in the tables, in the order it was written."""
    connection = sqlite3.connect(work)
    connection.row_factory = sqlite3.Row
    try:
        for operation in connection.execute("SELECT * FROM operation WHERE seq > ? ORDER BY seq", (after,)).fetchall():
            report = connection.execute("SELECT * FROM report WHERE instance_id = ?", (operation["entity"],)).fetchone()
            revision = connection.execute(
                "SELECT * FROM revision WHERE operation_id = ?", (operation["operation_id"],)
            ).fetchone()
            yield list(zip(TABLES, (operation, report, revision), strict=True))
    finally:
        connection.close()


def _commit_alike(path: Path, work: Path, after: int) -> list[float]:
    for leftover in path.parent.glob(f"{path.name}*"):
        leftover.unlink()
    connection = open_database(path, WORK).connection
    times = []
    try:
        for rows in list(_rows(work, after)):
            begun = time.perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            for table, row in rows:
                marks = ", ".join("?" * len(row))
                connection.execute(f"INSERT INTO {table} VALUES ({marks})", tuple(row))
            connection.execute("COMMIT")
            times.append((time.perf_counter() - begun) * 1000)
    finally:
        connection.close()
    return times


def _percentile(times: list[float], part: int) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[part - 1]
