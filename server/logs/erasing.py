"""Erasing what an installation sent, under its own secret: the records go, a signed statement says so, and a tombstone
keeps late copies out. Whoever holds the secret may ask; nobody in the organization is asked or told."""

import hashlib
import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import get_args

import msgspec
from sqlalchemy import ColumnElement, Table, func, or_

from protocol.privacy import LogCategory, LogCount, LogErasurePayload, LogErasureRequest
from protocol.statements import ERASURE, SignedStatement
from rules.clock import format_utc, parse_utc
from server.bounds import check_id, refused
from server.logs import room
from server.logs.gaps import lock_installation
from server.logs.installations import Installation
from server.logs.judging import Unwanted, Wanted
from server.problems import problem
from server.receipts.keys import SigningKeys
from server.relaying import queue
from server.relaying.setting_up import Routes
from server.storage.database import Transaction
from server.storage.log_tables import log_erasure, log_record, log_relay, log_relayed, log_tombstone

_CATEGORIES: tuple[LogCategory, ...] = get_args(LogCategory)
_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_NOBODY = Routes()
MAX_A_DAY = 20
"""New erasures of one installation: each leaves a signed statement that is kept for long."""
_ERASED = "erased at the wish of this installation"


def erase(
    t: Transaction, keys: SigningKeys, sender: Installation, wanted: LogErasureRequest, routes: Routes = _NOBODY
) -> SignedStatement:
    """Erase what came from `sender` before a time, also what waits to be passed on, and say so. The same `erasure_id`
    again changes nothing and says the same. Raises a 422 problem for an id or a time that cannot be read, or an id that
    is another installation's, a 429 when it asked for MAX_A_DAY today."""
    check_id(wanted.erasure_id, "$.erasure_id")
    before = _time(wanted.before)
    known = lock_installation(t, sender.installation_id)
    said = t.first(t.select(log_erasure).where(log_erasure.c.erasure_id == wanted.erasure_id))
    if said is not None:
        if said.installation_id != sender.installation_id:
            detail = "This erasure was asked for by another installation. Ask again in the app's privacy page."
            raise refused("bad-id", "Id already in use", detail, "$.erasure_id")
        return msgspec.json.decode(said.statement, type=SignedStatement)
    _check_how_many(t, sender)
    categories = tuple(one for one in _CATEGORIES if not wanted.categories or one in wanted.categories)
    erased = _remove(t, sender, categories, before, routes)
    _bury(t, sender, categories, before, known.highest_seq)
    payload = LogErasurePayload(
        organization_id=t.organization_id,
        installation_id=sender.installation_id,
        erasure_id=wanted.erasure_id,
        categories=categories,
        before=format_utc(before),
        erased=erased,
        relayed=_passed_on(t, sender, categories),
        issued=t.now_text,
    )
    statement = keys.sign(ERASURE, msgspec.json.encode(payload))
    t.insert(
        log_erasure,
        erasure_id=wanted.erasure_id,
        installation_id=sender.installation_id,
        statement=msgspec.json.encode(statement).decode(),
        issued=t.now_text,
    )
    return statement


def _check_how_many(t: Transaction, sender: Installation) -> None:
    c, midnight = log_erasure.c, t.now.replace(hour=0, minute=0, second=0, microsecond=0)
    today = t.select(log_erasure, func.count()).where(
        c.installation_id == sender.installation_id, c.issued >= format_utc(midnight)
    )
    if (t.scalar(today) or 0) >= MAX_A_DAY:
        detail = f"This installation asked to erase {MAX_A_DAY} times today. Ask again tomorrow."
        seconds = math.ceil((midnight + timedelta(days=1) - t.now).total_seconds())
        raise problem("too-many-erasures", 429, "Too Many Requests", detail, headers={"Retry-After": str(seconds)})


