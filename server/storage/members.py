"""Writes that take turns: one member's, whose receipts are chained and whose attendance is judged against what stands;
and those about the whole organization, whose policy and checklists are numbered."""

from collections.abc import Collection

from sqlalchemy import String, bindparam

from server.storage.database import WHOEVER_ASKS, Transaction
from server.storage.tables import group_membership, member, organization

_HELD_MEMBER = (
    WHOEVER_ASKS.select(member, member.c.member_id)
    .where(member.c.member_id == bindparam("member_id"))
    .with_for_update(key_share=True)
)

_FREE_MEMBERS = (
    WHOEVER_ASKS.select(member, member.c.member_id)
    .where(member.c.member_id.in_(bindparam("member_ids", type_=String, expanding=True)))
    .with_for_update(key_share=True, skip_locked=True)
)


def lock_member(t: Transaction, member_id: str) -> None:
    """Hold the member until the transaction ends. SQLite's writers take turns anyway.

    The lock lets rows that name the member be written meanwhile: whoever decides about a report holds its author and
    names themselves, and must not wait for their own device.
    """
    if t.dialect == "postgresql":
        t.asked(_HELD_MEMBER, member_id=member_id)


def lock_members(t: Transaction, group_id: str | None = None) -> None:
    """Hold everybody of the organization, or of a group, until the transaction ends: whoever is at something finishes,
    and what they do next sees what this transaction left. In one order, so that two of these wait in no circle."""
    if t.dialect != "postgresql":
        return
    wanted = t.select(member, member.c.member_id)
    if group_id is not None:
        of_group = t.select(group_membership, group_membership.c.member_id)
        wanted = wanted.where(member.c.member_id.in_(of_group.where(group_membership.c.group_id == group_id)))
    t.all(wanted.order_by(member.c.member_id).with_for_update(key_share=True))


def lock_free_members(t: Transaction, member_ids: Collection[str]) -> set[str]:
    """Hold those of these members whom nobody holds now, and answer who they are. Nobody is waited for, so whoever
    holds many at once waits in no circle."""
    if t.dialect == "postgresql":
        return set(t.asked(_FREE_MEMBERS, member_ids=member_ids).scalars())
    return set(member_ids)


def lock_organization(t: Transaction) -> None:
    """Hold the organization until the transaction ends. Rows that belong to it are written meanwhile, and whoever holds
    a member as well takes this first."""
    if t.dialect == "postgresql":
        t.execute(t.select(organization, organization.c.organization_id).with_for_update(key_share=True))
