"""What the public pages count of visitors that allowed it: numbers by day, and nothing of any one visit.

There is no row for a visit, so no id, no address and no time of day to link anything with; what comes in makes a number
one higher, and the numbers there can be are bounded by the catalog.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from server.storage.database import Database
from server.storage.tables import page_count
from telemetry.catalog import Event, Scalar, attributes
from telemetry.catalog.page_events import PAGE_EVENTS

LONGEST = timedelta(days=max(event.retention_days for event in PAGE_EVENTS.values()))


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """How often an event came with these fields on one day (UTC)."""

    day: date
    name: str
    fields: Mapping[str, Scalar]
    times: int


def count(database: Database, events: list[Event]) -> None:
    """Count events of PAGE_EVENTS that have not expired."""
    today = database.now().date()
    rows = [
        {"day": today.isoformat(), "name": one.declaration.name, "fields": _written(one), "times": 1}
        for one in events
        if one.declaration.name in PAGE_EVENTS and today < one.declaration.expires
    ]
    if not rows:
        return
    dialect: Any = postgresql if database.dialect == "postgresql" else sqlite
    insertion = dialect.insert(page_count)
    once_more = insertion.on_conflict_do_update(
        index_elements=["day", "name", "fields"], set_={"times": page_count.c.times + 1}
    )
    with database.server_wide() as connection:
        for row in rows:
            connection.execute(once_more, row)


def counted(database: Database, since: date) -> list[Counted]:
    """What was counted from this day on, oldest first."""
    rows = select(page_count).where(page_count.c.day >= since.isoformat()).order_by(*page_count.primary_key.columns)
    with database.server_wide() as connection:
        return [
            Counted(
                day=date.fromisoformat(row.day),
                name=row.name,
                fields=msgspec.json.decode(row.fields, type=dict[str, str | int | bool]),
                times=row.times,
            )
            for row in connection.execute(rows)
        ]


def forget_over(database: Database) -> None:
    """Remove the numbers whose time is over."""
    with database.server_wide() as connection:
        connection.execute(delete(page_count).where(_over(database.now())))


def _over(now: datetime) -> ColumnElement[bool]:
    """As the catalog promises for each event, and what it does not know as long as the longest."""
    day = page_count.c.day
    return or_(
        day < (now - LONGEST).date().isoformat(),
        *(
            and_(page_count.c.name == name, day < (now - timedelta(days=one.retention_days)).date().isoformat())
            for name, one in PAGE_EVENTS.items()
        ),
    )


def _written(event: Event) -> str:
    return msgspec.json.encode(attributes(event), order="sorted").decode()
