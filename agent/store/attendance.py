"""The rows of attendance: what this person recorded here, and what the server says of it."""

import sqlite3

import msgspec

from protocol.changes import AttendanceView, Held
from protocol.moment import Moment
from protocol.operations import AttendanceEvent
from rules.attendance import WorkSession, work_sessions
from rules.clock import format_utc, judge, parse_utc


class EventRow(msgspec.Struct, frozen=True, kw_only=True):
    """One event as it is kept. `at` is the best time known (RFC 3339 UTC), `left_out` whether it counts for nothing,
    `view` the server's word on it, `here` whether this computer recorded it."""

    event: AttendanceEvent
    at: str
    cancelled: bool
    held: Held | None
    left_out: bool
    place: str
    view: AttendanceView | None
    here: bool


def normal(time: str) -> str:
    """RFC 3339 text in the one form that sorts. Raises msgspec.ValidationError: the server sent what is no time."""
    try:
        return format_utc(parse_utc(time))
    except ValueError as error:
        raise msgspec.ValidationError(str(error)) from None


def record(connection: sqlite3.Connection, event: AttendanceEvent, pressed_with: str | None = None) -> None:
    """Keep an event that was made here. `at` is the best time known of it, so that a turned clock reorders nothing.
    `pressed_with` is the event that the same press recorded before it."""
    at = format_utc(judge(event.at).at)
    connection.execute(
        "INSERT INTO attendance (event_id, origin, kind, location_id, note, check_in_id, at, recorded, event,"
        " supersedes, pressed_with)"
        " VALUES (?, 'here', ?, ?, ?, ?, ?, (SELECT coalesce(max(recorded), 0) + 1 FROM attendance), ?, ?, ?)",
        (
            event.event_id,
            event.kind,
            event.location_id,
            event.note,
            event.check_in_id,
            at,
            msgspec.json.encode(event),
            event.supersedes,
            pressed_with,
        ),
    )
    if event.location_id is not None and event.kind == "check_in" and event.supersedes is None:
        connection.execute("INSERT OR REPLACE INTO location_use VALUES (?, ?)", (event.location_id, at))


def cancel(connection: sqlite3.Connection, event_id: str) -> None:
    """It was undone; it stays visible."""
    connection.execute("UPDATE attendance SET cancelled = 1 WHERE event_id = ?", (event_id,))


def received_without_files(connection: sqlite3.Connection, event_id: str, now: str) -> None:
    """Its files are not sent any more: if the organization keeps the event itself, nothing of it is awaited."""
    connection.execute(
        "UPDATE attendance SET done_at = coalesce(done_at, ?1) WHERE event_id = ?2 AND EXISTS"
        " (SELECT 1 FROM operation WHERE item_id = ?2 AND entity = ?2 AND state = 'kept')",
        (now, event_id),
    )


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
        " cancelled, done_at, server, supersedes, held) VALUES (?, 'server', ?, ?, ?, ?, ?,"
        " (SELECT coalesce(max(recorded), 0) + 1 FROM attendance), ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (event_id) DO UPDATE SET server = excluded.server, at = excluded.at, held = excluded.held,"
        " cancelled = iif(?, 0, max(cancelled, excluded.cancelled))",
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
            view.supersedes,
            view.held,
            "undo_waits" in view.flags,  # the undo came into a closed day: until somebody lets it in, the event stands
        ),
    )


def current(connection: sqlite3.Connection) -> WorkSession | None:
    """The session that the person is in: the last check-in, when nothing ended it."""
    last = connection.execute(
        "SELECT event_id FROM attendance WHERE kind = 'check_in' AND supersedes IS NULL AND NOT left_out"
        " ORDER BY at DESC, recorded DESC LIMIT 1"
    ).fetchone()
    session = _session(connection, last["event_id"]) if last is not None else None
    return session if session is not None and session.check_out is None else None


def last_end(connection: sqlite3.Connection) -> AttendanceEvent | None:
    """The latest check-out that counts, as it was recorded first."""
    row = connection.execute(
        "SELECT event FROM attendance WHERE kind = 'check_out' AND supersedes IS NULL AND NOT left_out"
        " ORDER BY at DESC, recorded DESC LIMIT 1"
    ).fetchone()
    return msgspec.json.decode(row["event"], type=AttendanceEvent) if row is not None else None


def unfinished(connection: sqlite3.Connection, since: str) -> list[tuple[WorkSession, str | None]]:
    """The sessions that began since then and have no end, oldest first, each with the time of the check-in after it."""
    rows = connection.execute(
        "SELECT i.event_id, (SELECT n.at FROM attendance AS n WHERE n.kind = 'check_in' AND n.supersedes IS NULL"
        "  AND NOT n.left_out AND (n.at, n.recorded) > (i.at, i.recorded) ORDER BY n.at, n.recorded LIMIT 1) AS next"
        " FROM attendance AS i WHERE i.kind = 'check_in' AND i.supersedes IS NULL AND NOT i.left_out AND i.at > ?"
        " AND NOT EXISTS (SELECT 1 FROM attendance AS o WHERE o.check_in_id = i.event_id AND o.kind = 'check_out'"
        "  AND o.supersedes IS NULL AND NOT o.left_out) ORDER BY i.at, i.recorded",
        (since,),
    ).fetchall()
    found = [(_session(connection, row["event_id"]), row["next"]) for row in rows]
    return [(session, following) for session, following in found if session is not None]


def session_of(connection: sqlite3.Connection, check_in_id: str) -> WorkSession | None:
    """The session of a check-in that counts."""
    return _session(connection, check_in_id)


