"""What the agent tells log data of its own work; whether any of it is kept is the person's choice, and off at first."""

from typing import Literal

from agent.api import (
    AgentError,
    AttendanceCommand,
    EditReport,
    Filed,
    FileReport,
    RecordAttendance,
    UndoAttendance,
)
from agent.logdata.service import LogDataService
from agent.runtime.workplace import WorkCommand, Workplace, WorkResult
from agent.store import reports
from telemetry.catalog.events import AttendanceRecorded, ReportSent


def tell_done(logs: LogDataService, workplace: Workplace, command: WorkCommand, result: WorkResult) -> None:
    """After a command was carried out. Costs nothing while nobody is told."""
    if not (logs.is_on(command.account, "usage") or logs.is_on(command.account, "third_party")):
        return
    if isinstance(command, FileReport | EditReport) and isinstance(result, Filed):
        try:
            files = workplace.store.read(lambda c: reports.files(c, result.instance_id))
        except AgentError:
            return  # the report is kept; that it cannot be measured now must not look like a failure to the person
        size = len(command.title.encode()) + len(command.text.encode()) + sum(row["size"] for row in files)
        kind: Literal["new", "edit"] = "new" if isinstance(command, FileReport) else "edit"
        logs.emit(command.account, ReportSent(kind=kind, size_bytes=size, media=len(files)))


def tell_recorded(logs: LogDataService, command: RecordAttendance | UndoAttendance | AttendanceCommand) -> None:
    """After attendance was recorded; what is said of it afterwards is no event of log data."""
    if isinstance(command, RecordAttendance | UndoAttendance) and logs.is_on(command.account, "usage"):
        kind = command.kind if isinstance(command, RecordAttendance) else "undo"
        logs.emit(command.account, AttendanceRecorded(kind=kind))
