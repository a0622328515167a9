"""Stored records joined are the request that protobuf itself would build, and the same every time."""

import gzip

from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from telemetry import records
from telemetry.redaction import redactor

values = st.one_of(st.booleans(), st.integers(-(2**53), 2**53), st.text(max_size=300))
events = st.lists(st.dictionaries(st.text(min_size=1, max_size=20), values, max_size=6), max_size=40)


@settings(max_examples=60, deadline=None)
@given(events)
def test_joining_loses_and_changes_nothing(contents: list[dict[str, str | int | bool]]) -> None:
    stored = [records.encode("app.started", one, time_ns=17, urgent=False) for one in contents]
    body = records.join(stored, "an-id")
    assert body == records.join(stored, "an-id")
    request = ExportLogsServiceRequest.FromString(gzip.decompress(body))
    (resource,) = request.resource_logs
    assert {one.key: one.value.string_value for one in resource.resource.attributes}["app.installation.id"] == "an-id"
    (scope,) = resource.scope_logs
    assert [one.SerializeToString() for one in scope.log_records] == stored
    assert request.SerializeToString() == gzip.decompress(body)


def test_redacting_again_leaves_the_envelope() -> None:
    kept = "01a20621-0dfc-785b-906c-528e6d883b30"
    stored = records.encode(
        "error.reported", {"template": f"lost {kept}", "event.id": kept, "event.seq": 5}, time_ns=17, urgent=True
    )
    again = LogRecord.FromString(records.redact_again(stored, redactor()))
    texts = {one.key: one.value.string_value for one in again.attributes}
    assert texts["template"] == "lost <id>"
    assert texts["event.id"] == kept
    assert again.time_unix_nano == 17
