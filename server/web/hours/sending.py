"""What a person records about themselves in the browser: the same operations as from the app."""

import msgspec

from protocol.operations import (
    ATTENDANCE_ASK,
    ATTENDANCE_CANCEL,
    ATTENDANCE_RECORD,
    ATTENDANCE_WITHDRAW,
    AttendanceAsk,
    AttendanceCancellation,
    AttendanceEvent,
    AttendanceWithdrawal,
)
from protocol.sync import Operation
from server.problems import ProblemError
from server.receipts.keys import SigningKeys
from server.storage.database import Transaction
from server.storage.tables import operation as operation_table
from server.sync.operations import keep
from server.web.visit import Visit

_KINDS: dict[type, str] = {
    AttendanceEvent: ATTENDANCE_RECORD,
    AttendanceCancellation: ATTENDANCE_CANCEL,
    AttendanceAsk: ATTENDANCE_ASK,
    AttendanceWithdrawal: ATTENDANCE_WITHDRAW,
}


def send_own(
    t: Transaction,
    visit: Visit,
    keys: SigningKeys,
    operation_id: str,
    body: AttendanceEvent | AttendanceCancellation | AttendanceAsk | AttendanceWithdrawal,
) -> None:
    """Keep it; the caller holds the member. A form that comes twice brings the same id and is kept once, whatever the
    moment of its second coming. Raises ProblemError."""
    kind = _KINDS[type(body)]
    known = t.first(t.select(operation_table).where(operation_table.c.operation_id == operation_id))
    if known is not None and (known.member_id, known.kind) == (visit.actor.member_id, kind):
        return
    entity = body.ask_id if isinstance(body, AttendanceAsk | AttendanceWithdrawal) else body.event_id
    encoded = msgspec.Raw(msgspec.json.encode(body))
    result = keep(t, keys, visit.actor, Operation(id=operation_id, kind=kind, entity=entity, body=encoded))
    if result.problem is not None:
        raise ProblemError(result.problem)
