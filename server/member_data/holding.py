"""How much is held of a member, by kind: what their own page says before anything is taken along or erased."""

import msgspec
from sqlalchemy import ColumnElement, Table, func

from server.storage.attendance_tables import attendance_ask
from server.storage.database import Actor, Transaction
from server.storage.tables import (
    attendance_event,
    media,
    report,
    report_comment,
    revision,
    token_family,
    web_session,
)


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers of rows: `versions` of all reports together, `comments` wherever this member wrote them, `devices` and
    `browsers` that are signed in."""

    reports: int
    versions: int
    files: int
    comments: int
    attendance: int
    asks: int
    devices: int
    browsers: int


def held_of(t: Transaction, actor: Actor) -> Held:
    """Of the actor's own."""

    def count(table: Table, *conditions: ColumnElement[bool]) -> int:
        return int(t.scalar(t.select(table, func.count()).where(*conditions)) or 0)

    own = actor.member_id
    reports = t.select(report, report.c.instance_id).where(report.c.member_id == own)
    return Held(
        reports=count(report, report.c.member_id == own),
        versions=count(revision, revision.c.instance_id.in_(reports)),
        files=count(media, media.c.member_id == own),
        comments=count(report_comment, report_comment.c.member_id == own),
        attendance=count(attendance_event, attendance_event.c.member_id == own),
        asks=count(attendance_ask, attendance_ask.c.member_id == own),
        devices=count(token_family, token_family.c.member_id == own, token_family.c.revoked.is_(None)),
        browsers=count(web_session, web_session.c.member_id == own),
    )
