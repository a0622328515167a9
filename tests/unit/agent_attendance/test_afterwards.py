"""What is said afterwards: ends of sessions that were left open, and corrections."""

from datetime import datetime, timedelta

import msgspec
import pytest

from agent.api import (
    AgentError,
    CorrectAttendance,
    FinishSession,
    ListActivity,
    PostponeEnd,
    UndoAttendance,
    WithdrawAsk,
)
from agent.runtime import attending, looking, open_ends, timesheets
from agent.store import asks, news, operations
from protocol.changes import ATTENDANCE, ATTENDANCE_ASK, SCHEDULE, AttendanceAskView, AttendanceView, ScheduleView
from protocol.operations import AttendanceAsk, AttendanceWithdrawal
from protocol.schedule import Shift
from rules.clock import format_utc, parse_utc
from tests.unit.agent_attendance.conftest import GATE, YARD, Office

HOUR = timedelta(hours=1)


def asking(office: Office):
    return office.work.store.read(lambda c: open_ends.asking(office.work, c))


def finish(office: Office, check_in_id: str, at: datetime, reason: str = "Forgot to check out.") -> str:
    command = FinishSession(account="s/m", check_in_id=check_in_id, at=format_utc(at), reason=reason)
    return attending.finish(office.work, command).event_id


def correct(office: Office, **more: object):
    command = CorrectAttendance(account="s/m", **{"reason": "Typed late.", **more})  # type: ignore[arg-type]
    return attending.correct(office.work, command)


def ask_of(office: Office, ask_id: str) -> AttendanceAsk:
    query = "SELECT body FROM operation WHERE entity = ? AND kind = 'attendance.ask'"
    row = office.work.store.read(lambda c: c.execute(query, (ask_id,)).fetchone())
    return msgspec.json.decode(row["body"], type=AttendanceAsk)


def test_a_session_asks_for_its_end_after_the_hours_of_the_policy(office: Office) -> None:
    check_in = office.record("check_in", GATE)
    office.clock.by += 15 * HOUR
    assert asking(office) is None
    office.clock.by += 2 * HOUR
    found = asking(office)
    assert found is not None
    assert (found.check_in_id, found.location, found.proposals) == (check_in, "Gate 2", ())
    office.rules(open_session_hours=24)
    assert asking(office) is None


def test_the_end_of_the_shift_and_the_last_report_are_proposed(office: Office) -> None:
    office.clock.by = parse_utc("2026-03-02T07:55:00Z") - office.clock.now()
    shift = Shift(
        shift_id="early",
        name="Early",
        zone="Europe/Lisbon",
        start="08:00",
        end="16:00",
        weekdays=(1,),
        valid_from="2026-01-01",
    )
    office.learn(SCHEDULE, "m", ScheduleView(shifts=(shift,)))
    office.record("check_in", GATE)
    office.clock.by += 7 * HOUR
    office.file("r", "Crane inspected")
    office.clock.by += 5 * HOUR - timedelta(minutes=5)
    assert asking(office) is None, "not before four hours after the shift"
    office.clock.by += 2 * HOUR
    found = asking(office)
    assert found is not None
    assert found.shift == "Early"
    assert [(one.kind, one.at[:16]) for one in found.proposals] == [
        ("shift_end", "2026-03-02T16:00"),
        ("last_report", "2026-03-02T14:55"),
    ]


def test_later_is_an_answer_for_four_hours(office: Office) -> None:
    office.record("check_in", GATE)
    office.clock.by += 17 * HOUR
    attending.carry_out(office.work, PostponeEnd(account="s/m"))
    assert asking(office) is None
    office.clock.by += 4 * HOUR + timedelta(minutes=1)
    assert asking(office) is not None
    office.clock.by -= 30 * HOUR
    office.clock.by += 60 * HOUR
    assert asking(office) is not None, "a clock that was turned hides nothing for ever"


def test_a_second_check_in_leaves_the_first_to_be_ended_before_it(office: Office) -> None:
    first = office.record("check_in", GATE)
    office.clock.by += HOUR
    office.record("check_in", YARD)
    found = asking(office)
    assert found is not None
    assert found.check_in_id == first
    assert found.latest <= format_utc(office.clock.now())
    finish(office, first, office.clock.now() - timedelta(minutes=20))
    assert asking(office) is None


def test_an_end_given_later_says_so_and_by_no_clock(office: Office) -> None:
    check_in = office.record("check_in", GATE)
    office.clock.by += 20 * HOUR
    at = office.clock.now() - 12 * HOUR
    event = office.body(finish(office, check_in, at))
    assert (event.kind, event.check_in_id, event.completed_later) == ("check_out", check_in, True)
    assert (event.reason, event.location_id) == ("Forgot to check out.", GATE)
    assert event.at.utc == format_utc(at)
    assert (event.at.boot_id, event.at.confirmed_utc) == ("stated", None)
    assert asking(office) is None


