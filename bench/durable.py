"""From a press (*Send*, a check-in) to durable, beside the very same rows committed on the calling thread."""

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.api import Command, FileReport, RecordAttendance, SignIn
from agent.credentials.store import MemoryStore
from agent.runtime import LocalAgent
from agent.store.databases import open_database
from agent.store.profile import Profile
from agent.store.work import WORK
from bench.compare import Comparison
from protocol.operations import AttendanceKind
from tests.live_server import LiveServer

REPORTS = 400
ROUNDS = 7
SECONDS = 60.0
TEXT = "Crane inspected\n" + "Ropes, hooks and brakes are in order. " * 8


def run() -> list[Comparison]:
    """p50 and p99 over ROUNDS of REPORTS reports and as many entries of attendance each, in milliseconds; the server is
    down, as it often is."""
    with tempfile.TemporaryDirectory() as folder, signed_in(Path(folder)) as (agent, account, work):
        return [
            *_compare("Send", work, lambda count: _file(agent, account, count)),
            *_compare("a check-in or check-out", work, lambda count: _attend(agent, account, count)),
        ]


def _compare(name: str, work: Path, act: Callable[[int], list[float]]) -> list[Comparison]:
    ours: list[list[float]] = []
    peer: list[list[float]] = []
    act(50)
    for _ in range(ROUNDS):
        before = _last_operation(work)
        ours.append(act(REPORTS))
        peer.append(_commit_alike(work.with_name("peer.db"), work, before))
    return [
        Comparison(
            f"{name} to durable, p{part}",
            "ms",
            [_percentile(times, part) for times in ours],
            [_percentile(times, part) for times in peer],
            "the same rows on the calling thread",
            target,
        )
        for part, target in ((50, 2.0), (99, 3.0))
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
    return [_time(agent, FileReport(account=account, text=f"{number} {TEXT}")) for number in range(count)]


def _attend(agent: LocalAgent, account: str, count: int) -> list[float]:
    kinds: tuple[AttendanceKind, ...] = ("check_in", "check_out")
    return [_time(agent, RecordAttendance(account=account, kind=kinds[number % 2])) for number in range(count)]


def _time(agent: LocalAgent, command: Command) -> float:
    begun = time.perf_counter()
    agent.submit(command).result(SECONDS)
    return (time.perf_counter() - begun) * 1000


def _last_operation(work: Path) -> int:
    connection = sqlite3.connect(work)
    try:
        return int(connection.execute("SELECT coalesce(max(seq), 0) FROM operation").fetchone()[0])
    finally:
        connection.close()


_Row = tuple[str, dict[str, object]]


def _rows(connection: sqlite3.Connection, after: int) -> Iterator[list[_Row]]:
    """What each act left in the tables, in the order it was done."""
    for operation in connection.execute("SELECT * FROM operation WHERE seq > ? ORDER BY seq", (after,)).fetchall():
        found: list[_Row] = [("operation", dict(operation))]
        for table, key, value in (
            ("report", "instance_id", operation["entity"]),
            ("revision", "operation_id", operation["operation_id"]),
            ("attendance", "event_id", operation["entity"]),
        ):
            row = connection.execute(f"SELECT * FROM {table} WHERE {key} = ?", (value,)).fetchone()  # fixed
            if row is not None:
                # What the database reckons itself cannot be put in.
                kept = [one["name"] for one in connection.execute(f"PRAGMA table_info({table})")]
                found.append((table, {name: row[name] for name in kept}))
        yield found


def _commit_alike(path: Path, work: Path, after: int) -> list[float]:
    source = sqlite3.connect(work)
    source.row_factory = sqlite3.Row
    try:
        acts = list(_rows(source, after))
    finally:
        source.close()
    for leftover in path.parent.glob(f"{path.name}*"):
        leftover.unlink()
    connection = open_database(path, WORK).connection
    times = []
    try:
        for rows in acts:
            statements = [
                (f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", tuple(row.values()))
                for table, row in rows
            ]
            begun = time.perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            for statement, values in statements:
                connection.execute(statement, values)
            connection.execute("COMMIT")
            times.append((time.perf_counter() - begun) * 1000)
    finally:
        connection.close()
    return times


def _percentile(times: list[float], part: int) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[part - 1]