def erased_before(t: Transaction, installation_id: str, judged: Sequence[Wanted | Unwanted]) -> list[Wanted | Unwanted]:
    """The same, with what the installation had erased no longer wanted: a copy that was under way meanwhile, or comes
    out of an old queue. The caller holds the installation.

    Both its time and its number tell; after a clock was set back some new records are taken for old ones and not kept,
    which is the lesser harm.
    """
    found = t.select(log_tombstone).where(log_tombstone.c.installation_sha256 == _hash(installation_id))
    stones = {row.category: row for row in t.all(found)}

    def is_erased(one: Wanted) -> bool:
        stone = stones.get(one.category)
        if stone is None:
            return False
        if one.seq is not None and stone.last_seq is not None and one.seq <= stone.last_seq:
            return True
        return bool(one.time_unix_nano < stone.before_unix_nano)

    return [
        Unwanted(verdict="e", reason=_ERASED, seq=one.seq) if isinstance(one, Wanted) and is_erased(one) else one
        for one in judged
    ]


def _remove(
    t: Transaction, sender: Installation, categories: Sequence[LogCategory], before: datetime, routes: Routes
) -> tuple[LogCount, ...]:
    """Remove the records; how many there were of each category. A device's clock may be wrong, and so may ours: what
    either of the two says is earlier goes."""
    gone = (log_record.c.category.in_(categories), _is_before(log_record, before))
    counts = room.take_out(t, sender.installation_id, *gone)
    unsent, under_way = queue.forget(t, sender.installation_id, categories, which=_is_before(log_relay, before))
    counts.update(unsent)
    for (category, destination), count in under_way.items():
        queue.count_passed_on(t, sender.installation_id, category, routes.name_of(destination), count)
    return tuple(LogCount(category=one, records=counts[one]) for one in categories)


def _is_before(table: Table, before: datetime) -> ColumnElement[bool]:
    return or_(table.c.time_unix_nano < _nanoseconds(before), table.c.received < format_utc(before))


def _passed_on(t: Transaction, sender: Installation, categories: Sequence[LogCategory]) -> tuple[LogCount, ...]:
    """What others have had, by category and by their name, at whatever time: rather too much than too little."""
    c = log_relayed.c
    rows = t.all(
        t.select(log_relayed, c.category, c.receiver, func.sum(c.records).label("records"))
        .where(c.installation_id == sender.installation_id, c.category.in_(categories))
        .group_by(c.category, c.receiver)
        .order_by(c.category, c.receiver)
    )
    return tuple(LogCount(category=row.category, records=int(row.records), to=row.receiver) for row in rows)


def _bury(
    t: Transaction, sender: Installation, categories: Sequence[LogCategory], before: datetime, last_seq: int | None
) -> None:
    hashed, cut_off = _hash(sender.installation_id), _nanoseconds(before)
    for category in categories:
        own = (log_tombstone.c.installation_sha256 == hashed, log_tombstone.c.category == category)
        values = {"before_unix_nano": cut_off, "last_seq": last_seq, "made": t.now_text}
        if not t.insert_new(log_tombstone, installation_sha256=hashed, category=category, **values):
            earlier = t.scalar(t.select(log_tombstone, log_tombstone.c.before_unix_nano).where(*own))
            t.execute(
                t.update(log_tombstone).where(*own).values(**{**values, "before_unix_nano": max(earlier, cut_off)})
            )


def _hash(installation_id: str) -> str:
    return hashlib.sha256(installation_id.encode()).hexdigest()


def _time(text: str) -> datetime:
    try:
        return parse_utc(text)
    except ValueError:
        detail = "The time before which to erase cannot be read. Update the app and ask again."
        raise refused("bad-time", "Unreadable time", detail, "$.before") from None


def _nanoseconds(at: datetime) -> int:
    """Since 1970, of a 64-bit whole number's range: beyond the year 2262 nothing is recorded."""
    return min(max((at - _EPOCH) // timedelta(microseconds=1) * 1000, 0), 2**63 - 1)
