"""Times as the clock on the wall had them."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from rules.clock import format_utc
from rules.zones import zone_of
from server.web.times import Clock
from server.web.words import words_for

NOW = datetime(2026, 7, 10, 12, 0, tzinfo=UTC)
CLOCK = Clock(words_for("en"), NOW)


def test_today_is_told_by_the_hour_alone() -> None:
    told = CLOCK.short("2026-07-10T06:58:00.000Z", "Europe/Vienna")
    assert ">08:58</time>" in told
    assert 'datetime="2026-07-10T06:58:00.000Z"' in told
    assert "Fri 10 Jul 2026, 08:58 (UTC+02:00)" in told


def test_the_day_is_that_of_the_place() -> None:
    late = "2026-07-09T23:30:00Z"
    assert ">01:30</time>" in CLOCK.short(late, "Europe/Vienna")
    assert ">yesterday 23:30</time>" in CLOCK.short(late, "UTC")


def test_another_year_is_named() -> None:
    assert "Wed 31 Dec 2025, 10:00" in CLOCK.short("2025-12-31T10:00:00Z")
    assert ">Mon 5 Jan, 10:00<" in CLOCK.short("2026-01-05T10:00:00Z")


def test_an_unknown_zone_falls_back_to_the_offset_that_came_along() -> None:
    assert "(UTC−03:30)" in CLOCK.full("2026-07-10T06:58:00Z", "Nowhere/City", -210)
    assert "(UTC)" in CLOCK.full("2026-07-10T06:58:00Z", "Nowhere/City")


def test_how_long_ago() -> None:
    assert CLOCK.since("2026-07-10T08:48:00Z") == "3 h 12 min"
    assert CLOCK.since("2026-07-10T11:13:00Z") == "47 min"
    assert CLOCK.since("2026-07-10T13:00:00Z") == "0 min"
    assert CLOCK.since("2026-07-07T11:00:00Z") == "3 days"


@given(st.text(max_size=60), st.integers(-100_000, 100_000))
def test_no_zone_is_too_odd(zone: str, offset_minutes: int) -> None:
    assert NOW.astimezone(zone_of(zone, offset_minutes)) == NOW


@given(st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(9000, 12, 31)))  # noqa: DTZ001
def test_the_machine_reads_back_the_very_instant(at: datetime) -> None:
    text = format_utc(at.replace(tzinfo=UTC))
    assert f'datetime="{text}"' in CLOCK.short(text, "Asia/Kathmandu")
