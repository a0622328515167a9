"""Recording attendance, and saying something about it afterwards."""

import sqlite3
from datetime import datetime, timedelta

import msgspec
import uuid6

from agent.api import (
    AddPhotos,
    AgentError,
    AttendanceCommand,
    CorrectAttendance,
    Corrected,
    Exported,
    ExportTimesheet,
    FinishSession,
    PostponeEnd,
    RecordAttendance,
    Recorded,
    SetFavourite,
    SetNetworkEvidence,
    UndoAttendance,
    WithdrawAsk,
)
from agent.attendance import afterwards
from agent.attendance.recording import can_undo, event_for, evidence_for, undo_until
from agent.attendance.surroundings import look_around
from agent.runtime import absences, event_files, open_ends, positions, timesheets
from agent.runtime.workplace import Workplace
from agent.store import asks, attendance, locating, locations, media, operations
from agent.store.attendance import EventRow
from agent.store.work import fact, put_fact
from protocol.moment import Moment
from protocol.operations import (
    ATTENDANCE_ASK,
    ATTENDANCE_CANCEL,
    ATTENDANCE_RECORD,
    ATTENDANCE_WITHDRAW,
    AttendanceCancellation,
    AttendanceEvent,
    AttendanceWithdrawal,
)
from rules.attendance import WorkSession
from rules.clock import format_utc, parse_utc

_NETWORK_ALLOWED = "network_evidence"


def record(workplace: Workplace, command: RecordAttendance) -> Recorded:
    """Raises AgentError: refused, not_found (the place, a file), cannot_store."""
    # Looked at before the transaction: it asks the system.
    around = look_around() if command.kind == "check_in" and network_allowed(workplace) else None
    locate = command.kind == "check_in" and positions.wanted(workplace)

    def keep(connection: sqlite3.Connection) -> Recorded:
        locations.check(connection, command.location_id)
        session, now = attendance.current(connection), workplace.moment(connection)
        left = _leave(connection, session, now) if command.leaving and session is not None else None
        event = event_for(
            command,
            event_id=str(uuid6.uuid7()),
            session=session,
            at=now,
            evidence=evidence_for(command.code, locations.view(connection, command.location_id), around),
            media=event_files.taken(connection, command.media),
        )
        recorded = put(connection, event, pressed_with=left)
        if locate:
            locating.hold(connection, event.event_id, workplace.clock.now())
        return recorded

    recorded = workplace.store.write(keep).result()
    if locate:
        positions.ask(workplace, recorded.event_id)
    workplace.made("activity")
    _plan_ahead(workplace)
    return recorded


def _plan_ahead(workplace: Workplace) -> None:
    workplace.reminders.plan()
    absences.plan(workplace)


def _leave(connection: sqlite3.Connection, session: WorkSession, now: Moment) -> str:
    """The end of the session, by the press that begins another; its id."""
    command = RecordAttendance(account="", kind="check_out")
    return put(connection, event_for(command, event_id=str(uuid6.uuid7()), session=session, at=now)).event_id


def undo(workplace: Workplace, command: UndoAttendance) -> None:
    """Cancel by an event of its own for each that one press recorded; all stay visible. Raises AgentError refused,
    not_found."""

    def cancel(connection: sqlite3.Connection) -> list[tuple[str, str]]:
        event = attendance.own_event(connection, command.event_id)
        if event is None:
            raise AgentError("not_found", "This was undone already, or was not recorded on this computer.")
        if not can_undo(event, workplace.clock):
            raise AgentError("refused", "The minute to undo this is over. Ask your manager to correct it.")
        before = attendance.pressed_with(connection, command.event_id)
        return [
            gone for one in (event, before) if one is not None for gone in _cancel(workplace, connection, one.event_id)
        ]

    workplace.let_go_of(workplace.store.write(cancel).result())
    workplace.made("activity")
    _plan_ahead(workplace)


def _cancel(workplace: Workplace, connection: sqlite3.Connection, event_id: str) -> list[tuple[str, str]]:
    undone = AttendanceCancellation(event_id=str(uuid6.uuid7()), cancels=event_id, at=workplace.moment(connection))
    attendance.cancel(connection, event_id)
    operations.add(
        connection,
        operation_id=str(uuid6.uuid7()),
        kind=ATTENDANCE_CANCEL,
        entity=undone.event_id,
        item_id=event_id,
        body=msgspec.json.encode(undone),
    )
    return event_files.drop(connection, event_id, workplace.clock.now())


