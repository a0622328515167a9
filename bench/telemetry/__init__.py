"""Log data measured beside other log agents: what is lost, what leaves, what it costs. One file a kind of measurement.

Peers run in an environment of their own, `build/peers` (`make bench` makes it from requirements/bench.txt), by the one
script `bench/peers/log_agents.py`; one that is not there is left out, and the reason printed.
"""

from collections.abc import Callable

from bench.compare import Comparison
from bench.telemetry import cost, leaving, loss, speed, traces

PARTS: dict[str, Callable[[], list[Comparison]]] = {
    "leaving": leaving.run,
    "traces": traces.run,
    "loss": loss.run,
    "speed": speed.run,
    "cost": cost.run,
}


def run() -> list[Comparison]:
    """Every part, in this order: nothing that measures time runs beside another."""
    return [comparison for part in PARTS.values() for comparison in part()]
