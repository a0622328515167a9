"""The full pull: a member's present truth, page by page, for a device that knows nothing yet.

The feed position is taken before the first page is read. What changes while the pull goes on lies behind that position
and comes from the feed afterwards, so nothing is missed; what was read twice is the same truth twice.
"""

from collections.abc import Callable, Sequence

import msgspec

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
    MemberView,
    OrganizationView,
)
from protocol.sync import Change
from server.attendance.asking import member_asks
from server.attendance.recording import member_views
from server.feed import Cursor, Page
from server.locations.places import location_view
from server.policy.document import current_policy
from server.reports.commenting import comment_view, comments
from server.reports.revising import report_views
from server.shifts.schedules import schedules
from server.storage.database import Actor, Transaction
from server.storage.tables import location, member, organization, receipt, report, report_comment
from server.templates.reading import views_after

Stage = Callable[[Transaction, Actor, str, int], Sequence[tuple[str, Change]]]
"""(transaction, actor, after, limit) → at most `limit` changes whose keys follow `after`, each with its key."""


def pull(t: Transaction, actor: Actor, cursor: Cursor, limit: int) -> Page:
    """At most `limit` changes of the pull that `cursor` is in the middle of (its `stage` is set)."""
    changes: list[Change] = []
    stage, after = cursor.stage or 0, cursor.after
    while stage < len(_STAGES):
        room = limit - len(changes)
        if room == 0:
            return Page(tuple(changes), msgspec.structs.replace(cursor, stage=stage, after=after), more=True)
        found = _STAGES[stage](t, actor, after, room)
        changes.extend(change for _key, change in found)
        if len(found) < room:
            stage, after = stage + 1, ""
        else:
            after = found[-1][0]
    return Page(tuple(changes), msgspec.structs.replace(cursor, stage=None, after=""), more=False)


def _members(t: Transaction, actor: Actor, after: str, _limit: int) -> list[tuple[str, Change]]:
    row = t.first(t.select(member).where(member.c.member_id == actor.member_id, member.c.member_id > after))
    return (
        [] if row is None else [_change(MEMBER, row.member_id, msgspec.convert(row, MemberView, from_attributes=True))]
    )


def _organizations(t: Transaction, _actor: Actor, after: str, _limit: int) -> list[tuple[str, Change]]:
    row = t.first(t.select(organization).where(organization.c.organization_id > after))
    if row is None:
        return []
    return [_change(ORGANIZATION, row.organization_id, msgspec.convert(row, OrganizationView, from_attributes=True))]


def _locations(t: Transaction, _actor: Actor, after: str, limit: int) -> list[tuple[str, Change]]:
    rows = t.all(t.select(location).where(location.c.location_id > after).order_by(location.c.location_id).limit(limit))
    return [_change(LOCATION, row.location_id, location_view(row)) for row in rows]


def _policies(t: Transaction, _actor: Actor, after: str, _limit: int) -> list[tuple[str, Change]]:
    statement = None if after else current_policy(t)
    return [] if statement is None else [_change(POLICY, t.organization_id, statement)]


def _reports(t: Transaction, actor: Actor, after: str, limit: int) -> list[tuple[str, Change]]:
    ids = t.execute(
        t.select(report, report.c.instance_id)
        .where(report.c.member_id == actor.member_id, report.c.instance_id > after)
        .order_by(report.c.instance_id)
        .limit(limit)
    ).scalars()
    return [_change(REPORT, view.instance_id, view) for view in report_views(t, list(ids))]


def _attendance(t: Transaction, actor: Actor, after: str, limit: int) -> list[tuple[str, Change]]:
    views = member_views(t, actor.member_id, after, limit)
    return [(key, _change(ATTENDANCE, view.event_id, view)[1]) for key, view in views]


def _receipts(t: Transaction, actor: Actor, after: str, limit: int) -> list[tuple[str, Change]]:
    rows = t.all(
        t.select(receipt, receipt.c.revision_id, receipt.c.statement)
        .where(receipt.c.member_id == actor.member_id, receipt.c.revision_id > after, receipt.c.statement != "")
        .order_by(receipt.c.revision_id)
        .limit(limit)
    )
    return [
        (row.revision_id, Change(kind=RECEIPT, entity=row.revision_id, body=msgspec.Raw(row.statement.encode())))
        for row in rows
    ]


def _comments(t: Transaction, actor: Actor, after: str, limit: int) -> list[tuple[str, Change]]:
    rows = t.all(
        comments(t)
        .where(report.c.member_id == actor.member_id, report_comment.c.comment_id > after)
        .order_by(report_comment.c.comment_id)
        .limit(limit)
    )
    return [_change(COMMENT, row.comment_id, comment_view(row)) for row in rows]


def _templates(t: Transaction, _actor: Actor, after: str, limit: int) -> list[tuple[str, Change]]:
    return [_change(TEMPLATE, view.template.template_id, view) for view in views_after(t, after, limit)]


def _asks(t: Transaction, actor: Actor, after: str, limit: int) -> list[tuple[str, Change]]:
    asks = member_asks(t, actor.member_id, after, limit)
    return [(key, _change(ATTENDANCE_ASK, view.ask_id, view)[1]) for key, view in asks]


def _schedules(t: Transaction, actor: Actor, after: str, _limit: int) -> list[tuple[str, Change]]:
    if after:
        return []
    view = schedules(t, [actor.member_id]).get(actor.member_id)
    return [] if view is None else [_change(SCHEDULE, actor.member_id, view)]


_STAGES: tuple[Stage, ...] = (
    _members,
    _organizations,
    _locations,
    _policies,
    _reports,
    _attendance,
    _receipts,
    _comments,
    _templates,
    _asks,
    _schedules,
)
"""A cursor in the middle of a pull counts these, so that new ones come at the end."""


def _change(kind: str, entity: str, view: msgspec.Struct) -> tuple[str, Change]:
    return entity, Change(kind=kind, entity=entity, body=msgspec.Raw(msgspec.json.encode(view)))