def _session(connection: sqlite3.Connection, check_in_id: str) -> WorkSession | None:
    """From its own events and what corrects them: the others decide nothing about it."""
    rows = connection.execute(
        "WITH RECURSIVE own (event_id) AS (SELECT ?1 UNION SELECT event_id FROM attendance WHERE check_in_id = ?1"
        "  UNION SELECT c.event_id FROM own JOIN attendance AS c ON c.supersedes = own.event_id)"
        " SELECT event, event_id, left_out FROM attendance WHERE event_id IN own ORDER BY at, recorded",
        (check_in_id,),
    ).fetchall()
    events = [msgspec.json.decode(row["event"], type=AttendanceEvent) for row in rows]
    found = work_sessions(events, {row["event_id"] for row in rows if row["left_out"]})
    return next((one for one in found if one.check_in_id == check_in_id), None)


def stretch(connection: sqlite3.Connection, since: str, until: str) -> list[EventRow]:
    """Every event of the sessions that began in [since, until), all corrections with what they are about, and the first
    check-in after: by time. Corrections may tie events together that lie far apart; of those there are few."""
    rows = connection.execute(
        """WITH begun AS (
            SELECT event_id FROM attendance WHERE kind = 'check_in' AND at >= ?1 AND at < ?2
            UNION SELECT event_id FROM (SELECT event_id FROM attendance WHERE kind = 'check_in' AND at >= ?2
                AND supersedes IS NULL AND NOT left_out ORDER BY at, recorded LIMIT 1)
            UNION SELECT coalesce(e.check_in_id, e.event_id) FROM attendance AS c
                JOIN attendance AS e ON e.event_id = c.supersedes WHERE c.supersedes IS NOT NULL)
        SELECT event, event_id, origin, at, cancelled, held, left_out, server, location.name AS place
        FROM attendance LEFT JOIN location USING (location_id)
        WHERE event_id IN begun OR check_in_id IN begun OR supersedes IS NOT NULL ORDER BY at, recorded""",
        (since, until),
    ).fetchall()
    return [_row(row) for row in rows]


def one(connection: sqlite3.Connection, event_id: str) -> EventRow | None:
    """An event, wherever it was recorded."""
    row = connection.execute(
        "SELECT event, event_id, origin, at, cancelled, held, left_out, server, location.name AS place"
        " FROM attendance LEFT JOIN location USING (location_id) WHERE event_id = ?",
        (event_id,),
    ).fetchone()
    return _row(row) if row is not None else None


def standing(connection: sqlite3.Connection, event_id: str) -> EventRow | None:
    """What stands for an event now: the last correction of it that counts, or itself."""
    row = connection.execute(
        "WITH RECURSIVE own (event_id, depth) AS (SELECT ?1, 0 UNION SELECT c.event_id, depth + 1 FROM own"
        "  JOIN attendance AS c ON c.supersedes = own.event_id AND NOT c.left_out WHERE depth < 100)"
        " SELECT event_id FROM own JOIN attendance USING (event_id) ORDER BY depth DESC, recorded DESC LIMIT 1",
        (event_id,),
    ).fetchone()
    return one(connection, row["event_id"]) if row is not None else None


def is_superseded(connection: sqlite3.Connection, event_id: str) -> bool:
    """Whether another event that counts stands instead of it."""
    query = "SELECT 1 FROM attendance WHERE supersedes = ? AND NOT left_out LIMIT 1"
    return connection.execute(query, (event_id,)).fetchone() is not None


def before(connection: sqlite3.Connection, at: str) -> bool:
    """Whether anything was recorded before."""
    return connection.execute("SELECT 1 FROM attendance WHERE at < ? LIMIT 1", (at,)).fetchone() is not None


def _row(row: sqlite3.Row) -> EventRow:
    return EventRow(
        event=msgspec.json.decode(row["event"], type=AttendanceEvent),
        at=row["at"],
        cancelled=bool(row["cancelled"]),
        held=row["held"],
        left_out=bool(row["left_out"]),
        place=row["place"] or "",
        view=msgspec.json.decode(row["server"], type=AttendanceView) if row["server"] is not None else None,
        here=row["origin"] == "here",
    )


def pressed_with(connection: sqlite3.Connection, event_id: str) -> AttendanceEvent | None:
    """The event that the same press recorded before this one, while it was not undone."""
    row = connection.execute("SELECT pressed_with FROM attendance WHERE event_id = ?", (event_id,)).fetchone()
    return own_event(connection, row["pressed_with"]) if row is not None and row["pressed_with"] is not None else None


def has_files(connection: sqlite3.Connection, check_in_id: str) -> bool:
    """Whether an event, or a correction of it that counts, was recorded here with files."""
    row = connection.execute(
        "WITH RECURSIVE own (event_id) AS (SELECT ?1 UNION SELECT c.event_id FROM own JOIN attendance AS c"
        "  ON c.supersedes = own.event_id AND NOT c.left_out)"
        " SELECT 1 FROM own JOIN attendance USING (event_id)"
        " WHERE json_array_length(CAST(event AS TEXT), '$.media') > 0 LIMIT 1",
        (check_in_id,),
    ).fetchone()
    return row is not None


def own_event(connection: sqlite3.Connection, event_id: str) -> AttendanceEvent | None:
    """An event made here that was not undone."""
    row = connection.execute(
        "SELECT event FROM attendance WHERE event_id = ? AND origin = 'here' AND cancelled = 0", (event_id,)
    ).fetchone()
    return msgspec.json.decode(row["event"], type=AttendanceEvent) if row is not None else None
