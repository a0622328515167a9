"""Clocks on the wall: which zone a name means, and which instant an hour of a day there is, also when clocks change."""

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_SECOND = timedelta(seconds=1)


def zone_of(name: str, offset_minutes: int | None = None) -> tzinfo:
    """The named zone; when it is not known here, the fixed offset that came with a time, else UTC."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    try:
        return UTC if offset_minutes is None else timezone(timedelta(minutes=offset_minutes))
    except ValueError:  # a day or more: no place on earth
        return UTC


def instant(day: date, at: time, zone: tzinfo) -> datetime:
    """When the clocks of `zone` show this, as aware UTC. An hour that comes twice is its first; one that is skipped is
    the moment of the jump, so that a later hour of the day is never an earlier instant."""
    wall = datetime.combine(day, at)
    found = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == wall:
        return found
    before, after = wall.replace(tzinfo=zone, fold=1).astimezone(UTC), found
    new = after.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + timedelta(seconds=(after - before) // _SECOND // 2)
        if middle.astimezone(zone).utcoffset() == new:
            after = middle
        else:
            before = middle
    return after


def clock_time(text: str) -> time:
    """An hour of the day from HH:MM. Raises ValueError."""
    if len(text) != 5 or text[2] != ":" or not (text[:2] + text[3:]).isdecimal() or not text.isascii():
        raise ValueError(f"{text!r} is not HH:MM")
    return time(int(text[:2]), int(text[3:]))
