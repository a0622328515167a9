"""What waits to be passed on, in the database: held by whoever sends it, for a while, so that any replica can, and what
one that died held is sent by another. A record leaves it when it has arrived or was counted as lost, never before."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any, Literal

import msgspec
from sqlalchemy import ColumnElement, Table, func, or_, select, true
from uuid6 import uuid7

from protocol.statements import TelemetryPolicy
from rules.clock import format_utc, parse_utc
from server.storage.database import Transaction
from server.storage.log_tables import log_relay, log_relay_loss, log_relay_pause, log_relayed

Destination = Literal["collector", "third_party"]
Loss = Literal["rejected", "refused", "too_large", "old", "not_allowed"]

MOST_WAITING = 200_000
"""Records of one organization and destination; beyond that a batch is not accepted, and its sender keeps it."""
MOST_WAITING_BYTES = 512 * 1024**2
"""The same in bytes: records of strangers may be large."""
MOST_TAKEN_BYTES = 1024**2
"""Of what is taken at once, and so of a request before it is packed; a larger record goes alone."""
OLDEST = timedelta(days=14)
"""What could not be passed on for so long is given up, and counted."""
HELD_FOR = timedelta(minutes=5)
"""How long a record is its sender's; renewed with every attempt."""
ASIDE_FOR = timedelta(hours=6)
"""How long one waits that a destination does not answer for as it should, while others go on."""
LATER_ASIDE_FOR = timedelta(hours=1)
"""How long others that stand aside wait when nothing of some that did was taken: it may be the destination's fault."""
SUSPECT_AFTER = 8
"""Failures in a row that may be the fault of what was sent; then it is looked for."""


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """One record that was taken to be sent."""

    relay_id: int
    installation_id: str
    category: str
    record: bytes


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What was taken, and under which name it is held. `failed_before`: the destination did, since all of
    something last arrived; `suspect`: something of this may be why; `aside`: each stood aside for that before."""

    destination: Destination
    held_by: str
    records: tuple[Waiting, ...]
    failed_before: bool
    suspect: bool
    aside: bool


def is_full(t: Transaction, destination: Destination) -> bool:
    """Whether no more may wait."""
    some = t.select(log_relay, func.length(log_relay.c.record).label("size"))
    sizes = some.where(log_relay.c.destination == destination).limit(MOST_WAITING).subquery()
    found = t.first(select(func.count().label("records"), func.sum(sizes.c.size).label("size")).select_from(sizes))
    assert found is not None
    return int(found.records) >= MOST_WAITING or int(found.size or 0) >= MOST_WAITING_BYTES


def put(t: Transaction, rows: Iterable[dict[str, Any]]) -> None:
    """Let these wait: destination, installation_id, category, time_unix_nano and record each."""
    t.insert_all(log_relay, ({"received": t.now_text, **row} for row in rows))


def take(t: Transaction, destination: Destination, allowed: TelemetryPolicy, most: int) -> Taken | None:
    """Take the oldest that wait and that nobody holds, those that stood aside by themselves and last; None where there
    is nothing to send now. What the organization does not allow any more is counted and never sent."""
    pause = t.first(t.select(log_relay_pause).where(log_relay_pause.c.destination == destination))
    if pause is not None and pause.until > t.now_text:
        return None
    _drop_forbidden(t, destination, allowed)
    relay_ids = _oldest(t, destination, most, aside=False)
    aside = not relay_ids
    if aside:
        relay_ids = _oldest(t, destination, most, aside=True)
    rows = t.all(t.select(log_relay).where(log_relay.c.relay_id.in_(relay_ids)).order_by(log_relay.c.relay_id))
    if not rows:
        return None
    taken = Taken(
        destination=destination,
        held_by=str(uuid7()),
        records=tuple(
            Waiting(
                relay_id=row.relay_id, installation_id=row.installation_id, category=row.category, record=row.record
            )
            for row in rows
        ),
        failed_before=pause is not None,
        suspect=aside or (pause is not None and pause.suspected >= SUSPECT_AFTER),
        aside=aside,
    )
    values = {"held_by": taken.held_by, "held_until": format_utc(t.now + HELD_FOR)}
    t.execute(t.update(log_relay).where(log_relay.c.relay_id.in_(relay_ids)).values(**values))
    return taken


def _oldest(t: Transaction, destination: Destination, most: int, *, aside: bool) -> list[int]:
    """Those that wait longest and that nobody holds, as many as may be taken at once."""
    c = log_relay.c
    rows = t.all(
        t.select(log_relay, c.relay_id, func.length(c.record).label("size"))
        .where(c.destination == destination, c.aside == aside, _free(t))
        .order_by(c.relay_id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    sizes = accumulate(row.size for row in rows)
    return [
        row.relay_id
        for number, (row, size) in enumerate(zip(rows, sizes, strict=True))
        if not number or size <= MOST_TAKEN_BYTES
    ]


def hold_on(t: Transaction, taken: Taken, records: Sequence[Waiting]) -> tuple[Waiting, ...]:
    """Hold those that are still there for a while longer: what was erased meanwhile is not sent."""
    mine = _mine(taken.held_by, [one.relay_id for one in records])
    t.execute(t.update(log_relay).where(*mine).values(held_until=format_utc(t.now + HELD_FOR)))
    still = set(t.execute(t.select(log_relay, log_relay.c.relay_id).where(*mine)).scalars())
    return tuple(one for one in records if one.relay_id in still)


def passed_on(t: Transaction, taken: Taken, records: Sequence[Waiting], receiver: str) -> None:
    """They arrived at `receiver`, which has seen them whether it wanted them or not."""
    for (installation_id, category), count in _remove(t, taken, records).items():
        count_passed_on(t, installation_id, category, receiver, count)
    if taken.failed_before:
        own = log_relay_pause.c.destination == taken.destination
        t.execute(t.update(log_relay_pause).where(own).values(attempts=0))


def end_suspicion(t: Transaction, taken: Taken) -> None:
    """All that was taken arrived, so the destination fails at nothing of it."""
    t.execute(t.delete(log_relay_pause).where(log_relay_pause.c.destination == taken.destination))


def give_up(t: Transaction, taken: Taken, records: Sequence[Waiting], reason: Loss) -> None:
    """They will never be taken."""
    lost: Counter[str] = Counter()
    for (_, category), count in _remove(t, taken, records).items():
        lost[category] += count
    for category, count in lost.items():
        count_lost(t, taken.destination, category, reason, count)


def set_aside(t: Transaction, taken: Taken, records: Sequence[Waiting]) -> None:
    """Let these wait by themselves for a while, so that others go on; nobody is sending them."""
    mine = _mine(taken.held_by, [one.relay_id for one in records])
    until = format_utc(t.now + ASIDE_FOR)
    t.execute(t.update(log_relay).where(*mine).values(aside=True, held_by=None, held_until=until))


def let_aside_wait(t: Transaction, destination: Destination) -> None:
    """Let those that stand aside and that nobody holds wait for a while longer."""
    c = log_relay.c
    until = format_utc(t.now + LATER_ASIDE_FOR)
    t.execute(t.update(log_relay).where(c.destination == destination, c.aside, _free(t)).values(held_until=until))


def give_back(t: Transaction, taken: Taken, pause: Callable[[int], float], *, suspicion: bool = False) -> float:
    """Let everything that is still held wait again, and nobody send there for `pause(attempts)` seconds, which it
    answers; `attempts` failed in a row before this one. `suspicion`: it may be the fault of what was sent."""
    t.execute(t.update(log_relay).where(log_relay.c.held_by == taken.held_by).values(held_by=None, held_until=None))
    own = log_relay_pause.c.destination == taken.destination
    before = t.first(t.select(log_relay_pause).where(own))
    attempts, suspected = (before.attempts, before.suspected) if before is not None else (0, 0)
    seconds = pause(attempts)
    values = {
        "attempts": attempts + 1,
        "suspected": suspected + suspicion,
        "until": format_utc(t.now + timedelta(seconds=seconds)),
    }
    if not t.insert_new(log_relay_pause, destination=taken.destination, **values):
        t.execute(t.update(log_relay_pause).where(own).values(**values))
    return seconds


def next_due(t: Transaction, destination: Destination) -> datetime | None:
    """When something is to be sent: the end of the pause, or when what others hold is anybody's again; None where
    nothing waits."""
    here = log_relay.c.destination == destination
    if t.first(t.select(log_relay, log_relay.c.relay_id).where(here).limit(1)) is None:
        return None
    free = t.first(t.select(log_relay, log_relay.c.relay_id).where(here, _free(t)).limit(1)) is not None
    until = t.scalar(t.select(log_relay, func.min(log_relay.c.held_until)).where(here))
    pause = t.scalar(
        t.select(log_relay_pause, log_relay_pause.c.until).where(log_relay_pause.c.destination == destination)
    )
    soonest = t.now if free or until is None else parse_utc(until)
    return soonest if pause is None else max(soonest, parse_utc(pause))


def forget(
    t: Transaction, installation_id: str, categories: Collection[str], *, which: ColumnElement[bool] | None = None
) -> tuple[Counter[str], Counter[tuple[str, str]]]:
    """Take an installation's records of these categories out of the queue: how many were not sent, by category, and
    how many are being sent now and may arrive, by category and destination."""
    gone = (
        log_relay.c.installation_id == installation_id,
        log_relay.c.category.in_(categories),
        true() if which is None else which,
    )
    rows = t.all(
        t.delete(log_relay)
        .where(*gone)
        .returning(log_relay.c.category, log_relay.c.destination, log_relay.c.held_by, log_relay.c.held_until)
    )
    unsent: Counter[str] = Counter()
    under_way: Counter[tuple[str, str]] = Counter()
    for row in rows:
        if row.held_by is None or row.held_until <= t.now_text:
            unsent[row.category] += 1
        else:
            under_way[row.category, row.destination] += 1
    return unsent, under_way


def drop_old(t: Transaction, most: int) -> int:
    """Give up what waited too long, whether or not it is still set up to be passed on; how many of at most `most`."""
    old = t.select(log_relay, log_relay.c.relay_id).where(log_relay.c.received < format_utc(t.now - OLDEST))
    rows = t.all(
        t.delete(log_relay)
        .where(log_relay.c.relay_id.in_(old.limit(most)))
        .returning(log_relay.c.destination, log_relay.c.category)
    )
    for (destination, category), count in Counter((row.destination, row.category) for row in rows).items():
        count_lost(t, destination, category, "old", count)
    return len(rows)


def count_passed_on(t: Transaction, installation_id: str, category: str, receiver: str, records: int) -> None:
    """So that an erasure can name whom it went to."""
    day = t.now.date().isoformat()
    _add(t, log_relayed, records, installation_id=installation_id, category=category, receiver=receiver, day=day)


def count_lost(t: Transaction, destination: str, category: str, reason: Loss, records: int) -> None:
    """So that nothing is lost in silence."""
    day = t.now.date().isoformat()
    _add(t, log_relay_loss, records, destination=destination, category=category, reason=reason, day=day)


def _add(t: Transaction, table: Table, records: int, **key: str) -> None:
    if records and not t.insert_new(table, records=records, **key):
        own = [table.c[name] == value for name, value in key.items()]
        t.execute(t.update(table).where(*own).values(records=table.c.records + records))


def _drop_forbidden(t: Transaction, destination: Destination, allowed: TelemetryPolicy) -> None:
    forbidden = [name for name in allowed.__struct_fields__ if not getattr(allowed, name)]
    if not forbidden:
        return
    unsent = or_(log_relay.c.held_by.is_(None), _free(t))
    gone = (log_relay.c.destination == destination, log_relay.c.category.in_(forbidden), unsent)
    rows = t.all(t.delete(log_relay).where(*gone).returning(log_relay.c.category))
    for category, count in Counter(row.category for row in rows).items():
        count_lost(t, destination, category, "not_allowed", count)


def _remove(t: Transaction, taken: Taken, records: Sequence[Waiting]) -> Counter[tuple[str, str]]:
    """How many of each installation and category were still there."""
    rows = t.all(
        t.delete(log_relay)
        .where(*_mine(taken.held_by, [one.relay_id for one in records]))
        .returning(log_relay.c.installation_id, log_relay.c.category)
    )
    return Counter((row.installation_id, row.category) for row in rows)


def _mine(held_by: str, relay_ids: Sequence[int]) -> tuple[ColumnElement[bool], ...]:
    return (log_relay.c.held_by == held_by, log_relay.c.relay_id.in_(relay_ids))


def _free(t: Transaction) -> ColumnElement[bool]:
    return or_(log_relay.c.held_until.is_(None), log_relay.c.held_until <= t.now_text)
