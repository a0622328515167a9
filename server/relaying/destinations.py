"""Where log data is passed on to, and how each wants it: a collector that takes OTLP, and Google Analytics 4."""

import gzip
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Protocol
from urllib.parse import urlencode, urlsplit

import msgspec
from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest, ExportLogsServiceResponse
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, ResourceLogs, ScopeLogs
from opentelemetry.proto.resource.v1.resource_pb2 import Resource

from protocol.version import VERSION
from rules.retrying import retry_after
from server.relaying.queue import Destination, Waiting
from server.relaying.requests import Reply

_PROTOBUF = "application/x-protobuf"
_PAUSING = frozenset({429, 502, 503, 504})
_OF_THE_WAY = frozenset({401, 403, 404, 405, 407, 408})
"""Whatever is sent there would be answered so."""
_ENVELOPE = ("event.", "consent.")


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """One request."""

    url: str
    headers: Mapping[str, str]
    body: bytes


class Arrived(msgspec.Struct, frozen=True):
    """Taken, but for `rejected` that will never be."""

    rejected: int = 0


class Later(msgspec.Struct, frozen=True):
    """The same again, not before so many seconds. `suspicion`: it may be the fault of what was sent."""

    floor_seconds: float = 0.0
    suspicion: bool = False


class Smaller(msgspec.Struct, frozen=True):
    """Too large: halves of it."""


class Faulty(msgspec.Struct, frozen=True):
    """Something in it cannot be read: halves of it, to find what."""


class Otherwise(msgspec.Struct, frozen=True):
    """The same at once: the receiver will put it otherwise."""


Outcome = Arrived | Later | Smaller | Faulty | Otherwise

_FINAL: Mapping[int, Outcome] = {400: Faulty(), 413: Smaller()}
"""Anything else that is not known is tried again: unknown never drops."""


class Receiver(Protocol):
    """Whom records are passed on to. `name` is what people are told."""

    destination: Destination
    name: str
    most: int

    def batches(self, records: Sequence[Waiting]) -> Iterator[Sequence[Waiting]]:
        """The records as they may stand together in one request."""
        ...

    def request(self, organization_id: str, records: Sequence[Waiting]) -> Outgoing:
        """What to send."""
        ...

    def outcome(self, reply: Reply, now: datetime) -> Outcome:
        """What the reply means."""
        ...


class Collector:
    """Any OTLP/HTTP collector. `headers` may hold its credentials."""

    destination: Destination = "collector"
    most = 500

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        self._url = url
        self._headers = headers
        self._packed = True
        self._agreed = False
        """Whether the collector has taken anything in this form."""
        self.name = urlsplit(url).netloc

    def batches(self, records: Sequence[Waiting]) -> Iterator[Sequence[Waiting]]:
        """One category each, as they came."""
        by_category = sorted(records, key=lambda one: one.category)
        for _, those in groupby(by_category, key=lambda one: one.category):
            yield tuple(those)

    def request(self, organization_id: str, records: Sequence[Waiting]) -> Outgoing:
        """A resource for each installation."""
        request = ExportLogsServiceRequest()
        scope = InstrumentationScope(name="miratag.telemetry", version=VERSION)
        by_installation = sorted(records, key=lambda one: one.installation_id)
        for installation_id, those in groupby(by_installation, key=lambda one: one.installation_id):
            told = {
                "service.name": "miratag",
                "miratag.organization.id": organization_id,
                "app.installation.id": installation_id,
            }
            resource = Resource(
                attributes=[KeyValue(key=key, value=AnyValue(string_value=value)) for key, value in told.items()]
            )
            logs = [LogRecord.FromString(one.record) for one in those]
            request.resource_logs.append(
                ResourceLogs(resource=resource, scope_logs=[ScopeLogs(scope=scope, log_records=logs)])
            )
        headers = {"Content-Type": _PROTOBUF, "User-Agent": f"miratag-server/{VERSION}", **self._headers}
        body = request.SerializeToString()
        if self._packed:
            headers["Content-Encoding"] = "gzip"
            body = gzip.compress(body, mtime=0)
        return Outgoing(url=self._url, headers=headers, body=body)

    def outcome(self, reply: Reply, now: datetime) -> Outcome:
        """The table of OTLP/HTTP. Only a 200 that is OTLP is success: a portal that wants a password says 200 too."""
        if reply.status == 200:
            outcome = _taken(reply)
            self._agreed = self._agreed or isinstance(outcome, Arrived)
            return outcome
        if reply.status in _PAUSING:
            return Later(retry_after(reply.headers.get("retry-after"), now) or 0.0)
        if reply.status in {400, 415} and not self._agreed:
            # It may not know gzip, which OTLP leaves open; where it knows neither, gzip is tried first again.
            self._packed = not self._packed
            return _final(reply) if self._packed else Otherwise()
        return _final(reply)


