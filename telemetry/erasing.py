"""The queue of erasures: what was sent is to be erased at the server, asked again until its signed word is here.

It stands apart from consent: a withdrawal, another installation id, a sign-out or a restart leave it as it is. Each
installation is asked about by an id of its own, so that the server is not told which of them belong together.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from rules.retrying import MAX_RETRY_AFTER_SECONDS
from telemetry import outcomes
from telemetry.catalog import Category
from telemetry.ids import next_id, random_id


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What to ask about one installation: `request_id` names it to the server; `before_ms` since 1970."""

    request_id: str
    installation_id: str
    secret: str
    registered: bool
    categories: tuple[Category, ...]
    before_ms: int


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """What the server's verified statement says: `erased` records, `relayed` by whom they were passed on to;
    `statement` is the signed whole."""

    erased: int
    relayed: Mapping[str, int]
    statement: bytes


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One erasure as a person asked for it, over every installation; times in milliseconds since 1970. `done_ms` once
    every word is here; `trouble` says why that takes longer."""

    erasure_id: str
    categories: tuple[Category, ...]
    asked_ms: int
    done_ms: int | None
    trouble: str
    words: tuple[Word, ...]


def used_installations(connection: sqlite3.Connection) -> list[str]:
    """Every id that something may have left under, also those that were given up, oldest first."""
    found = connection.execute("SELECT installation_id FROM installation WHERE used ORDER BY made_ms")
    return [row[0] for row in found]


def ask(
    connection: sqlite3.Connection, installations: Iterable[str], categories: Sequence[Category], now_ms: int
) -> str:
    """Queue an erasure of what these installations sent until now, in the transaction that is open; its id."""
    erasure_id = next_id(None, now_ms)
    connection.execute(
        "INSERT INTO erasure (erasure_id, categories, asked_ms) VALUES (?, ?, ?)",
        (erasure_id, msgspec.json.encode(categories).decode(), now_ms),
    )
    connection.executemany(
        "INSERT INTO erasure_request (request_id, erasure_id, installation_id, attempts, not_before_ms, trouble)"
        " VALUES (?, ?, ?, 0, 0, '')",
        [(random_id(), erasure_id, one) for one in installations],
    )
    return erasure_id


def earliest_ms(connection: sqlite3.Connection) -> int | None:
    """When the earliest erasure that waits may be asked for, in milliseconds since 1970; None while none waits."""
    found = connection.execute("SELECT min(not_before_ms) FROM erasure_request WHERE statement IS NULL").fetchone()
    earliest: int | None = found[0]
    return earliest


def bounded(not_before_ms: int, now_ms: int) -> int:
    """Never more than a day ahead, whatever the clock did since."""
    return min(not_before_ms, now_ms + int(MAX_RETRY_AFTER_SECONDS * 1000))


def wishes(connection: sqlite3.Connection, now_ms: int, *, everything: bool) -> list[Wish]:
    """What is due to be asked, oldest first; `everything` ignores pauses."""
    found = connection.execute(
        "SELECT r.request_id, r.installation_id, i.secret, i.registered, e.categories, e.asked_ms, r.not_before_ms"
        " FROM erasure_request AS r JOIN erasure AS e USING (erasure_id) JOIN installation AS i USING (installation_id)"
        " WHERE r.statement IS NULL ORDER BY e.erasure_id, r.request_id"
    )
    return [
        Wish(
            request_id=request_id,
            installation_id=installation_id,
            secret=secret,
            registered=bool(registered),
            categories=_categories(categories),
            before_ms=asked_ms,
        )
        for request_id, installation_id, secret, registered, categories, asked_ms, not_before_ms in found
        if everything or bounded(not_before_ms, now_ms) <= now_ms
    ]


def postpone(connection: sqlite3.Connection, request_id: str, trouble: str, floor_seconds: float, now_ms: int) -> None:
    """Ask again later: random below a ceiling that doubles, never sooner than the server wished."""
    found = connection.execute("SELECT attempts FROM erasure_request WHERE request_id = ?", (request_id,)).fetchone()
    attempts = found[0] if found else 0
    pause = outcomes.pause(attempts, floor_seconds)
    connection.execute(
        "UPDATE erasure_request SET attempts = attempts + 1, not_before_ms = ?, trouble = ? WHERE request_id = ?",
        (now_ms + int(pause * 1000), trouble, request_id),
    )


def settle(connection: sqlite3.Connection, wish: Wish, word: Word, now_ms: int) -> None:
    """Keep the server's word, in the transaction that is open, and mark what it is about in the ledger."""
    connection.execute(
        "UPDATE erasure_request SET done_ms = ?, trouble = '', erased = ?, relayed = ?, statement = ?"
        " WHERE request_id = ?",
        (now_ms, word.erased, msgspec.json.encode(word.relayed).decode(), word.statement, wish.request_id),
    )
    connection.executemany(
        "UPDATE batch SET erased_ms = ? WHERE installation_id = ? AND category = ? AND formed_ms <= ?"
        " AND state NOT IN ('waiting', 'sending')",
        [(now_ms, wish.installation_id, category, wish.before_ms) for category in wish.categories],
    )


def keep_nothing_else(connection: sqlite3.Connection) -> None:
    """Delete all but the erasures, what is to be passed on no more, and the installations that both are about, in the
    transaction that is open."""
    for table in ("record", "batch", "consent", "consent_log", "tally", "fact"):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 # one of these
    connection.execute(
        "DELETE FROM installation WHERE installation_id NOT IN"
        " (SELECT installation_id FROM erasure_request WHERE statement IS NULL UNION"
        " SELECT installation_id FROM passed_on)"
    )
    connection.execute("UPDATE installation SET retired_ms = made_ms WHERE retired_ms IS NULL")


def listed(connection: sqlite3.Connection) -> list[Asked]:
    """Every erasure that was asked for, newest first."""
    asked = connection.execute("SELECT erasure_id, categories, asked_ms FROM erasure ORDER BY erasure_id DESC")
    return [_asked(connection, *row) for row in asked.fetchall()]


def _asked(connection: sqlite3.Connection, erasure_id: str, categories: str, asked_ms: int) -> Asked:
    rows = connection.execute(
        "SELECT done_ms, trouble, erased, relayed, statement FROM erasure_request WHERE erasure_id = ?"
        " ORDER BY request_id",
        (erasure_id,),
    ).fetchall()
    done = [row[0] for row in rows]
    return Asked(
        erasure_id=erasure_id,
        categories=_categories(categories),
        asked_ms=asked_ms,
        done_ms=None if None in done else max(done, default=None),
        trouble=next((row[1] for row in rows if row[1]), ""),
        words=tuple(
            Word(erased=erased, relayed=msgspec.json.decode(relayed, type=dict[str, int]), statement=statement)
            for _, _, erased, relayed, statement in rows
            if statement is not None
        ),
    )


def _categories(text: str) -> tuple[Category, ...]:
    return msgspec.json.decode(text, type=tuple[Category, ...])
