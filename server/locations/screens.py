"""Screens that stand at a location with nobody signed in: an admin makes one, opens its address there, takes it back.

The address holds a token of which only the SHA-256 is kept. It opens this one screen of this one location and nothing
else; taken back it opens nothing.
"""

from typing import Literal, cast

import msgspec
from sqlalchemy import select
from uuid6 import uuid7

from server import access
from server.accounts.minting import new_token, sha256_of
from server.accounts.rights import not_found, require_admin, required_text
from server.locations.places import find
from server.problems import problem
from server.storage.database import Actor, Database, Transaction
from server.storage.tables import location, screen

ScreenKind = Literal["code", "kiosk"]
KINDS: tuple[ScreenKind, ...] = ("code", "kiosk")
MOST_OF_A_LOCATION = 20
_PURPOSE = "administration"


class Screen(msgspec.Struct, frozen=True, kw_only=True):
    """A screen; `created` is RFC 3339."""

    screen_id: str
    organization_id: str
    kind: ScreenKind
    location_id: str
    name: str
    created: str


class Stand(msgspec.Struct, frozen=True, kw_only=True):
    """A screen with the place it stands at, as its page needs it."""

    screen: Screen
    location: str
    zone: str
    active: bool


def make(t: Transaction, actor: Actor, location_id: str, kind: str, name: str) -> str:
    """Make a screen; its token, which is kept nowhere. Problems: no such location or kind, too many."""
    require_admin(t, actor)
    find(t, location_id)
    name = required_text(name, "name", 60)
    if kind not in KINDS:
        raise not_found("kind of screen")
    if len(list_of(t, location_id)) >= MOST_OF_A_LOCATION:
        detail = f"This location has {MOST_OF_A_LOCATION} screens, which is the most. Take one back that is not in use."
        raise problem("too-many-screens", 409, "Too many screens", detail, field="name")
    token, screen_id = new_token(), str(uuid7())
    t.insert(
        screen,
        screen_id=screen_id,
        token_sha256=sha256_of(token),
        kind=kind,
        location_id=location_id,
        name=name,
        created=t.now_text,
        created_by=actor.member_id,
    )
    access.record(t, actor, "add", "screen", screen_id, purpose=_PURPOSE, detail=kind)
    return token


def take_back(t: Transaction, actor: Actor, screen_id: str) -> str:
    """End a screen: its address opens nothing any more. The id of its location. Problem: there is none."""
    require_admin(t, actor)
    row = t.first(t.select(screen).where(screen.c.screen_id == screen_id, screen.c.revoked.is_(None)))
    if row is None:
        raise not_found("screen")
    t.execute(t.update(screen).where(screen.c.screen_id == screen_id).values(revoked=t.now_text))
    access.record(t, actor, "end", "screen", screen_id, purpose=_PURPOSE)
    return str(row.location_id)


def list_of(t: Transaction, location_id: str) -> list[Screen]:
    """The screens of a location that were not taken back, oldest first."""
    rows = t.all(
        t.select(screen)
        .where(screen.c.location_id == location_id, screen.c.revoked.is_(None))
        .order_by(screen.c.created, screen.c.screen_id)
    )
    return [msgspec.convert(row, Screen, from_attributes=True) for row in rows]


def of_token(database: Database, token: str, kind: ScreenKind) -> Stand:
    """The screen whose address this is. A 404 problem when there is none of this kind, or not any more."""
    with database.pre_tenant() as connection:
        own = connection.execute(
            select(screen.c.organization_id, screen.c.screen_id).where(screen.c.token_sha256 == sha256_of(token))
        ).first()
    if own is None:
        raise not_found("screen")
    with database.read(own.organization_id) as t:
        row = t.first(
            t.select(screen, *screen.c, location.c.name.label("place"), location.c.zone, location.c.active)
            .join(location, location.c.location_id == screen.c.location_id)
            .where(
                t.owns(location),
                screen.c.screen_id == own.screen_id,
                screen.c.kind == kind,
                screen.c.revoked.is_(None),
            )
        )
    if row is None:
        raise not_found("screen")
    found = Screen(
        screen_id=row.screen_id,
        organization_id=row.organization_id,
        kind=cast("ScreenKind", row.kind),
        location_id=row.location_id,
        name=row.name,
        created=row.created,
    )
    return Stand(screen=found, location=row.place, zone=row.zone, active=row.active)
