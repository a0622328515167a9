"""Removing what is over: expired codes, tokens, sign-ins and browser sessions, uploads that nobody went on with, files
of a browser that no report took, objects that a crash left behind, log data, changes that no device asked for, tries
and registrations that no longer count. How long each is kept is said on the privacy page (server.web.public); what is
not removed here is kept until somebody removes it.

Everything goes in portions, each in a short transaction of its own, so that a round holds nobody up.

Every replica may do it, one does: whoever moves the due time on in the database has the round. Between rounds a replica
sleeps until that time, and looks at nothing.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import obstore.exceptions
from sqlalchemy import ColumnElement, Table, delete, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from rules.clock import format_utc, parse_utc
from server import feed
from server.accounts import rationing, throttle, tokens, web_sessions
from server.logs import keeping, room, visits
from server.media import taking, uploads
from server.relaying import queue
from server.storage.database import Actor, Database, Transaction
from server.storage.log_tables import (
    installation,
    log_erasure,
    log_gap,
    log_relay_loss,
    log_relayed,
    log_tombstone,
)
from server.storage.objects import Objects
from server.storage.tables import (
    access_token,
    authorization_code,
    enrolment,
    organization,
    server_fact,
    sign_in_attempt,
    upload,
    web_session,
)

Over = Callable[[Transaction], ColumnElement[bool]]
"""Which rows of a table are over in this transaction."""

EVERY = timedelta(hours=6)
PORTION = 500
"""Rows that one transaction removes."""
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
            except (SQLAlchemyError, OSError, obstore.exceptions.BaseError):
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
    """One round: organization by organization."""
    with database.pre_tenant() as connection:
        organizations = list(connection.execute(select(organization.c.organization_id)).scalars())
    for organization_id in organizations:
        _portions(database, organization_id, lambda t: queue.drop_old(t, PORTION))
        _portions(database, organization_id, lambda t: room.drop_over(t, PORTION))
        for table, over in _KINDS:
            _portions(database, organization_id, partial(_remove, table=table, over=over))
        _portions(database, organization_id, lambda t: tokens.forget_ended(t, PORTION))
        _portions(database, organization_id, lambda t: feed.prune(t, format_utc(t.now - feed.KEPT), PORTION + 1))
        _tidy_files(database, objects, organization_id)
    with database.server_wide() as connection:
        forgotten = format_utc(database.now() - throttle.KEPT_FOR)
        connection.execute(delete(sign_in_attempt).where(sign_in_attempt.c.at <= forgotten))
        rationing.forget_over(connection, database.now())
    visits.forget_over(database)


def _expired(table: Table) -> tuple[Table, Over]:
    return table, lambda t: table.c.expires <= t.now_text


# A code that was used stays until it expires: asked for again after a lost reply, it gives the same answer.
_KINDS: tuple[tuple[Table, Over], ...] = (
    _expired(authorization_code),
    _expired(enrolment),
    _expired(access_token),
    (web_session, lambda t: web_sessions.timed_out(t.now)),
    (log_gap, keeping.gaps_over),
    (log_erasure, keeping.erasures_over),
    (log_tombstone, keeping.tombstones_over),
    (log_relayed, keeping.relayed_over),
    (log_relay_loss, keeping.relay_losses_over),
    (installation, keeping.installations_over),
)


def _portions(database: Database, organization_id: str, remove: Callable[[Transaction], int]) -> None:
    """Let `remove` remove a portion, and another one while there may be more."""
    while True:
        with database.write(organization_id) as t:
            removed = remove(t)
        if removed < PORTION:
            return


def _remove(t: Transaction, table: Table, over: Over) -> int:
    keys = tuple(table.primary_key.columns)
    rows = t.all(t.select(table, *keys).where(over(t)).limit(PORTION))
    if rows:
        t.execute(t.delete(table).where(tuple_(*keys).in_([tuple(row) for row in rows])))
    return len(rows)


def _tidy_files(database: Database, objects: Objects, organization_id: str) -> None:
    with database.read(organization_id) as t:
        over = t.select(upload, upload.c.member_id).where(upload.c.done.is_(None), upload.c.expires < t.now_text)
        members = {*t.execute(over).scalars(), *taking.members_with_unclaimed(t)}
    for member_id in members:
        actor = Actor(organization_id=organization_id, member_id=member_id, role="worker")
        uploads.drop_expired(database, objects, actor)
        taking.forget_unclaimed(database, objects, actor)
