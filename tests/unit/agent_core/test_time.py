"""Moments over sleep, restarts and turned clocks; the ticker over jumps."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from agent.api import AgentError, RecordAttendance
from agent.attendance.recording import can_undo, event_for
from agent.clock import BootClock, Clock, boot_clock
from agent.clock.watch import watch_clock
from agent.schedule import ticker as ticking
from agent.schedule.ticker import Ticker
from rules.attendance import open_session, work_sessions
from rules.clock import judge


class SetClock:
    """A boot clock and a wall clock that a test turns."""

    def __init__(self) -> None:
        self.boot = "first"
        self.elapsed = self.awake = 1_000_000
        self.wall = datetime(2026, 3, 1, 8, tzinfo=UTC)

    def boot_id(self) -> str:
        return self.boot

    def elapsed_ms(self) -> int:
        return self.elapsed

    def awake_ms(self) -> int:
        return self.awake

    def now(self) -> datetime:
        return self.wall

    def sleep(self, seconds: float) -> None:
        self.elapsed += round(seconds * 1000)
        self.wall += timedelta(seconds=seconds)

    def go_on(self, seconds: float) -> None:
        self.sleep(seconds)
        self.awake += round(seconds * 1000)

    def clock(self) -> Clock:
        return Clock(self, self.now)


def test_the_devices_own_clock_is_read() -> None:
    boot: BootClock = boot_clock()
    assert boot.boot_id() == boot.boot_id() != ""
    first = boot.elapsed_ms()
    assert 0 < first <= boot.elapsed_ms()
    awake = boot.awake_ms()
    assert 0 < awake <= boot.awake_ms()
    moment = Clock().moment()
    assert abs(judge(moment).at - datetime.now(UTC)) < timedelta(seconds=5)
    assert moment.zone


def test_with_a_server_contact_a_turned_clock_changes_nothing() -> None:
    device = SetClock()
    clock = device.clock()
    device.wall += timedelta(hours=2)  # wrong by two hours
    confirmation = clock.confirm("2026-03-01T08:00:00.000Z")
    assert confirmation.skew_ms == 2 * 3600 * 1000
    device.sleep(600)
    device.wall -= timedelta(days=3)
    moment = clock.moment(confirmation)
    assert judge(moment).at == datetime(2026, 3, 1, 8, 10, tzinfo=UTC)
    assert judge(moment).grade == "confirmed"


def test_after_a_restart_only_the_devices_clock_is_known() -> None:
    device = SetClock()
    clock = device.clock()
    confirmation = clock.confirm("2026-03-01T08:00:00.000Z")
    device.boot, device.elapsed = "second", 5_000
    moment = clock.moment(confirmation)
    assert (moment.confirmed_utc, moment.skew_ms) == (None, None)
    assert judge(moment).grade == "device"


def test_a_minute_to_undo_and_turning_the_clock_back_wins_nothing() -> None:
    device = SetClock()
    clock = device.clock()
    command = RecordAttendance(account="a", kind="check_in")
    event = event_for(command, event_id="e", session=None, at=clock.moment())
    assert can_undo(event, clock)
    device.sleep(61)
    assert not can_undo(event, clock)
    device.wall -= timedelta(seconds=30)
    assert not can_undo(event, clock)


def test_only_a_check_in_needs_no_session() -> None:
    clock = SetClock().clock()
    check_in = event_for(
        RecordAttendance(account="a", kind="check_in", location_id="l"), event_id="i", session=None, at=clock.moment()
    )
    session = open_session(work_sessions([check_in]))
    for kind in ("check_out", "break_start", "break_end"):
        with pytest.raises(AgentError, match="not checked in"):
            event_for(RecordAttendance(account="a", kind=kind), event_id="e", session=None, at=clock.moment())  # type: ignore[arg-type]
    out = event_for(RecordAttendance(account="a", kind="check_out"), event_id="o", session=session, at=clock.moment())
    assert out.check_in_id == "i"


@pytest.fixture
def tickers() -> Iterator[list[Ticker]]:
    made: list[Ticker] = []
    yield made
    for one in made:
        one.close()


def test_an_alarm_rings_once_and_a_later_one_of_its_name_replaces_it(tickers: list[Ticker]) -> None:
    rung: list[str] = []
    last = threading.Event()
    ticker = Ticker(Clock(), on_jump=lambda: None)
    tickers.append(ticker)
    ticker.wake_in("one", 3600, lambda: rung.append("never"))
    ticker.wake_in("one", 0.05, lambda: rung.append("one"))
    ticker.wake_in("past", -3600, lambda: rung.append("past"))
    ticker.wake_in("last", 0.3, last.set)
    assert last.wait(5)
    assert rung == ["past", "one"]


class Watch:
    """In place of the system's word of a clock that took a step: a test gives it."""

    def __init__(self, stepped: Callable[[], None]) -> None:
        self.stepped = stepped
        self.closed = False

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize("watched", [True, False], ids=["the system tells", "it looks"])
def test_a_clock_that_jumps_or_a_computer_that_slept_makes_everything_looked_at_again(
    watched: bool, tickers: list[Ticker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticking, "IDLE_SECONDS", 3600 if watched else 0.02)
    device, jumped = SetClock(), threading.Event()
    watches: list[Watch] = []

    def make_watch(stepped: Callable[[], None]) -> Watch | None:
        watches.append(Watch(stepped))
        return watches[-1] if watched else None

    def looks() -> bool:
        if watched:
            watches[0].stepped()
        return jumped.wait(0.2)

    ticker = Ticker(device.clock(), on_jump=jumped.set, watch=make_watch)
    tickers.append(ticker)
    ticker.wake_in("far", 3600, lambda: None)
    device.go_on(600)
    assert not looks()
    device.sleep(5)
    assert not looks()
    for step in (lambda: turn_back(device), lambda: device.sleep(600)):
        step()
        assert looks()
        jumped.clear()
    assert not looks()
    ticker.close()
    assert watches[0].closed is watched


def turn_back(device: SetClock) -> None:
    device.wall -= timedelta(hours=5)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_where_the_system_tells_nobody_looks_at_the_clock(tickers: list[Ticker]) -> None:
    ticker = Ticker(Clock(), on_jump=lambda: None)
    tickers.append(ticker)
    ticker.wake_in("far", 3600, lambda: None)
    assert ticker._watch is not None
    assert ticker._scheduler is not None
    assert ticker._scheduler._process_jobs() > 3500
    ticker.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "clock"]


@pytest.mark.slow  # every program of the machine that watches the clock hears of it
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_the_system_tells_when_its_clock_is_set() -> None:
    """To the time that it is: nothing but a step of microseconds, which is a step."""
    stepped = threading.Event()
    watch = watch_clock(stepped.set)
    assert watch is not None
    try:
        assert not stepped.wait(0.05)
        for _ in range(2):
            try:
                time.clock_settime_ns(time.CLOCK_REALTIME, time.clock_gettime_ns(time.CLOCK_REALTIME))
            except PermissionError:
                pytest.skip("only who may set the clock can show this")
            assert stepped.wait(5)
            stepped.clear()
    finally:
        watch.close()


def test_closing_ends_the_thread_and_rings_nothing_more() -> None:
    rung: list[str] = []
    ticker = Ticker(Clock(), on_jump=lambda: None)
    ticker.wake_in("one", 3600, lambda: rung.append("one"))
    ticker.close()
    ticker.wake_in("two", 0, lambda: rung.append("two"))
    assert not [thread for thread in threading.enumerate() if thread.name == "APScheduler"]
    assert rung == []
