"""How full the queue is and how its account stands, without counting the rows anew after every commit."""

import sqlite3
from collections.abc import Mapping

import msgspec

from telemetry import consent, erasing, queue, tally
from telemetry.catalog import Category


class Levels(msgspec.Struct, frozen=True, kw_only=True):
    """What callers ask for after every commit, kept in memory because counting 50,000 rows each time is slow.
    `erasure_ms`: when the earliest erasure that waits may be asked for.

    Appending adds to it; after any other change it is read anew.
    """

    waiting: dict[Category, queue.Waiting] = {}
    accounts: dict[Category, tally.Account] = msgspec.field(
        default_factory=lambda: {category: tally.Account() for category in consent.CATEGORIES}
    )
    last_sent: dict[Category, int] = {}
    size: int = 0
    oldest_ms: int | None = None
    erasure_ms: int | None = None

    def after(self, added: Mapping[Category, queue.Waiting]) -> "Levels":
        """With these records more."""
        levels = self
        for category, more in added.items():
            account = levels.accounts[category]
            more_recorded = {"recorded": account.recorded + more.count, "queued": account.queued + more.count}
            levels = msgspec.structs.replace(
                levels,
                waiting={**levels.waiting, category: more.with_more(levels.waiting.get(category))},
                accounts={**levels.accounts, category: msgspec.structs.replace(account, **more_recorded)},
                size=levels.size + more.size,
            )
        return levels

    def beyond(self, bounds: queue.Bounds, now_ms: int) -> bool:
        """Whether there is too much, or anything too old."""
        queued = sum(account.queued for account in self.accounts.values())
        oldest = min((one.oldest_ms for one in self.waiting.values() if one.oldest_ms is not None), default=now_ms)
        if self.oldest_ms is not None:
            oldest = min(oldest, self.oldest_ms)
        return queued > bounds.records or self.size > bounds.record_bytes or oldest < now_ms - bounds.age_ms


def look(connection: sqlite3.Connection) -> Levels:
    """Count everything."""
    last = connection.execute("SELECT category, max(ended_ms) FROM batch WHERE state = 'sent' GROUP BY category")
    (size,) = connection.execute("SELECT coalesce(sum(size), 0) FROM record").fetchone()
    (oldest,) = connection.execute("SELECT min(formed_ms) FROM batch WHERE state = 'waiting'").fetchone()
    return Levels(
        waiting=queue.waiting(connection),
        accounts={category: tally.account(connection, category) for category in consent.CATEGORIES},
        last_sent=dict(last.fetchall()),
        size=size,
        oldest_ms=oldest,
        erasure_ms=erasing.earliest_ms(connection),
    )
