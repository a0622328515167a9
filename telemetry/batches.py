"""Batches: one category of one consent epoch, joined once, sent as the same bytes until settled, kept as a ledger.

States: waiting → sending → sent | refused (halved, or set aside if it was a single record) | may_have_arrived
(withdrawn under way). The rows stay in the queue until the batch is settled, so the account always balances.
"""

import hashlib
import random
import sqlite3
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import msgspec

from telemetry import outcomes, queue, records, redaction, tally
from telemetry.catalog import Category
from telemetry.ids import next_id

MAX_RECORDS = 500
MAX_BYTES = 256 * 1024
AGE_MS = 5 * 60 * 1000
URGENT_AGE_MS = 60 * 1000
MAX_REFUSALS: Mapping[tally.Loss, int] = {"refused": 20, "too_large": 200}
"""Refused pieces of one batch: enough to find two bad records among MAX_RECORDS, and to reach pieces of four; then what
is refused is set aside whole, so that a server that refuses everything is not asked about each record."""

_jitter = random.SystemRandom()


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What to send: `body` is a gzipped ExportLogsServiceRequest. `uncertain`: an earlier attempt may have arrived."""

    batch_id: str
    category: Category
    epoch: int
    installation_id: str
    records: int
    body: bytes


def due_ms(connection: sqlite3.Connection, waiting: Mapping[Category, queue.Waiting], now_ms: int) -> int | None:
    """When sending is next worthwhile, in milliseconds since 1970; None while there is nothing to send."""
    due = [due for one in waiting.values() if (due := _category_due(one, now_ms)) is not None]
    if connection.execute("SELECT 1 FROM batch WHERE state = 'waiting' LIMIT 1").fetchone():
        due.append(now_ms)
    return max(min(due), not_before_ms(connection, now_ms)) if due else None


def claim(
    connection: sqlite3.Connection,
    epochs: Mapping[Category, int],
    installation_id: str,
    redact: Callable[[str], str],
    now_ms: int,
    *,
    everything: bool = False,
    host: str = "",
) -> Batch | None:
    """Take the next batch that is due, in the transaction that is open; it counts as under way until `settle`.

    `everything` takes what is there without waiting for more of it, and ignores a pause. `host` is where it goes.
    """
    if not everything and not_before_ms(connection, now_ms) > now_ms:
        return None
    _dissolve_outdated(connection, installation_id)
    row = connection.execute("SELECT batch_id FROM batch WHERE state = 'waiting' ORDER BY batch_id LIMIT 1").fetchone()
    batch_id = row[0] if row else None
    if batch_id is None:
        rows = _due_rows(connection, epochs, now_ms, everything=everything)
        if not rows:
            return None
        batch_id = _form(connection, _within_size(_present(connection, rows, redact)), installation_id, now_ms)
    connection.execute("UPDATE batch SET state = 'sending', host = ? WHERE batch_id = ?", (host, batch_id))
    found = connection.execute(
        "SELECT batch_id, category, epoch, installation_id, records, body FROM batch WHERE batch_id = ?", (batch_id,)
    ).fetchone()
    names = ("batch_id", "category", "epoch", "installation_id", "records", "body")
    return Batch(**dict(zip(names, found, strict=True)))


def settle(
    connection: sqlite3.Connection, batch_id: str, outcome: outcomes.Answered | outcomes.Unanswered, now_ms: int
) -> outcomes.Verdict | None:
    """Apply the outcome table to one attempt, in the transaction that is open. None: withdrawn meanwhile."""
    found = connection.execute(
        "SELECT category, records FROM batch WHERE batch_id = ? AND state = 'sending'", (batch_id,)
    ).fetchone()
    if found is None:
        return None
    category, count = found
    verdict = outcomes.judge(outcome, datetime.fromtimestamp(now_ms / 1000, UTC))
    if isinstance(outcome, outcomes.Answered):
        connection.execute(
            "UPDATE batch SET status = ?, reply = ? WHERE batch_id = ?",
            (outcome.status, outcome.body[: outcomes.MAX_REPLY_BYTES], batch_id),
        )
    match verdict:
        case outcomes.Received(rejected=rejected):
            refused = min(rejected, count)
            _received(connection, batch_id, count - refused, now_ms)
            tally.add(connection, category, "accepted", count - refused)
            tally.lose(connection, category, "rejected", refused)
            resume(connection)
        case outcomes.Again(floor_seconds=floor, uncertain=uncertain):
            connection.execute(
                "UPDATE batch SET state = 'waiting', uncertain = uncertain OR ? WHERE batch_id = ?",
                (uncertain, batch_id),
            )
            postpone(connection, now_ms, floor)
        case outcomes.Unknown():
            connection.execute("UPDATE batch SET state = 'waiting' WHERE batch_id = ?", (batch_id,))
            postpone(connection, now_ms)
        case outcomes.Smaller() | outcomes.Bisect():
            reason: tally.Loss = "too_large" if isinstance(verdict, outcomes.Smaller) else "refused"
            _halve(connection, batch_id, reason, now_ms)
            resume(connection)
    return verdict


def postpone(connection: sqlite3.Connection, now_ms: int, floor_seconds: float = 0.0) -> None:
    """Pause sending: random below a ceiling that doubles, never less than the server asked for."""
    attempts = _fact(connection, "attempts")
    pause = max(_jitter.uniform(0, outcomes.pause_ceiling(attempts)), floor_seconds)
    _set_fact(connection, "attempts", attempts + 1)
    _set_fact(connection, "not_before_ms", now_ms + int(pause * 1000))


def resume(connection: sqlite3.Connection) -> None:
    """End the pause."""
    connection.execute("DELETE FROM fact WHERE name IN ('attempts', 'not_before_ms')")


def not_before_ms(connection: sqlite3.Connection, now_ms: int) -> int:
    """The end of the pause; never more than a day ahead, whatever the clock did since."""
    longest = now_ms + int(outcomes.MAX_RETRY_AFTER_SECONDS * 1000)
    return min(_fact(connection, "not_before_ms"), longest)


def recover(connection: sqlite3.Connection) -> None:
    """After a crash: what was being sent may have arrived, and is sent again as the same bytes."""
    connection.execute("UPDATE batch SET state = 'waiting', uncertain = 1 WHERE state = 'sending'")


def trim_ledger(connection: sqlite3.Connection, bounds: queue.Bounds, now_ms: int) -> None:
    """Forget what was sent long ago, and the oldest of it beyond the bytes allowed."""
    ended = "state NOT IN ('waiting', 'sending')"
    connection.execute(f"DELETE FROM batch WHERE {ended} AND ended_ms < ?", (now_ms - bounds.ledger_age_ms,))  # noqa: S608 # a constant
    (size,) = connection.execute(f"SELECT coalesce(sum(length(body)), 0) FROM batch WHERE {ended}").fetchone()  # noqa: S608 # a constant
    if size <= bounds.ledger_bytes:
        return
    oldest = f"SELECT batch_id, coalesce(length(body), 0) FROM batch WHERE {ended} ORDER BY batch_id"  # noqa: S608 # a constant
    for batch_id, length in connection.execute(oldest).fetchall():
        if size <= bounds.ledger_bytes:
            return
        connection.execute("DELETE FROM batch WHERE batch_id = ?", (batch_id,))
        size -= length


def _category_due(waiting: queue.Waiting, now_ms: int) -> int | None:
    if not waiting.count or waiting.oldest_ms is None:
        return None
    if waiting.count >= MAX_RECORDS or waiting.size >= MAX_BYTES:
        return now_ms
    # A record from the future (the clock went back) waits no longer than one made now.
    due = min(waiting.oldest_ms, now_ms) + AGE_MS
    return due if waiting.urgent_ms is None else min(due, min(waiting.urgent_ms, now_ms) + URGENT_AGE_MS)


def _due_rows(
    connection: sqlite3.Connection, epochs: Mapping[Category, int], now_ms: int, *, everything: bool
) -> list[tuple[int, int, bytes]]:
    """Sequence number, rules and bytes of what the next batch may hold; nothing if no category is due."""
    for category, waiting in queue.waiting(connection).items():
        due = _category_due(waiting, now_ms)
        if category in epochs and due is not None and (everything or due <= now_ms):
            return connection.execute(
                "SELECT seq, rules, body FROM record WHERE batch_id IS NULL AND category = ? AND epoch = ?"
                " ORDER BY seq LIMIT ?",
                (category, epochs[category], MAX_RECORDS),
            ).fetchall()
    return []


def _present(
    connection: sqlite3.Connection, rows: list[tuple[int, int, bytes]], redact: Callable[[str], str]
) -> list[tuple[int, bytes]]:
    """The rows with those of older redaction rules brought up to the present ones."""
    current = []
    for seq, rules, stored in rows:
        body = stored
        if rules != redaction.RULES_VERSION:
            body = records.redact_again(stored, redact)
            update = "UPDATE record SET body = ?, size = ?, rules = ? WHERE seq = ?"
            connection.execute(update, (body, len(body), redaction.RULES_VERSION, seq))
        current.append((seq, body))
    return current


def _within_size(rows: list[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    size = 0
    for index, (_, body) in enumerate(rows):
        size += len(body)
        if size > MAX_BYTES and index:
            return rows[:index]
    return rows


def _form(
    connection: sqlite3.Connection,
    rows: list[tuple[int, bytes]],
    installation_id: str,
    now_ms: int,
    family: str | None = None,
) -> str:
    (newest,) = connection.execute("SELECT max(batch_id) FROM batch").fetchone()
    batch_id = next_id(newest, now_ms)
    body = records.join((stored for _, stored in rows), installation_id)
    connection.execute(
        "INSERT INTO batch (batch_id, family, category, epoch, installation_id, state, uncertain, records, sha256,"
        " size, body, formed_ms) SELECT ?, ?, category, epoch, ?, 'waiting', 0, ?, ?, ?, ?, ? FROM record"
        " WHERE seq = ?",
        (
            batch_id,
            family or batch_id,
            installation_id,
            len(rows),
            hashlib.sha256(body).hexdigest(),
            len(body),
            body,
            now_ms,
            rows[0][0],
        ),
    )
    connection.executemany("UPDATE record SET batch_id = ? WHERE seq = ?", [(batch_id, seq) for seq, _ in rows])
    return batch_id


def _dissolve_outdated(connection: sqlite3.Connection, installation_id: str) -> None:
    """Take apart what waits under older redaction rules or another installation, so that it is formed anew."""
    outdated = connection.execute(
        "SELECT batch_id FROM batch WHERE state = 'waiting' AND (installation_id != ? OR batch_id IN"
        " (SELECT batch_id FROM record WHERE rules != ? AND batch_id IS NOT NULL))",
        (installation_id, redaction.RULES_VERSION),
    ).fetchall()
    for row in outdated:
        connection.execute("UPDATE record SET batch_id = NULL WHERE batch_id = ?", row)
        connection.execute("DELETE FROM batch WHERE batch_id = ?", row)


def _received(connection: sqlite3.Connection, batch_id: str, accepted: int, now_ms: int) -> None:
    connection.execute("DELETE FROM record WHERE batch_id = ?", (batch_id,))
    connection.execute(
        "UPDATE batch SET state = 'sent', accepted = ?, ended_ms = ? WHERE batch_id = ?", (accepted, now_ms, batch_id)
    )


def _halve(connection: sqlite3.Connection, batch_id: str, reason: tally.Loss, now_ms: int) -> None:
    category, family, installation_id = connection.execute(
        "SELECT category, family, installation_id FROM batch WHERE batch_id = ?", (batch_id,)
    ).fetchone()
    connection.execute("UPDATE batch SET state = 'refused', ended_ms = ? WHERE batch_id = ?", (now_ms, batch_id))
    (refusals,) = connection.execute(
        "SELECT count(*) FROM batch WHERE family = ? AND state = 'refused'", (family,)
    ).fetchone()
    rows = connection.execute("SELECT seq, body FROM record WHERE batch_id = ? ORDER BY seq", (batch_id,)).fetchall()
    if len(rows) == 1 or refusals > MAX_REFUSALS[reason]:
        connection.execute("DELETE FROM record WHERE batch_id = ?", (batch_id,))
        tally.lose(connection, category, reason, len(rows), sum(len(body) for _, body in rows))
        return
    middle = len(rows) // 2
    for half in (rows[:middle], rows[middle:]):
        _form(connection, half, installation_id, now_ms, family)


def _fact(connection: sqlite3.Connection, name: str) -> int:
    found = connection.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
    return int(found[0]) if found else 0


def _set_fact(connection: sqlite3.Connection, name: str, value: int) -> None:
    connection.execute("INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)", (name, value))
