"""When somebody is expected at work: shifts as clocks on the wall show them, and the days on which there are none.

A shift names hours, weekdays and a time zone, never instants: both ends make instants of it with `rules.shifts`, so
that a plan needs no sending anew for each day, and the days on which clocks change come out alike.
"""

import msgspec


class Shift(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One shift, as it recurs.

    `start` and `end` are HH:MM in `zone` (an IANA name); an `end` that is not after `start` is on the next day.
    `weekdays` are those on which it begins, 1 Monday to 7 Sunday; `valid_from` and `valid_to` (both included, absent
    for ever) are YYYY-MM-DD. Somebody is late only `grace_minutes` after the start.
    """

    shift_id: str
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


class Holiday(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A day (YYYY-MM-DD, as a shift's zone has it) on which only shifts with `on_holidays` begin; at one location or,
    without one, everywhere."""

    day: str
    name: str
    location_id: str | None = None
