"""Moments: what the device's clocks say now, with what the server last confirmed."""

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from agent.clock.device import BootClock, boot_clock
from protocol.moment import Moment
from rules.clock import format_utc, parse_utc


class Confirmation(msgspec.Struct, frozen=True):
    """A server's time, heard in one boot at `elapsed_ms`; `skew_ms` is device time minus server time then."""

    boot_id: str
    server_utc: str
    elapsed_ms: int
    skew_ms: int


def _wall() -> datetime:
    return datetime.now(UTC)


class Clock:
    """Reads the device's clocks. `wall` gives aware UTC."""

    def __init__(self, boot: BootClock | None = None, wall: Callable[[], datetime] = _wall) -> None:
        self._boot = boot or boot_clock()
        self._wall = wall

    def now(self) -> datetime:
        """The device's own clock, aware UTC."""
        return self._wall()

    def elapsed_ms(self) -> int:
        """Milliseconds since boot, sleep included."""
        return self._boot.elapsed_ms()

    def awake_ms(self) -> int:
        """Milliseconds, from any beginning, in which the computer did not sleep."""
        return self._boot.awake_ms()

    def boot_id(self) -> str:
        """Names this start of the computer."""
        return self._boot.boot_id()

    def confirm(self, server_time: str) -> Confirmation:
        """What a reply that just came says of the time. Raises ValueError when it is not RFC 3339."""
        server = parse_utc(server_time)
        skew = round((self.now() - server).total_seconds() * 1000)
        return Confirmation(self.boot_id(), format_utc(server), self.elapsed_ms(), skew)

    def moment(self, confirmation: Confirmation | None = None) -> Moment:
        """Now. `confirmation` of another boot is left out: elapsed time does not carry over a restart."""
        boot_id = self.boot_id()
        held = confirmation if confirmation is not None and confirmation.boot_id == boot_id else None
        now = self.now()
        offset = now.astimezone().utcoffset()
        return Moment(
            utc=format_utc(now),
            offset_minutes=round(offset.total_seconds() / 60) if offset else 0,
            zone=zone_name(),
            boot_id=boot_id,
            elapsed_ms=self.elapsed_ms(),
            confirmed_utc=held.server_utc if held else None,
            confirmed_elapsed_ms=held.elapsed_ms if held else None,
            skew_ms=held.skew_ms if held else None,
        )


def zone_name() -> str:
    """The IANA name of this computer's time zone, else the short name the system uses."""
    from zoneinfo import ZoneInfoNotFoundError

    from tzlocal import get_localzone_name

    try:
        name = get_localzone_name()
    except (ZoneInfoNotFoundError, ValueError, OSError):  # contradicting or missing system settings
        name = None
    return name or datetime.now(UTC).astimezone().tzname() or "UTC"
