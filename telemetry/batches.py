"""Batches: one category of one consent epoch, joined once, sent as the same bytes until settled, kept as a ledger.

States: waiting → sending → sent | refused (halved, or set aside if it was a single record) | may_have_arrived
(withdrawn under way). The rows stay in the queue until the batch is settled, so the account always balances.
"""

import sqlite3
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import msgspec

from rules.retrying import MAX_RETRY_AFTER_SECONDS
from telemetry import ledger, outcomes, queue, records, redaction, tally
from telemetry.catalog import Category
from telemetry.database import damage
from telemetry.ids import next_id
from telemetry.pace import Pace

MAX_RECORDS = 500
MAX_BYTES = 256 * 1024
MAX_REFUSALS: Mapping[tally.Loss, int] = {"refused": 20, "too_large": 200}
"""Refused pieces of one batch: enough to find two bad records among MAX_RECORDS, and to reach pieces of four; then what
is refused is set aside whole, so that a server that refuses everything is not asked about each record."""

_Row = tuple[int, int, bytes]
"""Running number, rules of its redaction, and the stored bytes."""


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What to send: `body` is a gzipped ExportLogsServiceRequest. `uncertain`: an earlier attempt may have arrived."""

    batch_id: str
    category: Category
    epoch: int
    installation_id: str
    records: int
    body: bytes


Unbatched = Mapping[Category, queue.Waiting]
"""What waits of each category in no batch."""


def due_ms(connection: sqlite3.Connection, waiting: Unbatched, pace: Pace, now_ms: int) -> int | None:
    """When sending is next worthwhile, in milliseconds since 1970; None while there is nothing to send."""
    due = [due for one in waiting.values() if (due := _category_due(one, pace, now_ms)) is not None]
    if connection.execute("SELECT 1 FROM batch WHERE state = 'waiting' LIMIT 1").fetchone():
        due.append(now_ms)
    return max(min(due), not_before_ms(connection, now_ms)) if due else None


def claim(
    connection: sqlite3.Connection,
    epochs: Mapping[Category, int],
    waiting: Unbatched,
    *,
    installation_id: str,
    redact: Callable[[str], str],
    now_ms: int,
    pace: Pace,
    everything: bool = False,
    host: str = "",
) -> tuple[Batch | None, Unbatched]:
    """Take the next batch that is due, in the transaction that is open, and tell what then waits in no batch. It counts
    as under way until `settle`.

    `everything` takes what is there without waiting for more of it, and ignores a pause. `host` is where it goes.
    """
    if not everything and _paused(connection, now_ms):
        return None, waiting
    row = connection.execute("SELECT batch_id FROM batch WHERE state = 'waiting' ORDER BY batch_id LIMIT 1").fetchone()
    batch_id = row[0] if row else None
    if batch_id is None:
        category = _due_category(epochs, waiting, None if everything else pace, now_ms)
        rows = [] if category is None else _within_size(_first_rows(connection, category, epochs[category]))
        if category is None or not rows:
            return None, waiting
        taken = sum(len(body) for _, _, body in rows)
        batch_id = _form(connection, _present(connection, rows, redact), installation_id, now_ms)
        waiting = {
            **waiting,
            category: queue.without(connection, category, waiting[category], len(rows), taken),
        }
    connection.execute("UPDATE batch SET state = 'sending', host = ? WHERE batch_id = ?", (host, batch_id))
    found = connection.execute(
        "SELECT batch_id, category, epoch, installation_id, records, body FROM batch WHERE batch_id = ?", (batch_id,)
    ).fetchone()
    names = ("batch_id", "category", "epoch", "installation_id", "records", "body")
    return Batch(**dict(zip(names, found, strict=True))), waiting


def settle(
    connection: sqlite3.Connection, batch_id: str, outcome: outcomes.Answered | outcomes.Unanswered, now_ms: int
) -> outcomes.Verdict | None:
    """Apply the outcome table to one attempt, in the transaction that is open. None: withdrawn meanwhile."""
    found = connection.execute(
        "SELECT records FROM batch WHERE batch_id = ? AND state = 'sending'", (batch_id,)
    ).fetchone()
    if found is None:
        return None
    verdict = outcomes.judge(outcome, datetime.fromtimestamp(now_ms / 1000, UTC), found[0])
    if isinstance(outcome, outcomes.Answered):
        connection.execute(
            "UPDATE batch SET status = ?, reply = ? WHERE batch_id = ?",
            (outcome.status, outcome.body[: outcomes.MAX_REPLY_BYTES], batch_id),
        )
    match verdict:
        case outcomes.Received():
            _received(connection, batch_id, verdict, now_ms)
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
    pause = outcomes.pause(attempts, floor_seconds)
    _set_fact(connection, "attempts", attempts + 1)
    _set_fact(connection, "not_before_ms", now_ms + int(pause * 1000))


def resume(connection: sqlite3.Connection) -> None:
    """End the pause."""
    connection.execute("DELETE FROM fact WHERE name IN ('attempts', 'not_before_ms')")


def not_before_ms(connection: sqlite3.Connection, now_ms: int) -> int:
    """The end of the pause; never more than a day ahead, whatever the clock did since."""
    return min(_fact(connection, "not_before_ms"), _latest_ms(now_ms))


def recover(connection: sqlite3.Connection) -> None:
    """After a crash: what was being sent may have arrived, and is sent again as the same bytes."""
    connection.execute("UPDATE batch SET state = 'waiting', uncertain = 1 WHERE state = 'sending'")


def dissolve_outdated(connection: sqlite3.Connection, installation_id: str, now_ms: int) -> bool:
    """Take apart what waits under older redaction rules or another installation, so that it is formed anew, in the
    transaction that is open; whether there was any. What may have arrived so stays listed."""
    waiting = connection.execute(
        "SELECT batch_id, uncertain, installation_id, category, first_seq, last_seq FROM batch WHERE state = 'waiting'"
    ).fetchall()
    of_older_rules = "SELECT 1 FROM record WHERE category = ? AND seq BETWEEN ? AND ? AND rules != ? LIMIT 1"
    outdated = [
        (batch_id, uncertain)
        for batch_id, uncertain, installation, *rows in waiting
        if installation != installation_id
        or connection.execute(of_older_rules, (*rows, redaction.RULES_VERSION)).fetchone()
    ]
    for batch_id, uncertain in outdated:
        ledger.dissolve(connection, batch_id, now_ms, uncertain=bool(uncertain))
    return bool(outdated)


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


def _first_rows(connection: sqlite3.Connection, category: Category, epoch: int) -> list[_Row]:
    """The oldest rows in no batch, at most MAX_RECORDS, with none of another batch between them."""
    for gap in queue.gaps(connection, category):
        rows = connection.execute(
            "SELECT seq, rules, body FROM record WHERE category = ? AND seq BETWEEN ? AND ? AND epoch = ?"
            " ORDER BY seq LIMIT ?",
            (category, gap.first, gap.last, epoch, MAX_RECORDS),
        ).fetchall()
        if rows:
            return rows
    return []


def _present(connection: sqlite3.Connection, rows: list[_Row], redact: Callable[[str], str]) -> list[_Row]:
    """The rows with those of older redaction rules brought up to the present ones."""
    current = []
    for seq, rules, stored in rows:
        body = stored
        if rules != redaction.RULES_VERSION:
            body = records.redact_again(stored, redact)
            update = "UPDATE record SET body = ?, size = ?, rules = ? WHERE seq = ?"
            connection.execute(update, (body, len(body), redaction.RULES_VERSION, seq))
        current.append((seq, redaction.RULES_VERSION, body))
    return current


def _within_size(rows: list[_Row]) -> list[_Row]:
    size = 0
    for index, (_, _, body) in enumerate(rows):
        size += len(body)
        if size > MAX_BYTES and index:
            return rows[:index]
    return rows


def _form(
    connection: sqlite3.Connection, rows: list[_Row], installation_id: str, now_ms: int, family: str | None = None
) -> str:
    import hashlib  # a library of its own comes along, which only those need who send

    (newest,) = connection.execute("SELECT max(batch_id) FROM batch").fetchone()
    batch_id = next_id(newest, now_ms)
    body = records.join([stored for _, _, stored in rows], installation_id)
    connection.execute(
        "INSERT INTO batch (batch_id, family, category, epoch, installation_id, state, uncertain, records, sha256,"
        " size, body, formed_ms, first_seq, last_seq, record_bytes) SELECT ?, ?, category, epoch, ?, 'waiting', 0, ?,"
        " ?, ?, ?, ?, ?, ?, ? FROM record WHERE seq = ?",
        (
            *(batch_id, family or batch_id, installation_id, len(rows), hashlib.sha256(body).hexdigest(), len(body)),
            *(body, now_ms, rows[0][0], rows[-1][0], sum(len(stored) for _, _, stored in rows), rows[0][0]),
        ),
    )
    return batch_id


def _received(connection: sqlite3.Connection, batch_id: str, received: outcomes.Received, now_ms: int) -> None:
    """Count every record as accepted, or as lost for the reason that the server gave."""
    category, count, first, last = connection.execute(
        "SELECT category, records, first_seq, last_seq FROM batch WHERE batch_id = ?", (batch_id,)
    ).fetchone()
    lost: dict[tally.Loss, list[int]] = {}
    if received.reasons and received.rejected:  # they stand in the order of the records
        rows = connection.execute(
            "SELECT size FROM record WHERE category = ? AND seq BETWEEN ? AND ? ORDER BY seq", (category, first, last)
        )
        for (size,), reason in zip(rows.fetchall(), received.reasons, strict=True):
            if reason is not None:
                lost.setdefault(reason, []).append(size)
    elif received.rejected:  # which of them is not known, and so neither their size
        lost["rejected"] = [0] * received.rejected
    _delete_rows(connection, batch_id)
    for reason, sizes in lost.items():
        tally.lose(connection, category, reason, len(sizes), sum(sizes))
    accepted = count - received.rejected
    tally.add(connection, category, "accepted", accepted)
    verdicts = msgspec.json.encode({one: len(sizes) for one, sizes in lost.items()}).decode() if lost else ""
    connection.execute(
        "UPDATE batch SET state = 'sent', accepted = ?, ended_ms = ?, verdicts = ? WHERE batch_id = ?",
        (accepted, now_ms, verdicts, batch_id),
    )


def _delete_rows(connection: sqlite3.Connection, batch_id: str) -> None:
    category, first, last, count = connection.execute(
        "SELECT category, first_seq, last_seq, records FROM batch WHERE batch_id = ?", (batch_id,)
    ).fetchone()
    query = "DELETE FROM record WHERE category = ? AND seq BETWEEN ? AND ?"
    if connection.execute(query, (category, first, last)).rowcount != count:
        raise damage("the rows of a batch are not those that it was formed of")


def _halve(connection: sqlite3.Connection, batch_id: str, reason: tally.Loss, now_ms: int) -> None:
    category, family, installation_id, first, last = connection.execute(
        "SELECT category, family, installation_id, first_seq, last_seq FROM batch WHERE batch_id = ?", (batch_id,)
    ).fetchone()
    connection.execute("UPDATE batch SET state = 'refused', ended_ms = ? WHERE batch_id = ?", (now_ms, batch_id))
    (refusals,) = connection.execute(
        "SELECT count(*) FROM batch WHERE family = ? AND state = 'refused'", (family,)
    ).fetchone()
    rows = connection.execute(
        "SELECT seq, rules, body FROM record WHERE category = ? AND seq BETWEEN ? AND ? ORDER BY seq",
        (category, first, last),
    ).fetchall()
    if len(rows) == 1 or refusals > MAX_REFUSALS[reason]:
        _delete_rows(connection, batch_id)
        tally.lose(connection, category, reason, len(rows), sum(len(body) for _, _, body in rows))
        return
    middle = len(rows) // 2
    for half in (rows[:middle], rows[middle:]):
        _form(connection, half, installation_id, now_ms, family)


def _fact(connection: sqlite3.Connection, name: str) -> int:
    found = connection.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
    return int(found[0]) if found else 0


def _set_fact(connection: sqlite3.Connection, name: str, value: int) -> None:
    connection.execute("INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)", (name, value))
