"""What the server may still pass on to a third party: once that is no longer allowed, it is told so for each
installation that something of it left under, until it has heard it.

Like the wishes to erase this stands apart from consent: another installation id, a sign-out or a restart leave it.
"""

import sqlite3

import msgspec

from telemetry import outcomes
from telemetry.erasing import bounded


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """One installation of which nothing is to be passed on any more, and its secret."""

    installation_id: str
    secret: str


def left(connection: sqlite3.Connection, installation_id: str) -> None:
    """Something for a third party may leave under this id from here on; in the transaction that is open."""
    connection.execute(
        "INSERT OR IGNORE INTO passed_on (installation_id, ended, attempts, not_before_ms) VALUES (?, 0, 0, 0)",
        (installation_id,),
    )


def end(connection: sqlite3.Connection) -> None:
    """It is allowed no more: the server is to be told, for every id; in the transaction that is open."""
    connection.execute(
        "INSERT OR REPLACE INTO passed_on (installation_id, ended, attempts, not_before_ms)"
        " SELECT installation_id, 1, 0, 0 FROM passed_on WHERE NOT ended"
    )
    connection.execute("DELETE FROM passed_on WHERE NOT ended")


def is_any(connection: sqlite3.Connection) -> bool:
    """Whether something may have left that was not ended since."""
    return connection.execute("SELECT 1 FROM passed_on WHERE NOT ended LIMIT 1").fetchone() is not None


def earliest_ms(connection: sqlite3.Connection) -> int | None:
    """When the server is next to be told, in milliseconds since 1970; None while there is nothing to tell."""
    earliest: int | None = connection.execute("SELECT min(not_before_ms) FROM passed_on WHERE ended").fetchone()[0]
    return earliest


def endings(connection: sqlite3.Connection, now_ms: int, *, everything: bool) -> list[Ending]:
    """What is due to be told; `everything` ignores pauses."""
    found = connection.execute(
        "SELECT installation_id, secret, not_before_ms FROM passed_on JOIN installation USING (installation_id)"
        " WHERE ended ORDER BY installation_id"
    )
    return [
        Ending(installation_id=installation_id, secret=secret)
        for installation_id, secret, not_before_ms in found
        if everything or bounded(not_before_ms, now_ms) <= now_ms
    ]


def postpone(connection: sqlite3.Connection, ending: Ending, floor_seconds: float, now_ms: int) -> None:
    """Tell it again later: random below a ceiling that doubles, never sooner than the server wished."""
    query = "SELECT attempts FROM passed_on WHERE installation_id = ? AND ended"
    found = connection.execute(query, (ending.installation_id,)).fetchone()
    pause = outcomes.pause(found[0] if found else 0, floor_seconds)
    connection.execute(
        "UPDATE passed_on SET attempts = attempts + 1, not_before_ms = ? WHERE installation_id = ? AND ended",
        (now_ms + int(pause * 1000), ending.installation_id),
    )


def told(connection: sqlite3.Connection, ending: Ending) -> None:
    """The server has heard it."""
    connection.execute("DELETE FROM passed_on WHERE installation_id = ? AND ended", (ending.installation_id,))
