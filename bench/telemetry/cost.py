"""What it costs to have log data: bytes on the wire, loading, memory, and wakeups while there is nothing to do."""

import gzip
import statistics
import time
from collections.abc import Iterator

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, ResourceLogs, ScopeLogs

from bench.compare import Comparison
from bench.programs import voluntary_switches
from bench.telemetry import corpus
from bench.telemetry.programs import Receiver, present, running, take, together
from telemetry import ids, records
from telemetry.catalog import Category, attributes
from telemetry.queue import Offer
from telemetry.redaction import redactor

PEERS = ("opentelemetry", "sentry", "posthog", "glean")
ROUNDS = 7
WATCH_SECONDS = 60
PROMISE = "the promise of"
INSTALLATION = "01a20621-0dfc-485b-906c-528e6d883b30"


def run() -> list[Comparison]:
    """Bytes a record, milliseconds of the processor, MiB, and wakeups a minute."""
    peers = present(*PEERS)
    return [*_wire(), *_loading(peers), *_wakeups([one for one in peers if one != "glean"])]


def _wire() -> list[Comparison]:
    offers = corpus.offers()
    found = []
    for size, promised in ((500, 48), (10, 110)):
        ours = [len(records.join(batch, INSTALLATION)) / len(batch) for batch in stored_batches(offers, size)]
        plain = [len(batch) / size for batch in _plain_otlp(offers, size)]
        what = f"bytes a record on the wire, batches of {size}"
        found += [
            Comparison(what, "bytes", [_mean(ours)], [promised], PROMISE, 1.0),
            Comparison(what, "bytes", [_mean(ours)], [_mean(plain)], "OTLP with gzip, four facts less", None),
        ]
    return found


def _mean(values: list[float]) -> float:
    return statistics.fmean(values)


def stored_batches(offers: list[Offer], size: int) -> Iterator[list[bytes]]:
    """The corpus as it is stored and batched: each category by itself; what is left over at the end is left out."""
    redact = redactor()
    stored: dict[Category, list[bytes]] = {}
    made = ids.event_ids([offer.time_ns for offer in offers])
    for seq, (offer, event_id) in enumerate(zip(offers, made, strict=True), 1000):
        body = records.form_of(offer.event).encode(
            offer.event, redact, event_id=event_id, seq=seq, epoch=3, time_ns=offer.time_ns
        )
        stored.setdefault(offer.event.declaration.category, []).append(body)
    for rows in stored.values():
        for at in range(0, len(rows) - size + 1, size):
            yield rows[at : at + size]


def _plain_otlp(offers: list[Offer], size: int) -> Iterator[bytes]:
    """The same events with an id as OTLP has them, without number, category, choice and version, as gzip comes."""
    made = ids.event_ids([offer.time_ns for offer in offers])
    rows = [
        LogRecord(
            time_unix_nano=offer.time_ns,
            observed_time_unix_nano=offer.time_ns,
            severity_number=9,
            event_name=offer.event.declaration.name,
            attributes=[
                KeyValue(
                    key=key, value=AnyValue(int_value=value) if isinstance(value, int) else AnyValue(string_value=value)
                )
                for key, value in {**attributes(offer.event), "event.id": event_id}.items()
            ],
        )
        for offer, event_id in zip(offers, made, strict=True)
    ]
    for at in range(0, len(rows) - size + 1, size):
        request = ExportLogsServiceRequest(
            resource_logs=[ResourceLogs(scope_logs=[ScopeLogs(log_records=rows[at : at + size])])]
        )
        yield gzip.compress(request.SerializeToString(), mtime=0)


def _loading(peers: list[str]) -> list[Comparison]:
    """Fresh processes in turn. Ours is `telemetry` with the file made and a record on the disk; a peer is set up."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in ("ours", *peers)}
    for number in range(ROUNDS + 1):
        for name in found if number % 2 else reversed(found):
            with running(name, "load", "http://127.0.0.1:9") as agent:
                milliseconds, mebibytes = agent.end(60)[0].split()
            found[name].append((float(milliseconds), float(mebibytes)))
    loading = {name: [milliseconds for milliseconds, _ in several[1:]] for name, several in found.items()}
    memory = {name: [mebibytes for _, mebibytes in several[1:]] for name, several in found.items()}
    return [
        Comparison("import of telemetry, processor", "ms", loading["ours"], [30], PROMISE, 1.0),
        *(Comparison("import of telemetry", "ms", loading["ours"], loading[name], name, None) for name in peers),
        Comparison("memory, a record recorded", "MiB", memory["ours"], [8], PROMISE, 1.0),
        *(Comparison("memory", "MiB", memory["ours"], memory[name], name, None) for name in peers),
    ]


def _wakeups(peers: list[str]) -> list[Comparison]:
    """All at once over WATCH_SECONDS, after one event each that was sent: they wait, and take no processor."""

    def measure(name: str) -> float:
        with Receiver(take) as receiver, running(name, "idle", receiver.url, "600") as agent:
            agent.wait_for(1, 60)
            time.sleep(2)  # until it went to rest
            before, begun = voluntary_switches(agent.process.pid), time.monotonic()
            time.sleep(WATCH_SECONDS)
            return (voluntary_switches(agent.process.pid) - before) / (time.monotonic() - begun) * 60

    found = together(["ours", *peers], measure)
    return [
        Comparison("wakeups with nothing to do", "a minute", [found["ours"]], [1.0], PROMISE, 1.0),
        *(Comparison("the same", "a minute", [found["ours"]], [found[name]], name, None) for name in peers),
    ]
