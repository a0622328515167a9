"""Check-ins that wait for a moment, at most, for the position of this computer: kept already, and not given out.

As with reports that are held back (agent.store.drafts), giving out and adding are transactions of the one writer, and
whichever comes first decides: what was given out is never changed.
"""

import sqlite3
from datetime import datetime, timedelta

import msgspec

from agent.store.work import put_fact
from protocol.operations import ATTENDANCE_RECORD, AttendanceEvent, Position
from rules.clock import format_utc

WAIT_SECONDS = 4.0
LAST = "position_last"


def hold(connection: sqlite3.Connection, event_id: str, now: datetime) -> None:
    """Do not give this event out before its position came, or WAIT_SECONDS have passed."""
    until = format_utc(now + timedelta(seconds=WAIT_SECONDS))
    connection.execute("INSERT INTO locating VALUES (?, ?)", (event_id, until))
    connection.execute("UPDATE operation SET next_due = ? WHERE item_id = ?", (until, event_id))


def add(connection: sqlite3.Connection, event_id: str, position: Position | None) -> bool:
    """The position came, or there is none: it may leave. False, and nothing is added, when it was given out before."""
    if not connection.execute("DELETE FROM locating WHERE event_id = ?", (event_id,)).rowcount:
        return False
    connection.execute("UPDATE operation SET next_due = '' WHERE item_id = ?", (event_id,))
    if position is None:
        return True
    row = connection.execute(
        "SELECT operation_id, body FROM operation WHERE item_id = ? AND kind = ?", (event_id, ATTENDANCE_RECORD)
    ).fetchone()
    event = msgspec.json.decode(row["body"], type=AttendanceEvent)
    event = msgspec.structs.replace(event, evidence=msgspec.structs.replace(event.evidence, position=position))
    body = msgspec.json.encode(event)
    connection.execute("UPDATE operation SET body = ? WHERE operation_id = ?", (body, row["operation_id"]))
    connection.execute("UPDATE attendance SET event = ? WHERE event_id = ?", (body, event_id))
    put_fact(connection, LAST, event.at.utc)
    return True
