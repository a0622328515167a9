"""The last use of this computer as a proposed end: only where allowed, read when it is left or an end is due, and sent
to nobody."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from agent.api import FinishSession, OpenEnd
from agent.attendance.senses import Senses
from agent.runtime import absences, attending, open_ends
from rules.clock import format_utc, parse_utc
from tests.unit.agent_attendance.conftest import GATE, YARD, Office

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


class Computer:
    """Somebody's, who was last seen at it at `used`; it tells whoever listens when it is left."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self.used = office.clock.now()
        self.asked = 0
        self.listening: list[Callable[[], None]] = []
        office.work.senses = Senses(idle=self.idle, leaving=self.listen)

    def idle(self) -> float:
        self.asked += 1
        return (self._office.clock.now() - self.used).total_seconds()

    def listen(self, left: Callable[[], None]) -> "Computer.Ear":
        self.listening.append(left)
        return Computer.Ear(self, left)

    def use(self) -> datetime:
        self.used = self._office.clock.now()
        return self.used

    def lock(self) -> None:
        for left in tuple(self.listening):
            left()

    class Ear:
        def __init__(self, computer: "Computer", left: Callable[[], None]) -> None:
            self._computer, self._left = computer, left

        def close(self) -> None:
            self._computer.listening.remove(self._left)


@pytest.fixture
def computer(office: Office) -> Computer:
    return Computer(office)


def allow(office: Office, *, on: bool = True) -> None:
    absences.set_allowed(office.work, on=on)


def asked(office: Office) -> OpenEnd:
    found = office.work.store.read(lambda c: open_ends.asking(office.work, c))
    assert found is not None
    return found


def proposed(office: Office) -> list[tuple[str, str]]:
    return [(one.kind, one.at) for one in asked(office).proposals]


def evening(office: Office, computer: Computer) -> str:
    """In at the gate, at work for eight hours, and gone without a word."""
    check_in = office.record("check_in", GATE)
    office.clock.by += 8 * HOUR
    used = computer.use()
    office.clock.by += 10 * MINUTE
    computer.lock()
    return format_utc(used) if check_in else ""


def test_off_nothing_is_listened_to_asked_or_proposed(office: Office, computer: Computer) -> None:
    evening(office, computer)
    absences.note(office.work, leaving=True)
    office.clock.by += 12 * HOUR
    assert proposed(office) == []
    assert computer.listening == []
    allow(office)
    allow(office, on=False)
    assert computer.listening == []


def test_what_was_used_last_before_it_was_locked_is_proposed(office: Office, computer: Computer) -> None:
    allow(office)
    used = evening(office, computer)
    office.clock.by += 12 * HOUR
    assert proposed(office) == [("last_activity", used)]
    attending.finish(
        office.work,
        FinishSession(account="s/m", check_in_id=asked(office).check_in_id, at=used, reason="I forgot."),
    )
    end = office.work.store.read(lambda c: c.execute("SELECT event FROM attendance ORDER BY recorded DESC").fetchone())
    assert b"activity" not in end["event"], "what is sent is a time, and not where it came from"
    bodies = office.work.store.read(lambda c: [row["body"] for row in c.execute("SELECT body FROM operation")])
    assert not [body for body in bodies if b"activity" in body or b"idle" in body]
    kept = office.work.store.read(lambda c: [row["name"] for row in c.execute("SELECT name FROM fact")])
    assert "last_activity" not in kept


def test_the_next_morning_s_use_is_not_yesterday_s_end(office: Office, computer: Computer) -> None:
    allow(office)
    used = evening(office, computer)
    office.clock.by += 15 * HOUR
    computer.use()
    office.clock.by += MINUTE
    computer.lock()
    assert proposed(office) == [("last_activity", used)]


def test_without_a_lock_it_is_read_when_the_end_is_due(office: Office, computer: Computer) -> None:
    allow(office)
    office.record("check_in", GATE)
    due = office.work.store.read(lambda c: open_ends.due(office.work, c))
    assert due is not None
    office.clock.by += 8 * HOUR
    used = computer.use()
    office.clock.by += due - office.clock.now()
    absences.note(office.work, leaving=False)
    office.clock.by += HOUR
    assert proposed(office) == [("last_activity", format_utc(used))]


def test_who_is_still_at_it_when_the_end_is_due_is_proposed_nothing(office: Office, computer: Computer) -> None:
    allow(office)
    office.record("check_in", GATE)
    office.clock.by += 16 * HOUR
    computer.use()
    office.clock.by += MINUTE
    absences.note(office.work, leaving=False)
    assert proposed(office) == []


def test_what_was_before_the_check_in_or_of_another_session_tells_nothing(office: Office, computer: Computer) -> None:
    allow(office)
    computer.use()
    office.clock.by += HOUR
    office.record("check_in", GATE)
    computer.lock()
    office.clock.by += 8 * HOUR
    computer.use()
    computer.lock()
    office.clock.by += 12 * HOUR
    office.record("check_in", YARD)
    computer.lock()
    first = asked(office)
    assert parse_utc(first.since) < office.clock.now() - 19 * HOUR
    assert [one.kind for one in first.proposals] == ["last_activity"]


def test_switched_off_it_is_forgotten(office: Office, computer: Computer) -> None:
    allow(office)
    evening(office, computer)
    allow(office, on=False)
    office.clock.by += 12 * HOUR
    assert proposed(office) == []
    assert computer.listening == []
    allow(office)
    assert proposed(office) == []


def test_a_computer_that_does_not_tell_proposes_nothing(office: Office) -> None:
    office.work.senses = Senses(idle=lambda: None)
    allow(office)
    office.record("check_in", GATE)
    absences.note(office.work, leaving=True)
    office.clock.by += 20 * HOUR
    assert proposed(office) == []
    office.work.senses = Senses()
    assert not absences.offered(office.work)
