"""The rows of places: whether one can be named, and where the person checked in last."""

import sqlite3

from agent.errors import AgentError


def check(connection: sqlite3.Connection, location_id: str | None) -> None:
    """Raises AgentError not_found for a place that never came here; None is elsewhere."""
    if location_id is None:
        return
    row = connection.execute("SELECT 1 FROM location WHERE location_id = ?", (location_id,)).fetchone()
    if row is None:
        raise AgentError("not_found", "This place is not known here. Choose one of the list, or another place.")


def last_used(connection: sqlite3.Connection) -> tuple[str, str] | None:
    """Where the person checked in last: id and name, if it is still offered."""
    row = connection.execute(
        "SELECT location_id, name FROM location_use JOIN location USING (location_id) WHERE active"
        " ORDER BY used_at DESC LIMIT 1"
    ).fetchone()
    return (row["location_id"], row["name"]) if row is not None else None


def name(connection: sqlite3.Connection, location_id: str | None) -> str:
    """What a place is called; empty for elsewhere and for one that is not known here."""
    row = connection.execute("SELECT name FROM location WHERE location_id = ?", (location_id,)).fetchone()
    return row["name"] if row is not None else ""