def carry_out(
    workplace: Workplace, command: RecordAttendance | UndoAttendance | AttendanceCommand
) -> Recorded | Corrected | Exported | None:
    """Raises AgentError."""
    match command:
        case RecordAttendance():
            return record(workplace, command)
        case UndoAttendance():
            undo(workplace, command)
        case FinishSession():
            return finish(workplace, command)
        case CorrectAttendance():
            return correct(workplace, command)
        case WithdrawAsk():
            withdraw(workplace, command)
        case AddPhotos():
            return add_photos(workplace, command)
        case ExportTimesheet():
            return timesheets.export(workplace, command)
        case _:
            _choose(workplace, command)
    return None


def _choose(workplace: Workplace, command: PostponeEnd | SetFavourite | SetNetworkEvidence) -> None:
    """What the person chose, and nobody else hears of."""
    match command:
        case PostponeEnd():
            open_ends.postpone(workplace)
        case SetFavourite():
            workplace.store.write(
                lambda c: locations.set_favourite(c, command.location_id, favourite=command.favourite)
            ).result()
            workplace.changed("locations")
        case SetNetworkEvidence():
            workplace.store.write(lambda c: put_fact(c, _NETWORK_ALLOWED, command.allowed)).result()
            workplace.network_allowed = command.allowed
            workplace.changed("settings", "locations", "privacy")


def finish(workplace: Workplace, command: FinishSession) -> Recorded:
    """The end of a session that was left open. Raises AgentError usage, refused."""
    now = workplace.clock.now()
    reason, at = afterwards.reason_of(command.reason), afterwards.instant_of(command.at, now)

    def keep(connection: sqlite3.Connection) -> Recorded:
        found = attendance.session_of(connection, command.check_in_id)
        if found is None or found.check_out is not None:
            raise AgentError("refused", "This session has an end already. Ask for a correction if it is wrong.")
        if at <= open_ends.latest_word(found):
            raise AgentError("refused", "The end must come after the check-in and its breaks. Give a later time.")
        event = afterwards.end_of(
            command.check_in_id,
            event_id=str(uuid6.uuid7()),
            at=afterwards.told(at, workplace.moment(connection)),
            reason=reason,
            location_id=found.check_in.location_id,
        )
        return put(connection, event, undo_from=now)

    recorded = workplace.store.write(keep).result()
    workplace.made("activity")
    _plan_ahead(workplace)
    return recorded


def correct(workplace: Workplace, command: CorrectAttendance) -> Corrected:
    """What the policy leaves to the person stands at once, the rest is asked for. Raises AgentError usage, not_found,
    refused."""
    policy, now = workplace.policy(), workplace.clock.now()
    at = afterwards.instant_of(command.at, now) if command.at is not None else None

    def keep(connection: sqlite3.Connection) -> Corrected:
        locations.check(connection, command.location_id)
        moment = workplace.moment(connection)
        row = attendance.one(connection, command.event_id) if command.event_id is not None else None
        if command.wants != "add":
            _check_target(connection, row)
        direct = command.wants == "change" and row is not None
        if direct and row is not None and now < parse_utc(row.at) + timedelta(hours=policy.correct_hours):
            told = afterwards.told(at if at is not None else parse_utc(row.at), moment)
            event = afterwards.corrected(row.event, command, event_id=str(uuid6.uuid7()), at=told)
            put(connection, event)
            return Corrected(item_id=event.event_id, asked=False)
        ask = afterwards.ask_for(command, ask_id=str(uuid6.uuid7()), at=at, asked=moment)
        asks.record(connection, ask, format_utc(now))
        operations.add(
            connection,
            operation_id=str(uuid6.uuid7()),
            kind=ATTENDANCE_ASK,
            entity=ask.ask_id,
            # In line behind what it is about, if that is still on its way.
            item_id=ask.supersedes or ask.check_in_id or ask.ask_id,
            body=msgspec.json.encode(ask),
        )
        return Corrected(item_id=ask.ask_id, asked=True)

    corrected = workplace.store.write(keep).result()
    workplace.made("activity", "attendance")
    return corrected


