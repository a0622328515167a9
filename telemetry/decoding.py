"""Stored bytes as a person may read them: one LogRecord, or a whole batch as it left.

Importing this loads protobuf. What is shown is decoded from the very bytes that are kept, never rebuilt from memory.
"""

import gzip
import zlib
from collections.abc import Iterable

import msgspec
from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest, ExportLogsServiceResponse
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from telemetry import records
from telemetry.catalog import Scalar


class Decoded(msgspec.Struct, frozen=True, kw_only=True):
    """One record. `fields` are the event's own; `envelope` is what every record bears; `time_ns` since 1970."""

    name: str
    time_ns: int
    size: int
    fields: dict[str, Scalar]
    envelope: dict[str, Scalar]

    @property
    def seq(self) -> int:
        """Its running number; 0 in a record that bears none."""
        seq = self.envelope.get(records.EVENT_SEQ, 0)
        return seq if isinstance(seq, int) else 0


def record(stored: bytes) -> Decoded:
    """One stored LogRecord. Raises ValueError for bytes that are none."""
    try:
        return _decoded(LogRecord.FromString(stored), len(stored))
    except DecodeError as error:
        raise ValueError("the stored record cannot be read") from error


def batch(body: bytes) -> tuple[Decoded, ...]:
    """The records of a gzipped ExportLogsServiceRequest, in its order. Raises ValueError for bytes that are none."""
    try:
        request = ExportLogsServiceRequest.FromString(gzip.decompress(body))
    except (DecodeError, OSError, EOFError, zlib.error) as error:
        raise ValueError("the stored batch cannot be read") from error
    found = (one for resource in request.resource_logs for scope in resource.scope_logs for one in scope.log_records)
    return tuple(_decoded(one, one.ByteSize()) for one in found)


def reply_text(status: int | None, body: bytes | None) -> str:
    """What a server answered, as text: an OTLP reply in words, anything else as it came."""
    if not body:
        return ""
    if status == 200:
        try:
            partial = ExportLogsServiceResponse.FromString(body).partial_success
        except DecodeError:
            return body.decode("utf-8", "replace")
        return f"{partial.rejected_log_records} rejected. {partial.error_message}".strip()
    return body.decode("utf-8", "replace")


def _decoded(one: LogRecord, size: int) -> Decoded:
    fields, envelope = _split(one.attributes)
    time_ns = one.time_unix_nano or one.observed_time_unix_nano
    return Decoded(name=one.event_name, time_ns=time_ns, size=size, fields=fields, envelope=envelope)


def _split(attributes: Iterable[KeyValue]) -> tuple[dict[str, Scalar], dict[str, Scalar]]:
    fields: dict[str, Scalar] = {}
    envelope: dict[str, Scalar] = {}
    for attribute in attributes:
        kind = attribute.value.WhichOneof("value")
        value = getattr(attribute.value, kind) if kind in ("string_value", "int_value", "bool_value") else f"<{kind}>"
        (envelope if attribute.key in records.ENVELOPE else fields)[attribute.key] = value
    return fields, envelope
