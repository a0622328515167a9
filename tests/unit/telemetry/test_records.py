"""Records are written byte for byte as protobuf would write them; joined they are the request that it would build."""

import gzip
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import (
    SEVERITY_NUMBER_ERROR,
    SEVERITY_NUMBER_INFO,
    LogRecord,
    ResourceLogs,
    ScopeLogs,
)
from opentelemetry.proto.resource.v1.resource_pb2 import Resource

from protocol.version import VERSION
from telemetry import ids, records
from telemetry.catalog import EVENTS, Declaration, Event, WrongFieldsError, attributes
from telemetry.catalog.events import AppStarted, ErrorReported, ReportSent
from telemetry.redaction import redactor
from telemetry.wire_format import Attribute, field, fixed_field, number_field, varint

REDACT: Callable[[str], str] = str.upper
"""Something to see that every text of a field went through it, and nothing else."""


def fields_of(declaration: Declaration) -> st.SearchStrategy[Event]:
    kinds: dict[str, Callable[[Any], st.SearchStrategy[Any]]] = {
        "choice": lambda one: st.sampled_from(one.choices),
        "whole": lambda one: st.integers(-1, 2**60),
        "flag": lambda one: st.booleans(),
        "text": lambda one: st.text(max_size=400),
    }
    return st.builds(declaration.event, **{one.name: kinds[one.kind](one) for one in declaration.fields})


events = st.sampled_from(list(EVENTS.values())).flatmap(fields_of)
numbers = st.integers(0, 2**40)
times = st.integers(0, 2**63 - 1)


def any_value(value: object) -> AnyValue:
    if isinstance(value, bool):
        return AnyValue(bool_value=value)
    return AnyValue(int_value=value) if isinstance(value, int) else AnyValue(string_value=value)


def by_protobuf(event: Event, *, event_id: str, seq: int, epoch: int, time_ns: int) -> LogRecord:
    declaration = event.declaration
    fields = {one.name: one for one in declaration.fields}
    values = {
        name: REDACT(value)[: fields[name].limit] if fields[name].kind == "text" and isinstance(value, str) else value
        for name, value in attributes(event).items()
    }
    values |= {
        "event.id": event_id,
        "event.seq": seq,
        "consent.category": declaration.category,
        "consent.epoch": epoch,
        "event.version": declaration.version,
    }
    return LogRecord(
        time_unix_nano=time_ns,
        observed_time_unix_nano=time_ns,
        severity_number=SEVERITY_NUMBER_ERROR if declaration.urgent else SEVERITY_NUMBER_INFO,
        event_name=declaration.name,
        attributes=[KeyValue(key=key, value=any_value(value)) for key, value in values.items()],
    )


@settings(max_examples=300, deadline=None)
@given(events, numbers, numbers, times.filter(bool))
def test_every_record_is_written_as_protobuf_writes_it(event: Event, seq: int, epoch: int, time_ns: int) -> None:
    more: dict[str, Any] = {"event_id": "01a2", "seq": seq, "epoch": epoch, "time_ns": time_ns}
    assert records.form_of(event).encode(event, REDACT, **more) == by_protobuf(event, **more).SerializeToString()


@given(st.integers(-(2**63), 2**63 - 1))
def test_numbers_are_written_as_protobuf_writes_them(number: int) -> None:
    assert (
        Attribute("n", 1).whole(number)
        == Resource(attributes=[KeyValue(key="n", value=AnyValue(int_value=number))]).SerializeToString()
    )
    if number:
        assert b"\x10" + varint(number) == AnyValue(int_value=number).SerializeToString().replace(b"\x18", b"\x10", 1)


@given(st.text(max_size=300), st.text(min_size=1, max_size=300), st.booleans())
def test_texts_and_flags_are_written_as_protobuf_writes_them(value: str, key: str, flag: bool) -> None:
    for written, meant in (
        (Attribute(key, 1).text(value), AnyValue(string_value=value)),
        (Attribute(key, 1).flag(flag), AnyValue(bool_value=flag)),
    ):
        assert written == Resource(attributes=[KeyValue(key=key, value=meant)]).SerializeToString()


@settings(max_examples=60, deadline=None)
@given(st.lists(events, max_size=40), st.text(max_size=50))
def test_joining_is_the_request_that_protobuf_would_build(contents: list[Event], installation_id: str) -> None:
    stored = [
        records.form_of(one).encode(one, REDACT, event_id="id", seq=seq, epoch=3, time_ns=17)
        for seq, one in enumerate(contents)
    ]
    body = records.join(stored, installation_id)
    assert body == records.join(stored, installation_id), "the same bytes each time"
    about = {"service.name": "miratag", "service.version": VERSION, "app.installation.id": installation_id}
    request = ExportLogsServiceRequest(
        resource_logs=[
            ResourceLogs(
                resource=Resource(attributes=[KeyValue(key=k, value=any_value(v)) for k, v in about.items()]),
                scope_logs=[
                    ScopeLogs(
                        scope=InstrumentationScope(name="miratag.telemetry", version=VERSION),
                        log_records=[LogRecord.FromString(one) for one in stored],
                    )
                ],
            )
        ]
    )
    assert gzip.decompress(body) == request.SerializeToString()


