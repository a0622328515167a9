"""Shifts as instants: when somebody is expected, who is missing, and what a session belongs to."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta

import msgspec

from protocol.schedule import Holiday, Shift
from rules.zones import clock_time, instant, zone_of

EARLY = timedelta(hours=4)
"""Who checks in at most this long before a shift begins checks in for it."""
_DAY = timedelta(days=1)


class PlannedShift(msgspec.Struct, frozen=True, kw_only=True):
    """One shift of one day: `day` is the day it begins on in its zone; `start` and `end` are aware UTC, start < end."""

    shift: Shift
    day: date
    start: datetime
    end: datetime

    @property
    def late_from(self) -> datetime:
        """From when on somebody who has not come is missing."""
        return self.start + timedelta(minutes=self.shift.grace_minutes)


def planned(shift: Shift, holidays: Collection[Holiday], first: date, last: date) -> tuple[PlannedShift, ...]:
    """The days from `first` to `last` (both included) on which it takes place. One that lies wholly within the hour
    that clocks skip does not. Raises ValueError on a shift whose hours or days cannot be read."""
    start, end = clock_time(shift.start), clock_time(shift.end)
    zone = zone_of(shift.zone)
    begun = max(first, date.fromisoformat(shift.valid_from))
    until = min(last, date.fromisoformat(shift.valid_to)) if shift.valid_to else last
    found = []
    for day in _days(begun, until):
        if day.isoweekday() not in shift.weekdays or (not shift.on_holidays and _is_free(shift, holidays, day)):
            continue
        here, over = instant(day, start, zone), instant(day if end > start else day + _DAY, end, zone)
        if here < over:
            found.append(PlannedShift(shift=shift, day=day, start=here, end=over))
    return tuple(found)


def planned_around(
    shifts: Iterable[Shift], holidays: Collection[Holiday], since: datetime, until: datetime
) -> tuple[PlannedShift, ...]:
    """Every shift of which some part lies within [since, until), by its start."""
    found = [
        one
        for shift in shifts
        for one in planned(shift, holidays, (since - 2 * _DAY).date(), (until + _DAY).date())
        if one.start < until and one.end > since
    ]
    return tuple(sorted(found, key=lambda one: (one.start, one.shift.shift_id)))


def shift_of(check_in: datetime, plan: Iterable[PlannedShift]) -> PlannedShift | None:
    """The shift that somebody came for who checked in then: of those under way or at most `EARLY` before their start,
    the one whose start is nearest."""
    fitting = [one for one in plan if one.start - EARLY <= check_in < one.end]
    return min(fitting, key=lambda one: (abs(one.start - check_in), one.start, one.shift.shift_id), default=None)


def missing(
    plan: Iterable[PlannedShift], presences: Collection[tuple[datetime, datetime | None]], now: datetime
) -> tuple[PlannedShift, ...]:
    """The shifts under way past their grace for which nobody came: no presence (start, end or None while it lasts) of
    this person reaches into them."""
    return tuple(
        one
        for one in plan
        if one.late_from <= now < one.end
        and not any(start < one.end and (end is None or end > one.start) for start, end in presences)
    )


def _is_free(shift: Shift, holidays: Collection[Holiday], day: date) -> bool:
    text = day.isoformat()
    return any(one.day == text and one.location_id in {None, shift.location_id} for one in holidays)


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += _DAY
