"""Shifts and holidays, changed by admins. Everybody whose schedule is another one now is told of theirs."""

import contextlib
import zoneinfo
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

import msgspec
from uuid6 import uuid7

from rules.sentence import Sentence
from rules.zones import clock_time
from server import access
from server.accounts.rights import not_found, require_admin, required_text
from server.feed import publish_all
from server.problems import ProblemError, problem
from server.shifts.schedules import schedules, told
from server.storage.database import Actor, Transaction
from server.storage.members import lock_organization
from server.storage.schedule_tables import holiday, shift, shift_group, shift_member
from server.storage.tables import location, member, member_group

MOST_GRACE = 240
_PURPOSE = "administration"


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What an admin says of a shift: as in protocol.schedule.Shift, and whom it is for: everybody, or these."""

    name: str
    zone: str
    start: str
    end: str
    weekdays: tuple[int, ...]
    valid_from: str
    valid_to: str | None = None
    grace_minutes: int = 0
    location_id: str | None = None
    on_holidays: bool = False
    everybody: bool = False
    group_ids: tuple[str, ...] = ()
    member_ids: tuple[str, ...] = ()


def add(t: Transaction, actor: Actor, plan: Plan) -> str:
    """Add a shift; its id. Raises ProblemError where something of it does not fit."""
    require_admin(t, actor)
    columns = _checked(t, plan)
    shift_id = str(uuid7())
    with telling_everybody(t):
        t.insert(shift, shift_id=shift_id, created=t.now_text, **columns)
        _assign(t, shift_id, plan)
    access.record(t, actor, "add", "shift", shift_id, purpose=_PURPOSE, detail=columns["name"])
    return shift_id


def change(t: Transaction, actor: Actor, shift_id: str, plan: Plan) -> None:
    """Give a shift other hours, days or people, from now on and for what is past alike: to keep what was, end it and
    add another. Problems as of `add`."""
    require_admin(t, actor)
    columns = _checked(t, plan)
    _require(t, shift_id)
    with telling_everybody(t):
        t.execute(t.update(shift).where(shift.c.shift_id == shift_id).values(**columns))
        _assign(t, shift_id, plan)
    access.record(t, actor, "change", "shift", shift_id, purpose=_PURPOSE, detail=columns["name"])


def remove(t: Transaction, actor: Actor, shift_id: str) -> None:
    """Take a shift away as if it had never been planned; what people did stays."""
    require_admin(t, actor)
    _require(t, shift_id)
    with telling_everybody(t):
        for table in (shift_group, shift_member, shift):
            t.execute(t.delete(table).where(table.c.shift_id == shift_id))
    access.record(t, actor, "remove", "shift", shift_id, purpose=_PURPOSE)


def add_holiday(t: Transaction, actor: Actor, day: str, name: str, location_id: str | None = None) -> str:
    """Name a day on which shifts do not begin, at one location or everywhere; its id."""
    require_admin(t, actor)
    name = required_text(name, "name")
    when = _day(day, "day")
    _require_location(t, location_id)
    holiday_id = str(uuid7())
    with telling_everybody(t):
        t.insert(holiday, holiday_id=holiday_id, day=when, name=name, location_id=location_id)
    access.record(t, actor, "add", "holiday", holiday_id, purpose=_PURPOSE, detail=when)
    return holiday_id


def remove_holiday(t: Transaction, actor: Actor, holiday_id: str) -> None:
    """It is a day like others again."""
    require_admin(t, actor)
    with telling_everybody(t):
        gone = t.execute(t.delete(holiday).where(holiday.c.holiday_id == holiday_id))
    if not gone.rowcount:
        raise not_found("holiday")
    access.record(t, actor, "remove", "holiday", holiday_id, purpose=_PURPOSE)


@contextlib.contextmanager
def telling_everybody(t: Transaction, member_ids: Collection[str] | None = None) -> Iterator[None]:
    """Around what changes schedules (of these members at most): each whose schedule is another afterwards is told it.

    The organization is held, so that of two changes each member hears the later one last.
    """
    lock_organization(t)
    before = schedules(t, member_ids)
    yield
    after = schedules(t, member_ids)
    publish_all(t, (told(one, view) for one, view in after.items() if before.get(one) != view))


def _assign(t: Transaction, shift_id: str, plan: Plan) -> None:
    for table in (shift_group, shift_member):
        t.execute(t.delete(table).where(table.c.shift_id == shift_id))
    if plan.everybody:
        return
    t.insert_all(shift_group, ({"shift_id": shift_id, "group_id": one} for one in sorted(set(plan.group_ids))))
    t.insert_all(shift_member, ({"shift_id": shift_id, "member_id": one} for one in sorted(set(plan.member_ids))))


def _checked(t: Transaction, plan: Plan) -> dict[str, Any]:
    name = required_text(plan.name, "name")
    for field, hour in (("start", plan.start), ("end", plan.end)):
        _hour(hour, field)
    if not plan.weekdays or not set(plan.weekdays) <= set(range(1, 8)):
        raise _unfit("Choose the days of the week on which the shift begins.", "weekdays")
    first = _day(plan.valid_from, "valid_from")
    last = _day(plan.valid_to, "valid_to") if plan.valid_to else None
    if last is not None and last < first:
        raise _unfit("The last day must not be before the first. Correct one of them.", "valid_to")
    if not 0 <= plan.grace_minutes <= MOST_GRACE:
        detail = Sentence("The grace must be from 0 to %(most)d minutes.", most=MOST_GRACE)
        raise _unfit(detail, "grace_minutes")
    _require_location(t, plan.location_id)
    if not plan.everybody and not plan.group_ids and not plan.member_ids:
        raise _unfit("Say whom the shift is for: everybody, groups, or people.", "who")
    _require_known(t, member_group, member_group.c.group_id, plan.group_ids, "group")
    _require_known(t, member, member.c.member_id, plan.member_ids, "person")
    return {
        "name": name,
        "zone": _zone(plan.zone),
        "start": plan.start,
        "end": plan.end,
        "weekdays": "".join(str(day) for day in sorted(set(plan.weekdays))),
        "valid_from": first,
        "valid_to": last,
        "grace_minutes": plan.grace_minutes,
        "location_id": plan.location_id,
        "on_holidays": plan.on_holidays,
        "everybody": plan.everybody,
    }


def _hour(text: str, field: str) -> None:
    try:
        clock_time(text)
    except ValueError:
        raise _unfit("An hour is written like 06:00 or 22:30. Correct it.", field) from None


def _day(text: str, field: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise _unfit("A day is written like 2026-03-29. Correct it.", field) from None


def _zone(name: str) -> str:
    try:
        zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        detail = Sentence("“%(zone)s” is not a time zone. Give one by region and city, like Europe/Vienna.", zone=name)
        raise problem("unknown-zone", 400, "Unknown time zone", detail, field="zone") from None
    return name


def _require(t: Transaction, shift_id: str) -> None:
    if t.first(t.select(shift, shift.c.shift_id).where(shift.c.shift_id == shift_id)) is None:
        raise not_found("shift")


def _require_location(t: Transaction, location_id: str | None) -> None:
    if location_id is not None:
        _require_known(t, location, location.c.location_id, (location_id,), "location")


def _require_known(t: Transaction, table: Any, column: Any, ids: Collection[str], what: str) -> None:
    if len(set(ids)) != len(t.all(t.select(table, column).where(column.in_(set(ids))))):
        raise not_found(what)


def _unfit(detail: str, field: str) -> ProblemError:
    return problem("bad-shift", 400, "This does not fit", detail, field=field)