@pytest.mark.parametrize("time_ns", [-(2**70), -1, 0, 2**63, 2**200])
def test_a_clock_may_stand_anywhere(time_ns: int) -> None:
    event = AppStarted(surface="tray")
    stored = records.form_of(event).encode(event, REDACT, event_id="id", seq=1, epoch=1, time_ns=time_ns)
    assert 0 <= LogRecord.FromString(stored).time_unix_nano < 2**63


def test_half_a_surrogate_pair_spoils_no_record() -> None:
    event = ErrorReported(level="error", template="file \udce9\ud800 gone")
    stored = records.form_of(event).encode(event, str, event_id="id", seq=1, epoch=1, time_ns=1)
    assert {one.key: one.value.string_value for one in LogRecord.FromString(stored).attributes}["template"] == (
        "file ?? gone"
    )


@pytest.mark.parametrize(
    "event",
    [
        AppStarted(surface="hunter2horse"),  # type: ignore[arg-type]
        AppStarted(surface=["tray"]),  # type: ignore[arg-type]
        ReportSent(kind="new", size_bytes="hunter2horse", media=1),  # type: ignore[arg-type]
        ReportSent(kind="new", size_bytes=True, media=1),
        ErrorReported(level="error", template=b"hunter2horse"),  # type: ignore[arg-type]
    ],
)
def test_what_is_not_as_declared_is_not_written(event: Event) -> None:
    with pytest.raises(WrongFieldsError):
        records.form_of(event).encode(event, REDACT, event_id="id", seq=1, epoch=1, time_ns=1)


def test_the_catalogs_own_choices_need_no_redaction() -> None:
    redact = redactor()
    for declaration in EVENTS.values():
        for one in declaration.fields:
            assert [redact(choice) for choice in one.choices] == list(one.choices)


def test_redacting_again_leaves_the_envelope() -> None:
    kept = "01a20621-0dfc-785b-906c-528e6d883b30"
    event = ErrorReported(level="error", template=f"lost {kept}")
    stored = records.form_of(event).encode(event, str, event_id=kept, seq=5, epoch=1, time_ns=17)
    again = LogRecord.FromString(records.redact_again(stored, redactor()))
    texts = {one.key: one.value.string_value for one in again.attributes}
    assert texts["template"] == "lost <id>"
    assert texts["event.id"] == kept
    assert again.time_unix_nano == 17


@pytest.mark.parametrize("again", [False, True])
def test_no_text_is_longer_than_declared_because_of_what_stands_for_a_secret(again: bool) -> None:
    event = ErrorReported(level="error", template="8.8.8.8, " * 40)
    redact = redactor()
    stored = records.form_of(event).encode(event, str if again else redact, event_id="i", seq=5, epoch=1, time_ns=17)
    record = LogRecord.FromString(records.redact_again(stored, redact) if again else stored)
    (text,) = (one.value.string_value for one in record.attributes if one.key == "template")
    assert text.startswith("<address>, <address>, ")
    assert len(text) == 300


def test_fields_by_number() -> None:
    assert field(6, b"abc") == b"\x32\x03abc"
    assert number_field(2, 300) == b"\x10\xac\x02"
    assert fixed_field(1, 2) == b"\x09\x02" + bytes(7)


@given(st.lists(st.integers(0, 2**62), min_size=1, max_size=50))
def test_ids_are_uuids_of_version_7_with_their_time(times_ns: list[int]) -> None:
    import uuid

    made = list(ids.event_ids(times_ns))
    assert len(set(made)) == len(made)
    for one, time_ns in zip(made, times_ns, strict=True):
        parsed = uuid.UUID(one)
        assert (str(parsed), parsed.version, parsed.variant) == (one, 7, uuid.RFC_4122)
        assert parsed.int >> 80 == time_ns // 1_000_000 & 0xFFFFFFFFFFFF
    assert re.fullmatch(r"[0-9a-f-]{36}", made[0])


@given(st.integers(0, 2**47), st.integers(0, 2**47), st.integers(0, 2**47))
def test_the_next_id_sorts_behind_whatever_the_clock_did(first: int, second: int, third: int) -> None:
    one = ids.next_id(None, first)
    two = ids.next_id(one, second)
    assert one < two < ids.next_id(two, third)
