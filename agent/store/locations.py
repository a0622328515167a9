"""The rows of places: whether one can be named, and where the person checked in last."""

import sqlite3

import msgspec

from agent.errors import AgentError
from protocol.changes import LocationView


def check(connection: sqlite3.Connection, location_id: str | None) -> None:
    """Raises AgentError not_found for a place that never came here; None is elsewhere."""
    if location_id is None:
        return
    row = connection.execute("SELECT 1 FROM location WHERE location_id = ?", (location_id,)).fetchone()
    if row is None:
        raise AgentError("not_found", "This place is not known here. Choose one of the list, or another place.")


class LastUsed(msgspec.Struct, frozen=True):
    """Where the person checked in last; `code_digits` as in protocol.changes.LocationView."""

    location_id: str
    name: str
    code_digits: int


def last_used(connection: sqlite3.Connection) -> LastUsed | None:
    """Where the person checked in last, if it is still offered."""
    row = connection.execute(
        "SELECT location_id, name, coalesce(json_extract(CAST(view AS TEXT), '$.code_digits'), 0) AS code_digits"
        " FROM location_use JOIN location USING (location_id) WHERE active ORDER BY used_at DESC LIMIT 1"
    ).fetchone()
    return LastUsed(**dict(row)) if row is not None else None


def view(connection: sqlite3.Connection, location_id: str | None) -> LocationView | None:
    """What a place is known by, as the server told it; None for elsewhere and for one that an older app took in."""
    row = connection.execute("SELECT view FROM location WHERE location_id = ?", (location_id,)).fetchone()
    return msgspec.json.decode(row["view"], type=LocationView) if row is not None and row["view"] is not None else None


def zones(connection: sqlite3.Connection) -> dict[str, str]:
    """The time zone of each place."""
    return {row["location_id"]: row["zone"] for row in connection.execute("SELECT location_id, zone FROM location")}


def set_favourite(connection: sqlite3.Connection, location_id: str, *, favourite: bool) -> None:
    """List it first, or no longer."""
    if favourite:
        connection.execute("INSERT OR IGNORE INTO location_favourite VALUES (?)", (location_id,))
    else:
        connection.execute("DELETE FROM location_favourite WHERE location_id = ?", (location_id,))


def offered(connection: sqlite3.Connection) -> list[sqlite3.Row]:
    """Places in use: favourites first, then those used lately, then by name. Columns location_id, name, address,
    favourite, code_digits, view."""
    return connection.execute(
        "SELECT l.location_id, l.name, l.address, f.location_id IS NOT NULL AS favourite, l.view,"
        " coalesce(json_extract(CAST(l.view AS TEXT), '$.code_digits'), 0) AS code_digits"
        " FROM location AS l LEFT JOIN location_use AS u USING (location_id)"
        " LEFT JOIN location_favourite AS f USING (location_id) WHERE l.active"
        " ORDER BY f.location_id IS NULL, u.used_at IS NULL, u.used_at DESC, l.name COLLATE NOCASE, l.location_id"
    ).fetchall()


def name(connection: sqlite3.Connection, location_id: str | None) -> str:
    """What a place is called; empty for elsewhere and for one that is not known here."""
    row = connection.execute("SELECT name FROM location WHERE location_id = ?", (location_id,)).fetchone()
    return row["name"] if row is not None else ""
