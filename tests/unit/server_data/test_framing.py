"""Where the records of a batch stand: the same that protobuf finds in any bytes, with few of them in memory."""

import tracemalloc

import pytest
from google.protobuf.message import DecodeError
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, ResourceLogs, ScopeLogs
from opentelemetry.proto.resource.v1.resource_pb2 import Resource

from server.logs.framing import Group, MalformedError, TooManyError, groups

MOST = 50

_texts = st.text(max_size=8)
_attributes = st.lists(
    st.builds(KeyValue, key=_texts, value=st.builds(AnyValue, string_value=_texts) | st.builds(AnyValue)), max_size=3
)
_records = st.builds(LogRecord, attributes=_attributes, event_name=_texts, time_unix_nano=st.integers(0, 2**64 - 1))
_scopes = st.builds(
    ScopeLogs,
    scope=st.none() | st.builds(InstrumentationScope, name=_texts),
    log_records=st.lists(_records, max_size=3),
    schema_url=_texts,
)
_requests = st.builds(
    ExportLogsServiceRequest,
    resource_logs=st.lists(
        st.builds(
            ResourceLogs,
            resource=st.none() | st.builds(Resource, attributes=_attributes),
            scope_logs=st.lists(_scopes, max_size=3),
            schema_url=_texts,
        ),
        max_size=3,
    ),
)


def _varint(value: int, fat: int = 0) -> bytes:
    """With `fat` bytes that say nothing."""
    made = bytearray()
    while value >= 0x80 or fat:
        fat -= value < 0x80
        made.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*made, value])


@st.composite
def _fields(draw: st.DrawFn, depth: int = 4) -> bytes:
    """Fields of every kind, some of them nested, in any order; nearly always a message that protobuf reads."""
    made = b""
    for _ in range(draw(st.integers(0, 4))):
        number, kind = draw(st.integers(1, 4) | st.integers(1, 2**29 - 1)), draw(st.sampled_from([0, 1, 2, 2, 2, 3, 5]))
        fat = draw(st.integers(0, 1))
        made += _varint(number << 3 | kind, fat)
        if kind == 0:
            made += _varint(draw(st.integers(0, 2**64 - 1)))
        elif kind == 2:
            content = draw(_fields(depth - 1)) if depth else draw(st.binary(max_size=3))
            made += _varint(len(content), fat) + content
        elif kind == 3:
            made += (draw(_fields(depth - 1)) if depth else b"") + _varint(number << 3 | 4)
        else:
            made += draw(st.binary(min_size=8, max_size=8))[: 8 if kind == 1 else 4]
    return made


@st.composite
def _damaged(draw: st.DrawFn, sound: st.SearchStrategy[bytes]) -> bytes:
    batch = bytearray(draw(sound))
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.integers(0, len(batch)))
        batch[place : place + draw(st.integers(0, 2))] = draw(st.binary(max_size=2))
    return bytes(batch)


def _read(batch: bytes, group: Group) -> tuple[Resource, list[LogRecord]]:
    resource = Resource.FromString(b"".join(batch[start:end] for start, end in group.resource))
    return resource, [LogRecord.FromString(batch[start:end]) for start, end in group.records]


@settings(max_examples=300, deadline=None)
@given(_requests.map(lambda one: one.SerializeToString()) | _damaged(_fields()) | st.binary(max_size=40))
def test_what_protobuf_reads_is_found_likewise(batch: bytes) -> None:
    try:
        request = ExportLogsServiceRequest.FromString(batch)
    except DecodeError:
        return
    found = [_read(batch, group) for group in groups(batch, 100_000)]
    assert [resource for resource, _ in found] == [one.resource for one in request.resource_logs]
    records = [[one for scope in group.scope_logs for one in scope.log_records] for group in request.resource_logs]
    assert [those for _, those in found] == records


@settings(max_examples=300, deadline=None)
@given(_damaged(_requests.map(lambda one: one.SerializeToString())) | st.binary(max_size=60))
def test_anything_else_is_malformed_or_found_within_its_bounds(batch: bytes) -> None:
    try:
        found = groups(batch, MOST)
    except (MalformedError, TooManyError):
        return
    spans = [span for group in found for span in (*group.resource, *group.records)]
    assert all(0 <= start <= end <= len(batch) for start, end in spans)
    assert sum(len(group.records) for group in found) <= MOST


@pytest.mark.parametrize(
    "batch",
    [
        b"\x0a",  # no length
        b"\x0a\x05ab",  # longer than what is there
        b"\x0a\x02\x12\x05",  # likewise, within
        b"\x02\x00",  # of field number 0
        b"\x0e",  # of a kind that there is not
        b"\x0c",  # the end of a group that did not begin
        b"\x0b",  # a group without an end
        b"\x0b\x14",  # with that of another
        b"\xff" * 11,  # a number without an end
        b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\x7f",  # of very many bytes
    ],
)
def test_malformed(batch: bytes) -> None:
    with pytest.raises(DecodeError):
        ExportLogsServiceRequest.FromString(batch)
    with pytest.raises(MalformedError):
        groups(batch, MOST)


@pytest.mark.parametrize(
    "piece",
    [b"\x0a\x00", b"\x0a\x02\x12\x00", b"\x0a\x04\x12\x02\x12\x00", b"\x18\x00", b"\x0b\x0c"],
    ids=["resources", "scopes", "records", "others", "groups"],
)
def test_twenty_mebibytes_of_next_to_nothing_cost_little(piece: bytes) -> None:
    batch = piece * (20 * 1024**2 // len(piece))
    tracemalloc.start()
    try:
        with pytest.raises(TooManyError):
            groups(batch, 5000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * 1024**2


def test_as_many_as_allowed_are_found_and_one_more_is_not() -> None:
    scope = ScopeLogs(log_records=[LogRecord()] * 10)
    request = ExportLogsServiceRequest(resource_logs=[ResourceLogs(scope_logs=[scope])] * 5)
    assert sum(len(group.records) for group in groups(request.SerializeToString(), MOST)) == MOST
    request.resource_logs[4].scope_logs[0].log_records.add()
    with pytest.raises(TooManyError):
        groups(request.SerializeToString(), MOST)
