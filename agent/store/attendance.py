"""The rows of attendance: what this person recorded here, and what the server says of it."""

import sqlite3

import msgspec

from protocol.changes import AttendanceView
from protocol.moment import Moment
from protocol.operations import AttendanceEvent
from rules.clock import format_utc, judge, parse_utc


def normal(time: str) -> str:
    """RFC 3339 text in the one form that sorts. Raises msgspec.ValidationError: the server sent what is no time."""
    try:
        return format_utc(parse_utc(time))
    except ValueError as error:
        raise msgspec.ValidationError(str(error)) from None


def record(connection: sqlite3.Connection, event: AttendanceEvent) -> None:
    """Keep an event that was made here. `at` is the best time known of it, so that a turned clock reorders nothing."""
    at = format_utc(judge(event.at).at)
    connection.execute(
        "INSERT INTO attendance (event_id, origin, kind, location_id, note, check_in_id, at, recorded, event)"
        " VALUES (?, 'here', ?, ?, ?, ?, ?, (SELECT coalesce(max(recorded), 0) + 1 FROM attendance), ?)",
        (event.event_id, event.kind, event.location_id, event.note, event.check_in_id, at, msgspec.json.encode(event)),
    )
    if event.location_id is not None:
        connection.execute("INSERT OR REPLACE INTO location_use VALUES (?, ?)", (event.location_id, at))


def cancel(connection: sqlite3.Connection, event_id: str) -> None:
    """It was undone; it stays visible."""
    connection.execute("UPDATE attendance SET cancelled = 1 WHERE event_id = ?", (event_id,))


def learn(connection: sqlite3.Connection, view: AttendanceView, body: bytes) -> None:
    """Take the server's word on one event in; one recorded elsewhere (the browser) is added."""
    at = normal(view.at)
    event = AttendanceEvent(
        event_id=view.event_id,
        kind=view.kind,
        location_id=view.location_id,
        note=view.note,
        check_in_id=view.check_in_id,
        supersedes=view.supersedes,
        reason=view.reason,
        completed_later=view.completed_later,
        at=Moment(utc=at, offset_minutes=view.offset_minutes, zone=view.zone or "UTC", boot_id="", elapsed_ms=0),
    )
    connection.execute(
        "INSERT INTO attendance (event_id, origin, kind, location_id, note, check_in_id, at, recorded, event,"
        " cancelled, done_at, server) VALUES (?, 'server', ?, ?, ?, ?, ?,"
        " (SELECT coalesce(max(recorded), 0) + 1 FROM attendance), ?, ?, ?, ?) ON CONFLICT (event_id) DO UPDATE SET"
        " server = excluded.server, cancelled = max(cancelled, excluded.cancelled), at = excluded.at",
        (
            view.event_id,
            view.kind,
            view.location_id,
            view.note,
            view.check_in_id,
            at,
            msgspec.json.encode(event),
            view.cancelled,
            at,
            body,
        ),
    )


def events(connection: sqlite3.Connection) -> tuple[list[AttendanceEvent], set[str]]:
    """The latest 500 events in the order they happened, and the ids of those undone; enough for the open session.

    Events of one millisecond keep the order they were recorded in.
    """
    rows = connection.execute(
        "SELECT event, event_id, cancelled FROM attendance ORDER BY at DESC, recorded DESC LIMIT 500"
    ).fetchall()
    found = [msgspec.json.decode(row["event"], type=AttendanceEvent) for row in reversed(rows)]
    return found, {row["event_id"] for row in rows if row["cancelled"]}


def own_event(connection: sqlite3.Connection, event_id: str) -> AttendanceEvent | None:
    """An event made here that was not undone."""
    row = connection.execute(
        "SELECT event FROM attendance WHERE event_id = ? AND origin = 'here' AND cancelled = 0", (event_id,)
    ).fetchone()
    return msgspec.json.decode(row["event"], type=AttendanceEvent) if row is not None else None
