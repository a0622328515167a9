"""`python -m bench [NAME…]`: run the named comparisons, or all, and print a line for each."""

import sys
from collections.abc import Callable

from bench import attendance, durable, idle, ingest, stall, start, telemetry, upload
from bench.compare import Comparison

BENCHES: dict[str, Callable[[], list[Comparison]]] = {
    "start": start.run,
    "durable": durable.run,
    "stall": stall.run,
    "idle": idle.run,
    "upload": upload.run,
    "ingest": ingest.run,
    "attendance": attendance.run,
    "telemetry": telemetry.run,
}
PARTS = {f"telemetry.{name}": part for name, part in telemetry.PARTS.items()}
"""Parts of one that can be named alone."""


def main(names: list[str]) -> int:
    """The exit code is 0 whatever the numbers say: a bench informs, it gates nothing."""
    known = BENCHES | PARTS
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"There is no bench {', '.join(unknown)}. There are: {', '.join(known)}.", file=sys.stderr)
        return 2
    for name in names or BENCHES:
        for comparison in known[name]():
            print(comparison.line(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
