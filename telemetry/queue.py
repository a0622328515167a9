"""Rows of one LogRecord each: appended in groups, kept within bounds of bytes, count and age, every loss counted."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from telemetry import records, redaction, tally
from telemetry.catalog import Category, Event
from telemetry.ids import event_ids

DAY_MS = 24 * 3600 * 1000


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """How much may wait here, and how long; and how much of what was sent is kept to be read."""

    records: int = 50_000
    record_bytes: int = 20 * 1024 * 1024
    age_ms: int = 14 * DAY_MS
    ledger_bytes: int = 50 * 1024 * 1024
    ledger_age_ms: int = 60 * DAY_MS


class Offer(msgspec.Struct, frozen=True):
    """An event on its way to the queue, with the nanoseconds since 1970 at which it happened."""

    event: Event
    time_ns: int


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """What waits of one category outside any batch; times in milliseconds since 1970."""

    count: int = 0
    size: int = 0
    oldest_ms: int | None = None
    urgent_ms: int | None = None

    def with_more(self, more: "Waiting | None") -> "Waiting":
        """Both together."""
        if more is None:
            return self
        return Waiting(
            count=self.count + more.count,
            size=self.size + more.size,
            oldest_ms=_earlier(self.oldest_ms, more.oldest_ms),
            urgent_ms=_earlier(self.urgent_ms, more.urgent_ms),
        )


_Row = tuple[int, Category, int, bool, int, int, int, bytes]
"""Running number, category, epoch, urgent, rules, time in milliseconds since 1970, size, body."""


def append(
    connection: sqlite3.Connection,
    offers: Sequence[Offer],
    epochs: Mapping[Category, int],
    redact: Callable[[str], str],
) -> dict[Category, Waiting]:
    """Write the offers whose category is in `epochs`, in the transaction that is open; what this adds."""
    wanted = [offer for offer in offers if offer.event.declaration.category in epochs]
    found = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'record'").fetchone()
    rows: list[_Row] = []
    ids = event_ids([offer.time_ns for offer in wanted])
    for seq, (offer, event_id) in enumerate(zip(wanted, ids, strict=True), found[0] + 1 if found else 1):
        declaration, time_ns = offer.event.declaration, offer.time_ns
        epoch = epochs[declaration.category]
        form = records.form_of(offer.event)
        body = form.encode(offer.event, redact, event_id=event_id, seq=seq, epoch=epoch, time_ns=time_ns)
        at_ms = time_ns // 1_000_000
        rows.append(
            (seq, declaration.category, epoch, declaration.urgent, redaction.RULES_VERSION, at_ms, len(body), body)
        )
    connection.executemany(
        "INSERT INTO record (seq, category, epoch, urgent, rules, recorded_ms, size, body)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    added = _added(rows)
    for category, more in added.items():
        tally.add(connection, category, "recorded", more.count, more.size)
    return added


def waiting(connection: sqlite3.Connection) -> dict[Category, Waiting]:
    """What waits per category."""
    found = connection.execute(
        "SELECT category, count(*), sum(size), min(recorded_ms), min(CASE WHEN urgent THEN recorded_ms END)"
        " FROM record WHERE batch_id IS NULL GROUP BY category"
    )
    return {
        category: Waiting(count=count, size=size, oldest_ms=oldest, urgent_ms=urgent)
        for category, count, size, oldest, urgent in found
    }


def evict(connection: sqlite3.Connection, bounds: Bounds, now_ms: int) -> None:
    """Bring the queue within `bounds`, in the transaction that is open: first what is too old, then the oldest.

    Urgent records go last. A batch that is being sent stays; one that waits goes whole, since its bytes are fixed.
    """
    _evict_old(connection, now_ms - bounds.age_ms)
    count, size = connection.execute("SELECT count(*), coalesce(sum(size), 0) FROM record").fetchone()
    while count > bounds.records or size > bounds.record_bytes:
        reason: tally.Loss = "count" if count > bounds.records else "size"
        chunk = connection.execute(
            "SELECT seq, category, size FROM record WHERE batch_id IS NULL ORDER BY urgent, seq LIMIT 500"
        ).fetchall()
        if not chunk:
            freed = _drop_oldest_batch(connection, reason)
            if freed is None:
                return
            count, size = count - freed[0], size - freed[1]
        for seq, category, length in chunk:
            if count <= bounds.records and size <= bounds.record_bytes:
                break
            connection.execute("DELETE FROM record WHERE seq = ?", (seq,))
            tally.lose(connection, category, reason, 1, length)
            count, size = count - 1, size - length


def _earlier(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else min(one, other)


def _added(rows: Sequence[_Row]) -> dict[Category, Waiting]:
    added: dict[Category, Waiting] = {}
    for category in {row[1] for row in rows}:
        times = [(at_ms, urgent) for _, one, _, urgent, _, at_ms, _, _ in rows if one == category]
        added[category] = Waiting(
            count=len(times),
            size=sum(row[6] for row in rows if row[1] == category),
            oldest_ms=min(at_ms for at_ms, _ in times),
            urgent_ms=min((at_ms for at_ms, urgent in times if urgent), default=None),
        )
    return added


def _evict_old(connection: sqlite3.Connection, before_ms: int) -> None:
    gone = connection.execute(
        "DELETE FROM record WHERE batch_id IS NULL AND recorded_ms < ? RETURNING category, size", (before_ms,)
    ).fetchall()
    _lose_rows(connection, gone, "age")
    old = "SELECT batch_id FROM batch WHERE state = 'waiting' AND formed_ms < ?"
    for (batch_id,) in connection.execute(old, (before_ms,)).fetchall():
        _drop_batch(connection, batch_id, "age")


def _drop_oldest_batch(connection: sqlite3.Connection, reason: tally.Loss) -> tuple[int, int] | None:
    oldest = connection.execute(
        "SELECT batch_id FROM batch WHERE state = 'waiting' ORDER BY batch_id LIMIT 1"
    ).fetchone()
    return _drop_batch(connection, oldest[0], reason) if oldest else None


def _drop_batch(connection: sqlite3.Connection, batch_id: str, reason: tally.Loss) -> tuple[int, int]:
    gone = connection.execute("DELETE FROM record WHERE batch_id = ? RETURNING category, size", (batch_id,)).fetchall()
    connection.execute("DELETE FROM batch WHERE batch_id = ?", (batch_id,))
    _lose_rows(connection, gone, reason)
    return len(gone), sum(length for _, length in gone)


def _lose_rows(connection: sqlite3.Connection, rows: Iterable[tuple[Category, int]], reason: tally.Loss) -> None:
    lost: dict[Category, list[int]] = {}
    for category, length in rows:
        totals = lost.setdefault(category, [0, 0])
        totals[0] += 1
        totals[1] += length
    for category, (count, size) in lost.items():
        tally.lose(connection, category, reason, count, size)
