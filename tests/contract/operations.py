"""Operations as a device makes them, for the tests to send."""

import hashlib
from datetime import datetime

import msgspec

from protocol.moment import Moment
from protocol.operations import (
    ATTENDANCE_CANCEL,
    ATTENDANCE_RECORD,
    REPORT_COMMENT,
    REPORT_REVISE,
    AttendanceCancellation,
    AttendanceEvent,
    AttendanceKind,
    ManifestEntry,
    ReportComment,
    ReportRevision,
)
from protocol.sync import Operation
from rules.clock import format_utc
from tests.contract.conftest import new_id


def moment(at: datetime) -> Moment:
    """What a device reads that never met a server since it started."""
    return Moment(utc=format_utc(at), offset_minutes=0, zone="Europe/Lisbon", boot_id="boot-1", elapsed_ms=1000)


def operation(kind: str, entity: str, body: msgspec.Struct, operation_id: str | None = None) -> Operation:
    """An operation with its body encoded once."""
    encoded = msgspec.Raw(msgspec.json.encode(body))
    return Operation(id=operation_id or new_id(), kind=kind, entity=entity, body=encoded)


def revision(
    at: datetime,
    title: str = "Pump 3 leaks",
    *,
    instance_id: str | None = None,
    parents: tuple[str, ...] = (),
    media: tuple[ManifestEntry, ...] = (),
    location_id: str | None = None,
) -> ReportRevision:
    """A revision of a new report, or of `instance_id`."""
    return ReportRevision(
        instance_id=instance_id or new_id(),
        revision_id=new_id(),
        parents=parents,
        title=title,
        text="Seen at the morning round.",
        location_id=location_id,
        media=media,
        written=moment(at),
    )


def revise(body: ReportRevision) -> Operation:
    """The operation that sends a revision."""
    return operation(REPORT_REVISE, body.instance_id, body)


def comment(instance_id: str, text: str, at: datetime) -> Operation:
    """The operation that sends a comment."""
    body = ReportComment(comment_id=new_id(), instance_id=instance_id, text=text, written=moment(at))
    return operation(REPORT_COMMENT, body.comment_id, body)


def attendance(
    kind: AttendanceKind, at: datetime, *, location_id: str | None = None, check_in_id: str | None = None
) -> AttendanceEvent:
    """An attendance event chosen by hand."""
    return AttendanceEvent(
        event_id=new_id(), kind=kind, location_id=location_id, check_in_id=check_in_id, at=moment(at)
    )


def record(body: AttendanceEvent) -> Operation:
    """The operation that sends an attendance event."""
    return operation(ATTENDANCE_RECORD, body.event_id, body)


def undo(event_id: str, at: datetime) -> Operation:
    """The operation that undoes an attendance event."""
    body = AttendanceCancellation(event_id=new_id(), cancels=event_id, at=moment(at))
    return operation(ATTENDANCE_CANCEL, body.event_id, body)


def photo(content: bytes, name: str = "pump.jpg") -> ManifestEntry:
    """A manifest's entry for these bytes."""
    return ManifestEntry(
        media_id=new_id(),
        name=name,
        content_type="image/jpeg",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
