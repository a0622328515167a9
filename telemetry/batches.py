"""Batches: one category of one consent epoch, joined once, sent as the same bytes until settled, kept as a ledger.

States: waiting → sending → sent | refused (halved, or set aside if it was a single record) | may_have_arrived
(withdrawn under way). The rows stay in the queue until the batch is settled, so the account always balances.
"""

import bisect
import itertools
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

import msgspec

from rules.retrying import MAX_RETRY_AFTER_SECONDS
from telemetry import ledger, outcomes, queue, records, redaction, tally
from telemetry.catalog import Category
from telemetry.database import damage
from telemetry.ids import next_id
from telemetry.installations import Installation
from telemetry.pace import Pace

MAX_RECORDS = 500
MAX_BYTES = 256 * 1024
MAX_REFUSALS: Mapping[tally.Loss, int] = {"refused": 20, "too_large": 200}
"""Refused pieces of one batch: enough to find two bad records among MAX_RECORDS, and to reach pieces of four; then what
is refused is set aside whole, so that a server that refuses everything is not asked about each record."""


_OTHER_ROWS = "the rows of a batch are not those that it was formed of"


class Batch(msgspec.Struct, frozen=True):
    """What to send, and under which installation: `body` is a gzipped ExportLogsServiceRequest."""

    batch_id: str
    category: Category
    epoch: int
    records: int
    body: bytes
    installation: Installation


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """How to choose what goes next: `everything` takes what is there without waiting for more of it and ignores a
    pause; `thrifty` lets what is not urgent wait longer. `host` is where it goes."""

    everything: bool = False
    thrifty: bool = False
    host: str = ""


class _Rows(msgspec.Struct, frozen=True):
    """Stored records of one category and epoch, in the order of their running numbers, with none of another batch
    between them; `size` in bytes."""

    category: Category
    epoch: int
    first: int
    last: int
    bodies: Sequence[bytes]
    size: int


Unbatched = Mapping[Category, queue.Waiting]
"""What waits of each category in no batch."""


def due_ms(
    connection: sqlite3.Connection, waiting: Unbatched, pace: Pace, now_ms: int, *, unsettled: bool = False
) -> int | None:
    """When sending is next worthwhile, in milliseconds since 1970; None while there is nothing to send. `unsettled`:
    there is a batch of which the outcome could not be written down."""
    due = [due for one in waiting.values() if (due := _category_due(one, pace, now_ms)) is not None]
    if unsettled or connection.execute("SELECT 1 FROM batch WHERE state = 'waiting' LIMIT 1").fetchone():
        due.append(now_ms)
    return max(min(due), not_before_ms(connection, now_ms)) if due else None


def claim(
    connection: sqlite3.Connection,
    epochs: Mapping[Category, int],
    waiting: Unbatched,
    terms: Terms,
    *,
    installation: Installation,
    redact: Callable[[str], str],
    now_ms: int,
    pace: Pace,
) -> tuple[Batch | None, Unbatched]:
    """Take the next batch that is due, in the transaction that is open, and tell what then waits in no batch. It counts
    as under way until `settle`. None but this installation's may wait."""
    if not terms.everything and _paused(connection, now_ms):
        return None, waiting
    found = connection.execute(
        "SELECT batch_id, category, epoch, records, body FROM batch WHERE state = 'waiting' ORDER BY batch_id LIMIT 1"
    ).fetchone()
    if found is not None:
        batch_id, category_, epoch, count, body = found
        connection.execute("UPDATE batch SET state = 'sending', host = ? WHERE batch_id = ?", (terms.host, batch_id))
        return Batch(batch_id, category_, epoch, count, body, installation), waiting
    category = _due_category(epochs, waiting, None if terms.everything else pace, now_ms)
    rows = None if category is None else _first_rows(connection, category, epochs[category], redact)
    if category is None or rows is None:
        return None, waiting
    batch = _form(connection, rows, installation, now_ms, state="sending", host=terms.host)
    still = queue.without(connection, category, waiting[category], len(rows.bodies), rows.size)
    return batch, {**waiting, category: still}


