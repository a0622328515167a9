"""What of many counts may be told: one rounded mean that is the same whichever organization is left out."""

import math
from collections.abc import Sequence

FEWEST = 10
"""Organizations that a figure is of, at least; those that did nothing of the kind in the week do not count."""
LARGEST_SHARE = 0.25
"""Of the whole, that the largest of them may have."""


def figure(counts: Sequence[int], days: int = 1) -> float | None:
    """The mean of the counts, a day, rounded; None where it would be of too few, mostly of one, or where leaving any
    one of them out would change it: then somebody who knew all others could tell something about that one."""
    some = [count for count in counts if count > 0]
    total = sum(some)
    if len(some) < FEWEST or max(some) > LARGEST_SHARE * total:
        return None
    value = rounded(total / len(some) / days)
    without = (rounded((total - count) / (len(some) - 1) / days) for count in some)
    return value if all(one == value for one in without) else None


def rounded(mean: float) -> float:
    """The nearest of …, 0.5, 1, 2, 5, 10, 20, 50, …"""
    power = 10.0 ** math.floor(math.log10(mean))
    step = min((1, 2, 5, 10), key=lambda one: abs(mean / power - one))
    return float(f"{step * power:.12g}")
