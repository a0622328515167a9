"""Places to choose from: the one where somebody is, those of their last work, and those found by words."""

from sqlalchemy import or_

from protocol.changes import LocationView
from server.attendance.reading import Present, present_members
from server.locations.places import location_view
from server.storage.database import Actor, Transaction
from server.storage.tables import attendance_event, location, report

_LOOKED_BACK = 50
_MOST_WORDS = 8


def open_session(t: Transaction, actor: Actor) -> Present | None:
    """The person's own check-in that has not ended."""
    return next(iter(present_members(t, actor, actor.member_id)), None)


def recent_places(t: Transaction, actor: Actor, limit: int) -> list[LocationView]:
    """The places of the person's last reports and check-ins that are still in use, latest first."""
    rows = [
        *t.all(
            t.select(report, report.c.received.label("at"), report.c.location_id)
            .where(report.c.member_id == actor.member_id)
            .order_by(report.c.received.desc())
            .limit(_LOOKED_BACK)
        ),
        *t.all(
            t.select(attendance_event, attendance_event.c.at, attendance_event.c.location_id)
            .where(attendance_event.c.member_id == actor.member_id)
            .order_by(attendance_event.c.at.desc())
            .limit(_LOOKED_BACK)
        ),
    ]
    latest = sorted(rows, key=lambda row: str(row.at), reverse=True)
    ids = list(dict.fromkeys(row.location_id for row in latest if row.location_id is not None))
    found = {one.location_id: one for one in by_ids(t, ids)}
    return [found[one] for one in ids if one in found and found[one].active][:limit]


def by_ids(t: Transaction, location_ids: list[str]) -> list[LocationView]:
    """Those of these places that the organization has, closed ones too."""
    rows = t.all(t.select(location).where(location.c.location_id.in_(location_ids)))
    return [location_view(row) for row in rows]


def find_places(t: Transaction, words: str, limit: int) -> list[LocationView]:
    """Places in use that have each of these words in their name or address, by name."""
    said = [
        or_(location.c.name.icontains(word, autoescape=True), location.c.address.icontains(word, autoescape=True))
        for word in words.split()[:_MOST_WORDS]
    ]
    rows = t.select(location).where(location.c.active, *said).order_by(location.c.name, location.c.location_id)
    return [location_view(row) for row in t.all(rows.limit(limit))]
