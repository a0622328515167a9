"""True time of a device's moment: what the server can say of when something happened, and how well it knows."""

from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec

from protocol.moment import Moment

Grade = Literal["server", "confirmed", "device"]

_FIRST_YEAR, _LAST_YEAR = 1969, 9000


class JudgedTime(msgspec.Struct, frozen=True):
    """`at` is aware UTC. confirmed: derived within one boot from server time; device: the device's clock only."""

    at: datetime
    grade: Grade


def parse_utc(text: str) -> datetime:
    """An aware UTC datetime from RFC 3339 text. Raises ValueError when it is not, names no offset, or lies so far away
    that it could not be shown in every time zone."""
    parsed = datetime.fromisoformat(text)
    if parsed.tzinfo is None:
        raise ValueError(f"{text!r} has no offset")
    # Both years: the one that is written so that the conversion cannot overflow, that in UTC since it is kept and read.
    if _FIRST_YEAR <= parsed.year <= _LAST_YEAR and _FIRST_YEAR <= (found := parsed.astimezone(UTC)).year <= _LAST_YEAR:
        return found
    raise ValueError(f"{text!r} is of no year that a clock shows")


def format_utc(at: datetime) -> str:
    """RFC 3339 with milliseconds and Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def judge(moment: Moment) -> JudgedTime:
    """When it happened. With a server contact in the same boot, elapsed time since then counts and the device's wall
    clock does not, so that turning it back or forward changes nothing. Raises ValueError on an unreadable time."""
    if moment.confirmed_utc is not None and moment.confirmed_elapsed_ms is not None:
        passed = moment.elapsed_ms - moment.confirmed_elapsed_ms
        if passed >= 0:
            return JudgedTime(_later(parse_utc(moment.confirmed_utc), passed), "confirmed")
    return JudgedTime(parse_utc(moment.utc), "device")


def _later(at: datetime, passed_ms: int) -> datetime:
    try:
        later = at + timedelta(milliseconds=passed_ms)
    except OverflowError:
        later = datetime.max.replace(tzinfo=UTC)
    if later.year > _LAST_YEAR:
        raise ValueError(f"{passed_ms} ms is longer than any computer has run")
    return later