class GoogleAnalytics:
    """The Measurement Protocol of Google Analytics 4. `client_id(installation_id)` is another random-looking id, from
    which nobody tells the installation's."""

    destination: Destination = "third_party"
    most = 500
    name = "Google Analytics"
    _MOST_EVENTS = 25

    def __init__(self, endpoint: str, measurement_id: str, secret: str, client_id: Callable[[str], str]) -> None:
        self._url = f"{endpoint}?{urlencode({'measurement_id': measurement_id, 'api_secret': secret})}"
        self._client_id = client_id

    def batches(self, records: Sequence[Waiting]) -> Iterator[Sequence[Waiting]]:
        """One installation each, and no more events than the service takes."""
        by_installation = sorted(records, key=lambda one: one.installation_id)
        for _, found in groupby(by_installation, key=lambda one: one.installation_id):
            those = tuple(found)
            for start in range(0, len(those), self._MOST_EVENTS):
                yield those[start : start + self._MOST_EVENTS]

    def request(self, organization_id: str, records: Sequence[Waiting]) -> Outgoing:  # noqa: ARG002 - not told to it
        """Names and fields of the events; no time, no address, no organization, nobody's id, and no consent to ads."""
        told = {
            "client_id": self._client_id(records[0].installation_id),
            "non_personalized_ads": True,
            "consent": {"ad_user_data": "DENIED", "ad_personalization": "DENIED"},
            "events": [_event(LogRecord.FromString(one.record)) for one in records],
        }
        headers = {"Content-Type": "application/json", "User-Agent": "miratag-server"}
        return Outgoing(url=self._url, headers=headers, body=msgspec.json.encode(told))

    def outcome(self, reply: Reply, now: datetime) -> Outcome:
        """It answers 2xx to whatever it was sent, and says nothing of what it made of it."""
        if 200 <= reply.status < 300:
            return Arrived()
        if reply.status in _PAUSING:
            return Later(retry_after(reply.headers.get("retry-after"), now) or 0.0)
        return _final(reply)


def _event(record: LogRecord) -> dict[str, object]:
    fields = [one for one in record.attributes if not one.key.startswith(_ENVELOPE)]
    return {"name": record.event_name.replace(".", "_"), "params": {one.key: _value(one.value) for one in fields}}


def _value(value: AnyValue) -> str | int:
    """Text or a number, which is all the service takes."""
    found: str | int | bool = getattr(value, str(value.WhichOneof("value")))
    return int(found) if isinstance(found, bool) else found


def _final(reply: Reply) -> Outcome:
    suspicion = reply.status >= 400 and reply.status not in _OF_THE_WAY
    return _FINAL.get(reply.status, Later(suspicion=suspicion))


def _taken(reply: Reply) -> Outcome:
    kind = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    if reply.body and kind != _PROTOBUF:
        return Later()
    try:
        answer = ExportLogsServiceResponse.FromString(reply.body)
    except DecodeError:
        return Later()
    return Arrived(rejected=max(answer.partial_success.rejected_log_records, 0))
