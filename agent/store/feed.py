"""What the server taught: its changes as rows. The cursor moves in the same transaction."""

import sqlite3
from collections.abc import Callable, Iterable

import msgspec

from agent.store import asks, attendance, comments, media, news, templates, versions
from agent.store.work import fact, put_fact
from protocol.changes import (
    ATTENDANCE,
    ATTENDANCE_ASK,
    COMMENT,
    LOCATION,
    MEMBER,
    ORGANIZATION,
    POLICY,
    RECEIPT,
    REPORT,
    SCHEDULE,
    TEMPLATE,
    AttendanceAskView,
    AttendanceView,
    CommentView,
    LocationView,
    MemberView,
    OrganizationView,
    ReportView,
    ScheduleView,
)
from protocol.statements import SignedStatement
from protocol.sync import Change
from rules.decoding import UNREADABLE

CURSOR = "cursor"
POLICY_OFFERED = "policy_offered"
SCHEDULE_HELD = "schedule"


def cursor(connection: sqlite3.Connection) -> str | None:
    """Where the last reply ended; None asks for everything."""
    return fact(connection, CURSOR, str)


def forget_taught(connection: sqlite3.Connection) -> None:
    """The feed begins anew: what only it had told goes, what was made here stays."""
    connection.execute(
        "DELETE FROM report WHERE origin = 'server' AND instance_id NOT IN (SELECT instance_id FROM revision)"
    )
    versions.forget_orphans(connection)
    connection.execute("DELETE FROM attendance WHERE origin = 'server'")
    connection.execute("UPDATE report SET server = NULL, asks = ''")
    comments.forget_taught(connection)
    templates.forget_taught(connection)
    connection.execute("UPDATE attendance SET server = NULL, held = NULL")
    connection.execute("DELETE FROM attendance_ask WHERE ask IS NULL")
    connection.execute("UPDATE attendance_ask SET server = NULL")
    connection.execute("DELETE FROM location")
    connection.execute("DELETE FROM unknown_change")
    connection.execute("DELETE FROM fact WHERE name IN (?, ?)", (CURSOR, SCHEDULE_HELD))


def schedule(connection: sqlite3.Connection) -> ScheduleView:
    """When the member is expected, as far as it is known here."""
    return fact(connection, SCHEDULE_HELD, ScheduleView) or ScheduleView()


def apply(connection: sqlite3.Connection, changes: Iterable[Change]) -> None:
    """Each change is the whole truth of its entity. One of an unknown kind or shape is kept for a newer app."""
    for change in changes:
        if not _apply_one(connection, change):
            connection.execute(
                "INSERT OR REPLACE INTO unknown_change VALUES (?, ?, ?)",
                (change.kind, change.entity, bytes(change.body)),
            )


def apply_unknown(connection: sqlite3.Connection) -> None:
    """After an update: take in what an older app could only keep."""
    for kind, entity, body in connection.execute("SELECT kind, entity, body FROM unknown_change").fetchall():
        if _apply_one(connection, Change(kind=kind, entity=entity, body=msgspec.Raw(body))):
            connection.execute("DELETE FROM unknown_change WHERE kind = ? AND entity = ?", (kind, entity))


def _apply_one(connection: sqlite3.Connection, change: Change) -> bool:
    apply_kind = _KINDS.get(change.kind)
    if apply_kind is None:
        return False
    try:
        apply_kind(connection, change)
    except UNREADABLE:
        return False
    return True


def _location(connection: sqlite3.Connection, change: Change) -> None:
    view = msgspec.json.decode(change.body, type=LocationView)
    connection.execute(
        "INSERT OR REPLACE INTO location (location_id, name, zone, address, active, view) VALUES (?, ?, ?, ?, ?, ?)",
        (view.location_id, view.name, view.zone, view.address, view.active, bytes(change.body)),
    )


def _organization(connection: sqlite3.Connection, change: Change) -> None:
    put_fact(connection, ORGANIZATION, msgspec.json.decode(change.body, type=OrganizationView))


def _member(connection: sqlite3.Connection, change: Change) -> None:
    put_fact(connection, MEMBER, msgspec.json.decode(change.body, type=MemberView))


def _template(connection: sqlite3.Connection, change: Change) -> None:
    templates.learn(connection, bytes(change.body))


def _report(connection: sqlite3.Connection, change: Change) -> None:
    view = msgspec.json.decode(change.body, type=ReportView)
    asks = "conflict" if len(view.heads) > 1 else "returned" if view.state == "returned" else ""
    connection.execute(
        "INSERT INTO report (instance_id, origin, title, text, at, done_at, server, asks, location_id, template_id)"
        " VALUES (?, 'server', ?, '', ?, ?, ?, ?, ?, ?) ON CONFLICT (instance_id) DO UPDATE SET"
        " server = excluded.server, asks = excluded.asks, title = iif(origin = 'server', excluded.title, title),"
        " location_id = iif(origin = 'server', coalesce(excluded.location_id, location_id), location_id),"
        " template_id = iif(origin = 'server', coalesce(excluded.template_id, template_id), template_id)",
        (
            view.instance_id,
            view.title,
            attendance.normal(view.received),
            view.received,
            bytes(change.body),
            asks,
            view.location_id,
            view.template_id,
        ),
    )
    versions.follow(connection, view)
    news.of_report(connection, view)
    for media_id in view.missing:
        media.ask_again(connection, media_id)


def _comment(connection: sqlite3.Connection, change: Change) -> None:
    view = msgspec.json.decode(change.body, type=CommentView)
    comments.learn(connection, view)
    news.of_comment(connection, view)


def _attendance(connection: sqlite3.Connection, change: Change) -> None:
    view = msgspec.json.decode(change.body, type=AttendanceView)
    attendance.learn(connection, view, bytes(change.body))
    for media_id in view.missing:
        media.ask_again(connection, media_id)


def _attendance_ask(connection: sqlite3.Connection, change: Change) -> None:
    view = msgspec.json.decode(change.body, type=AttendanceAskView)
    asks.learn(connection, view, bytes(change.body))
    news.of_ask(connection, view)


def _schedule(connection: sqlite3.Connection, change: Change) -> None:
    put_fact(connection, SCHEDULE_HELD, msgspec.json.decode(change.body, type=ScheduleView))


def _receipt(connection: sqlite3.Connection, change: Change) -> None:
    msgspec.json.decode(change.body, type=SignedStatement)
    connection.execute(
        "INSERT INTO receipt (revision_id, statement, state) VALUES (?, ?, 'unchecked') ON CONFLICT (revision_id)"
        " DO UPDATE SET statement = excluded.statement, state = 'unchecked', reason = ''"
        " WHERE state <> 'verified'",
        (change.entity, bytes(change.body)),
    )


def _policy(connection: sqlite3.Connection, change: Change) -> None:
    put_fact(connection, POLICY_OFFERED, msgspec.json.decode(change.body, type=SignedStatement))


_KINDS: dict[str, Callable[[sqlite3.Connection, Change], None]] = {
    LOCATION: _location,
    ORGANIZATION: _organization,
    MEMBER: _member,
    TEMPLATE: _template,
    REPORT: _report,
    COMMENT: _comment,
    ATTENDANCE: _attendance,
    ATTENDANCE_ASK: _attendance_ask,
    SCHEDULE: _schedule,
    RECEIPT: _receipt,
    POLICY: _policy,
}
