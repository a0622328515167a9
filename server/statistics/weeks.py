"""The statistics of a week that is over: counted once, organization by organization, each of which reads in its access
log that it was; kept as they are from then on, so that no two countings can be held against each other."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec
from sqlalchemy import Table, func, insert, select
from sqlalchemy.exc import IntegrityError

from rules.clock import format_utc
from server import access
from server.problems import problem
from server.statistics.figures import FEWEST, figure
from server.storage.database import Actor, Database, Transaction
from server.storage.tables import attendance_event, organization, report, report_comment, server_fact

_DAYS = 7
_FACT = "statistics "

Count = Callable[[Transaction, str, str], int]


class Measure(msgspec.Struct, frozen=True):
    """One number of the list: what it is called, the table whose rows are counted, and whether it is of a day or of a
    week."""

    name: str
    table: Table
    days: int


MEASURES = (
    Measure("comments an organization writes a day", report_comment, _DAYS),
    Measure("reports an organization files a week", report, 1),
    Measure("check-ins of an organization a week", attendance_event, 1),
)
"""The whole list. Another number is a change of this software, which is reviewed."""


class Told(msgspec.Struct, frozen=True):
    """One figure; None where it is not told."""

    name: str
    mean: float | None


def last_week(now: datetime) -> str:
    """The last one that is over, like 2026-W09."""
    year, week, _ = (now - timedelta(days=_DAYS)).isocalendar()
    return f"{year}-W{week:02}"


def statistics(database: Database, week: str, operator_of: Callable[[str], Actor]) -> tuple[Told, ...]:
    """The statistics of an ISO week in UTC. Raises a 400 problem for one that is not over, or is none.

    Where the server has too few organizations nothing is read of any.
    """
    first = _first_day(week, database.now())
    with database.pre_tenant() as connection:
        kept = connection.execute(select(server_fact.c.value).where(server_fact.c.name == _FACT + week)).scalar()
        found = connection.execute(select(organization.c.organization_id))
        organizations = [str(one) for one in found.scalars()]
    if kept is not None:
        return msgspec.json.decode(kept, type=tuple[Told, ...])
    if len(organizations) < FEWEST:
        return tuple(Told(one.name, None) for one in MEASURES)
    counts = [_counted(database, one, week, first, operator_of(one)) for one in organizations]
    told = tuple(
        Told(one.name, figure([of_one[number] for of_one in counts], one.days)) for number, one in enumerate(MEASURES)
    )
    return _keep(database, week, told)


def _first_day(week: str, now: datetime) -> datetime:
    try:
        year, _, number = week.partition("-W")
        monday = date.fromisocalendar(int(year), int(number), 1)
    except ValueError:
        detail = "A week is written like 2026-W09. Give one that is over."
        raise problem("bad-week", 400, "Which week?", detail, field="week") from None
    first = datetime(monday.year, monday.month, monday.day, tzinfo=UTC)
    if f"{monday.isocalendar()[0]}-W{monday.isocalendar()[1]:02}" != week or first + timedelta(days=_DAYS) > now:
        detail = "That week is not over. Give one that is: its numbers are counted once and stay as they are."
        raise problem("bad-week", 400, "Which week?", detail, field="week")
    return first


def _counted(database: Database, organization_id: str, week: str, first: datetime, actor: Actor) -> Sequence[int]:
    """By the time at which things came here, so that what comes late belongs to a later week."""
    start, end = format_utc(first), format_utc(first + timedelta(days=_DAYS))
    with database.write(organization_id) as t:
        access.record(
            t, actor, "count", "statistics", week, purpose="improve", detail=", ".join(one.name for one in MEASURES)
        )
        return [_count(t, one.table, start, end) for one in MEASURES]


def _count(t: Transaction, table: Table, start: str, end: str) -> int:
    counted = t.select(table, func.count()).where(table.c.received >= start, table.c.received < end)
    if table is attendance_event:
        counted = counted.where(table.c.kind == "check_in", table.c.supersedes.is_(None))
    return int(t.scalar(counted) or 0)


def _keep(database: Database, week: str, told: tuple[Told, ...]) -> tuple[Told, ...]:
    try:
        with database.server_wide() as connection:
            connection.execute(insert(server_fact).values(name=_FACT + week, value=msgspec.json.encode(told).decode()))
    except IntegrityError:  # counted at the same moment by somebody else, whose numbers stand
        with database.pre_tenant() as connection:
            kept = connection.execute(select(server_fact.c.value).where(server_fact.c.name == _FACT + week)).scalar()
        return msgspec.json.decode(str(kept), type=tuple[Told, ...])
    return told
