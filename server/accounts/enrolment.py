"""Enrolment codes: one-time codes that sign a member's device in without a password. Nothing exists until redeemed.

A redeemed code's first refresh token is derived from the code, so that a redeeming whose reply was lost can simply be
repeated until that token has been used once; after that, and after 72 hours in any case, the code is worth nothing.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from protocol.discovery import TokenError, TokenReply
from rules.clock import format_utc
from server import access
from server.accounts import tokens
from server.accounts.enrolment_code import new_code, normalized
from server.accounts.minting import Mint, sha256_of
from server.problems import problem
from server.storage.database import Actor, Database, Transaction
from server.storage.tables import enrolment, member

VALID_FOR = timedelta(hours=72)
_PURPOSE = "enrolment"
NOT_USABLE = TokenError(
    error="invalid_grant",
    error_description="This code is not known, was used already or is older than 72 hours. Ask for a new one.",
)


def issue(t: Transaction, actor: Actor, member_id: str) -> str:
    """A new code for one member, shown this once. It takes the place of any earlier one that was not used."""
    active = t.scalar(t.select(member, member.c.active).where(member.c.member_id == member_id))
    if active is None:
        raise problem(
            "unknown-member", 404, "No such person", "There is no such person here. Look in the list of people."
        )
    if not active:
        raise problem(
            "member-inactive",
            409,
            "Person is deactivated",
            "This person is deactivated and cannot sign in. Reactivate them first.",
        )
    t.execute(t.delete(enrolment).where(enrolment.c.member_id == member_id, enrolment.c.used.is_(None)))
    code = new_code()
    t.insert(
        enrolment,
        code_sha256=_digest(code),
        member_id=member_id,
        created=t.now_text,
        created_by=actor.member_id,
        expires=format_utc(t.now + VALID_FOR),
    )
    access.record(t, actor, "enrol", "member", member_id, subject_id=member_id, purpose="administration")
    return code


def redeem(t: Transaction, mint: Mint, code: str, client_id: str) -> TokenReply | TokenError:
    """Sign the code's member in on one device."""
    row = _locked(t, code)
    if row is None:
        return NOT_USABLE
    first_refresh = mint.derive(_PURPOSE, normalized(code) or "")
    if row.used is not None:
        return tokens.repeat_first(t, first_refresh) or NOT_USABLE
    actor = use_up(t, code)
    if actor is None:
        return NOT_USABLE
    _family_id, reply = tokens.open_family(t, actor.member_id, client_id, first_refresh)
    return reply


def use_up(t: Transaction, code: str) -> Actor | None:
    """Mark a code as used; whose it is, or None if it is not usable (any more)."""
    row = _locked(t, code)
    if row is None or row.used is not None:
        return None
    found = t.first(t.select(member, member.c.role).where(member.c.member_id == row.member_id, member.c.active))
    if found is None:
        return None
    t.execute(t.update(enrolment).where(enrolment.c.code_sha256 == row.code_sha256).values(used=t.now_text))
    return Actor(organization_id=t.organization_id, member_id=row.member_id, role=found.role)


def organization_of(database: Database, code: str) -> str | None:
    """Which organization issued this code, whatever its state."""
    found = select(enrolment.c.organization_id).where(enrolment.c.code_sha256 == _digest(code))
    with database.pre_tenant() as connection:
        organization_id = connection.execute(found).scalar()
    return None if organization_id is None else str(organization_id)


def _locked(t: Transaction, code: str) -> Any | None:
    """The code's row while it lasts, locked, so that of two uses at the same moment the second one sees the first."""
    row = t.first(t.select(enrolment).where(enrolment.c.code_sha256 == _digest(code)).with_for_update())
    return None if row is None or row.expires <= t.now_text else row


def _digest(code: str) -> str:
    """Of the letters alone, however they were typed. What cannot be a code has a digest that no code has."""
    return sha256_of(normalized(code) or "")
