"""A timesheet as a page shows it: the days of a period, what was worked on each and where, and what adds up to what."""

from datetime import date, datetime, timedelta

import msgspec

from rules.timesheets import SessionHours, by_day, by_location, month_of, week_of
from rules.zones import zone_of
from server.storage.database import Transaction
from server.web.places import Places
from server.web.times import day_words
from server.web.words import Words

VIEWS = ("day", "week", "month")
_FIRST, _LAST = date(1970, 1, 1), date(8999, 1, 1)


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked at: a day, a week or a month, and its neighbours."""

    view: str
    first: date
    last: date

    @property
    def earlier(self) -> date:
        """A day of the period before."""
        return self.first - timedelta(days=1)

    @property
    def later(self) -> date:
        """A day of the period after."""
        return self.last + timedelta(days=1)


class SheetLine(msgspec.Struct, frozen=True, kw_only=True):
    """One session on one day: its hours as the clocks there have them, with the day where that is another one.
    `seconds` count for the day; None while it has no end."""

    check_in_id: str
    start: str
    end: str | None
    place: str
    seconds: int | None
    break_seconds: int
    overlapping: bool
    backwards: bool
    goes_on: bool


class SheetDay(msgspec.Struct, frozen=True, kw_only=True):
    """A day of the period with what counts for it."""

    day: date
    seconds: int
    lines: tuple[SheetLine, ...]


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """Everything of one person in a period. `places` are (name, seconds), the most first."""

    days: tuple[SheetDay, ...]
    seconds: int
    places: tuple[tuple[str, int], ...]
    unended: int


def period(view: str, on: str, today: date) -> Period:
    """The period that an address names; this week where it names none."""
    try:
        day = date.fromisoformat(on)
    except ValueError:
        day = today
    day = min(max(day, _FIRST), _LAST)
    if view == "day":
        return Period(view="day", first=day, last=day)
    if view == "month":
        first, last = month_of(day)
        return Period(view="month", first=first, last=last)
    first, last = week_of(day)
    return Period(view="week", first=first, last=last)


def sheet(words: Words, places: Places, found: tuple[SessionHours, ...], running: str = "") -> Sheet:
    """The sheet of these sessions, which are of the period only (rules.timesheets.within). `running` is the check-in of
    the one that goes on, which is no trouble."""
    totals = by_day(found)
    lines: dict[date, list[SheetLine]] = {day: [] for day in totals}
    for one in found:
        days = {portion.day: portion.seconds for portion in one.portions} or {one.day: 0}
        for day, seconds in days.items():
            lines.setdefault(day, []).append(_line(words, places, one, day, seconds))
    at = by_location(found)
    named = [(place_name(words, places, location_id), seconds) for location_id, seconds in at.items()]
    return Sheet(
        days=tuple(SheetDay(day=day, seconds=totals.get(day, 0), lines=tuple(lines[day])) for day in sorted(lines)),
        seconds=sum(totals.values()),
        places=tuple(sorted(named, key=lambda one: (-one[1], one[0]))),
        unended=sum(not one.ended and one.session.check_in_id != running for one in found),
    )


def place_name(words: Words, places: Places, location_id: str | None) -> str:
    """What a place is called on the sheet."""
    known = places.by_id.get(location_id or "")
    return known.name if known is not None else words("Elsewhere")


def span_text(words: Words, seconds: int) -> str:
    """`8 h 05 min`, with the seconds where there are some: the parts shown add up to the whole shown."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    if left:
        return words("%(hours)d h %(minutes)02d min %(seconds)02d s", hours=hours, minutes=minutes, seconds=left)
    return words("%(hours)d h %(minutes)02d min", hours=hours, minutes=minutes)


def today_of(t: Transaction) -> date:
    """The day to begin with where an address names none: by UTC, which is at most a day off anywhere."""
    return t.now.date()


def _line(words: Words, places: Places, one: SessionHours, day: date, seconds: int) -> SheetLine:
    session = one.session
    return SheetLine(
        check_in_id=session.check_in_id,
        start=_hour(words, one, session.start, day),
        end=None if session.end is None else _hour(words, one, session.end, day),
        place=place_name(words, places, session.location_id),
        seconds=None if session.end is None else seconds,
        break_seconds=one.break_seconds,
        overlapping=one.overlapping_seconds > 0,
        backwards=session.end is not None and session.end <= session.start,
        goes_on=day != one.day,
    )


def _hour(words: Words, one: SessionHours, at: datetime, day: date) -> str:
    wall = at.astimezone(zone_of(one.session.zone, one.session.offset_minutes))
    hour = words("%(hour)02d:%(minute)02d", hour=wall.hour, minute=wall.minute)
    if wall.date() == day:
        return hour
    return words("%(day)s, %(hour)s", day=day_words(words, wall.date(), with_year=False), hour=hour)
