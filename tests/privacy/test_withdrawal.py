"""Withdrawal is a barrier: after its commit no request with that category runs or begins."""

import random
import threading
import time
from collections.abc import Iterator

import pytest

from agent.logdata.service import LogDataService
from agent.transport import Cancellation, EgressRow, Transport
from agent.transport.transport import Reply
from telemetry import batches
from telemetry.catalog import Category
from telemetry.catalog.events import AppStarted, KeyringUnavailable
from telemetry.store import Store
from tests.privacy.conftest import ACCOUNT, MakeService
from tests.privacy.receiver import Receiver, take_all
from tests.unit.telemetry.making import left_of


class Noting(Transport):
    """The real transport, with the times at which requests for log data began and ended."""

    def __init__(self) -> None:
        super().__init__()
        self.began: list[float] = []
        self.ended: list[float] = []

    def request(self, row: EgressRow, method: str, url: str, **more: object) -> Reply:
        cancellation = more["cancellation"]
        assert isinstance(cancellation, Cancellation)
        if not cancellation.cancelled:  # the transport refuses a cancelled one before it connects
            self.began.append(time.monotonic())
        try:
            return super().request(row, method, url, **more)  # type: ignore[arg-type]
        finally:
            self.ended.append(time.monotonic())


@pytest.fixture
def commits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """When each choice was committed, on the monotonic clock."""
    times: list[float] = []
    choose = Store._choose

    def noting(self: Store, *arguments: object, **more: object) -> None:
        choose(self, *arguments, **more)  # type: ignore[arg-type]
        times.append(time.monotonic())

    monkeypatch.setattr(Store, "_choose", noting)
    return times


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MAX_RECORDS", 2)


def fill(service: LogDataService, account: str, count: int) -> None:
    service.set_consent(account, "usage", "granted")
    for _ in range(count):
        service.emit(account, AppStarted(surface="tray"))
    service.flush()


def withdraw_at_random_points(make_service: MakeService, receiver: Receiver, commits: list[float], points: int) -> None:
    """Drain batches of two while a withdrawal comes at a random moment; each point is an account of its own."""
    pick = random.Random(20260504)
    transport = Noting()
    service = make_service(transport=transport)
    interrupted = 0
    for point in range(points):
        if point % 50 == 0:
            service.close()
            service = make_service(transport=transport)
        account = f"server/member-{point}"
        fill(service, account, 24)
        transport.began.clear()
        before = len(receiver.logs())
        drain = threading.Thread(target=service.send_due, kwargs={"everything": True})
        drain.start()
        threading.Event().wait(pick.uniform(0, 0.06))
        service.set_consent(account, "usage", "denied")
        returned = time.monotonic()
        drain.join(10)
        assert not drain.is_alive()
        assert all(began <= commits[-1] for began in transport.began), "a request began after the commit"
        assert all(ended <= returned + 0.05 for ended in transport.ended[-1:]), "the socket outlived the withdrawal"
        arrived = len(receiver.logs()) - before
        assert arrived <= len(transport.began)
        interrupted += 0 < arrived < 12
        assert {one.category: one.queued for one in service.view(account)}["usage"] == 0
        assert service.send_due(everything=True) == 0
    assert interrupted >= points // 10, "the points must fall into the drain, else this shows nothing"


@pytest.mark.usefixtures("small_batches")
def test_no_request_begins_after_the_commit(
    make_service: MakeService, receiver: Receiver, commits: list[float]
) -> None:
    withdraw_at_random_points(make_service, receiver, commits, 100)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.usefixtures("small_batches")
def test_no_request_begins_after_the_commit_at_a_thousand_points(
    make_service: MakeService, receiver: Receiver, commits: list[float]
) -> None:
    withdraw_at_random_points(make_service, receiver, commits, 1000)


def test_a_stalled_request_is_cut_within_50_ms_of_the_commit(
    make_service: MakeService, receiver: Receiver, commits: list[float]
) -> None:
    receiver.decide = lambda arrival: None if arrival.path == "/v1/logs" else take_all(arrival)
    service = make_service()
    late: list[float] = []
    for point in range(20):
        account = f"server/member-{point}"
        fill(service, account, 3)
        drain = threading.Thread(target=service.send_due, kwargs={"everything": True})
        drain.start()
        receiver.wait_for(lambda one: len([a for a in one.arrivals if a.path == "/v1/logs"]) == len(late) + 1)
        service.set_consent(account, "usage", "denied")
        receiver.wait_for(lambda one: len(one.closed_at) == len(late) + 1)
        late.append(receiver.closed_at[-1] - commits[-1])
        drain.join(5)
        assert not drain.is_alive()
        log = service._log(account)
        assert [one.state for one in left_of(log)] == ["may_have_arrived"]
    assert max(late) <= 0.05, f"closed {max(late) * 1000:.1f} ms after the commit"


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
