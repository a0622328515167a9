"""What leaves although it must not: requests after a withdrawal, and secrets."""

import tempfile
import time
from pathlib import Path

from agent.logdata.service import LogDataService
from agent.store.profile import Profile
from agent.transport import Transport
from bench.compare import Comparison
from bench.telemetry.programs import Answer, Arrival, Receiver, is_data, present, running, take
from tests.privacy.secret_texts import secrets
from tests.privacy.spilling import found_at, spill
from tests.privacy.withdrawing import withdraw_at_random_points, withdraw_while_stalled

POINTS = 1000
STALLS = 20
ROUNDS = 7
PROMISE = "the promise of"
_PING = "/submit/bench/bench/"
"""Not the request for deletion, which is meant to come later."""


def run() -> list[Comparison]:
    """Counts, and milliseconds until a socket was closed."""
    with tempfile.TemporaryDirectory() as folder:
        with Receiver(take) as receiver:
            seen = withdraw_at_random_points(lambda transport: _service(folder, receiver, transport), receiver, POINTS)
        with Receiver(take) as receiver:
            late = withdraw_while_stalled(lambda transport: _service(folder, receiver, transport), receiver, STALLS)
    begun = f"requests begun after a withdrawal, {POINTS} points ({seen.interrupted} within a drain)"
    closed = f"a stalled socket closed after the commit, worst of {STALLS}"
    return [
        Comparison(begun, "requests", [seen.begun_after], [0], PROMISE, 0),
        *(Comparison(begun, "requests", [seen.begun_after], _glean(), name, 0) for name in present("glean")),
        Comparison(closed, "ms", [max(late) * 1000], [50], PROMISE, 1.0),
        _secrets(),
    ]


def _service(folder: str, receiver: Receiver, transport: Transport) -> LogDataService:
    return LogDataService(
        Profile(Path(folder)),
        transport,
        server_url=lambda _account: receiver.url,
        token=lambda _account: "token",
        environment={},
    )


def _glean() -> list[float]:
    """Pings that began to arrive later than its choice was taken back, six of them waiting at a second each."""
    return [_glean_once() for _ in range(ROUNDS)]


def _glean_once() -> float:
    def slow(arrival: Arrival) -> Answer:
        if _PING in arrival.path:
            time.sleep(1)
        return take(arrival)

    with Receiver(slow) as receiver, running("glean", "withdraw", receiver.url) as agent:
        agent.wait_for(1, 30)
        receiver.wait_for(lambda one: any(is_data(arrival) for arrival in one.arrivals), 60)
        agent.press()
        withdrawn = float(agent.wait_for(2, 30))
        agent.end(20)
        return sum(one.at > withdrawn and _PING in one.path for one in receiver.arrivals)


def _secrets() -> Comparison:
    texts = secrets()
    with tempfile.TemporaryDirectory() as folder, Receiver(take) as receiver:
        transport = Transport()
        service = _service(folder, receiver, transport)
        spill(service, texts)
        service.send_due(everything=True)
        transport.close()
        service.close()
        found = found_at(receiver, texts)
    what = f"secrets at the server, {len(texts)} texts in nine places each"
    return Comparison(what, "texts", [len(found)], [0], PROMISE, 0)
