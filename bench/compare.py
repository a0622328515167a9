"""Ours and a peer, measured in turn, so that whatever else the machine does falls on both alike."""

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Comparison:
    """`ours` and `peer` in one unit; `target` is the ratio of medians not to be passed."""

    name: str
    unit: str
    ours: Sequence[float]
    peer: Sequence[float]
    peer_name: str
    target: float | None

    @property
    def ratio(self) -> float:
        """Median of ours over median of the peer; nothing beside nothing is 0, something beside nothing infinite."""
        ours, peer = statistics.median(self.ours), statistics.median(self.peer)
        if peer == 0:
            return math.inf if ours else 0.0
        return ours / peer

    def line(self) -> str:
        """One line of the printed table."""
        verdict = "" if self.target is None else ("  ok" if self.ratio <= self.target else "  OVER")
        target = "" if self.target is None else f" (target <= {self.target:g})"
        return (
            f"{self.name}: {_spread(self.ours)} {self.unit} beside {self.peer_name} {_spread(self.peer)} {self.unit}"
            f" = {self.ratio:.2f}x{target}{verdict}"
        )


def interleaved(
    name: str,
    unit: str,
    ours: Callable[[], float],
    peer: Callable[[], float],
    *,
    peer_name: str,
    target: float | None = None,
    rounds: int = 7,
) -> Comparison:
    """Measure both `rounds` times, taking turns at going first; one round before that is thrown away."""
    mine, theirs = taking_turns([ours, peer], rounds=rounds)
    return Comparison(name, unit, mine, theirs, peer_name, target)


def taking_turns(measures: Sequence[Callable[[], float]], *, rounds: int = 7) -> list[list[float]]:
    """What each measured, `rounds` times, every other round in reverse order; a first round is thrown away."""
    results: list[list[float]] = [[] for _ in measures]
    pairs = list(zip(measures, results, strict=True))
    for measure in measures:
        measure()
    for number in range(rounds):
        for measure, measured in reversed(pairs) if number % 2 else pairs:
            measured.append(measure())
    return results


def _spread(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.4g} ({min(values):.4g}-{max(values):.4g})"
