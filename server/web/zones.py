"""The time zones that a page offers."""

import zoneinfo
from functools import lru_cache


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """The zones by region and city that this server knows."""
    regions = ("Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Europe/")
    more = ("Indian/", "Pacific/")
    return tuple(sorted(name for name in zoneinfo.available_timezones() if name.startswith(regions + more)))
