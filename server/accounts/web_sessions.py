"""Sign-ins of browsers: a random secret in a cookie (server.web.cookies), kept as its hash, with idle and absolute
time-outs."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, or_, select

from rules.clock import format_utc, parse_utc
from server.accounts.minting import new_token, sha256_of
from server.storage.database import Actor, Database, Transaction
from server.storage.notices import Notice
from server.storage.tables import member, web_session

IDLE = timedelta(minutes=60)
ABSOLUTE = timedelta(hours=12)
CONFIRMED_FOR = timedelta(minutes=10)
_SEEN_EVERY = timedelta(minutes=1)


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """A new session: `secret` for the cookie, `csrf` for the forms."""

    secret: str
    csrf: str


class Standing(msgspec.Struct, frozen=True):
    """That a session still stands, whose it is, and until when unless it is used again."""

    actor: Actor
    until: datetime


class WebSession(msgspec.Struct, frozen=True, kw_only=True):
    """Who is behind a cookie. `confirmed`: the password was given within the last ten minutes, as exports ask for."""

    actor: Actor
    name: str
    csrf: str
    confirmed: bool


def begin(t: Transaction, actor: Actor) -> Begun:
    """Sign a browser in, right after the password was checked. The person's timed-out sessions are swept out."""
    t.execute(t.delete(web_session).where(web_session.c.member_id == actor.member_id, timed_out(t.now)))
    begun = Begun(secret=new_token(), csrf=new_token())
    t.insert(
        web_session,
        secret_sha256=sha256_of(begun.secret),
        member_id=actor.member_id,
        csrf=begun.csrf,
        created=t.now_text,
        last_seen=t.now_text,
        confirmed=t.now_text,
    )
    return begun


def timed_out(now: datetime) -> ColumnElement[bool]:
    """Those that are of no use any more."""
    return or_(web_session.c.last_seen <= format_utc(now - IDLE), web_session.c.created <= format_utc(now - ABSOLUTE))


def find(database: Database, secret: str) -> WebSession | None:
    """The session of a cookie, noting that it was used; None if unknown, timed out or of an inactive person."""
    row, now = _standing(database, secret), database.now()
    if row is None:
        return None
    if row.last_seen <= format_utc(now - _SEEN_EVERY):
        with database.write(row.organization_id) as t:
            t.execute(
                t.update(web_session)
                .where(web_session.c.secret_sha256 == sha256_of(secret))
                .values(last_seen=t.now_text)
            )
    return WebSession(
        actor=Actor(organization_id=row.organization_id, member_id=row.member_id, role=row.role),
        name=row.name,
        csrf=row.csrf,
        confirmed=row.confirmed > format_utc(now - CONFIRMED_FOR),
    )


def standing(database: Database, secret: str) -> Standing | None:
    """The same without noting it: for what stays open while nobody does anything."""
    row = _standing(database, secret)
    if row is None:
        return None
    actor = Actor(organization_id=row.organization_id, member_id=row.member_id, role=row.role)
    return Standing(actor, min(parse_utc(row.last_seen) + IDLE, parse_utc(row.created) + ABSOLUTE))


def _standing(database: Database, secret: str) -> Row[Any] | None:
    found = (
        select(web_session, member.c.name, member.c.role)
        .join(member, member.c.member_id == web_session.c.member_id)
        .where(web_session.c.secret_sha256 == sha256_of(secret), member.c.active)
    )
    with database.pre_tenant() as connection:
        row = connection.execute(found).first()
    now = database.now()
    if row is None or row.last_seen <= format_utc(now - IDLE) or row.created <= format_utc(now - ABSOLUTE):
        return None
    return row


def confirm(t: Transaction, secret: str) -> None:
    """Note that the password was given again just now."""
    t.execute(
        t.update(web_session).where(web_session.c.secret_sha256 == sha256_of(secret)).values(confirmed=t.now_text)
    )


def end(t: Transaction, secret: str) -> None:
    """Sign one browser out."""
    t.notices.add(Notice.SIGN_INS)
    t.execute(t.delete(web_session).where(web_session.c.secret_sha256 == sha256_of(secret)))


def end_all(t: Transaction, member_id: str) -> None:
    """Sign every browser of one person out."""
    t.notices.add(Notice.SIGN_INS)
    t.execute(t.delete(web_session).where(web_session.c.member_id == member_id))
