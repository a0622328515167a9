"""Access and refresh tokens of the desktop program: families, rotation that survives a lost reply, revocation.

A refresh token's successor is derived from it under the server's key. So the same token, sent again because the reply
was lost, gives the same successor, until that successor is itself used. A token whose successor was used can only come
from a copy: its use revokes the whole family. (Two holders who take turns without ever falling a step behind are not
told apart; that is the price of never locking anyone out over a lost reply.)
"""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, String, bindparam, or_, select
from uuid6 import uuid7

from protocol.discovery import TokenError, TokenReply
from rules.clock import format_utc
from server.accounts.minting import Mint, new_token, sha256_of
from server.storage.database import Actor, Database, Transaction
from server.storage.tables import access_token, member, refresh_token, token_family

ACCESS_SECONDS = 600
REFRESH_IDLE = timedelta(days=60)
_PURPOSE = "refresh"
_STANDING = (
    select(
        access_token.c.token_sha256,
        access_token.c.expires,
        member.c.organization_id,
        member.c.member_id,
        member.c.role,
    )
    .join(token_family, token_family.c.family_id == access_token.c.family_id)
    .join(member, member.c.member_id == access_token.c.member_id)
    .where(token_family.c.revoked.is_(None), member.c.active)
)
_PRESENTED = _STANDING.where(access_token.c.token_sha256 == bindparam("token_sha256"))
_ALL_PRESENTED = _STANDING.where(access_token.c.token_sha256.in_(bindparam("digests", type_=String, expanding=True)))


class _Link(NamedTuple):
    """One refresh token with its family, as kept."""

    token_sha256: str
    family_id: str
    member_id: str
    client_id: str
    expires: str
    first_used: str | None
    revoked: str | None
    active: bool


def open_family(t: Transaction, member_id: str, client_id: str, first_refresh: str) -> tuple[str, TokenReply]:
    """Begin a sign-in of one device, whose first refresh token the caller made; its family id, and the reply."""
    _sweep(t, member_id)
    family_id = str(uuid7())
    t.insert(token_family, family_id=family_id, member_id=member_id, client_id=client_id, created=t.now_text)
    _keep_refresh(t, family_id, first_refresh, previous=None)
    return family_id, _reply(t, family_id, member_id, first_refresh)


def repeat_first(t: Transaction, first_refresh: str) -> TokenReply | None:
    """The reply of `open_family` once more with a new access token, as long as that refresh token was never used."""
    link = _find(t, first_refresh)
    if link is None or link.first_used is not None or _refusal(t, link) is not None:
        return None
    return _reply(t, link.family_id, link.member_id, first_refresh)


def refresh(t: Transaction, mint: Mint, token: str, client_id: str) -> TokenReply | TokenError:
    """Rotate. A refusal is returned, not raised, for the revocation that goes with it must be committed."""
    link = _find(t, token)
    if link is None or link.client_id != client_id:
        return _refused("This sign-in is not known here. Sign in again.")
    refusal = _refusal(t, link)
    if refusal is not None:
        return refusal
    if _successor_used(t, link):
        revoke_family(t, link.family_id, "an earlier refresh token was used again")
        return _refused("This sign-in was used from two places and was ended for safety. Sign in again.")
    successor = mint.derive(_PURPOSE, token)
    if link.first_used is None:
        mark = t.update(refresh_token).where(refresh_token.c.token_sha256 == link.token_sha256)
        t.execute(mark.values(first_used=t.now_text))
        _keep_refresh(t, link.family_id, successor, previous=link.token_sha256)
        # Used tokens are kept, for their reuse tells of theft, until they would be refused as too old anyway.
        old = t.delete(refresh_token).where(refresh_token.c.family_id == link.family_id)
        t.execute(old.where(refresh_token.c.expires <= t.now_text))
    return _reply(t, link.family_id, link.member_id, successor)


def revoke(t: Transaction, token: str) -> None:
    """RFC 7009: end the family of this refresh or access token; an unknown token is no error."""
    for table in (refresh_token, access_token):
        found = t.select(table, table.c.family_id).where(table.c.token_sha256 == sha256_of(token))
        family_id = t.scalar(found)
        if family_id is not None:
            revoke_family(t, family_id, "signed out")


def revoke_family(t: Transaction, family_id: str, reason: str) -> None:
    """End one device's sign-in at once; what was revoked before keeps its first reason."""
    families = t.update(token_family).where(token_family.c.family_id == family_id, token_family.c.revoked.is_(None))
    t.execute(families.values(revoked=t.now_text, revoked_reason=reason))
    t.execute(t.delete(access_token).where(access_token.c.family_id == family_id))


def revoke_member(t: Transaction, member_id: str, reason: str) -> None:
    """End every device's sign-in of one member."""
    for row in t.all(t.select(token_family, token_family.c.family_id).where(token_family.c.member_id == member_id)):
        revoke_family(t, row.family_id, reason)


def organization_of(database: Database, token: str) -> str | None:
    """Which organization a refresh or access token belongs to, whatever its state."""
    with database.pre_tenant() as connection:
        for table in (refresh_token, access_token):
            found = select(table.c.organization_id).where(table.c.token_sha256 == sha256_of(token))
            organization_id = connection.execute(found).scalar()
            if organization_id is not None:
                return str(organization_id)
    return None


