"""How full the queue is and how its account stands, without counting the rows anew after every commit."""

import sqlite3
from collections.abc import Mapping

import msgspec

from telemetry import consent, erasing, passing, queue, tally
from telemetry.catalog import Category


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    """What was sent and is kept: the bytes of it, when the oldest ended, and when each category was last received."""

    size: int = 0
    oldest_ms: int | None = None
    last_sent: dict[Category, int] = {}

    def after(self, category: Category, size: int, now_ms: int, *, received: bool) -> "Ledger":
        """With one batch more that ended now."""
        return Ledger(
            size=self.size + size,
            oldest_ms=now_ms if self.oldest_ms is None else min(self.oldest_ms, now_ms),
            last_sent={**self.last_sent, category: now_ms} if received else self.last_sent,
        )

    def beyond(self, bounds: queue.Bounds, now_ms: int) -> bool:
        """Whether something of it is to be forgotten."""
        too_old = self.oldest_ms is not None and self.oldest_ms < now_ms - bounds.ledger_age_ms
        return too_old or self.size > bounds.ledger_bytes


class Levels(msgspec.Struct, frozen=True, kw_only=True):
    """What callers ask for after every commit, kept in memory because counting 50,000 rows each time is slow.
    `oldest_ms`: nothing that waits is older; `erasure_ms`: when the earliest erasure that waits may be asked for, or
    the server is to be told that nothing more is passed on.

    Records that come and batches that go are reckoned with; after any other change everything is counted anew.
    """

    waiting: dict[Category, queue.Waiting] = {}
    accounts: dict[Category, tally.Account] = msgspec.field(
        default_factory=lambda: {category: tally.Account() for category in consent.CATEGORIES}
    )
    ledger: Ledger = Ledger()
    size: int = 0
    oldest_ms: int | None = None
    erasure_ms: int | None = None
    installation_id: str | None = None

    def after(self, added: Mapping[Category, queue.Waiting]) -> "Levels":
        """With these records more."""
        waiting, accounts = dict(self.waiting), dict(self.accounts)
        size, oldest_ms = self.size, self.oldest_ms
        for category, more in added.items():
            account = accounts[category]
            accounts[category] = msgspec.structs.replace(
                account, recorded=account.recorded + more.count, queued=account.queued + more.count
            )
            waiting[category] = more.with_more(waiting.get(category))
            size += more.size
            oldest_ms = queue.earlier(oldest_ms, more.oldest_ms)
        return msgspec.structs.replace(self, waiting=waiting, accounts=accounts, size=size, oldest_ms=oldest_ms)

    def seen_at(self, now_ms: int) -> "Levels":
        """The same for a clock that stands here: what was recorded later than now, because the clock went back since,
        waits no longer than what is recorded now."""
        waiting = {category: one.not_after(now_ms) for category, one in self.waiting.items()}
        return self if waiting == self.waiting else msgspec.structs.replace(self, waiting=waiting)

    def beyond(self, bounds: queue.Bounds, now_ms: int) -> bool:
        """Whether there is too much, or perhaps anything too old."""
        queued = sum(account.queued for account in self.accounts.values())
        too_old = self.oldest_ms is not None and self.oldest_ms < now_ms - bounds.age_ms
        return too_old or queued > bounds.records or self.size > bounds.record_bytes


def look(connection: sqlite3.Connection) -> Levels:
    """Count everything."""
    ended = "state NOT IN ('waiting', 'sending')"
    size, oldest = connection.execute(
        f"SELECT coalesce(sum(CASE WHEN body IS NULL THEN 0 ELSE size END), 0), min(ended_ms) FROM batch WHERE {ended}"  # noqa: S608 # a constant
    ).fetchone()
    last = connection.execute("SELECT category, max(ended_ms) FROM batch WHERE state = 'sent' GROUP BY category")
    current = connection.execute("SELECT installation_id FROM installation WHERE retired_ms IS NULL").fetchone()
    waiting = queue.waiting(connection)
    times = [one.oldest_ms for one in waiting.values() if one.oldest_ms is not None]
    counted = Levels(
        waiting=waiting,
        ledger=Ledger(size=size, oldest_ms=oldest, last_sent=dict(last.fetchall())),
        oldest_ms=min(times, default=None),
        erasure_ms=queue.earlier(erasing.earliest_ms(connection), passing.earliest_ms(connection)),
        installation_id=current[0] if current else None,
    )
    return look_at_batches(connection, counted)


def look_at_batches(connection: sqlite3.Connection, before: Levels) -> Levels:
    """`before` with the accounts and the batches that are to arrive looked at anew; no row is counted."""
    queued = {category: one.count for category, one in before.waiting.items()}
    size = sum(one.size for one in before.waiting.values())
    oldest_ms = before.oldest_ms
    for category, count, length, formed_ms in connection.execute(
        "SELECT category, sum(records), sum(record_bytes), min(formed_ms) FROM batch"
        " WHERE state IN ('waiting', 'sending') GROUP BY category"
    ):
        queued[category] = queued.get(category, 0) + count
        size += length
        oldest_ms = queue.earlier(oldest_ms, formed_ms)
    return msgspec.structs.replace(before, accounts=tally.accounts(connection, queued), size=size, oldest_ms=oldest_ms)
