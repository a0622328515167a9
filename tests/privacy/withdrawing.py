"""Withdrawing while log data is under way, again and again, and what was seen of it from outside."""

import contextlib
import random
import threading
import time
from collections.abc import Callable, Iterator
from unittest.mock import patch

import msgspec

from agent.logdata.service import LogDataService
from agent.transport import Cancellation, EgressRow, Transport
from agent.transport.transport import Reply
from telemetry import batches
from telemetry.catalog.events import AppStarted
from telemetry.store import Store
from tests.privacy.receiver import Receiver, take_all

RECORDS = 24
"""In each drain, sent two at a time."""


class Noting(Transport):
    """The real transport, with the times at which requests for log data began and ended."""

    def __init__(self) -> None:
        super().__init__()
        self.began: list[float] = []
        self.ended: list[float] = []

    def request(self, row: EgressRow, method: str, url: str, **more: object) -> Reply:
        cancellation = more["cancellation"]
        assert isinstance(cancellation, Cancellation)
        now = time.monotonic()
        if not cancellation.cancelled:  # the transport refuses a cancelled one before it connects
            self.began.append(now)
        try:
            return super().request(row, method, url, **more)  # type: ignore[arg-type]
        finally:
            self.ended.append(time.monotonic())


class Seen(msgspec.Struct):
    """Over all points: requests that began after the commit, records still queued after it or sent later, for how many
    seconds a request outlived the call at most, and how many points fell into a drain."""

    begun_after: int = 0
    queued_after: int = 0
    sent_after: int = 0
    outlived: float = 0.0
    interrupted: int = 0


@contextlib.contextmanager
def noted_commits() -> Iterator[list[float]]:
    """When each choice was committed, on the monotonic clock."""
    times: list[float] = []
    choose = Store._choose

    def noting(self: Store, *arguments: object, **more: object) -> None:
        choose(self, *arguments, **more)  # type: ignore[arg-type]
        times.append(time.monotonic())

    with patch.object(Store, "_choose", noting):
        yield times


def fill(service: LogDataService, account: str, count: int) -> None:
    """So many records of an account that allows usage, on the disk."""
    service.set_consent(account, "usage", "granted")
    for _ in range(count):
        service.emit(account, AppStarted(surface="tray"))
    service.flush()


def withdraw_at_random_points(
    make_service: Callable[[Transport], LogDataService], receiver: Receiver, points: int
) -> Seen:
    """Drain batches of two while a withdrawal comes at a random moment; each point is an account of its own."""
    pick = random.Random(20260504)
    transport = Noting()
    service = make_service(transport)
    seen = Seen()
    with noted_commits() as commits, patch.object(batches, "MAX_RECORDS", 2):
        for point in range(points):
            if point and point % 50 == 0:
                service.close()
                service = make_service(transport)
            account = f"server/member-{point}"
            fill(service, account, RECORDS)
            transport.began.clear()
            transport.ended.clear()
            before = len(receiver.logs())
            drain = threading.Thread(target=service.send_due, kwargs={"everything": True})
            drain.start()
            threading.Event().wait(pick.uniform(0, 0.06))
            service.set_consent(account, "usage", "denied")
            returned = time.monotonic()
            drain.join(10)
            if drain.is_alive():
                raise TimeoutError("the drain goes on after the withdrawal")
            seen.begun_after += sum(began > commits[-1] for began in transport.began)
            seen.outlived = max(seen.outlived, *(ended - returned for ended in transport.ended), 0.0)
            seen.interrupted += 0 < len(receiver.logs()) - before < RECORDS // 2
            seen.queued_after += {one.category: one.queued for one in service.view(account)}["usage"]
            seen.sent_after += service.send_due(everything=True)
    service.close()
    return seen


def withdraw_while_stalled(
    make_service: Callable[[Transport], LogDataService], receiver: Receiver, points: int
) -> list[float]:
    """Seconds from each commit until the receiver, which does not answer, saw the socket closed."""
    receiver.decide = lambda arrival: None if arrival.path == "/v1/logs" else take_all(arrival)
    service = make_service(Transport())
    late: list[float] = []
    with noted_commits() as commits:
        for point in range(points):
            account = f"server/stalled-{point}"
            fill(service, account, 3)
            drain = threading.Thread(target=service.send_due, kwargs={"everything": True})
            drain.start()
            receiver.wait_for(lambda one: len([a for a in one.arrivals if a.path == "/v1/logs"]) == len(late) + 1)
            service.set_consent(account, "usage", "denied")
            receiver.wait_for(lambda one: len(one.closed_at) == len(late) + 1)
            late.append(receiver.closed_at[-1] - commits[-1])
            drain.join(5)
            if drain.is_alive():
                raise TimeoutError("the drain goes on after the withdrawal")
    return late
