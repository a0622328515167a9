"""Changing what somebody is: worker, manager or admin."""

from protocol.changes import MEMBER, MemberView
from server import access
from server.accounts import members, web_sessions
from server.accounts.rights import require_admin
from server.feed import publish
from server.storage.database import Actor, Transaction
from server.storage.members import lock_member
from server.storage.tables import access_grant, member


def change(t: Transaction, actor: Actor, member_id: str, role: str) -> None:
    """Give a person another role; harmless when they have it. Their web sign-ins end, so that no page goes on with the
    old one, and a worker keeps no grants. Problems: unknown role; the last admin stays one."""
    require_admin(t, actor)
    wanted = members.checked_role(role)
    line = members.find(t, actor, member_id)
    if line.role == wanted:
        return
    members.require_other_admin(t, line)
    lock_member(t, member_id)
    t.execute(t.update(member).where(member.c.member_id == member_id).values(role=role))
    if role == "worker":
        t.execute(t.delete(access_grant).where(access_grant.c.member_id == member_id))
    else:
        t.execute(t.update(access_grant).where(access_grant.c.member_id == member_id).values(role=role))
    web_sessions.end_all(t, member_id)
    publish(
        t,
        MEMBER,
        member_id,
        MemberView(member_id=member_id, name=line.name, email=line.email, role=wanted, active=line.active),
        member_id,
    )
    access.record(t, actor, "role", "member", member_id, subject_id=member_id, purpose="administration", detail=role)
