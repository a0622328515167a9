"""Locations. Every change of one is published to everyone of the organization."""

import zoneinfo
from typing import Any

from sqlalchemy import Row, func
from uuid6 import uuid7

from protocol.changes import LOCATION, LocationView
from rules.sentence import Sentence
from server import access
from server.accounts.rights import not_found, require_admin, required_text
from server.feed import publish
from server.locations.described import Known
from server.problems import problem
from server.storage.database import Actor, Transaction
from server.storage.tables import location

_PURPOSE = "administration"
_MAX_ADDRESS = 500
_NOTHING = Known()


def add(t: Transaction, actor: Actor, *, name: str, zone: str, address: str = "", known: Known = _NOTHING) -> str:
    """Add a place; its id. `zone` is an IANA name, for showing times as that place has them. Problems: name taken,
    unknown zone, unreadable in `known`."""
    require_admin(t, actor)
    name = required_text(name, "name")
    _require_free(t, name)
    location_id = str(uuid7())
    t.insert(
        location,
        location_id=location_id,
        name=name,
        zone=_checked_zone(zone),
        address=_checked_address(address),
        active=True,
        created=t.now_text,
        **known.columns(),
    )
    _publish(t, location_id)
    access.record(t, actor, "add", "location", location_id, purpose=_PURPOSE)
    return location_id


def describe(
    t: Transaction,
    actor: Actor,
    location_id: str,
    *,
    name: str,
    zone: str,
    address: str = "",
    known: Known = _NOTHING,
) -> None:
    """Say anew what a place is called and known by; work done there shows the new name and zone. Problems as of
    `add`."""
    require_admin(t, actor)
    name = required_text(name, "name")
    find(t, location_id)
    _require_free(t, name, besides=location_id)
    values: dict[str, object] = {"name": name, "zone": _checked_zone(zone), "address": _checked_address(address)}
    change(t, location_id, **values, **known.columns())
    access.record(t, actor, "describe", "location", location_id, purpose=_PURPOSE)


def set_active(t: Transaction, actor: Actor, location_id: str, *, active: bool) -> None:
    """Offer a place for checking in, or offer it no longer; it stays named in history."""
    require_admin(t, actor)
    if find(t, location_id).active == active:
        return
    change(t, location_id, active=active)
    verb = "reactivate" if active else "deactivate"
    access.record(t, actor, verb, "location", location_id, purpose=_PURPOSE)


def list_all(t: Transaction, *, active_only: bool = False) -> list[LocationView]:
    """Every place, by name. Places are known to everyone of the organization; who is there is not."""
    rows = t.select(location).order_by(func.lower(location.c.name), location.c.location_id)
    if active_only:
        rows = rows.where(location.c.active)
    return [location_view(row) for row in t.all(rows)]


def location_view(row: Row[Any]) -> LocationView:
    """A place as everyone of the organization is told of it; `row` is of the table `location`."""
    plain = {name: getattr(row, name) for name in LocationView.__struct_fields__}
    return LocationView(**plain | {"networks": tuple(row.networks.split()), "gateways": tuple(row.gateways.split())})


def change(t: Transaction, location_id: str, **values: object) -> None:
    """Keep other values of a location's row and tell everyone. Whether it may be is the caller's to know."""
    t.execute(t.update(location).where(location.c.location_id == location_id).values(**values))
    _publish(t, location_id)


def _publish(t: Transaction, location_id: str) -> None:
    publish(t, LOCATION, location_id, location_view(find(t, location_id)), None)


def find(t: Transaction, location_id: str) -> Any:
    """The row of a location; a 404 problem when there is none."""
    row = t.first(t.select(location).where(location.c.location_id == location_id))
    if row is None:
        raise not_found("location")
    return row


def _require_free(t: Transaction, name: str, besides: str = "") -> None:
    for kept in list_all(t):
        if kept.name.casefold() == name.casefold() and kept.location_id != besides:
            raise problem(
                "location-taken",
                409,
                "Location exists",
                Sentence(
                    "There is a location %(name)s already. Choose another name, or reactivate that one.", name=kept.name
                ),
                field="name",
            )


def _checked_address(address: str) -> str:
    return required_text(address, "address", _MAX_ADDRESS) if address.strip() else ""


def _checked_zone(zone: str) -> str:
    try:
        zoneinfo.ZoneInfo(zone)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        raise problem(
            "unknown-zone",
            400,
            "Unknown time zone",
            Sentence("“%(zone)s” is not a time zone. Give one by region and city, like Europe/Vienna.", zone=zone),
            field="zone",
        ) from None
    return zone
