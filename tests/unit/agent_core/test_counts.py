"""What the footer says was sent today."""

from pathlib import Path

import pytest

from agent.api import RecordAttendance, UndoAttendance
from agent.runtime import attending
from protocol.operations import AttendanceKind
from tests.unit.agent_drafts.test_drafting import Desk


def _record(desk: Desk, kind: AttendanceKind) -> str:
    return attending.record(desk.work, RecordAttendance(account="s/m", kind=kind)).event_id


@pytest.mark.parametrize("undone_before_it_left", [True, False])
def test_of_attendance_only_check_ins_that_stand_are_counted(tmp_path: Path, undone_before_it_left: bool) -> None:
    desk = Desk(tmp_path)
    try:
        kinds: tuple[AttendanceKind, ...] = ("check_in", "break_start", "break_end", "check_out", "check_in")
        for kind in kinds:
            _record(desk, kind)
        desk.give_out()
        assert desk.work.counts().sent_attendance == 2
        wrong = _record(desk, "check_in")
        if not undone_before_it_left:
            desk.give_out()
            assert desk.work.counts().sent_attendance == 3
        attending.undo(desk.work, UndoAttendance(account="s/m", event_id=wrong))
        desk.give_out()
        assert desk.work.counts().sent_attendance == 2
    finally:
        desk.close()
