"""The position with a check-in: never asked unless allowed, never waited for, never added to what has left."""

import threading
from datetime import timedelta

import pytest

from agent.api import UndoAttendance
from agent.attendance.senses import Senses
from agent.runtime import attending, positions, timesheets
from agent.store import drafts, locating
from protocol.operations import Position
from tests.unit.agent_attendance.conftest import GATE, Office

HERE = Position(latitude=38.7223, longitude=-9.1393, accuracy_m=24.6, source="geoclue")
SOON = 10.0


class Sense:
    """A place that is told when `tell` says so; `asked` are the seconds that each asking would wait."""

    def __init__(self, office: Office, *, at_once: bool = True) -> None:
        self.asked: list[float] = []
        self.told: Position | None = HERE
        self._may_tell = threading.Event()
        self._office = office
        if at_once:
            self._may_tell.set()
        office.work.senses = Senses(position=self.find)

    def find(self, seconds: float) -> Position | None:
        self.asked.append(seconds)
        assert self._may_tell.wait(SOON)
        return self.told

    def tell(self) -> None:
        self._may_tell.set()
        self.wait()

    def wait(self) -> None:
        """Until whoever asked has the answer, and has kept it or not."""
        for thread in threading.enumerate():
            if thread.name == "position":
                thread.join(SOON)
        self._office.work.store.write(lambda c: c.execute("SELECT 1")).result(SOON)


def allow(office: Office, *, on: bool = True) -> None:
    positions.set_allowed(office.work, on=on)


def test_nobody_asks_unless_the_person_allowed_it(office: Office) -> None:
    sense = Sense(office)
    office.record("check_in", GATE)
    sense.wait()
    assert sense.asked == []
    assert len(office.give_out()) == 1
    allow(office)
    office.record("check_out")
    sense.wait()
    assert sense.asked == [], "only a check-in says where"


def test_the_check_in_is_kept_at_once_and_leaves_with_its_position(office: Office) -> None:
    sense = Sense(office, at_once=False)
    allow(office)
    event_id = office.record("check_in", GATE)
    assert office.body(event_id).evidence.position is None
    assert office.give_out() == [], "a moment for the answer"
    assert office.work.counts().waiting == 1
    sense.tell()
    assert sense.asked == [positions.ASK_SECONDS]
    assert office.give_out() == [event_id]
    assert office.body(event_id).evidence.position == HERE
    assert office.sent[-1].body == office.work.store.read(
        lambda c: c.execute("SELECT event FROM attendance").fetchone()["event"]
    )
    today = str(office.clock.now().date())
    [session] = timesheets.show(office.work, today, today).days[0].sessions
    said = [one.text for one in session.events[0].evidence]
    assert "The device took that position to be right within 25 m." in said
    assert "That position came from the location service of this Linux system." in said
    assert positions.last(office.work) == office.body(event_id).at.utc


def test_what_comes_too_late_is_left_out_and_what_left_stays_as_it_was(office: Office) -> None:
    sense = Sense(office, at_once=False)
    allow(office)
    event_id = office.record("check_in", GATE)
    office.clock.by += timedelta(seconds=locating.WAIT_SECONDS)
    assert office.give_out() == [event_id]
    sense.tell()
    assert office.body(event_id).evidence.position is None
    assert office.give_out() == []
    assert positions.last(office.work) is None


def test_a_no_and_nothing_found_read_the_same(office: Office) -> None:
    sense = Sense(office)
    sense.told = None
    allow(office)
    event_id = office.record("check_in", GATE)
    sense.wait()
    assert office.give_out() == [event_id], "at once, not only when the time is over"
    with_sense = office.body(event_id)
    office.work.senses = Senses()
    office.record("check_out")
    without_sense = office.body(office.record("check_in", GATE))
    assert with_sense.evidence == without_sense.evidence


def test_who_takes_it_back_meanwhile_gives_no_position(office: Office) -> None:
    sense = Sense(office, at_once=False)
    allow(office)
    event_id = office.record("check_in", GATE)
    allow(office, on=False)
    sense.tell()
    assert office.give_out() == [event_id]
    assert office.body(event_id).evidence.position is None


def test_an_undo_meanwhile_goes_behind_it(office: Office) -> None:
    sense = Sense(office, at_once=False)
    allow(office)
    event_id = office.record("check_in", GATE)
    attending.undo(office.work, UndoAttendance(account="s/m", event_id=event_id))
    assert office.give_out() == []
    sense.tell()
    assert [one.kind for one in (office.give_out(), office.sent)[1]] == ["attendance.record", "attendance.cancel"]


def test_an_app_that_ended_meanwhile_sends_it_without(office: Office) -> None:
    sense = Sense(office, at_once=False)
    allow(office)
    event_id = office.record("check_in", GATE)
    office.work.store.write(lambda c: drafts.let_go(c, None)).result(5)  # as at the next start
    assert office.give_out() == [event_id]
    sense.tell()
    assert office.body(event_id).evidence.position is None


def test_a_clock_that_went_back_holds_it_no_longer(office: Office) -> None:
    sense = Sense(office, at_once=False)
    allow(office)
    event_id = office.record("check_in", GATE)
    office.clock.by -= timedelta(hours=5)
    assert office.give_out() == [event_id]
    sense.tell()


@pytest.mark.parametrize("on", [True, False])
def test_the_choice_is_kept(office: Office, on: bool) -> None:
    assert not positions.allowed(office.work)
    allow(office, on=on)
    office.work.position_allowed = None  # as after a restart
    assert positions.allowed(office.work) == on
    assert not positions.wanted(office.work), "there is no sense to ask"