@pytest.mark.parametrize(
    ("at_hours", "reason", "words"),
    [(-1, "why", "after the check-in"), (30, "why", "not come yet"), (8, "  ", "Say why"), (8, "x" * 2001, "2000")],
)
def test_an_end_that_cannot_be_is_refused_and_nothing_is_kept(
    office: Office, at_hours: int, reason: str, words: str
) -> None:
    check_in = office.record("check_in", GATE)
    began = office.clock.now()
    office.clock.by += 20 * HOUR
    with pytest.raises(AgentError, match=words):
        finish(office, check_in, began + at_hours * HOUR, reason)
    with pytest.raises(AgentError, match="has an end already"):
        finish(office, "nothing", began + HOUR)
    assert asking(office) is not None


def test_within_the_policy_s_hours_a_correction_stands_at_once(office: Office) -> None:
    check_in = office.record("check_in", GATE)
    office.clock.by += 2 * HOUR
    at = office.clock.now() - 3 * HOUR
    done = correct(office, wants="change", event_id=check_in, at=format_utc(at))
    assert not done.asked
    event = office.body(done.item_id)
    assert (event.supersedes, event.kind, event.location_id) == (check_in, "check_in", GATE)
    assert event.at.utc == format_utc(at)
    office.record("check_out")
    detail = timesheets.show_event(office.work, timesheets.ShowAttendance(account="s/m", event_id=check_in))
    assert detail.event.corrected
    assert not detail.event.may_correct
    assert detail.session is not None
    assert 3 * 3600 <= detail.session.seconds <= 3 * 3600 + 5
    with pytest.raises(AgentError, match="corrected already"):
        correct(office, wants="change", event_id=check_in, at=format_utc(at))
    rows = looking.list_activity(office.work, ListActivity(account="s/m"), paused=True).items
    shown = {one.item_id: (one.corrected, one.sentence) for one in rows}
    assert shown[check_in] == (True, "Corrected: another entry stands instead.")
    assert shown[done.item_id] == (False, "This corrects an earlier entry.")
    office.give_out()
    assert office.work.counts().sent_attendance == 1, "a check-in is one, however often it was corrected"


def test_later_a_manager_is_asked_and_the_person_hears_of_it(office: Office) -> None:
    check_in = office.record("check_in", GATE)
    office.record("check_out")
    office.clock.by += 30 * HOUR
    at = format_utc(office.clock.now() - 31 * HOUR)
    done = correct(office, wants="change", event_id=check_in, at=at, location_id=YARD)
    assert done.asked
    ask = ask_of(office, done.item_id)
    assert (ask.wants, ask.supersedes, ask.at, ask.location_id) == ("change", check_in, at, YARD)
    today = office.clock.now().date()
    sheet = timesheets.show(office.work, str(today - timedelta(days=3)), str(today))
    assert [(one.state, one.wants) for one in sheet.asks] == [("asked", "change")]
    assert "waits to be sent" in sheet.asks[0].sentence
    office.work.store.write(news.begin).result(5)
    view = AttendanceAskView(
        ask_id=done.item_id,
        wants="change",
        state="refused",
        asked=format_utc(office.clock.now()),
        reason="Typed late.",
        sentence="Refused. What was recorded stands as it was.",
        supersedes=check_in,
        by="Tomas",
        words="You were seen.",
    )
    for _ in range(2):
        office.learn(ATTENDANCE_ASK, done.item_id, view)
    sheet = timesheets.show(office.work, str(today - timedelta(days=3)), str(today))
    assert [(one.state, one.by, one.words) for one in sheet.asks] == [("refused", "Tomas", "You were seen.")]
    assert [one.kind for one in looking.list_news(office.work).items] == ["correction"]


def test_missing_and_wrong_entries_are_asked_for(office: Office) -> None:
    check_in = office.record("check_in", GATE)
    at = format_utc(office.clock.now())
    removed = ask_of(office, correct(office, wants="remove", event_id=check_in).item_id)
    assert (removed.wants, removed.supersedes, removed.at) == ("remove", check_in, None)
    added = ask_of(office, correct(office, wants="add", kind="check_out", check_in_id=check_in, at=at).item_id)
    assert (added.kind, added.check_in_id, added.supersedes) == ("check_out", check_in, None)
    for wrong in (
        {"wants": "add", "kind": "check_out", "at": at},
        {"wants": "add", "at": at},
        {"wants": "change", "event_id": check_in, "reason": " "},
        {"wants": "remove", "event_id": "nothing"},
        {"wants": "change", "event_id": check_in, "at": "yesterday"},
    ):
        with pytest.raises(AgentError):
            correct(office, **wrong)


