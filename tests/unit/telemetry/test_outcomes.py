"""The outcome table, row by row."""

from datetime import UTC, datetime

import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse

from telemetry.outcomes import (
    Again,
    Answered,
    Bisect,
    Received,
    Smaller,
    Unanswered,
    Unknown,
    judge,
)

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
OTLP = {"content-type": "application/x-protobuf"}


def partial(rejected: int) -> bytes:
    reply = ExportLogsServiceResponse()
    reply.partial_success.rejected_log_records = rejected
    reply.partial_success.error_message = "too old"
    body: bytes = reply.SerializeToString()
    return body


@pytest.mark.parametrize(
    ("outcome", "verdict"),
    [
        (Answered(200, OTLP, b""), Received(0)),
        (Answered(200, OTLP, partial(3)), Received(3)),
        (Answered(200, {"content-type": "text/html"}, b"<html>"), Again(uncertain=True)),
        (Answered(200, OTLP, b"\xff\xff\xff"), Again(uncertain=True)),
        (Answered(202, OTLP, b""), Again()),
        (Answered(204, {}, b""), Again()),
        (Answered(301, {"location": "/"}, b""), Again()),
        (Answered(302, {"location": "/"}, b""), Again()),
        (Answered(400, {}, b""), Bisect()),
        (Answered(401, {}, b""), Unknown()),
        (Answered(403, {}, b""), Again()),
        (Answered(404, {}, b""), Again()),
        (Answered(413, {}, b""), Smaller()),
        (Answered(429, {"retry-after": "120"}, b""), Again(floor_seconds=120)),
        (Answered(500, {}, b""), Again(uncertain=True)),
        (Answered(502, {}, b""), Again()),
        (Answered(503, {"retry-after": "999999999"}, b""), Again(floor_seconds=86400)),
        (Answered(504, {}, b""), Again()),
        (Unanswered(), Again(uncertain=True)),
        (Unanswered(began=False), Again()),
        (Unanswered(began=False, floor_seconds=120), Again(floor_seconds=120)),
    ],
)
def test_row(outcome: Answered | Unanswered, verdict: object) -> None:
    assert judge(outcome, NOW, 10) == verdict
