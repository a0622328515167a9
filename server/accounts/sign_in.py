"""Signing in with e-mail and password, before it is known which organization that is."""

from sqlalchemy import select

from server.accounts import throttle
from server.accounts.members import normalized_email
from server.accounts.minting import Mint
from server.accounts.passwords import matches
from server.problems import problem
from server.storage.database import Actor, Database, Transaction
from server.storage.tables import member


def sign_in(database: Database, mint: Mint, email: str, password: str, address: str) -> Actor:
    """The member with this e-mail and password. `address` is the browser's network address, for the brake.

    Problems: 429 too many tries; 403 wrong, in the same words and time whether or not the e-mail is known.
    """
    email = normalized_email(email)
    throttle.begin_try(database, mint, email, address)
    found = select(
        member.c.organization_id, member.c.member_id, member.c.role, member.c.password_hash, member.c.active
    ).where(member.c.email == email)
    with database.pre_tenant() as connection:
        rows = connection.execute(found).all()
    if not rows:
        matches(None, password)
    right = [row for row in rows if matches(row.password_hash, password) and row.active]
    if not right:
        raise problem(
            "wrong-sign-in",
            403,
            "Sign-in failed",
            "E-mail and password do not belong together. Check both; an admin of your organization can give you a new "
            "password.",
        )
    if len(right) > 1:
        raise problem(
            "sign-in-ambiguous",
            409,
            "More than one organization",
            "This e-mail and password belong to more than one organization here. Ask an admin of the one you mean for "
            "another password.",
        )
    throttle.forget_tries(database, mint, email, address)
    row = right[0]
    return Actor(organization_id=row.organization_id, member_id=row.member_id, role=row.role)


def confirm_password(t: Transaction, actor: Actor, password: str) -> bool:
    """Whether this is the signed-in person's own password, for what asks for it again."""
    kept = t.scalar(t.select(member, member.c.password_hash).where(member.c.member_id == actor.member_id))
    return matches(kept, password)
