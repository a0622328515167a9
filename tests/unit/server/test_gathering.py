"""Work that comes while the thread is busy is done together, each piece gets its own answer, and the end loses none."""

from collections.abc import Sequence
from concurrent.futures import CancelledError
from threading import Event

import pytest

from server.gathering import Gathering

_WAIT = 10.0


class Work:
    """Doubles numbers, and lets the first batch wait for `go`."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.begun, self.go = Event(), Event()

    def __call__(self, items: Sequence[int]) -> list[int]:
        self.batches.append(list(items))
        self.begun.set()
        assert self.go.wait(_WAIT)
        if 13 in items:
            raise ValueError("not thirteen")
        return [2 * item for item in items]


def test_what_came_meanwhile_is_done_together() -> None:
    work = Work()
    gathering = Gathering(work, 3, "test")
    first = gathering.submit(1)
    assert work.begun.wait(_WAIT)
    others = [gathering.submit(number) for number in range(2, 7)]
    work.go.set()
    assert [one.result(_WAIT) for one in (first, *others)] == [2, 4, 6, 8, 10, 12]
    assert work.batches == [[1], [2, 3, 4], [5, 6]]
    gathering.close()


def test_a_failure_is_told_to_all_of_the_batch_and_to_nobody_else() -> None:
    work = Work()
    gathering = Gathering(work, 2, "test")
    first = gathering.submit(1)
    assert work.begun.wait(_WAIT)
    failing, with_it, after = (gathering.submit(number) for number in (13, 2, 3))
    work.go.set()
    assert (first.result(_WAIT), after.result(_WAIT)) == (2, 6)
    for one in (failing, with_it):
        with pytest.raises(ValueError, match="not thirteen"):
            one.result(_WAIT)
    gathering.close()


def test_what_was_cancelled_meanwhile_is_not_done() -> None:
    work = Work()
    gathering = Gathering(work, 3, "test")
    gathering.submit(1)
    assert work.begun.wait(_WAIT)
    left, kept = gathering.submit(2), gathering.submit(3)
    assert left.cancel()
    work.go.set()
    assert kept.result(_WAIT) == 6
    assert work.batches == [[1], [3]]
    gathering.close()


def test_closing_answers_who_waits_and_refuses_who_comes_then() -> None:
    work = Work()
    gathering = Gathering(work, 3, "test")
    waiting = [gathering.submit(number) for number in range(5)]
    work.go.set()
    gathering.close()
    assert [one.result(0) for one in waiting] == [0, 2, 4, 6, 8]
    with pytest.raises(CancelledError):
        gathering.submit(9).result(0)
    gathering.close()
