"""What a damaged file still says of wishes to erase, and of the ids that something left under: their secrets are the
only way to have it erased, or passed on no more. Nothing else is taken out of it, no choice and no record."""

import contextlib
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from telemetry import passing

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "installation": ("installation_id", "secret", "registered", "made_ms", "retired_ms", "used"),
    "erasure": ("erasure_id", "categories", "asked_ms"),
    "erasure_request": (
        *("request_id", "erasure_id", "installation_id", "attempts", "not_before_ms", "trouble", "done_ms"),
        *("erased", "relayed", "statement"),
    ),
    "passed_on": ("installation_id", "ended", "attempts", "not_before_ms"),
}

Salvaged = dict[str, list[tuple[object, ...]]]
"""Rows by table."""


def salvage(aside: Path) -> Salvaged:
    """As much of it as can be read; tables of which nothing can are absent."""
    found: Salvaged = {}
    with contextlib.suppress(sqlite3.Error):
        connection = sqlite3.connect(f"{aside.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
        with contextlib.closing(connection):
            for table, columns in _COLUMNS.items():
                rows = _rows(connection, f"SELECT {', '.join(columns)} FROM {table}")  # noqa: S608 # constants
                if rows:
                    found[table] = rows
    return found


def put(connection: sqlite3.Connection, found: Salvaged, now_ms: int) -> None:
    """Into a fresh file, in the transaction that is open; no id of before is sent under again."""
    for table, rows in found.items():
        columns = _COLUMNS[table]
        marks = ", ".join("?" * len(columns))
        with contextlib.suppress(sqlite3.IntegrityError):  # a row that damage made senseless
            connection.executemany(
                f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608 # constants
                rows,
            )
    connection.execute("UPDATE installation SET retired_ms = ? WHERE retired_ms IS NULL", (now_ms,))
    passing.end(connection)  # no grant is taken over either


def _rows(connection: sqlite3.Connection, query: str) -> list[tuple[object, ...]]:
    """Those before the damage."""
    rows: list[tuple[object, ...]] = []
    with contextlib.suppress(sqlite3.Error):
        for row in connection.execute(query):
            rows.append(row)  # noqa: PERF402 # what came before an error stays
    return rows
