"""What the server said of each record of a batch it took: read from its header, held against what was sent."""

import re
from collections.abc import Mapping
from itertools import chain, repeat

from protocol.privacy import MAX_VERDICTS
from telemetry.tally import Loss

_REASONS: Mapping[str, Loss | None] = {
    "k": None,
    "d": None,
    "c": "not_allowed",
    "u": "unknown_to_server",
    "e": "erased",
    "m": "malformed",
    "l": "too_large",
}
_RUN = re.compile(r"([1-9][0-9]{0,6})([a-z])", re.ASCII)


def read(header: str | None, records: int) -> tuple[Loss | None, ...] | None:
    """Why each record, in the order of the request, was not kept; None for one that was.

    None altogether where the header is absent or is not about exactly so many records: it then says nothing.
    """
    if header is None or len(header) > MAX_VERDICTS:
        return None
    runs, at = [], 0
    for run in _RUN.finditer(header):
        if run.start() != at or run[2] not in _REASONS:
            return None
        runs.append((int(run[1]), _REASONS[run[2]]))
        at = run.end()
    if at != len(header) or sum(count for count, _ in runs) != records:
        return None
    return tuple(chain.from_iterable(repeat(reason, count) for count, reason in runs))
