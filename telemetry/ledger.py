"""The ledger as it is read, page by page: what waits, what left or may have, what was lost; and what is taken out.

Only what a page shows is read: the bytes of a batch are fetched when that one batch is opened.
"""

import sqlite3
from collections.abc import Mapping
from typing import Any

import msgspec

from telemetry import tally
from telemetry.catalog import Category

_AFTER_ALL = "~"
"""Sorts behind every id."""
_LEFT = "(state NOT IN ('waiting', 'sending') OR uncertain)"
"""A batch that is to be sent again is listed too once an earlier attempt may have arrived."""


class WaitingRow(msgspec.Struct, frozen=True):
    """One record that was not received yet; `recorded_ms` since 1970, `rules` of the redaction it went through."""

    seq: int
    category: Category
    recorded_ms: int
    size: int
    rules: int
    body: bytes


class LeftRow(msgspec.Struct, frozen=True):
    """One batch that left, or may have. `size` is that of the bytes as sent; `cleared`: they are no longer here."""

    batch_id: str
    category: Category
    state: str
    records: int
    accepted: int
    size: int
    ended_ms: int | None
    status: int | None
    cleared: bool


class LeftBatch(LeftRow, frozen=True, kw_only=True):
    """The same with all that is known of it. `verdicts` counts by reason what the server did not keep."""

    host: str
    installation_id: str
    sha256: str
    body: bytes | None
    reply: bytes | None
    verdicts: Mapping[str, int]
    erased_ms: int | None


class TallyRow(msgspec.Struct, frozen=True):
    """How many records of a category ended one way: `what` is a word of `tally`, lost ones begin with `lost:`."""

    category: Category
    what: str
    count: int
    size: int


class GoneError(Exception):
    """The record is not here any more; it was sent, or removed before."""


class UnderWayError(Exception):
    """The record is in a request that runs now."""


def waiting_page(connection: sqlite3.Connection, after: int, limit: int) -> list[WaitingRow]:
    """Records with a running number over `after`, oldest first."""
    query = "SELECT seq, category, recorded_ms, size, rules, body FROM record WHERE seq > ? ORDER BY seq LIMIT ?"
    return [WaitingRow(*row) for row in connection.execute(query, (after, limit))]


def left_page(connection: sqlite3.Connection, before: str | None, limit: int) -> list[LeftRow]:
    """Batches older than the one called `before` (None: from the newest), newest first."""
    query = f"SELECT {_COLUMNS} FROM batch WHERE {_LEFT} AND batch_id < ? ORDER BY batch_id DESC LIMIT ?"  # noqa: S608 # constants
    return [_left_row(row) for row in connection.execute(query, (before or _AFTER_ALL, limit))]


def left_count(connection: sqlite3.Connection) -> int:
    """How many batches left, or may have."""
    query = (
        "SELECT (SELECT count(*) FROM batch) - (SELECT count(*) FROM batch WHERE state IN ('waiting', 'sending')"
        " AND NOT uncertain)"
    )
    return int(connection.execute(query).fetchone()[0])


def left_batch(connection: sqlite3.Connection, batch_id: str) -> LeftBatch | None:
    """One of them with its bytes."""
    found = connection.execute(
        f"SELECT {_COLUMNS}, host, installation_id, sha256, body, reply, verdicts, erased_ms FROM batch"  # noqa: S608 # constants
        f" WHERE batch_id = ? AND {_LEFT}",
        (batch_id,),
    ).fetchone()
    if found is None:
        return None
    host, installation_id, sha256, body, reply, verdicts, erased_ms = found[_WIDTH:]
    return LeftBatch(
        *msgspec.structs.astuple(_left_row(found[:_WIDTH])),
        host=host,
        installation_id=installation_id,
        sha256=sha256,
        body=body,
        reply=reply,
        verdicts=msgspec.json.decode(verdicts, type=dict[str, int]) if verdicts else {},
        erased_ms=erased_ms,
    )


def tallies(connection: sqlite3.Connection) -> list[TallyRow]:
    """Every count, by category and what it counts."""
    query = "SELECT category, what, count, bytes FROM tally ORDER BY category, what"
    return [TallyRow(*row) for row in connection.execute(query)]


def remove(connection: sqlite3.Connection, seq: int, now_ms: int) -> None:
    """Take one record out, in the transaction that is open; its batch is formed anew without it.

    Where an attempt of that batch may have arrived it stays listed as such. Raises GoneError, UnderWayError.
    """
    found = connection.execute("SELECT category, size FROM record WHERE seq = ?", (seq,)).fetchone()
    if found is None:
        raise GoneError
    category, size = found
    holding = connection.execute(
        "SELECT batch_id, state, uncertain FROM batch WHERE state IN ('waiting', 'sending') AND category = ?"
        " AND ? BETWEEN first_seq AND last_seq",
        (category, seq),
    ).fetchone()
    if holding is not None:
        batch_id, state, uncertain = holding
        if state == "sending":
            raise UnderWayError
        dissolve(connection, batch_id, now_ms, uncertain=bool(uncertain))
    connection.execute("DELETE FROM record WHERE seq = ?", (seq,))
    tally.add(connection, category, "purged", 1, size)


def dissolve(connection: sqlite3.Connection, batch_id: str, now_ms: int, *, uncertain: bool) -> None:
    """Send this batch no more; its rows wait again. Where an attempt of it may have arrived it stays listed as such."""
    if uncertain:
        end_uncertain(connection, batch_id, now_ms)
    else:
        connection.execute("DELETE FROM batch WHERE batch_id = ?", (batch_id,))


def end_uncertain(connection: sqlite3.Connection, batch_id: str, now_ms: int) -> None:
    """Send this batch no more; that it may have arrived stays listed, its unsent bytes do not stay."""
    connection.execute(
        "UPDATE batch SET state = 'may_have_arrived', ended_ms = ?, body = NULL, reply = NULL WHERE batch_id = ?",
        (now_ms, batch_id),
    )


def clear(connection: sqlite3.Connection) -> None:
    """Delete the bytes of everything that left and what was answered; counts and times stay."""
    connection.execute(
        "UPDATE batch SET body = NULL, reply = NULL WHERE state NOT IN ('waiting', 'sending') AND"
        " (body IS NOT NULL OR reply IS NOT NULL)"
    )


_COLUMNS = "batch_id, category, state, records, accepted, size, ended_ms, status, body IS NULL"
_WIDTH = 9


def _left_row(row: tuple[Any, ...]) -> LeftRow:
    batch_id, category, state, records, accepted, size, ended_ms, status, cleared = row
    one = LeftRow(batch_id, category, state, records, accepted, size, ended_ms, status, bool(cleared))
    return msgspec.structs.replace(one, state="may_have_arrived") if one.state in ("waiting", "sending") else one
