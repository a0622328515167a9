"""The task `stripping`: a file in, the same out without what it tells of place, person and device
(rules.media.stripping). Runs in a confined process only: nothing is decoded, but how long a hostile file keeps its
reader busy is for the system to bound.

What it says of the file is the code it ends with.
"""

import sys
from typing import BinaryIO

from rules.media.kinds import SNIFF_BYTES, sniff
from rules.media.stripping import CannotCleanError, DamagedError, strip
from server.confined.child import seal

CODES = CLEANED, AS_IT_IS, DAMAGED, NOT_CLEANED = 10, 11, 12, 13
"""None that Python ends with by itself."""


def work(source: BinaryIO, target: BinaryIO) -> None:
    """Copy, in memory that does not grow with the file. Always raises SystemExit."""
    kind = sniff(source.read(SNIFF_BYTES))
    seal(sys.stderr.buffer)
    try:
        code = CLEANED if strip(kind, source, target) else AS_IT_IS
        target.flush()
    except DamagedError:
        code = DAMAGED
    except CannotCleanError:
        code = NOT_CLEANED
    raise SystemExit(code)
