"""A round that ends in a fault of the program: whoever waits is told, and it is not the last round."""

import random
from collections.abc import Callable
from typing import cast

import pytest

from agent.clock import Clock
from agent.runtime.rounds import Rounds
from agent.schedule.ticker import Ticker
from agent.store.writer import Store
from agent.sync.asking import RoundCancelledError
from agent.sync.syncer import Syncer
from agent.sync.uploader import Uploader
from agent.transport import Cancellation


class Stumbling:
    """In place of the syncer and the uploader."""

    def run(self, _cancellation: Cancellation) -> int:
        raise RuntimeError("an answer nobody thought of")


class Alarms:
    """In place of the ticker: remembers, never rings."""

    def __init__(self) -> None:
        self.set: list[str] = []
        self.seconds: list[float] = []

    def wake_in(self, name: str, seconds: float, _post: Callable[[], None]) -> None:
        self.set.append(name)
        self.seconds.append(seconds)


def test_whoever_waits_hears_of_it_and_the_next_round_comes(caplog: pytest.LogCaptureFixture) -> None:
    alarms, changes = Alarms(), []
    rounds = Rounds(
        "account",
        syncer=cast("Syncer", Stumbling()),
        uploader=cast("Uploader", Stumbling()),
        store=cast("Store", None),
        clock=Clock(),
        ticker=cast("Ticker", alarms),
        chance=random.Random(1),
        undone=lambda: 1,
        changed=lambda: changes.append(1),
        finished=lambda *_: None,
    )
    try:
        assert rounds.settled().result(10) is False
    finally:
        rounds.close()
        assert rounds._sync_lane.close(wait_seconds=10)
    assert rounds.link.state == "server_trouble"
    assert "saved here" in rounds.link.sentence
    assert changes
    assert alarms.set
    assert "A task of the agent failed." in caplog.text


def test_many_new_items_against_a_server_that_is_away_plan_one_round() -> None:
    alarms = Alarms()
    rounds = Rounds(
        "account",
        syncer=cast("Syncer", Stumbling()),
        uploader=cast("Uploader", Stumbling()),
        store=cast("Store", None),
        clock=Clock(),
        ticker=cast("Ticker", alarms),
        chance=random.Random(1),
        undone=lambda: 1,
        changed=lambda: None,
        finished=lambda *_: None,
    )
    try:
        for _ in range(2):
            rounds._hold(60, asked=False)
            for _ in range(100):
                rounds.made()
        assert len(alarms.set) == 2
        rounds._hold(60, asked=True)
        rounds.made()
        assert len(alarms.set) == 2
    finally:
        rounds.close()


def test_when_the_network_is_back_all_try_within_seconds_but_not_at_once_together() -> None:
    alarms = Alarms()
    first = []
    for device in range(40):
        rounds = Rounds(
            "account",
            syncer=cast("Syncer", Stumbling()),
            uploader=cast("Uploader", Stumbling()),
            store=cast("Store", None),
            clock=Clock(),
            ticker=cast("Ticker", alarms),
            chance=random.Random(device),
            undone=lambda: 1,
            changed=lambda: None,
            finished=lambda *_: None,
        )
        rounds._failures = 12
        rounds._hold(10, asked=False)
        rounds.try_again_soon()
        assert rounds._failures == 0
        first.append(alarms.seconds[-1])
        rounds._hold(3600, asked=True)
        rounds.try_again_soon()
        assert alarms.seconds[-1] > 3590, "a server that asked for patience has it"
        rounds.close()
    assert max(first) <= 8
    assert len({int(one) for one in first}) >= 6


def test_a_patient_question_leaves_a_server_alone_that_asked_for_it() -> None:
    begun = []

    class Counting:
        def run(self, _cancellation: Cancellation) -> int:
            begun.append(1)
            raise RoundCancelledError

    rounds = Rounds(
        "account",
        syncer=cast("Syncer", Counting()),
        uploader=cast("Uploader", Counting()),
        store=cast("Store", None),
        clock=Clock(),
        ticker=cast("Ticker", Alarms()),
        chance=random.Random(1),
        undone=lambda: 1,
        changed=lambda: None,
        finished=lambda *_: None,
    )
    try:
        rounds._hold(60, asked=True)
        rounds.settled(patient=True)
        rounds._sync_lane.run(lambda: None).result(10)  # what was posted before has been done
        assert begun == []
        rounds.settled()
        rounds._sync_lane.run(lambda: None).result(10)
        assert begun == [1]
        rounds._hold(0, asked=False)
        rounds.settled(patient=True)
        rounds._sync_lane.run(lambda: None).result(10)
        assert begun == [1, 1]
    finally:
        rounds.close()
