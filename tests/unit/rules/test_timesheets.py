"""Hours add up to the second whatever they are split by, on days on which clocks change too; none is invented."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.moment import Moment
from protocol.operations import AttendanceEvent, AttendanceKind
from rules.attendance import work_sessions
from rules.clock import judge
from rules.timesheets import (
    WHOLE,
    SessionHours,
    Worked,
    by_day,
    by_location,
    by_month,
    by_week,
    check_report_day,
    hours,
    month_of,
    week_of,
    within,
    worked,
)
from rules.zones import clock_time, instant, zone_of

VIENNA = "Europe/Vienna"
HOUR = 3600


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def session(start: str, end: str | None, name: str = "in", **more: object) -> Worked:
    return Worked(check_in_id=name, start=at(start), end=at(end) if end else None, zone=VIENNA, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("policy", "days"),
    [
        (WHOLE, {date(2026, 3, 2): 8 * HOUR}),
        ("00:00", {date(2026, 3, 2): 2 * HOUR, date(2026, 3, 3): 6 * HOUR}),
        ("06:00", {date(2026, 3, 2): 8 * HOUR}),
        ("04:30", {date(2026, 3, 2): 6 * HOUR + 1800, date(2026, 3, 3): 5400}),
    ],
)
def test_a_night_shift_counts_for_the_day_that_the_policy_says(policy: str, days: dict[date, int]) -> None:
    night = session("2026-03-02T21:00:00", "2026-03-03T05:00:00")
    assert by_day(hours([night], policy)) == days


@pytest.mark.parametrize(
    ("day", "start", "end", "worked_hours"),
    [
        (date(2026, 3, 29), "2026-03-28T23:00:00", "2026-03-29T22:00:00", 23),
        (date(2026, 10, 25), "2026-10-24T22:00:00", "2026-10-25T23:00:00", 25),
    ],
)
@pytest.mark.parametrize("policy", [WHOLE, "00:00"])
def test_a_day_on_which_clocks_change_has_its_own_length(
    day: date, start: str, end: str, worked_hours: int, policy: str
) -> None:
    assert by_day(hours([session(start, end)], policy)) == {day: worked_hours * HOUR}


def test_a_night_over_either_change_of_clocks_has_the_hours_that_passed() -> None:
    spring = session("2026-03-28T21:00:00", "2026-03-29T04:00:00")  # 22:00 to 06:00 on the wall
    autumn = session("2026-10-24T20:00:00", "2026-10-25T05:00:00")
    assert [one.seconds // HOUR for one in hours([spring, autumn], WHOLE)] == [7, 9]
    assert by_day(hours([spring], "00:00")) == {date(2026, 3, 28): 2 * HOUR, date(2026, 3, 29): 5 * HOUR}
    assert by_day(hours([autumn], "00:00")) == {date(2026, 10, 24): 2 * HOUR, date(2026, 10, 25): 7 * HOUR}


def test_breaks_are_taken_out_once_and_one_without_an_end_lasts_to_the_end() -> None:
    pauses = (
        (at("2026-03-02T10:00:00"), at("2026-03-02T10:30:00")),
        (at("2026-03-02T10:15:00"), at("2026-03-02T10:45:00")),
        (at("2026-03-02T15:00:00"), None),
    )
    [one] = hours([session("2026-03-02T08:00:00", "2026-03-02T16:00:00", breaks=pauses)], WHOLE)
    assert (one.seconds, one.break_seconds) == (6 * HOUR + 900, 6300)


def test_what_has_no_end_or_ends_before_it_begins_has_no_hours() -> None:
    found = hours(
        [
            session("2026-03-02T08:00:00", None),
            session("2026-03-01T08:00:00", None, "forgotten", needs_end=True),
            session("2026-03-03T08:00:00", "2026-03-03T07:00:00", "turned"),
        ],
        WHOLE,
    )
    assert [one.seconds for one in found] == [0, 0, 0]
    assert [one.ended for one in found] == [False, False, True]
    assert by_day(found) == by_location(found) == {}


def test_what_two_sessions_share_counts_once_in_the_earlier() -> None:
    found = hours(
        [
            session("2026-03-02T08:00:00", "2026-03-02T12:00:00", "first", location_id="gate"),
            session("2026-03-02T11:00:00", "2026-03-02T13:00:00", "second", location_id="yard"),
        ],
        WHOLE,
    )
    assert [(one.seconds, one.overlapping_seconds) for one in found] == [(4 * HOUR, 0), (HOUR, HOUR)]
    assert by_location(found) == {"gate": 4 * HOUR, "yard": HOUR}


def test_a_change_of_zone_in_flight_takes_nothing_and_gives_nothing() -> None:
    """Checked in by a clock in Vienna, out by one in New York: what passed is what counts, in the days of the start."""

    def event(name: str, kind: AttendanceKind, utc: str, zone: str, offset: int) -> AttendanceEvent:
        moment = Moment(utc=utc, offset_minutes=offset, zone=zone, boot_id="b", elapsed_ms=0)
        return AttendanceEvent(event_id=name, kind=kind, check_in_id=None if kind == "check_in" else "in", at=moment)

    events = [
        event("in", "check_in", "2026-03-02T09:00:00.000Z", VIENNA, 60),
        event("out", "check_out", "2026-03-02T19:00:00.000Z", "America/New_York", -300),
    ]
    [flight] = worked(work_sessions(events), lambda one: judge(one.at).at, lambda _place: None)
    assert flight.zone == VIENNA
    assert by_day(hours([flight], "00:00")) == {date(2026, 3, 2): 10 * HOUR}


def test_a_session_counts_in_the_days_of_its_place() -> None:
    moment = Moment(utc="2026-03-02T23:30:00.000Z", offset_minutes=0, zone="UTC", boot_id="b", elapsed_ms=0)
    event = AttendanceEvent(event_id="in", kind="check_in", location_id="gate", at=moment)
    [one] = worked(work_sessions([event]), lambda one: judge(one.at).at, {"gate": VIENNA}.get)
    assert hours([one], WHOLE)[0].day == date(2026, 3, 3)


@pytest.mark.parametrize("policy", ["24:00", "6:00", "sometimes", "", "٠٦:٠٠"])
def test_a_policy_that_says_no_hour_is_refused(policy: str) -> None:
    with pytest.raises(ValueError, match=r"hour|HH:MM"):
        check_report_day(policy)


ZONES = [
    VIENNA,
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/St_Johns",
    "Asia/Kolkata",
    "nowhere",
]
TURNS = [
    at("2026-03-29T01:00:00"),
    at("2026-10-25T01:00:00"),
    at("2026-11-01T06:00:00"),
    at("2011-12-30T10:00:00"),
    at("2006-10-29T02:31:00"),
]
POLICIES = st.sampled_from([WHOLE, "00:00", "02:30", "06:00", "23:59"])


@st.composite
def stories(draw: st.DrawFn) -> list[Worked]:
    around = draw(st.sampled_from(TURNS))
    seconds = st.integers(-60 * HOUR, 60 * HOUR)
    found = []
    for number in range(draw(st.integers(0, 4))):
        start = around + timedelta(seconds=draw(seconds), milliseconds=draw(st.integers(0, 999)))
        long = draw(st.none() | st.integers(-HOUR, 40 * HOUR))
        end = None if long is None else start + timedelta(seconds=long)
        pauses = tuple(
            (start + timedelta(seconds=begun), None if lasted is None else start + timedelta(seconds=begun + lasted))
            for begun, lasted in draw(
                st.lists(st.tuples(st.integers(-HOUR, 20 * HOUR), st.none() | st.integers(-60, HOUR)), max_size=3)
            )
        )
        found.append(
            Worked(
                check_in_id=f"in{number}",
                start=start,
                end=end,
                zone=draw(st.sampled_from(ZONES)),
                offset_minutes=90,
                location_id=draw(st.sampled_from([None, "gate", "yard"])),
                breaks=pauses,
            )
        )
    return found


def seconds_by_hand(sessions: list[Worked]) -> int:
    """The seconds somebody was at work, counted one by one, in the rule's words: in a session, in no break of it, and
    in no session before it."""
    taken: set[int] = set()
    counted = 0
    for one in sorted(sessions, key=lambda session: (session.start, session.check_in_id)):
        if one.end is None:
            continue
        span = set(range(int(one.start.timestamp()), int(one.end.timestamp())))
        pauses: set[int] = set()
        for first, last in one.breaks:
            pauses |= set(range(int(first.timestamp()), int((last or one.end).timestamp())))
        counted += len(span - pauses - taken)
        taken |= span
    return counted


@given(stories(), POLICIES)
def test_hours_add_up_to_the_second_whatever_the_split(sessions: list[Worked], policy: str) -> None:
    found = hours(sessions, policy)
    total = seconds_by_hand(sessions)
    assert sum(one.seconds for one in found) == total
    for split in (by_day, by_week, by_month, by_location):
        assert sum(split(found).values()) == total, split.__name__
    assert {one.session.check_in_id for one in found} == {one.check_in_id for one in sessions}
    for one in found:
        if one.session.end is not None and one.session.end > one.session.start:
            long = int(one.session.end.timestamp()) - int(one.session.start.timestamp())
            assert one.seconds + one.break_seconds + one.overlapping_seconds == long
    assert_no_day_is_longer_than_it_is(found, policy)


def assert_no_day_is_longer_than_it_is(found: tuple[SessionHours, ...], policy: str) -> None:
    if policy == WHOLE:
        return
    for one in found:
        zone, begins = zone_of(one.session.zone, 90), clock_time(policy)
        for portion in one.portions:
            long = instant(portion.day + timedelta(days=1), begins, zone) - instant(portion.day, begins, zone)
            assert 0 < portion.seconds <= long.total_seconds()


@given(stories(), POLICIES, st.integers(0, 6))
def test_a_part_of_the_days_has_that_part_of_the_hours(sessions: list[Worked], policy: str, cut: int) -> None:
    found = hours(sessions, policy)
    days = by_day(found)
    if not days:
        return
    first, last = min(days), max(days)
    middle = first + timedelta(days=cut)
    early, late = within(found, first, middle), within(found, middle + timedelta(days=1), last)
    assert by_day(early) | by_day(late) == days


def test_weeks_begin_on_monday_and_months_have_their_days() -> None:
    assert week_of(date(2026, 3, 1)) == (date(2026, 2, 23), date(2026, 3, 1))
    assert month_of(date(2028, 2, 29)) == (date(2028, 2, 1), date(2028, 2, 29))
    assert month_of(date(2026, 12, 31)) == (date(2026, 12, 1), date(2026, 12, 31))