def test_what_came_into_a_closed_day_counts_once_it_is_let_in(office: Office) -> None:
    check_in = office.record("check_in", GATE)
    office.clock.by += HOUR
    office.record("check_out")
    today = office.clock.now().date()

    def seconds() -> int:
        return timesheets.show(office.work, str(today - timedelta(days=2)), str(today)).seconds

    def told(**more: object) -> None:
        at = office.work.store.read(
            lambda c: c.execute("SELECT at FROM attendance WHERE event_id = ?", (check_in,)).fetchone()["at"]
        )
        view = AttendanceView(
            event_id=check_in,
            kind="check_in",
            at=at,
            grade="device",
            location_id=GATE,
            **more,  # type: ignore[arg-type]
        )
        office.learn(ATTENDANCE, check_in, view)

    assert seconds() >= 3600
    told(held="waiting", flags=("closed_waiting",), sentences=("The day was closed already.",))
    assert seconds() == 0
    told(held="accepted")
    assert seconds() >= 3600
    told(held="left_out")
    assert seconds() == 0


def test_an_undo_that_came_into_a_closed_day_leaves_the_event(office: Office) -> None:
    check_in = office.record("check_in", GATE)
    attending.undo(office.work, UndoAttendance(account="s/m", event_id=check_in))
    assert office.work.store.read(lambda c: open_ends.view(office.work, c)) is None
    view = AttendanceView(
        event_id=check_in,
        kind="check_in",
        at=format_utc(office.clock.now()),
        grade="device",
        location_id=GATE,
        flags=("undo_waits",),
        sentences=("The undo came into a closed day.",),
    )
    office.learn(ATTENDANCE, check_in, view)
    assert office.work.store.read(lambda c: open_ends.view(office.work, c)) is not None


def withdraw(office: Office, ask_id: str) -> None:
    attending.carry_out(office.work, WithdrawAsk(account="s/m", ask_id=ask_id))


def asks_of(office: Office) -> list[tuple[str, str]]:
    today = office.clock.now().date()
    sheet = timesheets.show(office.work, str(today), str(today))
    return [(one.state, one.sentence) for one in sheet.asks]


def answered(office: Office, ask_id: str, state: str, check_in: str) -> None:
    view = AttendanceAskView(
        ask_id=ask_id,
        wants="remove",
        state=state,  # type: ignore[arg-type]
        asked=format_utc(office.clock.now()),
        reason="Typed late.",
        sentence="The server says so.",
        supersedes=check_in,
    )
    office.learn(ATTENDANCE_ASK, ask_id, view)


def test_what_was_asked_for_is_withdrawn_behind_it_and_stays_in_sight(office: Office) -> None:
    check_in = office.record("check_in", GATE)
    ask_id = correct(office, wants="remove", event_id=check_in).item_id
    withdraw(office, ask_id)
    withdraw(office, ask_id)
    assert asks_of(office) == [("withdrawn", "Withdrawn by you. What was recorded stands as it was.")]
    office.give_out()
    assert [one.kind for one in office.sent] == ["attendance.record", "attendance.ask", "attendance.withdraw"]
    assert {one.item_id for one in office.sent} == {check_in}, "nothing overtakes anything in one line"
    assert msgspec.json.decode(office.sent[-1].body, type=AttendanceWithdrawal).ask_id == ask_id
    answered(office, ask_id, "asked", check_in)
    assert asks_of(office)[0][0] == "withdrawn", "the server has not heard of it yet"
    office.work.store.write(news.begin).result(5)
    answered(office, ask_id, "withdrawn", check_in)
    assert asks_of(office) == [("withdrawn", "The server says so.")]
    assert looking.list_news(office.work).items == (), "nobody is told of what they did themselves"
    assert not office.work.store.read(asks.waiting_about)


def test_a_decision_that_came_first_stands(office: Office) -> None:
    check_in = office.record("check_in", GATE)
    ask_id = correct(office, wants="remove", event_id=check_in).item_id
    withdraw(office, ask_id)
    answered(office, ask_id, "approved", check_in)
    assert asks_of(office) == [("approved", "The server says so.")]
    with pytest.raises(AgentError, match="decided about it already"):
        withdraw(office, ask_id)
    with pytest.raises(AgentError, match="not on this computer"):
        withdraw(office, "nothing")


def test_an_ask_that_was_never_taken_is_given_up_without_a_word_to_anybody(office: Office) -> None:
    check_in = office.record("check_in", GATE)
    office.give_out()
    ask_id = correct(office, wants="remove", event_id=check_in).item_id
    query = "SELECT operation_id FROM operation WHERE entity = ?"
    operation = office.work.store.read(lambda c: c.execute(query, (ask_id,)).fetchone())["operation_id"]
    office.work.store.write(
        lambda c: operations.set_aside(c, operation, state="aside", sentence="It needs a reason.")
    ).result(5)
    assert office.work.counts().needs_you == 1
    withdraw(office, ask_id)
    assert office.work.counts().needs_you == 0
    assert office.give_out() == []
    assert asks_of(office)[0][0] == "withdrawn"


def test_with_a_missing_check_in_goes_what_belongs_to_it(office: Office) -> None:
    at = format_utc(office.clock.now())
    came = correct(office, wants="add", kind="check_in", at=at, location_id=GATE).item_id
    correct(office, wants="add", kind="check_out", at=at, check_in_id=came)
    withdraw(office, came)
    assert [state for state, _ in asks_of(office)] == ["withdrawn", "withdrawn"]
