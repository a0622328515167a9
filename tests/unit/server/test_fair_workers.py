"""Turns of organizations and members, whoever asked how often."""

from concurrent.futures import CancelledError
from threading import Event

import pytest

from server.fair_workers import FairWorkers

SECONDS = 20


def test_organizations_take_turns_and_within_each_its_members() -> None:
    workers: FairWorkers[None] = FairWorkers(1, "test")
    begun, go = Event(), Event()
    done: list[str] = []

    def hold() -> None:
        begun.set()
        assert go.wait(SECONDS)

    workers.submit("first", "x", hold)
    assert begun.wait(SECONDS)
    asked = [("mine", "ana", 4), ("mine", "ben", 2), ("theirs", "kim", 2)]
    futures = [
        workers.submit(organization, member, lambda name=f"{member} {number}": done.append(name))  # type: ignore[misc]
        for organization, member, times in asked
        for number in range(times)
    ]
    go.set()
    for future in futures:
        future.result(SECONDS)
    workers.close()
    assert done == ["ana 0", "kim 0", "ben 0", "kim 1", "ana 1", "ben 1", "ana 2", "ana 3"]


def test_what_fails_is_told_to_who_waits_and_the_rest_goes_on() -> None:
    workers: FairWorkers[int] = FairWorkers(2, "test")
    failing = workers.submit("a", "x", lambda: 1 // 0)
    assert workers.submit("a", "x", lambda: 7).result(SECONDS) == 7
    with pytest.raises(ZeroDivisionError):
        failing.result(SECONDS)
    workers.close()


def test_closing_forgets_what_waits_and_tells_it() -> None:
    workers: FairWorkers[bool] = FairWorkers(1, "test")
    begun, go = Event(), Event()

    def hold() -> bool:
        begun.set()
        return go.wait(SECONDS)

    held = workers.submit("a", "x", hold)
    assert begun.wait(SECONDS)
    waiting = workers.submit("b", "y", lambda: True)
    go.set()
    workers.close()
    assert held.result(SECONDS)
    if not waiting.cancelled():
        assert waiting.result(SECONDS)
    else:
        with pytest.raises(CancelledError):
            waiting.result(SECONDS)
