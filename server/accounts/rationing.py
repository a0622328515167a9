"""How often one member may do what leaves something here for long.

Each time moves one moment on, from which nothing counts any more, by so much as it takes until one more is allowed;
too far ahead, and it is not allowed now. That moment is all that is kept, under a blinded name and until it is past,
and nothing of what was made; so nothing that stays leads from the member to it.
"""

import math
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from rules.clock import format_utc, parse_utc
from server.accounts.minting import Mint
from server.problems import problem
from server.storage.database import Actor, Database
from server.storage.tables import ration

REGISTRATIONS = 32
"""Of installations by one member at once; an app needs one, and another for each time that its person begins anew."""
ONE_MORE = timedelta(minutes=15)
KEPT_FOR = REGISTRATIONS * ONE_MORE
"""At most, after the last time."""


def begin_registration(database: Database, mint: Mint, actor: Actor) -> None:
    """Count one before it is made, so that those made at the same time all count. Raises a 429 problem, with when to
    try again, where there were too many; that one does not count."""
    now = database.now()
    subject = mint.blind(f"registrations/{actor.organization_id}/{actor.member_id}")
    with database.server_wide() as connection:
        forget_over(connection, now)
        until = max(_until(connection, database, subject, now), now) + ONE_MORE
        wait = until - now - KEPT_FOR
        if wait > timedelta():
            detail = (
                "Log data was begun anew under this account very often in the last hours, so it cannot be just now. "
                "What is recorded waits on the device and is sent later by itself."
            )
            headers = {"Retry-After": str(math.ceil(wait.total_seconds()))}
            raise problem("too-many-installations", 429, "Too Many Requests", detail, headers=headers)
        connection.execute(update(ration).where(ration.c.subject == subject).values(until=format_utc(until)))


def forget_over(connection: Connection, now: datetime) -> None:
    """Remove what counts no longer."""
    connection.execute(delete(ration).where(ration.c.until <= format_utc(now)))


def _until(connection: Connection, database: Database, subject: str, now: datetime) -> datetime:
    """From when on nothing of this subject counts; others that ask for it wait from here on."""
    dialect: Any = postgresql if database.dialect == "postgresql" else sqlite
    connection.execute(dialect.insert(ration).values(subject=subject, until=format_utc(now)).on_conflict_do_nothing())
    found = select(ration.c.until).where(ration.c.subject == subject).with_for_update()
    return parse_utc(connection.execute(found).scalar_one())
