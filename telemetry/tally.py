"""The account of every record: recorded = accepted + lost (by reason) + purged + queued, always, per category."""

import sqlite3
from collections.abc import Mapping
from typing import Literal

import msgspec

from telemetry.catalog import Category
from telemetry.consent import CATEGORIES

Loss = Literal[
    "count",
    "size",
    "age",
    "backlog",
    "storage",
    "refused",
    "too_large",
    "rejected",
    "not_allowed",
    "unknown_to_server",
    "erased",
    "malformed",
]
"""The first five happen here; the others are the server's word, from `rejected` on by what it said of the record."""
Ending = Literal["recorded", "accepted", "purged"]

_ADD = (
    "INSERT INTO tally (category, what, count, bytes) VALUES (?, ?, ?, ?) ON CONFLICT (category, what)"
    " DO UPDATE SET count = count + excluded.count, bytes = bytes + excluded.bytes"
)


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """How many records of one category ended how; `lost` by reason. `queued` are kept here and not yet received."""

    recorded: int = 0
    accepted: int = 0
    purged: int = 0
    lost: dict[str, int] = {}
    queued: int = 0

    @property
    def balanced(self) -> bool:
        """Whether nothing is missing and nothing counted twice."""
        return self.recorded == self.accepted + self.purged + sum(self.lost.values()) + self.queued


def add(connection: sqlite3.Connection, category: Category, what: Ending, count: int, size: int = 0) -> None:
    """Count `count` records of `size` bytes in the transaction that is open."""
    if count:
        connection.execute(_ADD, (category, what, count, size))


def lose(connection: sqlite3.Connection, category: Category, reason: Loss, count: int, size: int = 0) -> None:
    """Count records as lost for `reason`, in the transaction that is open."""
    if count:
        connection.execute(_ADD, (category, f"lost:{reason}", count, size))


def accounts(connection: sqlite3.Connection, queued: Mapping[Category, int]) -> dict[Category, Account]:
    """The account of every category as committed; of each so many are `queued`."""
    counts: dict[Category, dict[str, int]] = {category: {} for category in CATEGORIES}
    for category, what, count in connection.execute("SELECT category, what, count FROM tally"):
        if category in counts:
            counts[category][what] = count
    return {
        category: Account(
            recorded=counted.get("recorded", 0),
            accepted=counted.get("accepted", 0),
            purged=counted.get("purged", 0),
            lost={what.removeprefix("lost:"): count for what, count in counted.items() if what.startswith("lost:")},
            queued=queued.get(category, 0),
        )
        for category, counted in counts.items()
    }
