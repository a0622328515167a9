"""Removing what is over: expired codes and tokens, uploads that nobody went on with, files of a browser that no report
took, tries that no longer count.

Every replica may do it, one does: whoever moves the due time on in the database has the round. Between rounds a replica
sleeps until that time, and looks at nothing.
"""

import logging
import threading
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from rules.clock import format_utc, parse_utc
from server.accounts import throttle
from server.media import taking, uploads
from server.storage.database import Actor, Database
from server.storage.objects import Objects
from server.storage.tables import (
    access_token,
    authorization_code,
    enrolment,
    organization,
    server_fact,
    sign_in_attempt,
    upload,
)

EVERY = timedelta(hours=6)
AFTER_TROUBLE = timedelta(minutes=30)
_DUE = "housekeeping_due"

_log = logging.getLogger(__name__)


class Housekeeping:
    """A daemon thread of one server process, from `begin` to `close`."""

    def __init__(self, database: Database, objects: Objects) -> None:
        self._database = database
        self._objects = objects
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="housekeeping", daemon=True)

    def begin(self) -> None:
        """Look now, and again whenever a round is due."""
        self._thread.start()

    def close(self, wait_seconds: float = 10.0) -> None:
        """Begin no round any more; one under way is waited for as long as this."""
        self._ended.set()
        self._thread.join(wait_seconds)

    def _keep(self) -> None:
        while not self._ended.is_set():
            try:
                if claim(self._database):
                    tidy(self._database, self._objects)
                wait = due(self._database) - self._database.now()
            except (SQLAlchemyError, OSError):
                _log.exception("what is over could not be removed; it is tried again in half an hour")
                wait = AFTER_TROUBLE
            self._ended.wait(max(wait.total_seconds(), 1.0))


def due(database: Database) -> datetime:
    """When the next round is due; now if there never was one."""
    with database.server_wide() as connection:
        found = connection.execute(select(server_fact.c.value).where(server_fact.c.name == _DUE)).scalar()
    return parse_utc(found) if found is not None else database.now()


def claim(database: Database) -> bool:
    """Whether a round is due and is the caller's; of several who ask at one moment, one hears yes."""
    now = database.now()
    later = format_utc(now + EVERY)
    mine = update(server_fact).where(server_fact.c.name == _DUE, server_fact.c.value <= format_utc(now))
    try:
        with database.server_wide() as connection:
            if connection.execute(mine.values(value=later)).rowcount == 1:
                return True
            if connection.execute(select(server_fact.c.name).where(server_fact.c.name == _DUE)).first() is not None:
                return False
            connection.execute(insert(server_fact).values(name=_DUE, value=later))
    except IntegrityError:
        return False  # the very first round is another replica's
    return True


def tidy(database: Database, objects: Objects) -> None:
    """One round: organization by organization, each in a short transaction of its own."""
    with database.pre_tenant() as connection:
        organizations = list(connection.execute(select(organization.c.organization_id)).scalars())
    for organization_id in organizations:
        _tidy_organization(database, objects, organization_id)
    with database.server_wide() as connection:
        forgotten = format_utc(database.now() - throttle.KEPT_FOR)
        connection.execute(delete(sign_in_attempt).where(sign_in_attempt.c.at <= forgotten))


def _tidy_organization(database: Database, objects: Objects, organization_id: str) -> None:
    # A code that was used stays until it expires: asked for again after a lost reply, it gives the same answer.
    with database.write(organization_id) as t:
        for table in (authorization_code, enrolment, access_token):
            t.execute(t.delete(table).where(table.c.expires <= t.now_text))
    with database.read(organization_id) as t:
        over = t.select(upload, upload.c.member_id).where(upload.c.done.is_(None), upload.c.expires < t.now_text)
        members = {*t.execute(over).scalars(), *taking.members_with_unclaimed(t)}
    for member_id in members:
        actor = Actor(organization_id=organization_id, member_id=member_id, role="worker")
        uploads.drop_expired(database, objects, actor)
        taking.forget_unclaimed(database, objects, actor)
