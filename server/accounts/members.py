"""The people of an organization: adding, deactivating, reactivating, listing."""

from typing import Literal, cast

import msgspec
from sqlalchemy import ColumnElement, func, or_, select, true
from uuid6 import uuid7

from protocol.discovery import Me
from rules.sentence import Sentence
from server import access
from server.accounts import tokens, web_sessions
from server.accounts.passwords import hash_password
from server.accounts.rights import not_found, require_admin, required_text
from server.accounts.scope import visible
from server.problems import problem
from server.storage.database import Actor, Transaction
from server.storage.notices import Notice
from server.storage.tables import group_membership, member, member_group, organization

Role = Literal["worker", "manager", "admin"]
ROLES: tuple[Role, ...] = ("worker", "manager", "admin")
_PURPOSE = "administration"
_MAX_EMAIL = 254


class NewMember(msgspec.Struct, frozen=True, kw_only=True):
    """The command of `add`. Without a password the person signs in by an enrolment code."""

    name: str
    email: str
    role: str = "worker"
    group_ids: tuple[str, ...] = ()
    password: str | None = None


class MemberLine(msgspec.Struct, frozen=True, kw_only=True):
    """One person in a list; `groups` are names."""

    member_id: str
    name: str
    email: str
    role: Role
    active: bool
    groups: tuple[str, ...]


