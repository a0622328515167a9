"""Groups of people, and the grants that say whose data a manager or admin may read."""

import msgspec
from sqlalchemy import func
from uuid6 import uuid7

from rules.sentence import Sentence
from server import access
from server.accounts import members
from server.accounts.rights import not_found, require_admin, required_text
from server.problems import problem
from server.storage.database import Actor, Transaction
from server.storage.notices import Notice
from server.storage.tables import access_grant, location, member_group

_PURPOSE = "administration"


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """One group."""

    group_id: str
    name: str


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """What one person may read: a group, a location, or with neither the whole organization."""

    grant_id: str
    member_id: str
    role: str
    group_id: str | None
    location_id: str | None


def add(t: Transaction, actor: Actor, name: str) -> str:
    """Add a group; its id. A problem when a group has this name."""
    require_admin(t, actor)
    name = required_text(name, "name")
    if any(group.name.casefold() == name.casefold() for group in list_all(t)):
        detail = Sentence("There is a group %(name)s already. Choose another name.", name=name)
        raise problem("group-taken", 409, "Group exists", detail, field="name")
    group_id = str(uuid7())
    t.insert(member_group, group_id=group_id, name=name)
    access.record(t, actor, "add", "group", group_id, purpose=_PURPOSE)
    return group_id


def list_all(t: Transaction) -> list[Group]:
    """Every group, by name. Names of groups are no secret within an organization; who is in them is."""
    rows = t.all(t.select(member_group).order_by(func.lower(member_group.c.name)))
    return [Group(group_id=row.group_id, name=row.name) for row in rows]


def give(
    t: Transaction, actor: Actor, member_id: str, *, group_id: str | None = None, location_id: str | None = None
) -> str:
    """Let a manager or admin read one group's, one location's or (with neither) everybody's data; the grant's id."""
    require_admin(t, actor)
    line = members.find(t, actor, member_id)
    if line.role == "worker":
        raise problem(
            "worker-grant",
            409,
            "A worker reads only their own",
            f"{line.name} is a worker and reads only their own reports. Make them a manager first.",
        )
    if group_id is not None and location_id is not None:
        raise problem("grant-unclear", 400, "One thing at a time", "Grant either a group or a location, not both.")
    _require_kept(t, group_id, location_id)
    grant_id = str(uuid7())
    t.insert(
        access_grant,
        grant_id=grant_id,
        member_id=member_id,
        role=line.role,
        group_id=group_id,
        location_id=location_id,
        created=t.now_text,
    )
    t.notices.add(Notice.CHANGED)
    what = group_id or location_id or "organization"
    access.record(t, actor, "grant", "member", member_id, subject_id=member_id, purpose=_PURPOSE, detail=what)
    return grant_id


def take(t: Transaction, actor: Actor, grant_id: str) -> None:
    """End a grant at once."""
    require_admin(t, actor)
    member_id = t.scalar(t.select(access_grant, access_grant.c.member_id).where(access_grant.c.grant_id == grant_id))
    if member_id is None:
        raise not_found("grant")
    members.find(t, actor, member_id)
    t.execute(t.delete(access_grant).where(access_grant.c.grant_id == grant_id))
    t.notices.add(Notice.CHANGED)
    access.record(t, actor, "ungrant", "member", member_id, subject_id=member_id, purpose=_PURPOSE, detail=grant_id)


def grants_of(t: Transaction, actor: Actor, member_id: str) -> list[Grant]:
    """What one person, whom the actor may see, may read."""
    members.find(t, actor, member_id)
    rows = t.all(t.select(access_grant).where(access_grant.c.member_id == member_id).order_by(access_grant.c.created))
    return [
        Grant(
            grant_id=row.grant_id,
            member_id=row.member_id,
            role=row.role,
            group_id=row.group_id,
            location_id=row.location_id,
        )
        for row in rows
    ]


def _require_kept(t: Transaction, group_id: str | None, location_id: str | None) -> None:
    if group_id is not None and not t.scalar(
        t.select(member_group, func.count()).where(member_group.c.group_id == group_id)
    ):
        raise not_found("group")
    if location_id is not None and not t.scalar(
        t.select(location, func.count()).where(location.c.location_id == location_id)
    ):
        raise not_found("location")
