"""How fast: the caller's part of a record, records to the disk, records to a server, and what redaction takes.

Rates are given as microseconds a record, of processor time on one core (all threads of the process) and by the clock.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.logdata.service import LogDataService
from agent.store.profile import Profile
from agent.transport import Transport
from bench.compare import Comparison, taking_turns
from bench.telemetry import corpus
from telemetry.account_log import AccountLog
from telemetry.catalog import Event
from telemetry.redaction import redactor
from telemetry.writer import Writer

RECORDS = 20_000
CALLS = 10_000
PROMISE = "the promise of"
_ACCOUNT = "bench/speed"


def run() -> list[Comparison]:
    """Each beside its promise, and records beside what OpenTelemetry takes to build and serialise the same."""
    events = list(corpus.events(RECORDS))
    results: dict[str, list[tuple[float, float]]] = {"ingest": [], "drain": [], "build": []}

    def noting(name: str, measure: Callable[[list[Event]], tuple[float, float]]) -> Callable[[], float]:
        def once() -> float:
            results[name].append(measure(events))
            return results[name][-1][0]

        return once

    ingest, drain, build = taking_turns(
        [noting("ingest", _ingest), noting("drain", _drain), noting("build", _build_as_opentelemetry)]
    )
    opentelemetry = "OpenTelemetry, building and serialising"
    return [
        Comparison("durable ingest, redaction on, processor", "us a record", ingest, [1e6 / 30_000], PROMISE, 1.0),
        Comparison("the same", "us a record", ingest, build, opentelemetry, None),
        Comparison("the same, by the clock", "us a record", _clock(results["ingest"]), [1e6 / 30_000], PROMISE, None),
        Comparison("drain to loopback, processor", "us a record", drain, [1e6 / 100_000], PROMISE, 1.0),
        Comparison("the same", "us a record", drain, build, opentelemetry, None),
        Comparison("the same, by the clock", "us a record", _clock(results["drain"]), [1e6 / 100_000], PROMISE, None),
        *_calls(events),
        *_redaction(events),
    ]


def _clock(found: list[tuple[float, float]]) -> list[float]:
    """By the clock, without the first round, which is thrown away."""
    return [clock for _, clock in found[1:]]


@contextmanager
def _measured(count: int) -> Iterator[list[float]]:
    """Microseconds a record while the block runs: of the processor, and by the clock."""
    found: list[float] = []
    processor, clock = time.process_time(), time.perf_counter()
    yield found
    found += [(time.process_time() - processor) / count * 1e6, (time.perf_counter() - clock) / count * 1e6]


def _ingest(events: list[Event]) -> tuple[float, float]:
    """From `record` on a caller's thread until the last is committed."""
    with tempfile.TemporaryDirectory() as folder:
        writer = Writer()
        log = AccountLog(Path(folder) / "telemetry.db", writer)
        for category in ("usage", "diagnostics"):
            log.set_consent(category, "granted").result()  # type: ignore[arg-type]
        log.record(events[0])
        log.flush()
        with _measured(len(events)) as found:
            for number, event in enumerate(events):
                log.record(event)
                if number % 5000 == 4999:  # fewer than the writer takes at once
                    log.flush()
            log.flush()
        if sum(account.queued for account in log.state.accounts.values()) != len(events) + 1:
            raise RuntimeError("not every record was kept")
        log.close()
        writer.close()
    return found[0], found[1]