class Admin(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a member of the organization can ask."""

    name: str
    email: str


def admins_of(t: Transaction) -> tuple[Admin, ...]:
    """Who looks after the organization, for every member of it: those who decide about its data are no secret to those
    whom it is about."""
    found = t.select(member, member.c.name, member.c.email).where(member.c.role == "admin", member.c.active)
    return tuple(Admin(name=row.name, email=row.email) for row in t.all(found.order_by(member.c.name)))


def normalized_email(email: str) -> str:
    """How e-mails are kept and compared."""
    return email.strip().casefold()


def add(t: Transaction, actor: Actor, new: NewMember) -> str:
    """Add a person; their id. Problems: e-mail taken or malformed, unknown role or group."""
    require_admin(t, actor)
    name, email = required_text(new.name, "name"), _checked_email(new.email)
    role = checked_role(new.role)
    password_hash = None if new.password is None else hash_password(new.password)
    member_id = str(uuid7())
    added = t.insert_new(
        member,
        member_id=member_id,
        name=name,
        email=email,
        role=role,
        active=True,
        password_hash=password_hash,
        created=t.now_text,
    )
    if not added:
        raise problem(
            "email-taken",
            409,
            "E-mail already in use",
            Sentence(
                "Somebody here already has the e-mail %(email)s. Give another one, or reactivate that person.",
                email=email,
            ),
            field="email",
        )
    for group_id in new.group_ids:
        _join(t, actor, member_id, group_id)
    access.record(t, actor, "add", "member", member_id, subject_id=member_id, purpose=_PURPOSE)
    return member_id


def put_in_group(t: Transaction, actor: Actor, member_id: str, group_id: str) -> None:
    """Make a person one of a group; harmless when they are already."""
    require_admin(t, actor)
    find(t, actor, member_id)
    _join(t, actor, member_id, group_id)


def take_from_group(t: Transaction, actor: Actor, member_id: str, group_id: str) -> None:
    """End a person's place in a group; harmless when they have none."""
    require_admin(t, actor)
    find(t, actor, member_id)
    gone = t.execute(
        t.delete(group_membership).where(
            group_membership.c.group_id == group_id, group_membership.c.member_id == member_id
        )
    )
    if gone.rowcount:
        t.notices.add(Notice.CHANGED)
        access.record(
            t, actor, "group", "member", member_id, subject_id=member_id, purpose=_PURPOSE, detail=f"-{group_id}"
        )


def deactivate(t: Transaction, actor: Actor, member_id: str) -> None:
    """End a person's access at once, on every device and page. Their work stays. The last admin cannot be shut out."""
    require_admin(t, actor)
    row = find(t, actor, member_id)
    if not row.active:
        return
    require_other_admin(t, row)
    t.execute(t.update(member).where(member.c.member_id == member_id).values(active=False))
    t.notices.add(Notice.CHANGED)
    tokens.revoke_member(t, member_id, "member deactivated")
    web_sessions.end_all(t, member_id)
    access.record(t, actor, "deactivate", "member", member_id, subject_id=member_id, purpose=_PURPOSE)


def reactivate(t: Transaction, actor: Actor, member_id: str) -> None:
    """Let a person sign in again; what was signed in before stays ended."""
    require_admin(t, actor)
    if find(t, actor, member_id).active:
        return
    t.execute(t.update(member).where(member.c.member_id == member_id).values(active=True))
    t.notices.add(Notice.CHANGED)
    access.record(t, actor, "reactivate", "member", member_id, subject_id=member_id, purpose=_PURPOSE)


def set_password(t: Transaction, actor: Actor, member_id: str, password: str) -> None:
    """A person's new password, set by themselves or an admin; their web sessions end. Problem: its length."""
    if actor.member_id != member_id or actor.kind != "member":
        require_admin(t, actor)
    find(t, actor, member_id)
    change_password(t, member_id, hash_password(password))
    access.record(t, actor, "password", "member", member_id, subject_id=member_id, purpose=_PURPOSE)


def change_password(t: Transaction, member_id: str, password_hash: str) -> None:
    """Keep the hash of a new password and end the person's web sessions. Whether it may be is the caller's to know."""
    t.execute(t.update(member).where(member.c.member_id == member_id).values(password_hash=password_hash))
    web_sessions.end_all(t, member_id)


def find(t: Transaction, actor: Actor, member_id: str) -> MemberLine:
    """One person whom the actor may see; a 404 problem otherwise."""
    lines = _lines(t, _in_reach(t, actor), member.c.member_id == member_id)
    if not lines:
        raise not_found("person")
    return lines[0]


def identity(t: Transaction, actor: Actor, server_id: str) -> Me:
    """Who the actor is, in full."""
    line = find(t, actor, actor.member_id)
    name = t.scalar(t.select(organization, organization.c.name))
    return Me(
        server_id=server_id,
        organization_id=t.organization_id,
        organization=name,
        member_id=line.member_id,
        name=line.name,
        email=line.email,
        role=line.role,
    )


def find_by_email(t: Transaction, actor: Actor, email: str) -> MemberLine:
    """One person whom the actor may see, by e-mail; a 404 problem otherwise."""
    lines = _lines(t, _in_reach(t, actor), member.c.email == normalized_email(email))
    if not lines:
        raise not_found("person")
    return lines[0]


def list_visible(t: Transaction, actor: Actor, *, search: str = "", active_only: bool = False) -> list[MemberLine]:
    """The people the actor may see, by name; `search` is part of a name or e-mail."""
    wanted: list[ColumnElement[bool]] = [_in_reach(t, actor)]
    if search.strip():
        pattern = search.strip().casefold()
        wanted.append(
            or_(
                func.lower(member.c.name).contains(pattern, autoescape=True),
                member.c.email.contains(pattern, autoescape=True),
            )
        )
    if active_only:
        wanted.append(member.c.active)
    return _lines(t, *wanted)


def checked_role(role: str) -> Role:
    """The role of this name. Raises a problem when there is none."""
    for known in ROLES:
        if role == known:
            return known
    raise problem("unknown-role", 400, "Unknown role", "A role is worker, manager or admin. Choose one.", field="role")


def require_other_admin(t: Transaction, line: MemberLine) -> None:
    """Raise a problem when this person is the only active admin. Holds every admin until the transaction ends, so that
    two of them cannot shut each other out at the same moment."""
    if line.role != "admin" or not line.active:
        return
    admins = t.select(member, member.c.member_id).where(member.c.role == "admin", member.c.active)
    if len(t.all(admins.order_by(member.c.member_id).with_for_update())) == 1:
        raise problem(
            "last-admin",
            409,
            "Last admin",
            f"{line.name} is the only active admin; without one nobody could manage people. Make somebody else an "
            "admin first.",
            field="role",
        )


def _join(t: Transaction, actor: Actor, member_id: str, group_id: str) -> None:
    if t.scalar(t.select(member_group, member_group.c.group_id).where(member_group.c.group_id == group_id)) is None:
        raise not_found("group")
    if t.insert_new(group_membership, group_id=group_id, member_id=member_id):
        t.notices.add(Notice.CHANGED)
        access.record(
            t, actor, "group", "member", member_id, subject_id=member_id, purpose=_PURPOSE, detail=f"+{group_id}"
        )


def _lines(t: Transaction, *conditions: ColumnElement[bool]) -> list[MemberLine]:
    rows = t.all(t.select(member).where(*conditions).order_by(func.lower(member.c.name), member.c.member_id))
    groups: dict[str, list[str]] = {}
    named = (
        select(group_membership.c.member_id, member_group.c.name)
        .join(member_group, member_group.c.group_id == group_membership.c.group_id)
        .join(member, member.c.member_id == group_membership.c.member_id)
        .where(t.owns(group_membership), t.owns(member_group), t.owns(member), *conditions)
        .order_by(member_group.c.name)
    )
    for row in t.all(named):
        groups.setdefault(row.member_id, []).append(row.name)
    return [
        MemberLine(
            member_id=row.member_id,
            name=row.name,
            email=row.email,
            role=cast("Role", row.role),
            active=row.active,
            groups=tuple(groups.get(row.member_id, ())),
        )
        for row in rows
    ]


def _in_reach(t: Transaction, actor: Actor) -> ColumnElement[bool]:
    """The operator keeps the list of people (accounts, not work); everyone else sees by scope."""
    if actor.kind == "operator" and actor.organization_id == t.organization_id:
        return true()
    return visible(t, actor, member.c.member_id)


def _checked_email(email: str) -> str:
    kept = normalized_email(email)
    name, _, domain = kept.rpartition("@")
    if not name or not domain or len(kept) > _MAX_EMAIL or any(letter.isspace() for letter in kept):
        raise problem(
            "email-malformed",
            400,
            "E-mail not understood",
            "This is not an e-mail address: it needs a name, an @ and a domain. Correct it.",
            field="email",
        )
    return kept
