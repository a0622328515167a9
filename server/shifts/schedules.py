"""Which shifts and holidays there are, and which of them make each member's schedule."""

from collections.abc import Collection

import msgspec
from sqlalchemy import Row, select

from protocol.changes import SCHEDULE, ScheduleView
from protocol.schedule import Holiday, Shift
from server.feed import Told
from server.storage.database import Transaction
from server.storage.schedule_tables import holiday, shift, shift_group, shift_member
from server.storage.tables import group_membership, member


class ShiftLine(msgspec.Struct, frozen=True, kw_only=True):
    """A shift and whom it is for."""

    shift: Shift
    everybody: bool
    group_ids: tuple[str, ...]
    member_ids: tuple[str, ...]


class HolidayLine(msgspec.Struct, frozen=True, kw_only=True):
    """A holiday with its id."""

    holiday_id: str
    holiday: Holiday


def shifts(t: Transaction) -> list[ShiftLine]:
    """Every shift, by start and name."""
    rows = t.all(t.select(shift).order_by(shift.c.start, shift.c.name, shift.c.shift_id))
    groups: dict[str, list[str]] = {}
    people: dict[str, list[str]] = {}
    for one in t.all(t.select(shift_group).order_by(shift_group.c.group_id)):
        groups.setdefault(one.shift_id, []).append(one.group_id)
    for one in t.all(t.select(shift_member).order_by(shift_member.c.member_id)):
        people.setdefault(one.shift_id, []).append(one.member_id)
    return [
        ShiftLine(
            shift=_shift(row),
            everybody=row.everybody,
            group_ids=tuple(groups.get(row.shift_id, ())),
            member_ids=tuple(people.get(row.shift_id, ())),
        )
        for row in rows
    ]


def holidays(t: Transaction) -> list[HolidayLine]:
    """Every holiday, by day."""
    rows = t.all(t.select(holiday).order_by(holiday.c.day, holiday.c.name, holiday.c.holiday_id))
    return [
        HolidayLine(holiday_id=row.holiday_id, holiday=Holiday(day=row.day, name=row.name, location_id=row.location_id))
        for row in rows
    ]


def schedules(t: Transaction, member_ids: Collection[str] | None = None) -> dict[str, ScheduleView]:
    """The schedule of each of these members, or of everybody, by member id."""
    lines = shifts(t)
    free = tuple(one.holiday for one in holidays(t))
    wanted = t.select(member, member.c.member_id).order_by(member.c.member_id)
    of = select(group_membership.c.member_id, group_membership.c.group_id).where(t.owns(group_membership))
    if member_ids is not None:
        wanted = wanted.where(member.c.member_id.in_(member_ids))
        of = of.where(group_membership.c.member_id.in_(member_ids))
    groups: dict[str, set[str]] = {}
    for row in t.all(of):
        groups.setdefault(row.member_id, set()).add(row.group_id)
    found = {}
    for member_id in t.execute(wanted).scalars():
        own = groups.get(member_id, set())
        mine = tuple(line.shift for line in lines if _is_for(line, member_id, own))
        found[member_id] = ScheduleView(shifts=mine, holidays=free if mine else ())
    return found


def told(member_id: str, view: ScheduleView) -> Told:
    """What the member hears of it."""
    return Told(SCHEDULE, member_id, view, member_id)


def _is_for(line: ShiftLine, member_id: str, groups: set[str]) -> bool:
    return line.everybody or member_id in line.member_ids or not groups.isdisjoint(line.group_ids)


def _shift(row: Row[tuple[object, ...]]) -> Shift:
    return Shift(
        shift_id=row.shift_id,
        name=row.name,
        zone=row.zone,
        start=row.start,
        end=row.end,
        weekdays=tuple(int(day) for day in row.weekdays),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        grace_minutes=row.grace_minutes,
        location_id=row.location_id,
        on_holidays=row.on_holidays,
    )
