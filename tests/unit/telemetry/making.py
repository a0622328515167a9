"""What the tests of telemetry make: a clock to move, offers, and what a batch says when read with protobuf."""

import gzip
import sqlite3

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest, ExportLogsServiceResponse
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from telemetry import installations, ledger
from telemetry.account_log import AccountLog
from telemetry.batches import Batch, Terms
from telemetry.catalog import Event
from telemetry.catalog.events import AppStarted, ErrorReported
from telemetry.installations import Installation
from telemetry.ledger import LeftBatch
from telemetry.outcomes import Answered, Unanswered
from telemetry.queue import Offer
from telemetry.store import Store

OTLP = {"content-type": "application/x-protobuf"}
TAKEN = Answered(200, OTLP, b"")
BUSY = Answered(503, {}, b"")


class Clock:
    """Milliseconds since 1970, moved by hand."""

    def __init__(self) -> None:
        self.now_ms = 1_780_000_000_000

    def __call__(self) -> int:
        return self.now_ms

    def move(self, seconds: float) -> None:
        """Go on, or back."""
        self.now_ms += int(seconds * 1000)


def offer(clock: Clock, event: Event | None = None) -> Offer:
    """One event now."""
    return Offer(event or AppStarted(surface="tray"), clock.now_ms * 1_000_000)


def error(clock: Clock, template: str = "It broke.") -> Offer:
    """One urgent diagnostics event now."""
    return offer(clock, ErrorReported(level="error", template=template))


def fill(store: Store, clock: Clock, count: int) -> None:
    """Record usage events."""
    store.append([offer(clock) for _ in range(count)], {})


def claim(store: Store, *, everything: bool = True) -> Batch | None:
    """The next batch."""
    return store.claim(Terms(everything=everything))


def log_records(batch: Batch | bytes) -> list[LogRecord]:
    """The records of a batch as protobuf reads them."""
    body = batch if isinstance(batch, bytes) else batch.body
    request = ExportLogsServiceRequest.FromString(gzip.decompress(body))
    return [
        record for resource in request.resource_logs for scope in resource.scope_logs for record in scope.log_records
    ]


def values(record: LogRecord) -> dict[str, str | int]:
    """A record's attributes."""
    return {
        one.key: one.value.string_value if one.value.HasField("string_value") else one.value.int_value
        for one in record.attributes
    }


def partial(rejected: int) -> Answered:
    """A reply that refuses some records for good."""
    reply = ExportLogsServiceResponse()
    reply.partial_success.rejected_log_records = rejected
    return Answered(200, OTLP, reply.SerializeToString())


def left_in(connection: sqlite3.Connection) -> list[LeftBatch]:
    """Every batch that left, or may have, oldest first, with its bytes."""
    found = (ledger.left_batch(connection, row.batch_id) for row in ledger.left_page(connection, None, 1000))
    return [one for one in found if one is not None][::-1]


def left_of(log: AccountLog) -> list[LeftBatch]:
    """The same of an account's log."""
    nothing: list[LeftBatch] = []
    return log.look(left_in, nothing).result()


def left(store: Store) -> list[LeftBatch]:
    """The same of a store."""
    return store.look(left_in, [])


def installation_of(log: AccountLog) -> Installation | None:
    """The one that batches are sent under now, if there is any."""
    return log.look(installations.current, None).result()


def balanced(store: Store) -> bool:
    """Whether every category's account adds up."""
    return all(account.balanced for account in store.accounts().values())


__all__ = ["BUSY", "OTLP", "TAKEN", "Unanswered"]
