"""Rows of one LogRecord each: appended in groups, kept within bounds of bytes, count and age, every loss counted."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from telemetry import records, redaction, tally
from telemetry.catalog import Category, Event
from telemetry.consent import CATEGORIES
from telemetry.ids import event_ids

_LAST_SEQ = 2**63 - 1
_IN_GAP = "category = ? AND seq BETWEEN ? AND ?"

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

    def not_after(self, now_ms: int) -> "Waiting":
        """The same, with times at this one at the latest."""
        oldest = None if self.oldest_ms is None else min(self.oldest_ms, now_ms)
        urgent = None if self.urgent_ms is None else min(self.urgent_ms, now_ms)
        return msgspec.structs.replace(self, oldest_ms=oldest, urgent_ms=urgent)

    def with_more(self, more: "Waiting | None") -> "Waiting":
        """Both together."""
        if more is None:
            return self
        return Waiting(
            count=self.count + more.count,
            size=self.size + more.size,
            oldest_ms=earlier(self.oldest_ms, more.oldest_ms),
            urgent_ms=earlier(self.urgent_ms, more.urgent_ms),
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


class Gap(msgspec.Struct, frozen=True):
    """Running numbers from `first` to `last` of a category, none of them in a batch that is still to arrive."""

    category: Category
    first: int
    last: int


def gaps(connection: sqlite3.Connection, category: Category) -> list[Gap]:
    """Where the rows of a category stand that are in no batch. A batch has its rows without one between them."""
    query = (
        "SELECT first_seq, last_seq FROM batch WHERE state IN ('waiting', 'sending') AND category = ?"
        " ORDER BY first_seq"
    )
    found, free = [], 0
    for first, last in connection.execute(query, (category,)):
        found.append(Gap(category, free, first - 1))
        free = last + 1
    return [gap for gap in (*found, Gap(category, free, _LAST_SEQ)) if gap.first <= gap.last]


def waiting(connection: sqlite3.Connection) -> dict[Category, Waiting]:
    """What waits per category in no batch, counted row by row."""
    what = "count(*), coalesce(sum(size), 0), min(recorded_ms), min(CASE WHEN urgent THEN recorded_ms END)"
    counting = f"SELECT {what} FROM record WHERE {_IN_GAP}"  # noqa: S608 # constants
    counted: dict[Category, Waiting] = {}
    for category in CATEGORIES:
        for gap in gaps(connection, category):
            count, size, oldest, urgent = connection.execute(counting, msgspec.structs.astuple(gap)).fetchone()
            if count:
                more = Waiting(count=count, size=size, oldest_ms=oldest, urgent_ms=urgent)
                counted[category] = more.with_more(counted.get(category))
    return counted


def without(connection: sqlite3.Connection, category: Category, before: Waiting, count: int, size: int) -> Waiting:
    """What still waits of a category after `count` of its rows, `size` bytes, went into a batch; no row is counted."""
    return Waiting(
        count=before.count - count,
        size=before.size - size,
        oldest_ms=_first_ms(connection, category, "seq"),
        urgent_ms=None if before.urgent_ms is None else _first_ms(connection, category, "seq AND urgent"),
    )


def evict(connection: sqlite3.Connection, bounds: Bounds, now_ms: int) -> None:
    """Bring the queue within `bounds`, in the transaction that is open: first what is too old, then the oldest.

    Urgent records go last. A batch that is being sent stays; one that waits goes whole, since its bytes are fixed. What
    is too much goes with a hundredth on top, so that a full queue does not have to be counted after each new record.
    """
    _evict_old(connection, now_ms - bounds.age_ms)
    count, size = connection.execute("SELECT count(*), coalesce(sum(size), 0) FROM record").fetchone()
    if count <= bounds.records and size <= bounds.record_bytes:
        return
    reason: tally.Loss = "count" if count > bounds.records else "size"
    count -= bounds.records - bounds.records // 100
    size -= bounds.record_bytes - bounds.record_bytes // 100
    for urgent in (False, True):
        count, size = _evict_first(connection, reason, count, size, urgent=urgent)
    while count > 0 or size > 0:
        freed = _drop_oldest_batch(connection, reason)
        if freed is None:
            return
        count, size = count - freed[0], size - freed[1]


def earlier(one: int | None, other: int | None) -> int | None:
    """The earlier of two times; None is no time."""
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


def _first_ms(connection: sqlite3.Connection, category: Category, which: str) -> int | None:
    """The time of the first row that waits, of all or of the urgent ones."""
    for gap in gaps(connection, category):
        query = f"SELECT recorded_ms FROM record WHERE {_IN_GAP} AND {which} ORDER BY seq LIMIT 1"  # noqa: S608 # constants
        if found := connection.execute(query, msgspec.structs.astuple(gap)).fetchone():
            return int(found[0])
    return None


def _evict_first(
    connection: sqlite3.Connection, reason: tally.Loss, count: int, size: int, *, urgent: bool
) -> tuple[int, int]:
    """Drop rows outside batches, oldest first, while `count` rows or `size` bytes are too many; what still is."""
    free = [gap for category in CATEGORIES for gap in gaps(connection, category)]
    going = []
    for seq, category, length in connection.execute(
        "SELECT seq, category, size FROM record WHERE urgent = ? ORDER BY seq", (urgent,)
    ):
        if count <= 0 and size <= 0:
            break
        if any(gap.category == category and gap.first <= seq <= gap.last for gap in free):
            going.append((seq, category, length))
            count, size = count - 1, size - length
    connection.executemany("DELETE FROM record WHERE seq = ?", [(seq,) for seq, _, _ in going])
    _lose_rows(connection, ((category, length) for _, category, length in going), reason)
    return count, size


def _evict_old(connection: sqlite3.Connection, before_ms: int) -> None:
    for category in CATEGORIES:
        for gap in gaps(connection, category):
            gone = connection.execute(
                f"DELETE FROM record WHERE {_IN_GAP} AND recorded_ms < ? RETURNING category, size",  # noqa: S608 # a constant
                (*msgspec.structs.astuple(gap), before_ms),
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
    category, first, last = connection.execute(
        "SELECT category, first_seq, last_seq FROM batch WHERE batch_id = ?", (batch_id,)
    ).fetchone()
    gone = connection.execute(
        f"DELETE FROM record WHERE {_IN_GAP} RETURNING category, size",  # noqa: S608 # a constant
        (category, first, last),
    ).fetchall()
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