def settle(
    connection: sqlite3.Connection, batch: Batch, outcome: outcomes.Answered | outcomes.Unanswered, now_ms: int
) -> outcomes.Verdict | None:
    """Apply the outcome table to one attempt, in the transaction that is open. None: withdrawn meanwhile."""
    under_way = "SELECT 1 FROM batch WHERE batch_id = ? AND state = 'sending'"
    if connection.execute(under_way, (batch.batch_id,)).fetchone() is None:
        return None
    verdict = outcomes.judge(outcome, datetime.fromtimestamp(now_ms / 1000, UTC), batch.records)
    status, reply = _kept_of(outcome)
    match verdict:
        case outcomes.Received():
            _received(connection, batch, verdict, (status, reply, now_ms))
            resume(connection)
            return verdict
        case outcomes.Again(floor_seconds=floor, uncertain=uncertain):
            connection.execute(
                "UPDATE batch SET state = 'waiting', uncertain = uncertain OR ? WHERE batch_id = ?",
                (uncertain, batch.batch_id),
            )
            postpone(connection, now_ms, floor)
        case outcomes.Unknown():
            connection.execute("UPDATE batch SET state = 'waiting' WHERE batch_id = ?", (batch.batch_id,))
            postpone(connection, now_ms)
        case outcomes.Smaller() | outcomes.Bisect():
            reason: tally.Loss = "too_large" if isinstance(verdict, outcomes.Smaller) else "refused"
            _halve(connection, batch, reason, now_ms)
            resume(connection)
    if status is not None:
        query = "UPDATE batch SET status = ?, reply = ? WHERE batch_id = ?"
        connection.execute(query, (status, reply, batch.batch_id))
    return verdict


def postpone(connection: sqlite3.Connection, now_ms: int, floor_seconds: float = 0.0) -> None:
    """Pause sending: random below a ceiling that doubles, never less than the server asked for."""
    attempts = _fact(connection, "attempts")
    pause = outcomes.pause(attempts, floor_seconds)
    _set_fact(connection, "attempts", attempts + 1)
    _set_fact(connection, "not_before_ms", now_ms + int(pause * 1000))


def resume(connection: sqlite3.Connection) -> None:
    """End the pause."""
    connection.execute("DELETE FROM fact WHERE name IN ('attempts', 'not_before_ms')")


def not_before_ms(connection: sqlite3.Connection, now_ms: int) -> int:
    """The end of the pause; never more than a day ahead, whatever the clock did since."""
    return min(_fact(connection, "not_before_ms"), _latest_ms(now_ms))


def unsettled(connection: sqlite3.Connection, batch_id: str) -> None:
    """The outcome of an attempt could not be written down: it may have arrived, and is sent again as the same bytes."""
    query = "UPDATE batch SET state = 'waiting', uncertain = 1 WHERE batch_id = ? AND state = 'sending'"
    connection.execute(query, (batch_id,))


def recover(connection: sqlite3.Connection, now_ms: int) -> None:
    """After the program ended: what was being sent may have arrived, and is sent again as the same bytes; but what
    waits under older redaction rules is taken apart, so that it is formed anew."""
    connection.execute("UPDATE batch SET state = 'waiting', uncertain = 1 WHERE state = 'sending'")
    waiting = connection.execute(
        "SELECT batch_id, uncertain, category, first_seq, last_seq FROM batch WHERE state = 'waiting'"
    ).fetchall()
    of_older_rules = "SELECT 1 FROM record WHERE category = ? AND seq BETWEEN ? AND ? AND rules != ? LIMIT 1"
    for batch_id, uncertain, *rows in waiting:
        if connection.execute(of_older_rules, (*rows, redaction.RULES_VERSION)).fetchone():
            ledger.dissolve(connection, batch_id, now_ms, uncertain=bool(uncertain))


def dissolve_of_others(connection: sqlite3.Connection, installation_id: str, now_ms: int) -> bool:
    """Take apart what waits under another installation, so that it is formed anew, in the transaction that is open;
    whether there was any. What may have arrived so stays listed."""
    others = connection.execute(
        "SELECT batch_id, uncertain FROM batch WHERE state = 'waiting' AND installation_id != ?", (installation_id,)
    ).fetchall()
    for batch_id, uncertain in others:
        ledger.dissolve(connection, batch_id, now_ms, uncertain=bool(uncertain))
    return bool(others)