def _drain(events: list[Event]) -> tuple[float, float]:
    """From a full queue until the server has all, over the real transport; the server is another process."""
    with tempfile.TemporaryDirectory() as folder, _server() as url:
        transport = Transport()
        service = LogDataService(
            Profile(Path(folder)),
            transport,
            server_url=lambda _account: url,
            token=lambda _account: "token",
            environment={},
        )
        for category in ("usage", "diagnostics"):
            service.set_consent(_ACCOUNT, category, "granted")  # type: ignore[arg-type]
        service.emit(_ACCOUNT, events[0])
        service.flush()
        service.send_due(everything=True)  # registered, and everything loaded
        for number, event in enumerate(events):
            service.emit(_ACCOUNT, event)
            if number % 5000 == 4999:
                service.flush()
        service.flush()
        with _measured(len(events)) as found:
            taken = service.send_due(everything=True)
        if taken != len(events):
            raise RuntimeError(f"only {taken} arrived")
        transport.close()
        service.close()
    return found[0], found[1]


@contextmanager
def _server() -> Iterator[str]:
    """A server that takes everything at once, as a process of its own."""
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("swallow.py"))], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        with process.stdout as said:
            yield f"http://127.0.0.1:{said.readline().strip()}"
    finally:
        process.kill()
        process.wait()


def _build_as_opentelemetry(events: list[Event]) -> tuple[float, float]:
    """The same records with the same attributes as the SDK's objects, encoded and serialised in batches of 500."""
    from opentelemetry._logs import LogRecord, SeverityNumber
    from opentelemetry.exporter.otlp.proto.common._log_encoder import encode_logs
    from opentelemetry.sdk._logs import ReadableLogRecord
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.util.instrumentation import InstrumentationScope

    from telemetry.catalog import attributes
    from telemetry.ids import event_ids

    resource, scope = Resource({"service.name": "bench"}), InstrumentationScope("bench", "1")
    with _measured(len(events)) as found:
        for at in range(0, len(events), 500):
            some = events[at : at + 500]
            batch = [
                ReadableLogRecord(
                    log_record=LogRecord(
                        timestamp=time.time_ns(),
                        observed_timestamp=time.time_ns(),
                        severity_number=SeverityNumber.INFO,
                        event_name=event.declaration.name,
                        attributes={
                            **attributes(event),
                            "event.id": event_id,
                            "event.seq": number,
                            "consent.category": event.declaration.category,
                            "consent.epoch": 1,
                            "event.version": 1,
                        },
                    ),
                    resource=resource,
                    instrumentation_scope=scope,
                )
                for number, (event, event_id) in enumerate(zip(some, event_ids([0] * len(some)), strict=True), at)
            ]
            encode_logs(batch).SerializeToString()
    return found[0], found[1]


def _calls(events: list[Event]) -> list[Comparison]:
    """CALLS of `record` one after the other, the writer at work beside them."""
    with tempfile.TemporaryDirectory() as folder:
        writer = Writer()
        log = AccountLog(Path(folder) / "telemetry.db", writer)
        for category in ("usage", "diagnostics"):
            log.set_consent(category, "granted").result()  # type: ignore[arg-type]
        rounds = []
        for _ in range(7):
            times = []
            for event in events[:CALLS]:
                begun = time.perf_counter()
                log.record(event)
                times.append((time.perf_counter() - begun) * 1e6)
            log.flush()
            rounds.append(statistics.quantiles(times, n=100, method="inclusive"))
        log.close()
        writer.close()
    return [
        Comparison("record() on the caller, p99", "us", [one[98] for one in rounds], [100], PROMISE, 1.0),
        Comparison("record() on the caller, p50", "us", [one[49] for one in rounds], [100], PROMISE, None),
    ]


def _redaction(events: list[Event]) -> list[Comparison]:
    """The texts of the errors, none of them seen before."""
    redact = redactor()
    texts = [
        [getattr(event, one.name) for one in event.declaration.fields if one.kind == "text"]
        for event in events
        if event.declaration.name == "error.reported"
    ]
    each = []
    for at in range(7):
        some = texts[at * 200 : at * 200 + 200]
        begun = time.process_time()
        for fields in some:
            for text in fields:
                redact(text)
        each.append((time.process_time() - begun) / len(some) * 1e6)
    return [Comparison("redaction of an error not seen before", "us", each, [50], PROMISE, 1.0)]
