"""OTLP batches: unpacked within bounds, each record kept once, what is not wanted counted back to its sender."""

import uuid
import zlib
from collections.abc import Iterator

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest, ExportLogsServiceResponse
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from protocol.statements import TelemetryPolicy
from server.logs.installations import Installation
from server.policy.document import policy_payload
from server.problems import ProblemError, problem
from server.storage.database import Database, Transaction
from server.storage.tables import log_record

MAX_BODY = 4 * 1024 * 1024
"""Of a batch as it travels, in bytes."""
MAX_UNPACKED = 20 * 1024 * 1024
_MAX_RECORD = 256 * 1024
_MAX_TEXT = 200
_EVENT_ID = "event.id"
_CATEGORY = "consent.category"


def unpack(body: bytes, encoding: str) -> bytes:
    """The batch's own bytes. Raises a problem: 413 over the bounds, 415 another encoding, 400 broken gzip."""
    if len(body) > MAX_BODY:
        raise _too_large(MAX_BODY)
    if encoding in {"", "identity"}:
        return body
    if encoding != "gzip":
        detail = "Batches of log data are sent plain or as gzip. Set the sender to one of these."
        raise problem("bad-encoding", 415, "Unsupported Media Type", detail, field="Content-Encoding")
    unpacked = bytearray()
    while body:
        member = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            unpacked += member.decompress(body, MAX_UNPACKED + 1 - len(unpacked))
        except zlib.error:
            raise _unreadable() from None
        if len(unpacked) > MAX_UNPACKED:
            raise _too_large(MAX_UNPACKED)
        if not member.eof:
            raise _unreadable()
        body = member.unused_data
    return bytes(unpacked)


def keep_batch(database: Database, sender: Installation, batch: bytes) -> bytes:
    """Keep the records of an ExportLogsServiceRequest and answer with an ExportLogsServiceResponse. A record that came
    before counts as kept. Raises a 400 problem when the batch is none."""
    try:
        request = ExportLogsServiceRequest.FromString(batch)
    except DecodeError:
        raise _unreadable() from None
    refused: dict[str, int] = {}
    with database.write(sender.organization_id) as t:
        allowed = policy_payload(t).telemetry
        rows = []
        for record in _records(request):
            reason = _refusal(record, allowed)
            if reason:
                refused[reason] = refused.get(reason, 0) + 1
            else:
                rows.append(_row(t, sender, record))
        t.insert_all_new(log_record, rows)
    answer = ExportLogsServiceResponse()
    if refused:
        answer.partial_success.rejected_log_records = sum(refused.values())
        answer.partial_success.error_message = "; ".join(f"{count} {reason}" for reason, count in refused.items())
    serialised: bytes = answer.SerializeToString()
    return serialised


def _records(request: ExportLogsServiceRequest) -> Iterator[LogRecord]:
    for resource in request.resource_logs:
        for scope in resource.scope_logs:
            yield from scope.log_records


def _refusal(record: LogRecord, allowed: TelemetryPolicy) -> str:
    """Why a record is not kept, or empty. One that names no category counts as diagnostics."""
    category = _attribute(record, _CATEGORY) or "diagnostics"
    if category not in TelemetryPolicy.__struct_fields__:
        return "of a category that does not exist"
    if not getattr(allowed, category):
        return f"of the category {category}, which the organization does not allow"
    texts = (_attribute(record, _EVENT_ID), record.event_name)
    if any(len(text) > _MAX_TEXT or "\x00" in text for text in texts):
        return "with a name or id that cannot be kept"
    if record.ByteSize() > _MAX_RECORD or max(record.time_unix_nano, record.observed_time_unix_nano) >= 2**63:
        return "too large, or of a time beyond the year 2262"
    return ""


def _row(t: Transaction, sender: Installation, record: LogRecord) -> dict[str, object]:
    return {
        "installation_id": sender.installation_id,
        "event_id": _attribute(record, _EVENT_ID) or str(uuid.uuid4()),
        "category": _attribute(record, _CATEGORY) or "diagnostics",
        "name": record.event_name,
        "time_unix_nano": record.time_unix_nano or record.observed_time_unix_nano,
        "record": record.SerializeToString(),
        "received": t.now_text,
    }


def _attribute(record: LogRecord, key: str) -> str:
    for attribute in record.attributes:
        if attribute.key == key:
            return str(attribute.value.string_value)
    return ""


def _too_large(limit: int) -> ProblemError:
    detail = f"The batch is over {limit} bytes. Send fewer records at once."
    return problem("batch-too-large", 413, "Content Too Large", detail, limit=limit)


def _unreadable() -> ProblemError:
    detail = "The batch is not an OTLP request in protobuf. Set the sender to OTLP over HTTP with protobuf."
    return problem("bad-batch", 400, "Bad Request", detail)