def trim_ledger(connection: sqlite3.Connection, bounds: queue.Bounds, now_ms: int) -> None:
    """Forget what was sent long ago, and the oldest of it beyond the bytes allowed, with a hundredth on top."""
    ended = "state NOT IN ('waiting', 'sending')"
    connection.execute(f"DELETE FROM batch WHERE {ended} AND ended_ms < ?", (now_ms - bounds.ledger_age_ms,))  # noqa: S608 # a constant
    kept = f"SELECT batch_id, size FROM batch WHERE {ended} AND body IS NOT NULL ORDER BY batch_id"  # noqa: S608 # a constant
    sizes = connection.execute(kept).fetchall()
    beyond = sum(size for _, size in sizes) - bounds.ledger_bytes
    if beyond <= 0:
        return
    beyond += bounds.ledger_bytes // 100
    for batch_id, size in sizes:
        if beyond <= 0:
            return
        connection.execute("DELETE FROM batch WHERE batch_id = ?", (batch_id,))
        beyond -= size


def _latest_ms(now_ms: int) -> int:
    return now_ms + int(MAX_RETRY_AFTER_SECONDS * 1000)


def _paused(connection: sqlite3.Connection, now_ms: int) -> bool:
    """Whether it is too early. A pause that ends further ahead than any can was set by a clock that went back since; it
    is cut, else its end would go on before us."""
    end = _fact(connection, "not_before_ms")
    if end > _latest_ms(now_ms):
        _set_fact(connection, "not_before_ms", _latest_ms(now_ms))
    return end > now_ms


def _category_due(waiting: queue.Waiting, pace: Pace, now_ms: int) -> int | None:
    if not waiting.count or waiting.oldest_ms is None:
        return None
    if waiting.count >= MAX_RECORDS or waiting.size >= MAX_BYTES:
        return now_ms
    # A record from the future (the clock went back) waits no longer than one made now.
    due = min(waiting.oldest_ms, now_ms) + pace.age_ms
    return due if waiting.urgent_ms is None else min(due, min(waiting.urgent_ms, now_ms) + pace.urgent_age_ms)


def _due_category(
    epochs: Mapping[Category, int], waiting: Unbatched, pace: Pace | None, now_ms: int
) -> Category | None:
    """The first category that is due; without a pace each is that has something."""
    for category in epochs:
        due = _category_due(waiting[category], pace or Pace(), now_ms) if category in waiting else None
        if due is not None and (pace is None or due <= now_ms):
            return category
    return None


def _first_rows(
    connection: sqlite3.Connection, category: Category, epoch: int, redact: Callable[[str], str]
) -> _Rows | None:
    """The oldest rows in no batch, at most MAX_RECORDS and MAX_BYTES, with none of another batch between them; those of
    older redaction rules are brought up to the present ones."""
    for gap in queue.gaps(connection, category):
        rows = connection.execute(
            "SELECT seq, rules, body FROM record WHERE category = ? AND seq BETWEEN ? AND ? AND epoch = ?"
            " ORDER BY seq LIMIT ?",
            (category, gap.first, gap.last, epoch, MAX_RECORDS),
        ).fetchall()
        if rows:
            numbers, rules, bodies = zip(*rows, strict=True)
            if set(rules) != {redaction.RULES_VERSION}:
                bodies = tuple(_present(connection, row, redact) for row in rows)
            sizes = list(itertools.accumulate(map(len, bodies)))
            count = max(bisect.bisect_right(sizes, MAX_BYTES), 1)
            return _Rows(category, epoch, numbers[0], numbers[count - 1], bodies[:count], sizes[count - 1])
    return None


def _present(connection: sqlite3.Connection, row: tuple[int, int, bytes], redact: Callable[[str], str]) -> bytes:
    """The bytes of a row under the present redaction rules, and from now on the stored ones."""
    seq, rules, stored = row
    if rules == redaction.RULES_VERSION:
        return stored
    body = records.redact_again(stored, redact)
    update = "UPDATE record SET body = ?, size = ?, rules = ? WHERE seq = ?"
    connection.execute(update, (body, len(body), redaction.RULES_VERSION, seq))
    return body


def _form(
    connection: sqlite3.Connection,
    rows: _Rows,
    installation: Installation,
    now_ms: int,
    *,
    state: Literal["waiting", "sending"] = "waiting",
    family: str | None = None,
    host: str = "",
) -> Batch:
    import hashlib  # a library of its own comes along, which only those need who send

    (newest,) = connection.execute("SELECT max(batch_id) FROM batch").fetchone()
    body = records.join(rows.bodies, installation.installation_id)
    batch = Batch(next_id(newest, now_ms), rows.category, rows.epoch, len(rows.bodies), body, installation)
    connection.execute(
        "INSERT INTO batch (batch_id, family, category, epoch, installation_id, state, uncertain, records, sha256,"
        " formed_ms, size, host, body, first_seq, last_seq, record_bytes)"
        " VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(batch.batch_id, family or batch.batch_id, rows.category, rows.epoch, installation.installation_id, state),
            *(batch.records, hashlib.sha256(body).hexdigest(), now_ms, len(body), host, body),
            *(rows.first, rows.last, rows.size),
        ),
    )
    return batch


