"""Whose data an actor may read. Every read of another member's data passes `visible`; there is no second way."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from server.storage.database import Actor, Transaction
from server.storage.tables import access_grant, group_membership

_SEEING_ROLES = ("manager", "admin")


def visible(
    t: Transaction,
    actor: Actor,
    member_column: ColumnElement[str],
    location_column: ColumnElement[Any] | None = None,
) -> ColumnElement[bool]:
    """A condition that is true of the rows `actor` may read.

    `member_column` is the member a row is about; `location_column` the place of the work, where the row has one. A
    worker sees only themselves. A manager or admin sees themselves, the members of granted groups, work at granted
    locations, and with a grant on the organization everything of it. An actor of another organization, or who is not
    a member, sees nothing.
    """
    if actor.kind != "member" or actor.organization_id != t.organization_id:
        return false()
    allowed: list[ColumnElement[bool]] = [member_column == actor.member_id]
    if actor.role in _SEEING_ROLES:
        allowed.append(_grants(t, actor, everything=True).exists())
        allowed.append(member_column.in_(_members_of_granted_groups(t, actor)))
        if location_column is not None:
            granted = _grants(t, actor).with_only_columns(access_grant.c.location_id)
            allowed.append(location_column.in_(granted.where(access_grant.c.location_id.is_not(None))))
    return or_(*allowed)


def _grants(t: Transaction, actor: Actor, *, everything: bool = False) -> Select[tuple[str]]:
    mine = select(access_grant.c.grant_id).where(
        access_grant.c.organization_id == t.organization_id,
        access_grant.c.member_id == actor.member_id,
        access_grant.c.role.in_(_SEEING_ROLES),
    )
    if everything:
        mine = mine.where(and_(access_grant.c.group_id.is_(None), access_grant.c.location_id.is_(None)))
    return mine


def _members_of_granted_groups(t: Transaction, actor: Actor) -> Select[tuple[str]]:
    return (
        select(group_membership.c.member_id)
        .join(access_grant, access_grant.c.group_id == group_membership.c.group_id)
        .where(
            group_membership.c.organization_id == t.organization_id,
            access_grant.c.organization_id == t.organization_id,
            access_grant.c.member_id == actor.member_id,
            access_grant.c.role.in_(_SEEING_ROLES),
        )
    )
