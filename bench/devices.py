"""Twenty devices after a day offline: a process of its own that sends prepared reports over loopback.

    python -m bench.devices < plan

The plan is JSON of `Plan`; what was reached is printed as JSON of `Sent`.
"""

import http.client
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import msgspec
from uuid6 import uuid7

from protocol.moment import Moment
from protocol.operations import REPORT_REVISE, ReportRevision
from protocol.sync import Operation, SyncRequest, SyncResponse
from rules.clock import format_utc

TEXT = "Ropes, hooks and brakes are in order. " * 8
_SECONDS = 60.0


class Plan(msgspec.Struct):
    """Each member (a token) sends `batches` of `size` reports to one of the `ports`, none begun after `seconds`. Who
    has no cursor reads first what is there, which is not timed."""

    ports: list[int]
    tokens: list[str]
    cursors: list[str | None]
    batches: int
    size: int
    seconds: float


class Sent(msgspec.Struct):
    """Reports that were accepted, seconds from the first request to the last answer, and how far each member read."""

    reports: int
    seconds: float
    cursors: list[str | None]


def batch(size: int) -> tuple[Operation, ...]:
    """New reports as a device keeps them until it has a line."""
    return tuple(_report(number) for number in range(size))


def run(plan: Plan) -> Sent:
    """Prepare all, then send from every member at once."""
    prepared = [[batch(plan.size) for _ in range(plan.batches)] for _ in plan.tokens]
    devices = [
        _Device(plan.ports[number % len(plan.ports)], token, cursor, plan.seconds)
        for number, (token, cursor) in enumerate(zip(plan.tokens, plan.cursors, strict=True))
    ]
    with ThreadPoolExecutor(len(devices)) as pool:
        list(pool.map(_Device.begin, devices))
        begun = time.perf_counter()
        reports = sum(pool.map(_Device.send, devices, prepared))
        return Sent(reports, time.perf_counter() - begun, [device.cursor for device in devices])


class _Device:
    def __init__(self, port: int, token: str, cursor: str | None, seconds: float) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.cursor = cursor
        self._seconds = seconds
        self._more = False

    def begin(self) -> None:
        """Know what is there, as a device does that is signed in; the next requests bring only what is new."""
        while self.cursor is None or self._more:
            self._ask(())

    def send(self, batches: list[tuple[Operation, ...]]) -> int:
        """How many were accepted."""
        self._line.close()  # the server may have hung up while others began
        end = time.perf_counter() + self._seconds
        accepted = 0
        for operations in batches:
            if time.perf_counter() > end:
                break
            accepted += sum(result.outcome == "accepted" for result in self._ask(operations).results)
        return accepted

    def _ask(self, operations: tuple[Operation, ...]) -> SyncResponse:
        body = msgspec.json.encode(SyncRequest(operations=operations, cursor=self.cursor))
        self._line.request("POST", "/v1/sync", body, self._headers)
        answer = self._line.getresponse()
        content = answer.read()
        if answer.status != http.client.OK:
            raise RuntimeError(f"the server answered {answer.status}: {content[:500]!r}")
        response = msgspec.json.decode(content, type=SyncResponse)
        self.cursor, self._more = response.cursor, response.more
        return response


def _report(number: int) -> Operation:
    now = format_utc(datetime.now(UTC))
    moment = Moment(utc=now, offset_minutes=0, zone="Europe/Lisbon", boot_id="boot-1", elapsed_ms=1000 + number)
    body = ReportRevision(
        instance_id=str(uuid7()),
        revision_id=str(uuid7()),
        title=f"Crane {number} inspected",
        text=TEXT,
        written=moment,
    )
    encoded = msgspec.Raw(msgspec.json.encode(body))
    return Operation(id=str(uuid7()), kind=REPORT_REVISE, entity=body.instance_id, body=encoded)


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(run(msgspec.json.decode(sys.stdin.buffer.read(), type=Plan))))
