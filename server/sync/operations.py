"""One operation, kept once: told apart by id and by the SHA-256 of its body's bytes, then handed on by kind."""

import logging
from collections.abc import Callable
from typing import Any

import msgspec
from sqlalchemy.exc import DataError, IntegrityError

from protocol.operations import (
    ATTENDANCE_ASK,
    ATTENDANCE_CANCEL,
    ATTENDANCE_RECORD,
    ATTENDANCE_WITHDRAW,
    REPORT_COMMENT,
    REPORT_REVISE,
    AttendanceAsk,
    AttendanceCancellation,
    AttendanceEvent,
    AttendanceWithdrawal,
    ReportComment,
    ReportRevision,
)
from protocol.problems import TYPE_PREFIX, Problem
from protocol.sync import Operation, OperationResult
from rules.decoding import UNREADABLE
from server.attendance.arrival import UNTOLD, Arrival
from server.attendance.asking import ask, withdraw
from server.attendance.recording import cancel, record
from server.bounds import check_id
from server.problems import ProblemError, decoding_trouble, problem
from server.receipts.issuing import issue_for_event, issue_if_complete
from server.receipts.keys import SigningKeys
from server.reports.commenting import comment
from server.reports.revising import revise
from server.storage.database import Actor, Database, Transaction
from server.storage.members import lock_member
from server.storage.operation_rows import operation_row
from server.storage.tables import operation as operation_table

_log = logging.getLogger(__name__)

Handler = Callable[[Transaction, SigningKeys, Actor, Operation, Any, Arrival], bool]


def _revise(
    t: Transaction, keys: SigningKeys, actor: Actor, operation: Operation, body: ReportRevision, _arrival: Arrival
) -> bool:
    alone = revise(t, actor, operation, body)
    issue_if_complete(t, keys, body.revision_id)
    return alone


def _comment(
    t: Transaction, _keys: SigningKeys, actor: Actor, operation: Operation, body: ReportComment, _arrival: Arrival
) -> bool:
    return comment(t, actor, operation, body)


def _record(  # noqa: PLR0917 - a Handler
    t: Transaction, keys: SigningKeys, actor: Actor, operation: Operation, body: AttendanceEvent, arrival: Arrival
) -> bool:
    alone = record(t, actor, operation, body, arrival=arrival)
    if body.media:
        issue_for_event(t, keys, body.event_id)
    return alone


def _cancel(
    t: Transaction,
    _keys: SigningKeys,
    actor: Actor,
    operation: Operation,
    body: AttendanceCancellation,
    _arrival: Arrival,
) -> bool:
    return cancel(t, actor, operation, body)


def _ask(
    t: Transaction, _keys: SigningKeys, actor: Actor, operation: Operation, body: AttendanceAsk, _arrival: Arrival
) -> bool:
    return ask(t, actor, operation, body)


def _withdraw(
    t: Transaction,
    _keys: SigningKeys,
    actor: Actor,
    operation: Operation,
    body: AttendanceWithdrawal,
    _arrival: Arrival,
) -> bool:
    return withdraw(t, actor, operation, body)


KINDS: dict[str, tuple[type[msgspec.Struct], Handler]] = {
    REPORT_REVISE: (ReportRevision, _revise),
    REPORT_COMMENT: (ReportComment, _comment),
    ATTENDANCE_RECORD: (AttendanceEvent, _record),
    ATTENDANCE_CANCEL: (AttendanceCancellation, _cancel),
    ATTENDANCE_ASK: (AttendanceAsk, _ask),
    ATTENDANCE_WITHDRAW: (AttendanceWithdrawal, _withdraw),
}
"""What each kind's body is and who keeps it; a handler answers False for a conflict."""


def keep(
    t: Transaction, keys: SigningKeys, actor: Actor, operation: Operation, arrival: Arrival = UNTOLD
) -> OperationResult:
    """Keep one operation of `actor`, who is held (server.storage.members). Whatever is wrong with it is its result, and
    is undone alone; only a failing database raises."""

    def attempt() -> OperationResult:
        with t.savepoint():
            return _keep(t, keys, actor, operation, arrival)

    return _result(operation, attempt)


def keep_alone(
    database: Database, keys: SigningKeys, actor: Actor, operation: Operation, arrival: Arrival = UNTOLD
) -> OperationResult:
    """The same of an operation that comes alone: in a transaction of its own, which is undone when it is refused."""

    def attempt() -> OperationResult:
        with database.write(actor.organization_id) as t:
            lock_member(t, actor.member_id)
            return _keep(t, keys, actor, operation, arrival)

    return _result(operation, attempt)


def _result(operation: Operation, attempt: Callable[[], OperationResult]) -> OperationResult:
    if operation.kind not in KINDS:
        return OperationResult(id=operation.id, outcome="unsupported", problem=_unsupported(operation.kind))
    try:
        return attempt()
    except ProblemError as error:
        return OperationResult(id=operation.id, outcome="rejected", problem=error.problem)
    except (DataError, IntegrityError) as error:
        # The checks before let something through that the database does not keep: ours to mend, theirs to set aside.
        _log.error("an operation of kind %s could not be kept: %s", operation.kind, type(error.orig).__name__)
        return OperationResult(id=operation.id, outcome="rejected", problem=_cannot_be_kept())


def _keep(t: Transaction, keys: SigningKeys, actor: Actor, operation: Operation, arrival: Arrival) -> OperationResult:
    check_id(operation.id, "$.id")
    check_id(operation.entity, "$.entity")
    row = operation_row(t, actor, operation)
    if not t.insert_new(operation_table, **row):
        return _known(t, actor, operation, row["body_sha256"])
    body_type, handler = KINDS[operation.kind]
    if not handler(t, keys, actor, operation, _decoded(row["body"], body_type), arrival):
        own = operation_table.c.operation_id == operation.id
        t.execute(t.update(operation_table).where(own).values(outcome="conflict"))
        return OperationResult(id=operation.id, outcome="conflict")
    return OperationResult(id=operation.id, outcome="accepted")


def _known(t: Transaction, actor: Actor, operation: Operation, digest: str) -> OperationResult:
    row = t.first(t.select(operation_table).where(operation_table.c.operation_id == operation.id))
    same = (actor.member_id, operation.kind, operation.entity)
    # One that was erased has no digest any more: sent again, after a lost reply, it is still the same.
    if row is None or (row.member_id, row.kind, row.entity) != same or row.body_sha256 not in {digest, ""}:
        detail = "Another item was already sent under this number. Save this one again and send it."
        raise problem("operation-reused", 409, "Number already used", detail, field="$.id")
    return OperationResult(id=operation.id, outcome="duplicate")


def _decoded(body: bytes, body_type: type[msgspec.Struct]) -> msgspec.Struct:
    try:
        return msgspec.json.decode(body, type=body_type)
    except UNREADABLE as error:
        words, field = decoding_trouble(error)
        detail = f"This item cannot be read: {words}. Update the app and send again."
        raise problem("bad-body", 422, "Unreadable item", detail, field=field) from None


def _unsupported(kind: str) -> Problem:
    return Problem(
        type=TYPE_PREFIX + "unsupported-kind",
        title="Not understood here yet",
        status=422,
        detail=f"This server does not know items of the kind {kind[:64]!r} yet. The item stays saved on the device; "
        "it can be sent once the server is updated.",
        field="$.kind",
    )


def _cannot_be_kept() -> Problem:
    return Problem(
        type=TYPE_PREFIX + "cannot-be-kept",
        title="Cannot be kept",
        status=422,
        detail="The server could not keep this item as it is. Enter it once more; if that is refused too, tell whoever "
        "runs the server.",
    )
