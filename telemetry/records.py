"""One event as a serialised OTLP LogRecord, and stored records joined into one request without rebuilding them.

Importing this loads protobuf; only the telemetry writer's thread does.
"""

import gzip
from collections.abc import Callable, Iterable, Mapping

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import SEVERITY_NUMBER_ERROR, SEVERITY_NUMBER_INFO, LogRecord
from opentelemetry.proto.resource.v1.resource_pb2 import Resource

from protocol.version import VERSION
from telemetry.catalog import Scalar

EVENT_ID = "event.id"
EVENT_SEQ = "event.seq"
CONSENT_CATEGORY = "consent.category"
CONSENT_EPOCH = "consent.epoch"
EVENT_VERSION = "event.version"
INSTALLATION_ID = "app.installation.id"
ENVELOPE = frozenset({EVENT_ID, EVENT_SEQ, CONSENT_CATEGORY, CONSENT_EPOCH, EVENT_VERSION})
"""What every record bears besides the event's own fields."""

_GZIP_LEVEL = 6


def encode(name: str, attributes: Mapping[str, Scalar], *, time_ns: int, urgent: bool) -> bytes:
    """The bytes that are stored, and later sent as they are."""
    record = LogRecord(
        time_unix_nano=time_ns,
        observed_time_unix_nano=time_ns,
        severity_number=SEVERITY_NUMBER_ERROR if urgent else SEVERITY_NUMBER_INFO,
        event_name=name,
        attributes=[KeyValue(key=key, value=_any(value)) for key, value in attributes.items()],
    )
    serialised: bytes = record.SerializeToString()
    return serialised


def redact_again(stored: bytes, redact: Callable[[str], str]) -> bytes:
    """`stored` with every text of the event's own fields redacted by the present rules."""
    record = LogRecord.FromString(stored)
    for attribute in record.attributes:
        if attribute.key not in ENVELOPE and attribute.value.HasField("string_value"):
            attribute.value.string_value = redact(attribute.value.string_value)
    serialised: bytes = record.SerializeToString()
    return serialised


def join(stored: Iterable[bytes], installation_id: str) -> bytes:
    """An ExportLogsServiceRequest around the stored records, gzipped; the same input gives the same bytes.

    Protobuf's messages concatenate: `log_records` is field 2 of ScopeLogs, that is field 2 of ResourceLogs, and that is
    field 1 of the request, so only tags and lengths are written here.
    """
    resource = Resource(attributes=[_attribute(*pair) for pair in _resource(installation_id)])
    scope = InstrumentationScope(name="miratag.telemetry", version=VERSION)
    scope_logs = _field(1, scope.SerializeToString()) + b"".join(_field(2, record) for record in stored)
    resource_logs = _field(1, resource.SerializeToString()) + _field(2, scope_logs)
    return gzip.compress(_field(1, resource_logs), _GZIP_LEVEL, mtime=0)


def _resource(installation_id: str) -> tuple[tuple[str, str], ...]:
    return (("service.name", "miratag"), ("service.version", VERSION), (INSTALLATION_ID, installation_id))


def _attribute(key: str, value: str) -> KeyValue:
    return KeyValue(key=key, value=AnyValue(string_value=value))


def _any(value: Scalar) -> AnyValue:
    if isinstance(value, bool):
        return AnyValue(bool_value=value)
    if isinstance(value, int):
        return AnyValue(int_value=value)
    return AnyValue(string_value=value)


def _field(number: int, content: bytes) -> bytes:
    """One length-delimited field of the protobuf wire format."""
    length, size = bytearray(), len(content)
    while size > 0x7F:
        length.append(size & 0x7F | 0x80)
        size >>= 7
    length.append(size)
    return bytes((number << 3 | 2,)) + bytes(length) + content
