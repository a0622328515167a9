"""Ids of records and of batches: UUIDs of version 7, random but for their time, so that nothing tells which records the
same run of the program made; and wholly random ones of installations.

The package that makes them elsewhere takes longer for one than a whole record may take, and 30 ms to load.
"""

import os
from collections.abc import Iterator, Sequence

_VARIANT = "89ab"
_TIMES = 0xFFFF_FFFF_FFFF


def event_ids(times_ns: Sequence[int]) -> Iterator[str]:
    """An id for each of these times, in nanoseconds since 1970."""
    random = os.urandom(10 * len(times_ns)).hex()
    for number, time_ns in enumerate(times_ns):
        yield _version_7(time_ns // 1_000_000, random[20 * number : 20 * number + 20])


def next_id(newest: str | None, now_ms: int) -> str:
    """An id that sorts behind `newest`, whatever the clock did since that was made."""
    time_ms = now_ms if newest is None else max(now_ms, int(newest[:8] + newest[9:13], 16) + 1)
    return _version_7(time_ms, os.urandom(10).hex())


def random_id() -> str:
    """A UUID of version 4, which tells not even its time."""
    random = os.urandom(16).hex()
    variant = _VARIANT[int(random[16], 16) & 3]
    return f"{random[:8]}-{random[8:12]}-4{random[13:16]}-{variant}{random[17:20]}-{random[20:]}"


def _version_7(time_ms: int, random: str) -> str:
    time = f"{time_ms & _TIMES:012x}"
    variant = _VARIANT[int(random[19], 16) & 3]
    return f"{time[:8]}-{time[8:]}-7{random[:3]}-{variant}{random[3:6]}-{random[6:18]}"
