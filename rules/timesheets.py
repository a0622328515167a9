"""Hours worked, of sessions: by day, week, month and place, breaks taken out, to the second. Open sessions have none.

Every instant is cut to its whole second before anything is reckoned, and every boundary is a whole second, so the parts
of a session add up to the session whatever it is split by.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

import msgspec

from protocol.operations import AttendanceEvent
from rules.attendance import WorkSession
from rules.zones import clock_time, instant, zone_of

WHOLE = "whole"
"""A session belongs to the day it began on, whole. Any other policy is HH:MM: days begin then, and sessions are split
there (`00:00`: at midnight)."""

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_Span = tuple[datetime, datetime]
K = TypeVar("K")


class Worked(msgspec.Struct, frozen=True, kw_only=True):
    """A session as a timesheet reads it: aware instants, and the zone whose days it counts in. A break without an end
    lasts until the session ends."""

    check_in_id: str
    start: datetime
    end: datetime | None
    zone: str
    offset_minutes: int | None = None
    location_id: str | None = None
    breaks: tuple[tuple[datetime, datetime | None], ...] = ()
    needs_end: bool = False


class Portion(msgspec.Struct, frozen=True, kw_only=True):
    """The seconds of one session that count for one day."""

    day: date
    seconds: int


class SessionHours(msgspec.Struct, frozen=True, kw_only=True):
    """What one session counts for. `day` is the report day it began on; `portions` by day, none for a session without
    an end or one that ends before it begins. `overlapping_seconds` were worked in an earlier session already and count
    there; `break_seconds` are those of breaks."""

    session: Worked
    day: date
    portions: tuple[Portion, ...] = ()
    break_seconds: int = 0
    overlapping_seconds: int = 0

    @property
    def seconds(self) -> int:
        """All that counts of it."""
        return sum(portion.seconds for portion in self.portions)

    @property
    def ended(self) -> bool:
        """Whether it has an end, and so hours."""
        return self.session.end is not None


def check_report_day(policy: str) -> str:
    """The policy as given. Raises ValueError when it is neither `whole` nor HH:MM."""
    if policy != WHOLE:
        clock_time(policy)
    return policy


def worked(
    sessions: Iterable[WorkSession],
    when: Callable[[AttendanceEvent], datetime],
    zone_at: Callable[[str], str | None],
) -> tuple[Worked, ...]:
    """Sessions for a timesheet. `when` says the true time of an event, `zone_at` the zone of a location; a session
    counts in the days of the place where it began, and elsewhere in those of the device."""
    found = []
    for session in sessions:
        began = session.check_in
        place = zone_at(began.location_id) if began.location_id is not None else None
        found.append(
            Worked(
                check_in_id=session.check_in_id,
                start=when(began),
                end=None if session.check_out is None else when(session.check_out),
                zone=place or began.at.zone,
                offset_minutes=None if place else began.at.offset_minutes,
                location_id=began.location_id,
                breaks=tuple((when(one.start), None if one.end is None else when(one.end)) for one in session.breaks),
                needs_end=session.needs_end,
            )
        )
    return tuple(found)


def report_day(at: datetime, zone: str, offset_minutes: int | None, policy: str) -> date:
    """The day that an instant counts for, by the clocks of the zone."""
    where, begins = zone_of(zone, offset_minutes), _begins(policy)
    day = at.astimezone(where).date()
    # Told by instants, as the days' bounds are: the hour a day begins at may come twice, or not at all.
    while at < instant(day, begins, where):
        day -= _DAY
    while at >= instant(day + _DAY, begins, where):
        day += _DAY
    return day


def hours(sessions: Iterable[Worked], policy: str) -> tuple[SessionHours, ...]:
    """What each of one person's sessions counts for, by start. What two of them share counts once, in the earlier."""
    found = []
    reached: list[_Span] = []
    for session in sorted(sessions, key=lambda one: (one.start, one.check_in_id)):
        day = report_day(session.start, session.zone, session.offset_minutes, policy)
        start, end = _whole(session.start), _whole(session.end) if session.end is not None else None
        if end is None or end <= start:
            found.append(SessionHours(session=session, day=day))
            continue
        pauses = [(_whole(first), _whole(last) if last is not None else end) for first, last in session.breaks]
        at_work = _without([(start, end)], pauses)
        counted = _without(at_work, reached)
        reached.append((start, end))
        found.append(
            SessionHours(
                session=session,
                day=day,
                portions=_portions(counted, session, policy, day),
                break_seconds=_seconds([(start, end)]) - _seconds(at_work),
                overlapping_seconds=_seconds(at_work) - _seconds(counted),
            )
        )
    return tuple(found)


def by_day(found: Iterable[SessionHours]) -> dict[date, int]:
    """Seconds of each day that has some."""
    return _summed((portion.day, portion.seconds) for one in found for portion in one.portions)


def by_week(found: Iterable[SessionHours]) -> dict[date, int]:
    """Seconds of each week, by its Monday."""
    return _summed((week_of(day)[0], seconds) for day, seconds in by_day(found).items())


def by_month(found: Iterable[SessionHours]) -> dict[date, int]:
    """Seconds of each month, by its first day."""
    return _summed((month_of(day)[0], seconds) for day, seconds in by_day(found).items())


def by_location(found: Iterable[SessionHours]) -> dict[str | None, int]:
    """Seconds at each location; None is elsewhere."""
    return _summed((one.session.location_id, one.seconds) for one in found if one.portions)


def within(found: Iterable[SessionHours], first: date, last: date) -> tuple[SessionHours, ...]:
    """The sessions that began on one of these days or count for one (both included), with those days' portions only."""
    kept = []
    for one in found:
        portions = tuple(portion for portion in one.portions if first <= portion.day <= last)
        if portions or first <= one.day <= last:
            kept.append(msgspec.structs.replace(one, portions=portions))
    return tuple(kept)


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday of its week."""
    monday = day - timedelta(days=day.isoweekday() - 1)
    return monday, monday + timedelta(days=6)


def month_of(day: date) -> tuple[date, date]:
    """First and last day of its month."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - _DAY


def _begins(policy: str) -> time:
    return time() if policy == WHOLE else clock_time(policy)


def _portions(counted: list[_Span], session: Worked, policy: str, day: date) -> tuple[Portion, ...]:
    if policy == WHOLE:
        seconds = _seconds(counted)
        return (Portion(day=day, seconds=seconds),) if seconds else ()
    zone, begins = zone_of(session.zone, session.offset_minutes), _begins(policy)
    found: dict[date, int] = {}
    for start, end in counted:
        here = report_day(start, session.zone, session.offset_minutes, policy)
        reached = start
        while reached < end:
            over = min(end, instant(here + _DAY, begins, zone))
            if over > reached:
                found[here] = found.get(here, 0) + _seconds([(reached, over)])
                reached = over
            here += _DAY
    return tuple(Portion(day=one, seconds=seconds) for one, seconds in sorted(found.items()))


def _without(spans: list[_Span], taken: Iterable[_Span]) -> list[_Span]:
    """The parts of the spans that lie in none of those taken."""
    left = spans
    for first, last in taken:
        if first >= last:
            continue
        left = [
            part
            for start, end in left
            for part in ((start, min(end, first)), (max(start, last), end))
            if part[0] < part[1]
        ]
    return left


def _seconds(spans: Iterable[_Span]) -> int:
    return sum((end - start) // _SECOND for start, end in spans)


def _summed(parts: Iterable[tuple[K, int]]) -> dict[K, int]:
    found: dict[K, int] = {}
    for key, seconds in parts:
        found[key] = found.get(key, 0) + seconds
    return found


def _whole(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)
