"""Shifts become instants by the clocks of their place, also when those change; who is missing; which end fits."""

from datetime import UTC, date, datetime, time, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.schedule import Holiday, Shift
from protocol.statements import PolicyPayload
from rules.resolving import remind_at, resolution
from rules.shifts import missing, planned, planned_around, shift_of
from rules.timesheets import Worked
from rules.zones import instant, zone_of

DAY = Shift(
    shift_id="early",
    name="Early",
    zone="Europe/Vienna",
    start="06:00",
    end="14:00",
    weekdays=(1, 2, 3, 4, 5, 6, 7),
    valid_from="2026-01-01",
    grace_minutes=10,
)
NIGHT = msgspec.structs.replace(DAY, shift_id="night", name="Night", start="22:00", end="06:00")
POLICY = PolicyPayload(organization_id="o", version=1, issued="")
HOUR = timedelta(hours=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def session(start: str, end: str | None = None) -> Worked:
    return Worked(check_in_id="in", start=at(start), end=at(end) if end else None, zone="Europe/Vienna")


@pytest.mark.parametrize(
    ("day", "hours", "start"),
    [
        (date(2026, 3, 27), 8, "2026-03-27T21:00:00"),
        (date(2026, 3, 28), 7, "2026-03-28T21:00:00"),
        (date(2026, 10, 24), 9, "2026-10-24T20:00:00"),
        (date(2026, 10, 25), 8, "2026-10-25T21:00:00"),
    ],
)
def test_a_night_shift_has_the_hours_of_its_night(day: date, hours: int, start: str) -> None:
    [one] = planned(NIGHT, (), day, day)
    assert (one.start, one.end - one.start) == (at(start), hours * HOUR)


def test_a_shift_begins_at_its_hour_on_the_day_clocks_change() -> None:
    [spring] = planned(DAY, (), date(2026, 3, 29), date(2026, 3, 29))
    [autumn] = planned(DAY, (), date(2026, 10, 25), date(2026, 10, 25))
    assert (spring.start, autumn.start) == (at("2026-03-29T04:00:00"), at("2026-10-25T05:00:00"))
    assert spring.late_from - spring.start == timedelta(minutes=10)


def test_an_hour_that_is_skipped_is_the_moment_of_the_jump_and_a_shift_within_it_takes_no_place() -> None:
    within = msgspec.structs.replace(DAY, start="02:10", end="02:50")
    assert planned(within, (), date(2026, 3, 29), date(2026, 3, 29)) == ()
    over = msgspec.structs.replace(DAY, start="02:30", end="03:30")
    [one] = planned(over, (), date(2026, 3, 29), date(2026, 3, 29))
    assert (one.start, one.end) == (at("2026-03-29T01:00:00"), at("2026-03-29T01:30:00"))
    [twice] = planned(over, (), date(2026, 10, 25), date(2026, 10, 25))
    assert twice.end - twice.start == 2 * HOUR


def test_weekdays_validity_and_holidays_leave_days_out() -> None:
    shift = msgspec.structs.replace(
        DAY, weekdays=(1, 2, 3, 4, 5), valid_from="2026-03-03", valid_to="2026-03-10", location_id="gate"
    )
    free = (
        Holiday(day="2026-03-04", name="Everywhere"),
        Holiday(day="2026-03-05", name="Here", location_id="gate"),
        Holiday(day="2026-03-06", name="There", location_id="yard"),
    )
    days = [one.day.day for one in planned(shift, free, date(2026, 3, 1), date(2026, 3, 31))]
    assert days == [3, 6, 9, 10]
    always = msgspec.structs.replace(shift, on_holidays=True)
    assert len(planned(always, free, date(2026, 3, 1), date(2026, 3, 31))) == 6


def test_a_shift_that_cannot_be_read_is_told() -> None:
    with pytest.raises(ValueError, match="not HH:MM"):
        planned(msgspec.structs.replace(DAY, start="6"), (), date(2026, 3, 1), date(2026, 3, 1))


@given(
    st.sampled_from(["Europe/Vienna", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia", "Africa/Casablanca"]),
    st.dates(date(2005, 1, 1), date(2030, 1, 1)),
    st.times(),
    st.times(),
)
def test_a_later_hour_is_never_an_earlier_instant(name: str, day: date, one: time, other: time) -> None:
    early, late = sorted((one, other))
    zone = zone_of(name)
    assert instant(day, early, zone) <= instant(day, late, zone)
    assert instant(day, late, zone) <= instant(day + timedelta(days=1), early.min, zone)


def test_who_came_for_a_shift_is_not_missing() -> None:
    plan = planned(DAY, (), date(2026, 3, 2), date(2026, 3, 2))
    began = plan[0].start
    assert missing(plan, [], began + timedelta(minutes=9)) == ()
    assert missing(plan, [], began + timedelta(minutes=10)) == plan
    assert missing(plan, [(began - HOUR, None)], began + HOUR) == ()
    assert missing(plan, [(began - 3 * HOUR, began - HOUR)], began + HOUR) == plan
    assert missing(plan, [], plan[0].end) == ()


def test_a_check_in_belongs_to_the_nearest_shift_that_it_can_be_for() -> None:
    plan = planned_around([DAY, NIGHT], (), at("2026-03-02T00:00:00"), at("2026-03-03T00:00:00"))
    found = shift_of(at("2026-03-02T04:55:00"), plan)
    assert found is not None
    assert (found.shift.shift_id, found.day) == ("early", date(2026, 3, 2))
    assert shift_of(at("2026-03-02T13:30:00"), plan) is None


def test_an_open_session_needs_its_person_four_hours_after_its_shift() -> None:
    plan = planned(DAY, (), date(2026, 3, 2), date(2026, 3, 2))
    came = session("2026-03-02T04:58:00")
    end = plan[0].end
    assert resolution(came, end + 4 * HOUR - timedelta(seconds=1), plan, POLICY) is None
    found = resolution(came, end + 4 * HOUR, plan, POLICY, last_report=end + HOUR, last_activity=end + 9 * HOUR)
    assert found is not None
    assert [(one.kind, one.at) for one in found.proposals] == [("shift_end", end), ("last_report", end + HOUR)]


def test_without_a_shift_it_is_sixteen_hours_and_only_what_is_later_than_all_that_is_known_is_proposed() -> None:
    came = session("2026-03-02T04:58:00")
    assert resolution(came, came.start + 16 * HOUR - timedelta(seconds=1), (), POLICY) is None
    back = came.start + 5 * HOUR
    paused = msgspec.structs.replace(came, breaks=((came.start + 4 * HOUR, back),))
    found = resolution(paused, came.start + 16 * HOUR, (), POLICY, last_report=came.start + HOUR)
    assert found is not None
    assert found.proposals == ()


def test_a_session_that_a_later_check_in_left_open_is_due_at_once_and_ends_before_that() -> None:
    plan = planned(DAY, (), date(2026, 3, 2), date(2026, 3, 2))
    came, again = session("2026-03-02T05:00:00"), at("2026-03-02T09:00:00")
    found = resolution(came, at("2026-03-02T09:01:00"), plan, POLICY, last_report=again - HOUR, next_check_in=again)
    assert found is not None
    assert [one.kind for one in found.proposals] == ["last_report"]


def test_what_has_ended_needs_nobody_and_reminds_nobody() -> None:
    over = session("2026-03-02T05:00:00", "2026-03-02T13:00:00")
    assert resolution(over, at("2026-03-05T00:00:00"), (), POLICY) is None
    assert remind_at(over, POLICY) is None
    still = session("2026-03-02T05:00:00")
    assert remind_at(still, POLICY) == still.start + 10 * HOUR
    assert remind_at(still, msgspec.structs.replace(POLICY, remind_checked_in_hours=0)) is None
