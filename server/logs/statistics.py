"""What an organization's admins may see of log data: how much of what came on which day, and from which versions of the
app. Where fewer than FEWEST installations stand behind a number it is not told: in a small crew one could tell whose
it is, and nobody's log data is for a manager.

For the same reason no number is told exactly, only the band it is in: whoever knows what all others sent cannot take it
away from a sum and read off the rest.
"""

from collections.abc import Iterable
from datetime import timedelta

import msgspec
from sqlalchemy import func

from server import access
from server.accounts.rights import require_admin
from server.relaying.setting_up import Routes
from server.storage.database import Actor, Transaction
from server.storage.log_tables import installation, log_gap, log_record, log_relay, log_relay_loss

FEWEST = 5
DAYS = 30


def banded(count: int) -> int:
    """The largest of 5, 10, 20, 50, 100, 200 … that `count` reaches; 0 below 5."""
    told, step = 0, FEWEST
    while step <= count:
        told = step
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return told


class EventCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many records of an event came on a day (YYYY-MM-DD, UTC)."""

    day: str
    category: str
    name: str
    records: int


class VersionCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many installations last sent with a version of the app."""

    version: str
    installations: int


class LogStatistics(msgspec.Struct, frozen=True, kw_only=True):
    """Of the last DAYS days. Each number is told as its band (`banded`), 0 or not at all below 5.

    `events` newest day first; `too_few`: something came on days that are not told. `missing`
    is how many numbers of records never came, by day; `waiting` how many wait to be passed on, `lost` how many could
    not be, by reason; `collector` who has what is not kept here, empty where it is kept."""

    events: tuple[EventCount, ...]
    too_few: bool
    missing: tuple[tuple[str, int], ...]
    versions: tuple[VersionCount, ...]
    waiting: int
    lost: tuple[tuple[str, int], ...]
    collector: str


def log_statistics(t: Transaction, actor: Actor, routes: Routes) -> LogStatistics:
    """For an admin; that they looked is in the access log. Raises ProblemError for anybody else."""
    require_admin(t, actor)
    since = (t.now - timedelta(days=DAYS)).date().isoformat()
    told = _days(t, since)
    access.record(t, actor, "view", "log_statistics", since, purpose="administration")
    return LogStatistics(
        events=_events(t, told),
        too_few=_senders(t, since).keys() != told,
        missing=_missing(t, told),
        versions=_versions(t, since),
        waiting=_waiting(t),
        lost=_lost(t, since),
        collector=routes.collector,
    )


def _senders(t: Transaction, since: str) -> dict[str, int]:
    """How many installations sent something, by day."""
    day = func.substr(log_record.c.received, 1, 10).label("day")
    counted = t.select(log_record, day, func.count(func.distinct(log_record.c.installation_id)).label("senders"))
    rows = t.all(counted.where(log_record.c.received >= since).group_by(day))
    return {row.day: row.senders for row in rows}


def _days(t: Transaction, since: str) -> set[str]:
    return {day for day, senders in _senders(t, since).items() if senders >= FEWEST}


def _events(t: Transaction, days: set[str]) -> tuple[EventCount, ...]:
    c = log_record.c
    day = func.substr(c.received, 1, 10).label("day")
    senders = func.count(func.distinct(c.installation_id))
    rows = t.all(
        t.select(log_record, day, c.category, c.name, func.count().label("records"))
        .where(day.in_(days))
        .group_by(day, c.category, c.name)
        .having(senders >= FEWEST)
        .order_by(day.desc(), c.category, c.name)
    )
    return tuple(
        EventCount(day=row.day, category=row.category, name=row.name, records=banded(row.records)) for row in rows
    )


def _missing(t: Transaction, days: set[str]) -> tuple[tuple[str, int], ...]:
    c = log_gap.c
    missing = func.sum(c.last_seq - c.first_seq + 1).label("missing")
    rows = t.all(
        t.select(log_gap, c.noticed_on, missing)
        .where(c.noticed_on.in_(days))
        .group_by(c.noticed_on)
        .order_by(c.noticed_on.desc())
    )
    return _told((row.noticed_on, int(row.missing)) for row in rows)


def _versions(t: Transaction, since: str) -> tuple[VersionCount, ...]:
    c = installation.c
    count = func.count().label("installations")
    rows = t.all(
        t.select(installation, c.version, count)
        .where(c.version.is_not(None), c.seen_on >= since)
        .group_by(c.version)
        .having(func.count() >= FEWEST)
        .order_by(count.desc(), c.version)
    )
    return tuple(VersionCount(version=row.version, installations=banded(row.installations)) for row in rows)


def _waiting(t: Transaction) -> int:
    senders = func.count(func.distinct(log_relay.c.installation_id)).label("senders")
    found = t.first(t.select(log_relay, senders, func.count().label("records")))
    return banded(found.records) if found is not None and found.senders >= FEWEST else 0


def _told(counts: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    return tuple((what, banded(count)) for what, count in counts if banded(count))


def _lost(t: Transaction, since: str) -> tuple[tuple[str, int], ...]:
    c = log_relay_loss.c
    rows = t.all(
        t.select(log_relay_loss, c.reason, func.sum(c.records).label("records"))
        .where(c.day >= since)
        .group_by(c.reason)
        .order_by(c.reason)
    )
    return _told((row.reason, int(row.records)) for row in rows)
