"""The queue's bounds, and that every loss is counted by its reason."""

from telemetry.queue import Bounds
from tests.unit.telemetry.conftest import Open
from tests.unit.telemetry.making import BUSY, Clock, balanced, claim, error, fill, log_records, offer, values


def test_the_oldest_go_first_and_urgent_ones_last(open_store: Open, clock: Clock) -> None:
    store = open_store(Bounds(records=5))
    store.grant("usage")
    store.grant("diagnostics")
    store.append([error(clock)], {})
    fill(store, clock, 9)
    accounts = store.accounts()
    assert (accounts["diagnostics"].queued, accounts["usage"].queued) == (1, 4)
    assert accounts["usage"].lost == {"count": 5}
    first = claim(store)
    second = claim(store)
    assert first is not None
    assert second is not None
    usage = first if first.category == "usage" else second
    assert [values(one)["event.seq"] for one in log_records(usage)] == [7, 8, 9, 10]


def test_bytes_are_bounded(open_store: Open, clock: Clock) -> None:
    store = open_store(Bounds(record_bytes=2000))
    store.grant("usage")
    fill(store, clock, 100)
    account = store.accounts()["usage"]
    assert 1 <= account.queued <= 20
    assert account.lost == {"size": 100 - account.queued}


def test_what_is_too_old_goes_even_from_a_waiting_batch(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.grant("usage")
    fill(store, clock, 3)
    batch = claim(store)
    assert batch is not None
    store.settle(batch, BUSY)
    fill(store, clock, 2)
    clock.move(15 * 86400)
    assert claim(store) is None
    assert store.accounts()["usage"].lost == {"age": 5}
    assert balanced(store)


def test_a_batch_on_its_way_is_not_evicted_and_a_waiting_one_goes_whole(open_store: Open, clock: Clock) -> None:
    store = open_store(Bounds(records=4))
    store.grant("usage")
    fill(store, clock, 4)
    batch = claim(store)
    assert batch is not None
    fill(store, clock, 3)
    assert store.accounts()["usage"].queued == 4
    store.settle(batch, BUSY)
    store.grant("diagnostics")
    store.append([error(clock) for _ in range(2)], {})
    accounts = store.accounts()
    assert accounts["usage"].queued + accounts["diagnostics"].queued <= 4
    assert balanced(store)


def test_what_was_lost_on_the_way_to_the_file_is_counted(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.grant("usage")
    store.append([offer(clock)], {("usage", "backlog"): 7, ("usage", "storage"): 2, ("diagnostics", "backlog"): 5})
    account = store.accounts()["usage"]
    assert (account.recorded, account.lost) == (10, {"backlog": 7, "storage": 2})
    assert store.accounts()["diagnostics"].recorded == 0
    assert balanced(store)


def test_what_is_not_granted_is_not_written(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.grant("usage")
    store.append([error(clock), offer(clock)], {})
    assert store.accounts()["diagnostics"].recorded == 0
    assert store.accounts()["usage"].queued == 1


def test_a_full_queue_is_counted_once_for_many_records_and_stays_within_its_bounds(
    open_store: Open, clock: Clock
) -> None:
    store = open_store(Bounds(records=1000))
    store.grant("usage")
    fill(store, clock, 1000)
    lost = []
    for _ in range(25):
        fill(store, clock, 1)
        account = store.accounts()["usage"]
        assert account.queued <= 1000
        lost.append(account.lost.get("count", 0))
    assert sorted(set(lost)) == [11, 22, 33]
    assert balanced(store)