def _kept_of(outcome: outcomes.Answered | outcomes.Unanswered) -> tuple[int | None, bytes | None]:
    """What the ledger keeps of a reply: its status and so much of its bytes."""
    if isinstance(outcome, outcomes.Unanswered):
        return None, None
    return outcome.status, outcome.body[: outcomes.MAX_REPLY_BYTES]


def _received(
    connection: sqlite3.Connection,
    batch: Batch,
    received: outcomes.Received,
    ended: tuple[int | None, bytes | None, int],
) -> None:
    """Count every record as accepted, or as lost for the reason that the server gave. `ended`: status, reply and when,
    written with the rest, because each time the row is written its bytes are, too."""
    first, last = connection.execute(
        "SELECT first_seq, last_seq FROM batch WHERE batch_id = ?", (batch.batch_id,)
    ).fetchone()
    lost: dict[tally.Loss, list[int]] = {}
    if received.reasons and received.rejected:  # they stand in the order of the records
        rows = connection.execute(
            "SELECT size FROM record WHERE category = ? AND seq BETWEEN ? AND ? ORDER BY seq",
            (batch.category, first, last),
        )
        for (size,), reason in zip(rows.fetchall(), received.reasons, strict=True):
            if reason is not None:
                lost.setdefault(reason, []).append(size)
    elif received.rejected:  # which of them is not known, and so neither their size
        lost["rejected"] = [0] * received.rejected
    _delete_rows(connection, batch, first, last)
    for reason, sizes in lost.items():
        tally.lose(connection, batch.category, reason, len(sizes), sum(sizes))
    accepted = batch.records - received.rejected
    tally.add(connection, batch.category, "accepted", accepted)
    verdicts = msgspec.json.encode({one: len(sizes) for one, sizes in lost.items()}).decode() if lost else ""
    connection.execute(
        "UPDATE batch SET state = 'sent', accepted = ?, verdicts = ?, status = ?, reply = ?, ended_ms = ?"
        " WHERE batch_id = ?",
        (accepted, verdicts, *ended, batch.batch_id),
    )


def _delete_rows(connection: sqlite3.Connection, batch: Batch, first: int, last: int) -> None:
    query = "DELETE FROM record WHERE category = ? AND seq BETWEEN ? AND ?"
    if connection.execute(query, (batch.category, first, last)).rowcount != batch.records:
        raise damage(_OTHER_ROWS)


def _halve(connection: sqlite3.Connection, batch: Batch, reason: tally.Loss, now_ms: int) -> None:
    family, first, last = connection.execute(
        "UPDATE batch SET state = 'refused', ended_ms = ? WHERE batch_id = ? RETURNING family, first_seq, last_seq",
        (now_ms, batch.batch_id),
    ).fetchone()
    (refusals,) = connection.execute(
        "SELECT count(*) FROM batch WHERE family = ? AND state = 'refused'", (family,)
    ).fetchone()
    rows = connection.execute(
        "SELECT seq, body FROM record WHERE category = ? AND seq BETWEEN ? AND ? ORDER BY seq",
        (batch.category, first, last),
    ).fetchall()
    if len(rows) != batch.records:
        raise damage(_OTHER_ROWS)
    if len(rows) == 1 or refusals > MAX_REFUSALS[reason]:
        _delete_rows(connection, batch, first, last)
        tally.lose(connection, batch.category, reason, len(rows), sum(len(body) for _, body in rows))
        return
    middle = len(rows) // 2
    for half in (rows[:middle], rows[middle:]):
        bodies = [body for _, body in half]
        size = sum(map(len, bodies))
        part = _Rows(batch.category, batch.epoch, half[0][0], half[-1][0], bodies, size)
        _form(connection, part, batch.installation, now_ms, family=family)


def _fact(connection: sqlite3.Connection, name: str) -> int:
    found = connection.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
    return int(found[0]) if found else 0


def _set_fact(connection: sqlite3.Connection, name: str, value: int) -> None:
    connection.execute("INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)", (name, value))
