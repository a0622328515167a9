"""What the agent tells log data of its own work; whether any of it is kept is the person's choice, and off at first."""

from typing import Literal

from agent.api import AgentError, EditReport, Filed, FileReport, RecordAttendance, UndoAttendance
from agent.logdata.service import LogDataService
from agent.runtime.workplace import WorkCommand, Workplace, WorkResult
from agent.store import reports
from telemetry.catalog.events import AttendanceRecorded, ReportSent


def tell_done(logs: LogDataService, workplace: Workplace, command: WorkCommand, result: WorkResult) -> None:
    """After a command was carried out. Costs nothing while usage is off."""
    if not logs.is_on(command.account, "usage"):
        return
    if isinstance(command, RecordAttendance):
        logs.emit(command.account, AttendanceRecorded(kind=command.kind))
    elif isinstance(command, UndoAttendance):
        logs.emit(command.account, AttendanceRecorded(kind="undo"))
    elif isinstance(command, FileReport | EditReport) and isinstance(result, Filed):
        try:
            files = workplace.store.read(lambda c: reports.files(c, result.instance_id))
        except AgentError:
            return  # the report is kept; that it cannot be measured now must not look like a failure to the person
        size = len(command.title.encode()) + len(command.text.encode()) + sum(row["size"] for row in files)
        kind: Literal["new", "edit"] = "new" if isinstance(command, FileReport) else "edit"
        logs.emit(command.account, ReportSent(kind=kind, size_bytes=size, media=len(files)))
