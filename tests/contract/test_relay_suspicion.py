"""A collector that fails at one record, always, holds up no other; nothing is lost, and the one is tried again."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from server import housekeeping
from server.logs.batches import keep_batch
from server.logs.installations import Installation, register
from server.receipts.keys import SigningKeys
from server.relaying.queue import ASIDE_FOR, OLDEST
from server.storage.database import Database
from server.storage.log_tables import log_relay, log_relay_pause
from server.storage.objects import Objects
from tests.contract.conftest import Clock, _house, new_id
from tests.contract.test_log_erasure import _erase, _wanted
from tests.contract.test_log_erasure import keys as keys  # noqa: PLC0414 - the same fixture
from tests.contract.test_logs import _batch, _record, _request
from tests.contract.test_logs import sender as sender  # noqa: PLC0414 - the same fixture
from tests.contract.test_relay import TO, Post, _events, _left, _put
from tests.contract.test_relay import collector as collector  # noqa: PLC0414 - the same fixture
from tests.contract.test_relay import post as post  # noqa: PLC0414 - the same fixture
from tests.migrated import migrated_file
from tests.privacy.receiver import OTLP, Answer, Arrival, Receiver

pytestmark = pytest.mark.usefixtures("caplog")

LONG_ENOUGH = 9
"""Rounds, each after the pause before it, until what a receiver fails at is looked for."""


def _fails_at(hated: set[str], status: int = 500) -> Callable[[Arrival], Answer]:
    return lambda arrival: (status, {}, b"") if hated & set(_events(arrival)) else (200, OTLP, b"")


def _arrived(collector: Receiver, hated: set[str]) -> list[str]:
    return [event for one in collector.arrivals if not hated & set(_events(one)) for event in _events(one)]


def _go_on(post: Post, clock: Clock, rounds: int = LONG_ENOUGH) -> None:
    for _ in range(rounds):
        wait = post.round()
        if wait is not None and wait < ASIDE_FOR.total_seconds() / 2:
            clock.forward(seconds=wait + 1)


@pytest.mark.parametrize("status", [500, 422, 501])
def test_all_others_arrive_and_it_is_tried_by_itself(
    sender: Installation, clock: Clock, post: Post, collector: Receiver, status: int
) -> None:
    ids = _put(post.database, sender, 40)
    hated = {ids[17]}
    collector.decide = _fails_at(hated, status)
    _go_on(post, clock)
    assert sorted(_arrived(collector, hated)) == sorted(set(ids) - hated)
    assert _left(post.database, sender) == (1, 39, {})

    before = len(collector.arrivals)
    more = _put(post.database, sender, 5, first=40)
    wait = post.round()
    assert [sorted(_events(one)) for one in collector.arrivals[before:]] == [sorted(more)]
    assert wait is not None
    clock.forward(seconds=wait + 1)
    even_more = _put(post.database, sender, 2, first=45)
    post.round()
    assert [set(_events(one)) for one in collector.arrivals[before + 1 :]] == [set(even_more), hated]

    collector.decide = lambda _: (200, OTLP, b"")
    clock.forward(seconds=ASIDE_FOR.total_seconds() + 1)
    assert post.round() is None
    assert _left(post.database, sender) == (0, 47, {})


def test_two_categories_and_the_one_in_the_later(
    sender: Installation, clock: Clock, post: Post, collector: Receiver
) -> None:
    usage: dict[str, Any] = {"category": "usage", "name": "app.started", "surface": "tray"}
    hated = {(bad := _record(new_id(), seq=1000, **usage)).attributes[0].value.string_value}
    assert keep_batch(post.database, sender, _batch(bad), TO).waiting
    collector.decide = _fails_at(hated)
    sent: set[str] = set()
    for number in range(LONG_ENOUGH):  # other things arrive all the while
        records = [_record(new_id(), seq=2 * number), _record(new_id(), seq=2 * number + 1, **usage)]
        sent.update(one.attributes[0].value.string_value for one in records)
        keep_batch(post.database, sender, _batch(*records), TO)
        _go_on(post, clock, rounds=1)
    assert set(_arrived(collector, hated)) == sent
    assert _left(post.database, sender) == (1, len(sent), {})


@pytest.mark.parametrize("status", [503, 401, 302])
def test_what_says_nothing_of_a_record_puts_none_aside(
    sender: Installation, clock: Clock, post: Post, status: int
) -> None:
    post.collector.decide = lambda _: (status, {}, b"")
    _put(post.database, sender, 4)
    for _ in range(LONG_ENOUGH + 1):
        wait = post.round()
        assert wait is not None
        clock.forward(seconds=wait + 1)
    assert len(post.collector.arrivals) == LONG_ENOUGH + 1
    with post.database.read(sender.organization_id) as t:
        assert not any(row.aside for row in t.all(t.select(log_relay)))


def test_a_long_outage_costs_few_requests_and_loses_nothing(
    sender: Installation, clock: Clock, post: Post, collector: Receiver
) -> None:
    collector.decide = lambda _: (500, {}, b"")
    ids = _put(post.database, sender, 600)
    until = clock.now + timedelta(hours=9)
    while clock.now < until:
        wait = post.round()
        assert wait is not None
        clock.forward(seconds=wait + 1)
    assert len(collector.arrivals) < 9 * 60, "about one an hour and piece"
    before = len(collector.arrivals)
    collector.decide = lambda _: (200, OTLP, b"")
    for _ in range(4):
        wait = post.round()
        clock.forward(seconds=(wait or 0) + 1)
    arrived = [event for one in collector.arrivals[before:] for event in _events(one)]
    assert sorted(arrived) == sorted(ids)
    assert len(collector.arrivals) - before < 10
    assert _left(post.database, sender) == (0, 600, {})


def test_one_aside_is_erased_as_never_sent(
    sender: Installation, clock: Clock, post: Post, collector: Receiver, keys: SigningKeys
) -> None:
    ids = _put(post.database, sender, 4)
    collector.decide = _fails_at({ids[0], ids[2]})
    _go_on(post, clock, LONG_ENOUGH + 2)
    assert _left(post.database, sender) == (2, 2, {})
    _, payload = _erase(post.database, keys, sender, _wanted(before="2026-03-10T00:00:00Z"))
    assert {one.category: one.records for one in payload.erased}["diagnostics"] == 2
    assert [(one.category, one.records) for one in payload.relayed] == [("diagnostics", 2)]
    assert _left(post.database, sender) == (0, 2, {})


def test_one_aside_gets_old_like_others(
    sender: Installation, clock: Clock, post: Post, collector: Receiver, tmp_path: Path
) -> None:
    ids = _put(post.database, sender, 4)
    collector.decide = _fails_at({ids[3]})
    _go_on(post, clock)
    clock.forward(seconds=OLDEST.total_seconds() + 60)
    housekeeping.tidy(post.database, Objects(str(tmp_path / "media")))
    assert _left(post.database, sender) == (0, 3, {"old": 1})


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate,))
@given(st.data())
def test_whichever_ones_are_hated_all_others_arrive_once(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    clock = Clock()
    database = Database(migrated_file(tmp_path_factory.mktemp("relay") / "server.db"), clock)
    organization_id = _house(database, "Harbour Works").organization_id
    wanted = _request(new_id())
    with database.write(organization_id) as t:
        register(t, wanted)
    sender = Installation(wanted.installation_id, organization_id)
    ids = _put(database, sender, data.draw(st.integers(1, 30)))
    hated = set(data.draw(st.lists(st.sampled_from(ids), max_size=3)))
    with Receiver(_fails_at(hated)) as collector:
        post = Post(database, collector)
        _go_on(post, clock, LONG_ENOUGH + 3)
        assert sorted(_arrived(collector, hated)) == sorted(set(ids) - hated)
        assert _left(database, sender)[:2] == (len(hated), len(ids) - len(hated))
        post.relay._lanes[0]._poster.close()
    with database.read(organization_id) as t:
        assert hated or t.all(t.select(log_relay_pause)) == []
    database.close()
