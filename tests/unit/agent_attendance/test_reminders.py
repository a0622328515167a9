"""What a person is reminded of, once each, at its time and not at night."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from agent.api import SetTold
from agent.runtime import drafting, looking
from protocol.changes import SCHEDULE, ScheduleView
from protocol.schedule import Holiday, Shift
from rules.clock import parse_utc
from tests.unit.agent_attendance.conftest import GATE, Office

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def shift(office: Office) -> Office:
    """Monday to Friday 08:00 to 16:00 in Lisbon (UTC in March); it is Monday, 07:00."""
    office.clock.by = parse_utc("2026-03-02T07:00:00Z") - office.clock.now()
    early = Shift(
        shift_id="early",
        name="Early",
        zone="Europe/Lisbon",
        start="08:00",
        end="16:00",
        weekdays=(1, 2, 3, 4, 5),
        valid_from="2026-01-01",
    )
    free = Holiday(day="2026-03-03", name="Carnival")
    office.learn(SCHEDULE, "m", ScheduleView(shifts=(early,), holidays=(free,)))
    return office


def told(office: Office) -> list[tuple[str, str]]:
    """What waits to be told after everything was looked at."""
    looked = threading.Event()
    office.work.reminders.plan()
    office.work.rounds.post(looked.set)
    assert looked.wait(10)
    return [(one.kind, one.words) for one in looking.list_news(office.work).items]


def at(office: Office, time: str) -> None:
    office.clock.by += parse_utc(time) - office.clock.now()


def test_a_shift_is_told_of_before_it_begins_and_once(shift: Office) -> None:
    assert told(shift) == []
    at(shift, "2026-03-02T07:55:30Z")
    assert told(shift) == [("shift_starts", "Early")]
    assert told(shift) == [("shift_starts", "Early")]


def test_who_is_in_or_went_home_or_slept_through_it_is_not_told(shift: Office) -> None:
    shift.record("check_in", GATE)
    at(shift, "2026-03-02T08:10:00Z")
    assert told(shift) == []
    shift.file("r", "Round done")
    shift.record("check_out")
    at(shift, "2026-03-02T09:00:00Z")
    assert told(shift) == [], "home early is home"
    at(shift, "2026-03-03T09:00:00Z")
    assert told(shift) == [], "a holiday"
    at(shift, "2026-03-04T22:00:00Z")
    assert told(shift) == [], "at night nobody is told of the morning"


def test_a_report_is_asked_for_before_the_shift_ends(shift: Office) -> None:
    at(shift, "2026-03-02T07:50:00Z")
    shift.record("check_in", GATE)
    at(shift, "2026-03-02T15:46:00Z")
    assert told(shift) == [("report_due", "Early")]


def test_still_in_after_the_policy_s_hours(office: Office) -> None:
    office.rules(remind_checked_in_hours=6)
    office.record("check_in", GATE)
    office.clock.by += 5 * HOUR
    assert told(office) == []
    office.clock.by += HOUR + MINUTE
    assert told(office) == [("still_in", "Gate 2")]


def test_none_where_the_policy_or_the_person_wishes_none(office: Office) -> None:
    drafting.carry_out(office.work, SetTold(account="s/m", kind="still_in", told=False))
    office.record("check_in", GATE)
    office.clock.by += 11 * HOUR
    assert told(office) == []
    office.record("check_out")
    drafting.carry_out(office.work, SetTold(account="s/m", kind="still_in", told=True))
    office.rules(remind_checked_in_hours=0)
    office.record("check_in", GATE)
    office.clock.by += 11 * HOUR
    assert told(office) == []


def test_the_alarm_is_set_for_the_next(shift: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    alarms: list[str] = []

    def wake_at(name: str, when: object, post: Callable[[], None]) -> None:
        alarms.append(f"{name} {when:%H:%M}")

    monkeypatch.setattr(shift.work.reminders._ticker, "wake_at", wake_at)
    told(shift)
    assert alarms == ["remind s/m 07:55"]
