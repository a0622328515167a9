"""When to try again: pure arithmetic."""

import random

SYNC_SECONDS = 300.0
FIRST_SECONDS = 2.0
LONGEST_SECONDS = 900.0
SPREAD_SECONDS = 8.0


def sync_interval(chance: random.Random) -> float:
    """Seconds to the next look for changes: five minutes, give or take a fifth, so that devices do not march."""
    return SYNC_SECONDS * chance.uniform(0.8, 1.2)


def back_off(attempts: int, chance: random.Random) -> float:
    """Seconds to wait after `attempts` failures in a row: full jitter below a doubling ceiling of 15 minutes.

    https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    """
    ceiling = min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** min(max(attempts, 1) - 1, 16))
    return max(0.5, chance.uniform(0, ceiling))
