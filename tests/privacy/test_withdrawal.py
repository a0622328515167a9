"""Withdrawal is a barrier: after its commit no request with that category runs or begins."""

import threading
from collections.abc import Iterator

import pytest

from agent.logdata.service import LogDataService
from agent.transport import Transport
from telemetry.catalog import Category
from telemetry.catalog.events import AppStarted, KeyringUnavailable
from telemetry.store import Store
from tests.privacy.conftest import ACCOUNT, MakeService
from tests.privacy.receiver import Receiver, take_all
from tests.privacy.withdrawing import fill, withdraw_at_random_points, withdraw_while_stalled
from tests.unit.telemetry.making import left_of


def judge(make_service: MakeService, receiver: Receiver, points: int) -> None:
    seen = withdraw_at_random_points(lambda transport: make_service(transport=transport), receiver, points)
    assert seen.begun_after == 0, "a request began after the commit"
    assert seen.queued_after == seen.sent_after == 0
    assert seen.outlived <= 0.25, "a request outlived the withdrawal"  # the socket itself: below, from outside
    assert seen.interrupted >= points // 10, "the points must fall into the drain, else this shows nothing"


def test_no_request_begins_after_the_commit(make_service: MakeService, receiver: Receiver) -> None:
    judge(make_service, receiver, 100)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_request_begins_after_the_commit_at_a_thousand_points(make_service: MakeService, receiver: Receiver) -> None:
    judge(make_service, receiver, 1000)


def test_a_stalled_request_is_cut_within_50_ms_of_the_commit(make_service: MakeService, receiver: Receiver) -> None:
    services: list[LogDataService] = []

    def make(transport: Transport) -> LogDataService:
        services.append(make_service(transport=transport))
        return services[-1]

    late = withdraw_while_stalled(make, receiver, 20)
    assert max(late) <= 0.05, f"closed {max(late) * 1000:.1f} ms after the commit"
    for point in range(20):
        assert [one.state for one in left_of(services[0]._log(f"server/stalled-{point}"))] == ["may_have_arrived"]


def test_another_category_under_way_is_not_disturbed(make_service: MakeService, receiver: Receiver) -> None:
    release = threading.Event()

    def decide(arrival: object) -> tuple[int, dict[str, str], bytes]:
        assert release.wait(10)
        return take_all(arrival)  # type: ignore[arg-type]

    service = make_service()
    service.set_consent(ACCOUNT, "diagnostics", "granted")
    service.emit(ACCOUNT, KeyringUnavailable(state="locked"))
    fill(service, ACCOUNT, 1)
    service.set_consent(ACCOUNT, "usage", "denied")
    receiver.decide = decide
    taken: list[int] = []
    drain = threading.Thread(target=lambda: taken.append(service.send_due(everything=True)))
    drain.start()
    receiver.wait_for(lambda one: bool(one.arrivals))
    service.set_consent(ACCOUNT, "usage", "granted")
    service.set_consent(ACCOUNT, "usage", "denied")
    release.set()
    drain.join(10)
    assert taken == [1]


def test_what_was_sent_stays_in_the_ledger(make_service: MakeService, receiver: Receiver) -> None:
    service = make_service()
    fill(service, ACCOUNT, 3)
    assert service.send_due(everything=True) == 3
    service.set_consent(ACCOUNT, "usage", "denied")
    (entry,) = left_of(service._log(ACCOUNT))
    assert entry.body == receiver.logs()[0].body
    assert (entry.state, entry.accepted) == ("sent", 3)


def test_a_withdrawal_that_cannot_be_stored_still_stops_everything(
    make_service: MakeService, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    from agent.api import AgentError

    service = make_service()
    fill(service, ACCOUNT, 3)

    def full(self: Store, category: Category, *_more: object, **_names: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Store, "withdraw", full)
    with pytest.raises(AgentError) as refused:
        service.set_consent(ACCOUNT, "usage", "denied")
    assert refused.value.kind == "cannot_store"
    assert not {one.category: one.effective for one in service.view(ACCOUNT)}["usage"]
    service.emit(ACCOUNT, AppStarted(surface="tray"))
    service.flush()
    assert service.send_due(everything=True) == 0
    assert receiver.logs() == []


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    yield
    waiting = [one for one in threading.enumerate() if one.name.startswith("request-")]
    for one in waiting:
        one.join(5)
    assert not [one for one in waiting if one.is_alive()]
