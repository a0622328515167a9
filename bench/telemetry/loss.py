"""What is lost: an outage, kill -9, and how long the end of the program takes while a server does not answer."""

import random
import signal
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from bench.compare import Comparison
from bench.telemetry.programs import (
    Answer,
    Arrival,
    Receiver,
    at_once,
    event_ids,
    is_data,
    present,
    running,
    take,
    together,
)

OUTAGE_SECONDS = 40.0
"""Of them 20, from the fifth on, the server answers 503."""
KILLS = 200
ROUNDS = 7
PEERS = ("opentelemetry", "sentry", "posthog")
_LONGEST_END = 60.0


def run() -> list[Comparison]:
    """Per cent of the events, and seconds."""
    peers = present(*PEERS)
    return [*_outage(peers), *_kills(peers), *_ends(peers)]


def _outage(peers: list[str]) -> list[Comparison]:
    """All at once, each with a receiver of its own: 200 events a second take little of the processor."""
    lost: dict[str, float] = {}

    def measure(name: str) -> float:
        begun = time.monotonic()

        def decide(arrival: Arrival) -> Answer:
            away = 5 <= time.monotonic() - begun < 25 and is_data(arrival)
            return (503, {}, b"") if away else take(arrival)

        with Receiver() as receiver, tempfile.TemporaryDirectory() as folder:
            answered: list[Arrival] = []

            def noting(arrival: Arrival) -> Answer:
                answer = decide(arrival)
                if answer[0] == 200 and is_data(arrival):
                    answered.append(arrival)
                return answer

            receiver.decide = noting
            with running(name, "steady", receiver.url, str(OUTAGE_SECONDS), folder=folder) as agent:
                emitted = int(agent.end(OUTAGE_SECONDS + 120)[-1])
            found = event_ids(answered)
        lost[f"{name} doubled"] = 100 * (sum(found.values()) - len(found)) / emitted
        return 100 * (emitted - len(found)) / emitted

    shares = together(["ours", *peers], measure)
    what = "events lost in 20 s of 503 at 200 a second"
    return [
        *_beside(what, "%", shares, peers, target=0),
        *_beside(
            "the same, doubled", "%", {name: lost[f"{name} doubled"] for name in ("ours", *peers)}, peers, target=0
        ),
    ]


def _kills(peers: list[str]) -> list[Comparison]:
    """Ours: what `flush` returned for, in KILLS runs killed at a random moment. Peers: of all that was emitted in five
    seconds, ROUNDS runs."""
    pick = random.Random(7)
    moments = [pick.uniform(0, 0.5) for _ in range(KILLS)]
    with ThreadPoolExecutor(2) as pool:
        lost = list(pool.map(_flushed_and_killed, moments))
    shares = {name: at_once(ROUNDS, partial(_killed, name, pick)) for name in peers}
    what = f"lost after flush, {KILLS} kill -9"
    worst = [max(lost)]
    if not peers:
        return [Comparison(what, "%", worst, [0.0], "the promise of", 0)]
    return [Comparison(what, "%", worst, shares[name], f"{name}, a run of 5 s", 0) for name in peers]


def _flushed_and_killed(moment: float) -> float:
    """Per cent of what `flush` returned for that the next start does not send."""
    with tempfile.TemporaryDirectory() as folder, Receiver(take) as receiver:
        with running("ours", "steady", "http://127.0.0.1:9", "60", folder=folder) as agent:
            agent.wait_for(1, 60)
            threading.Event().wait(moment)
            agent.process.send_signal(signal.SIGKILL)
            flushed = int(agent.end(10)[-1])
        with running("ours", "resume", receiver.url, folder=folder) as agent:
            agent.end(60)
        return 100 * max(flushed - len(event_ids(receiver.logs())), 0) / flushed


def _killed(name: str, pick: random.Random) -> float:
    with Receiver(take) as receiver, running(name, "steady", receiver.url, "60") as agent:
        agent.wait_for(1, 30)
        threading.Event().wait(5 + pick.uniform(0, 1))
        agent.process.send_signal(signal.SIGKILL)
        emitted = int(agent.end(10)[-1])
        threading.Event().wait(0.5)  # what was under way arrives
        found = event_ids([one for one in receiver.arrivals if is_data(one)])
    return 100 * (emitted - len(found)) / emitted


def _ends(peers: list[str]) -> list[Comparison]:
    def measure(name: str) -> float:
        with (
            Receiver(lambda arrival: None if is_data(arrival) else take(arrival)) as receiver,
            running(name, "exit", receiver.url) as agent,
        ):
            agent.wait_for(1, 30)
            receiver.wait_for(lambda one: any(is_data(arrival) for arrival in one.arrivals), 30)
            agent.press()
            told = agent.end(_LONGEST_END)
        return float(told[-1]) if len(told) > 1 else _LONGEST_END

    ours = [measure("ours") for _ in range(ROUNDS)]
    theirs = {name: at_once(ROUNDS, partial(measure, name)) for name in peers}
    promised = Comparison("the end with a stalled server", "s", ours, [0.2], "the promise of", 1.0)
    return [promised, *(Comparison(promised.name, "s", ours, theirs[name], name, None) for name in peers)]


def _beside(
    what: str, unit: str, found: dict[str, float], peers: list[str], *, target: float | None
) -> list[Comparison]:
    if not peers:
        return [Comparison(what, unit, [found["ours"]], [0.0], "the promise of", target)]
    return [Comparison(what, unit, [found["ours"]], [found[name]], name, target) for name in peers]