def actor_of(database: Database, token: str) -> Actor | None:
    """Who presents this access token; None if it is unknown, expired or revoked, or its member inactive."""
    with database.pre_tenant() as connection:
        row = connection.execute(_PRESENTED, {"token_sha256": sha256_of(token)}).first()
    if row is None or row.expires <= format_utc(database.now()):
        return None
    return Actor(organization_id=row.organization_id, member_id=row.member_id, role=row.role)


def actors_of(database: Database, presented: Collection[str]) -> dict[str, Actor]:
    """The same of many tokens at once, by token; those of nobody are left out."""
    digests = {sha256_of(token): token for token in presented}
    with database.pre_tenant() as connection:
        rows = connection.execute(_ALL_PRESENTED, {"digests": list(digests)}).all()
    now = format_utc(database.now())
    return {
        digests[row.token_sha256]: Actor(row.organization_id, row.member_id, row.role)
        for row in rows
        if row.expires > now
    }


def _find(t: Transaction, token: str) -> _Link | None:
    """The link of `token`, its family locked, so that two requests with one token take turns."""
    digest = sha256_of(token)
    family = t.scalar(t.select(refresh_token, refresh_token.c.family_id).where(refresh_token.c.token_sha256 == digest))
    if family is None:
        return None
    t.execute(
        t.select(token_family, token_family.c.family_id).where(token_family.c.family_id == family).with_for_update()
    )
    row = t.first(
        select(
            refresh_token.c.token_sha256,
            refresh_token.c.family_id,
            token_family.c.member_id,
            token_family.c.client_id,
            refresh_token.c.expires,
            refresh_token.c.first_used,
            token_family.c.revoked,
            member.c.active,
        )
        .join(token_family, token_family.c.family_id == refresh_token.c.family_id)
        .join(member, member.c.member_id == token_family.c.member_id)
        .where(t.owns(refresh_token), t.owns(token_family), t.owns(member), refresh_token.c.token_sha256 == digest)
    )
    return None if row is None else _Link._make(row)


def _refusal(t: Transaction, link: _Link) -> TokenError | None:
    if not link.active:
        return _refused("This account was deactivated. Ask an admin of your organization.")
    if link.revoked is not None:
        return _refused("This sign-in was ended. Sign in again.")
    if link.expires <= t.now_text:
        return _refused("This sign-in was not used for 60 days and has ended. Sign in again.")
    return None


def _successor_used(t: Transaction, link: _Link) -> bool:
    later = t.select(refresh_token, refresh_token.c.first_used).where(
        refresh_token.c.family_id == link.family_id, refresh_token.c.previous_sha256 == link.token_sha256
    )
    return t.scalar(later) is not None


def forget_ended(t: Transaction, most: int) -> int:
    """Forget sign-ins, at most so many, that were ended or that nothing can renew any more; how many. Of those that
    stand, the refresh tokens that are too old; those go with them."""
    ended = or_(token_family.c.revoked.is_not(None), _not_renewable(t))
    gone = t.all(t.select(token_family, token_family.c.family_id).where(ended).limit(most))
    _forget(t, [row.family_id for row in gone])
    old = t.select(refresh_token, refresh_token.c.token_sha256).where(refresh_token.c.expires <= t.now_text).limit(most)
    too_old = [row.token_sha256 for row in t.all(old)]
    t.execute(t.delete(refresh_token).where(refresh_token.c.token_sha256.in_(too_old)))
    return max(len(gone), len(too_old))


def _sweep(t: Transaction, member_id: str) -> None:
    """Forget the member's sign-ins that nothing can renew any more."""
    dead = t.select(token_family, token_family.c.family_id).where(
        token_family.c.member_id == member_id, _not_renewable(t)
    )
    _forget(t, [row.family_id for row in t.all(dead)])


def _not_renewable(t: Transaction) -> ColumnElement[bool]:
    renewable = t.select(refresh_token, refresh_token.c.family_id).where(
        refresh_token.c.family_id == token_family.c.family_id, refresh_token.c.expires > t.now_text
    )
    return ~renewable.exists()


def _forget(t: Transaction, family_ids: Sequence[str]) -> None:
    for table in (access_token, refresh_token, token_family):
        t.execute(t.delete(table).where(table.c.family_id.in_(family_ids)))


def _keep_refresh(t: Transaction, family_id: str, token: str, *, previous: str | None) -> None:
    t.insert(
        refresh_token,
        token_sha256=sha256_of(token),
        family_id=family_id,
        previous_sha256=previous,
        created=t.now_text,
        expires=format_utc(t.now + REFRESH_IDLE),
    )


def _reply(t: Transaction, family_id: str, member_id: str, refresh: str) -> TokenReply:
    """A new access token beside `refresh`; the family's expired ones are swept out on the way."""
    t.execute(t.delete(access_token).where(access_token.c.family_id == family_id, access_token.c.expires <= t.now_text))
    token = new_token()
    t.insert(
        access_token,
        token_sha256=sha256_of(token),
        member_id=member_id,
        family_id=family_id,
        expires=format_utc(t.now + timedelta(seconds=ACCESS_SECONDS)),
    )
    return TokenReply(access_token=token, token_type="Bearer", expires_in=ACCESS_SECONDS, refresh_token=refresh)  # noqa: S106


def _refused(sentence: str) -> TokenError:
    return TokenError(error="invalid_grant", error_description=sentence)
