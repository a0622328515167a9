"""What a press costs does not grow with what was ever recorded."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.store import attendance
from agent.store.databases import open_database
from agent.store.work import WORK
from protocol.moment import Moment
from protocol.operations import AttendanceEvent, AttendanceKind
from rules.clock import format_utc

_BEGAN = datetime(2026, 3, 2, 8, tzinfo=UTC)


def _record(connection: sqlite3.Connection, first: int, count: int) -> None:
    """So many more whole sessions of an hour."""
    for number in range(first, first + count):
        check_in = f"00000000-0000-7000-8000-{number:012d}"
        ends: tuple[tuple[AttendanceKind, str, str | None], ...] = (
            ("check_in", check_in, None),
            ("check_out", check_in.replace("-8000-", "-8001-"), check_in),
        )
        for minutes, (kind, event_id, of) in enumerate(ends):
            at = format_utc(_BEGAN + timedelta(hours=number, minutes=minutes))
            moment = Moment(utc=at, offset_minutes=0, zone="UTC", boot_id="b", elapsed_ms=number)
            attendance.record(connection, AttendanceEvent(event_id=event_id, kind=kind, check_in_id=of, at=moment))


def _steps(connection: sqlite3.Connection, work: Callable[[], object]) -> int:
    """Of SQLite's machine, in hundreds."""
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    connection.set_progress_handler(count, 100)
    work()
    connection.set_progress_handler(None, 0)
    return steps


def test_the_open_session_is_found_as_quickly_after_years(tmp_path: Path) -> None:
    connection = open_database(tmp_path / "work.db", WORK).connection
    _record(connection, 0, 10)
    few = _steps(connection, lambda: attendance.current(connection))
    _record(connection, 10, 2000)
    assert _steps(connection, lambda: attendance.current(connection)) <= few + 1
    connection.close()
