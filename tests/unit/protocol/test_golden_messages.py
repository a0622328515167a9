"""The wire as files: what these golden messages say must stay readable, and be written alike, for ever."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from protocol.changes import (
    AttendanceAskView,
    AttendanceView,
    CommentView,
    LocationView,
    ReportView,
    ScheduleView,
    TemplateView,
)
from protocol.discovery import Discovery, Me
from protocol.operations import (
    AttendanceAsk,
    AttendanceCancellation,
    AttendanceEvent,
    ReportComment,
    ReportRevision,
)
from protocol.problems import Problem
from protocol.statements import POLICY, RECEIPT, PolicyPayload, ReceiptPayload, SignedStatement
from protocol.sync import SyncRequest, SyncResponse
from rules.receipts import check_receipt, read_receipt
from rules.statements import trusted_keys, verify

GOLDEN = Path(__file__).parent / "golden"
MESSAGES: dict[str, type[Any]] = {
    "attendance_ask": AttendanceAsk,
    "attendance_ask_view": AttendanceAskView,
    "attendance_cancellation": AttendanceCancellation,
    "attendance_event": AttendanceEvent,
    "attendance_view": AttendanceView,
    "comment_view": CommentView,
    "discovery": Discovery,
    "location_view": LocationView,
    "me": Me,
    "policy": SignedStatement,
    "problem": Problem,
    "receipt": SignedStatement,
    "report_comment": ReportComment,
    "report_revision": ReportRevision,
    "report_revision_filled": ReportRevision,
    "report_view": ReportView,
    "schedule_view": ScheduleView,
    "sync_request": SyncRequest,
    "sync_response": SyncResponse,
    "template_view": TemplateView,
}


def golden(name: str) -> bytes:
    return (GOLDEN / f"{name}.json").read_bytes()


def test_every_golden_file_has_a_type() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(MESSAGES)


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_is_read_and_written_alike(name: str) -> None:
    read = msgspec.json.decode(golden(name), type=MESSAGES[name])
    assert msgspec.json.decode(msgspec.json.encode(read)) == msgspec.json.decode(golden(name))


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_unknown_fields_are_ignored(name: str) -> None:
    grown = msgspec.json.decode(golden(name)) | {"of_a_later_version": {"deep": [1, 2]}}
    read = msgspec.json.decode(msgspec.json.encode(grown), type=MESSAGES[name])
    assert msgspec.json.decode(msgspec.json.encode(read)) == msgspec.json.decode(golden(name))


@pytest.mark.parametrize(
    ("message", "change", "path"),
    [
        (SyncRequest, {"operations": [{"id": 7, "kind": "k", "entity": "e", "body": {}}]}, "$.operations[0].id"),
        (SyncRequest, {"operations": {}}, "$.operations"),
        (ReportRevision, {"media": [{"media_id": "m"}]}, "$.media[0]"),
        (ReportRevision, {"title": None}, "$.title"),
        (AttendanceEvent, {"kind": "teleport"}, "$.kind"),
        (AttendanceEvent, {"at": {"utc": 1}}, "$.at.utc"),
    ],
)
def test_a_wrong_type_is_refused_with_its_path(message: type[Any], change: dict[str, object], path: str) -> None:
    name = {SyncRequest: "sync_request", ReportRevision: "report_revision", AttendanceEvent: "attendance_event"}[
        message
    ]
    wrong = msgspec.json.decode(golden(name)) | change
    with pytest.raises(msgspec.ValidationError) as error:
        msgspec.json.decode(msgspec.json.encode(wrong), type=message)
    assert path in str(error.value)


def test_an_unknown_kind_does_not_fail_the_envelope() -> None:
    request = msgspec.json.decode(golden("sync_request"))
    request["operations"][0] |= {"kind": "report.sing", "body": ["anything", 1]}
    read = msgspec.json.decode(msgspec.json.encode(request), type=SyncRequest)
    assert bytes(read.operations[0].body) == b'["anything",1]'


def test_an_operations_body_keeps_its_bytes() -> None:
    odd = b'{"operations":[{"id":"i","kind":"k","entity":"e","body":{ "a" : 1.0 ,"\\u0062":2}}]}'
    read = msgspec.json.decode(odd, type=SyncRequest)
    assert bytes(read.operations[0].body) == b'{ "a" : 1.0 ,"\\u0062":2}'
    assert bytes(read.operations[0].body) in msgspec.json.encode(read)


def test_the_golden_receipt_covers_the_golden_report() -> None:
    keys = msgspec.json.decode(golden("discovery"), type=Discovery).keys
    statement = msgspec.json.decode(golden("receipt"), type=SignedStatement)
    claimed: ReceiptPayload = read_receipt(statement, keys)
    body = msgspec.json.encode(msgspec.json.decode(golden("report_revision"), type=ReportRevision))
    receipt = check_receipt(
        statement,
        keys,
        organization_id=claimed.organization_id,
        member_id=claimed.member_id,
        operation_id=claimed.operation_id,
        body=body,
        media_sha256=claimed.media,
    )
    assert receipt.received == "2026-03-29T06:58:14.001Z"
    assert statement.type == RECEIPT


def test_the_golden_keys_form_a_chain_and_sign_the_policy() -> None:
    keys = msgspec.json.decode(golden("discovery"), type=Discovery).keys
    trusted = trusted_keys(keys[:1], keys)
    assert [key.kid for key in trusted] == [key.kid for key in keys]
    payload = verify(msgspec.json.decode(golden("policy"), type=SignedStatement), trusted, POLICY)
    assert msgspec.json.decode(payload, type=PolicyPayload).telemetry.usage is True