def put(
    connection: sqlite3.Connection,
    event: AttendanceEvent,
    undo_from: datetime | None = None,
    pressed_with: str | None = None,
) -> Recorded:
    """Within a transaction: the event as a row and in line, and its files are its own."""
    operation_id = str(uuid6.uuid7())
    attendance.record(connection, event, pressed_with)
    operations.add(
        connection,
        operation_id=operation_id,
        kind=ATTENDANCE_RECORD,
        entity=event.event_id,
        item_id=event.event_id,
        body=msgspec.json.encode(event),
    )
    if event.kind == "check_out":
        open_ends.forget_activity(connection)  # nothing is to be proposed any more
    if event.media:
        media.claim_for_event(connection, operation_id, [one.media_id for one in event.media])
    return Recorded(event_id=event.event_id, undo_until=format_utc(undo_from or undo_until(event)))


def add_photos(workplace: Workplace, command: AddPhotos) -> Recorded:
    """A check-in as it stands, and photos with it: a correction of its own. Raises AgentError refused, not_found."""
    now, hours = workplace.clock.now(), timedelta(hours=workplace.policy().correct_hours)

    def keep(connection: sqlite3.Connection) -> Recorded:
        row = attendance.standing(connection, command.event_id)
        _check_target(connection, row)
        if row is None or row.event.kind != "check_in" or not command.media:
            raise AgentError("usage", "Say which check-in the photos belong to, and attach at least one.")
        if now >= parse_utc(row.at) + hours:
            raise AgentError("refused", "It is too late to add to this check-in. Write a report with the photo.")
        event = afterwards.with_photos(
            row.event,
            event_files.taken(connection, command.media),
            event_id=str(uuid6.uuid7()),
            at=afterwards.told(parse_utc(row.at), workplace.moment(connection)),
        )
        return put(connection, event, undo_from=now)

    recorded = workplace.store.write(keep).result()
    workplace.made("activity", "attendance")
    return recorded


def withdraw(workplace: Workplace, command: WithdrawAsk) -> None:
    """Raises AgentError not_found, refused once it was decided."""

    def keep(connection: sqlite3.Connection) -> None:
        row = asks.find(connection, command.ask_id)
        if row is None:
            raise AgentError("not_found", "This correction is not on this computer. Look at the timesheet again.")
        if row.state == "withdrawn":
            return
        if not row.waits:
            raise AgentError("refused", "Somebody has decided about it already. Ask for another correction.")
        at = workplace.moment(connection)
        asks.withdraw(connection, command.ask_id, at.utc)
        line = operations.line_of(connection, command.ask_id, ATTENDANCE_ASK)
        if line is not None and line[1]:  # it was never taken, so there is nothing to take back
            operations.give_up(connection, command.ask_id, ATTENDANCE_ASK)
            return
        operations.add(
            connection,
            operation_id=str(uuid6.uuid7()),
            kind=ATTENDANCE_WITHDRAW,
            entity=command.ask_id,
            item_id=line[0] if line is not None else command.ask_id,
            body=msgspec.json.encode(AttendanceWithdrawal(ask_id=command.ask_id, at=at)),
        )

    workplace.store.write(keep).result()
    workplace.made("activity", "attendance")


def network_allowed(workplace: Workplace) -> bool:
    """Whether a check-in may say which known network this computer is in: the person's choice, off at first."""
    if workplace.network_allowed is None:
        workplace.network_allowed = bool(workplace.store.read(lambda c: fact(c, _NETWORK_ALLOWED, bool)))
    return workplace.network_allowed


# -- within


def _check_target(connection: sqlite3.Connection, row: EventRow | None) -> None:
    if row is None:
        raise AgentError("not_found", "This entry is not on this computer. Look at the timesheet again.")
    if row.left_out:
        raise AgentError("refused", "This entry does not count any more. Choose the one that stands.")
    if attendance.is_superseded(connection, row.event.event_id):
        raise AgentError("refused", "This entry was corrected already. Choose the one that stands now.")
