"""True time: within one boot since a server contact the wall clock may say what it likes."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.moment import Moment
from rules.clock import format_utc, judge, parse_utc

SEEN = Moment(
    utc="2026-03-29T07:00:00.000Z",
    offset_minutes=60,
    zone="Europe/Berlin",
    boot_id="b",
    elapsed_ms=70_000,
    confirmed_utc="2026-03-29T06:58:00.000Z",
    confirmed_elapsed_ms=10_000,
)


@given(st.datetimes().map(lambda at: at.isoformat() + "Z"))
def test_a_turned_clock_changes_nothing_within_a_boot(utc: str) -> None:
    judged = judge(msgspec.structs.replace(SEEN, utc=utc))
    assert (format_utc(judged.at), judged.grade) == ("2026-03-29T06:59:00.000Z", "confirmed")


def test_without_contact_it_is_the_devices_word() -> None:
    judged = judge(msgspec.structs.replace(SEEN, confirmed_utc=None, confirmed_elapsed_ms=None))
    assert (format_utc(judged.at), judged.grade) == ("2026-03-29T07:00:00.000Z", "device")


def test_a_confirmation_from_the_future_of_the_boot_is_not_used() -> None:
    assert judge(msgspec.structs.replace(SEEN, confirmed_elapsed_ms=80_000)).grade == "device"


@pytest.mark.parametrize("text", ["yesterday", "2026-03-29T07:00:00", ""])
def test_a_time_without_meaning_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_utc(text)


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-23:59"]
)
def test_a_time_that_some_zone_could_not_show_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match="year"):
        parse_utc(text)


def test_more_milliseconds_than_there_are_is_unreadable() -> None:
    with pytest.raises(ValueError, match="longer"):
        judge(msgspec.structs.replace(SEEN, elapsed_ms=2**53))
