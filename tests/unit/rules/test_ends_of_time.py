"""What is read as a time is one that can be kept and read again."""

from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.clock import format_utc, parse_utc

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(at=st.datetimes(timezones=ZONES))
def test_what_is_read_once_is_read_again(at: object) -> None:
    try:
        found = parse_utc(str(at).replace(" ", "T"))
    except ValueError:
        return
    assert parse_utc(format_utc(found)) == found.replace(microsecond=found.microsecond // 1000 * 1000)


@pytest.mark.parametrize(
    "text",
    [
        "1969-01-01T00:00:00+14:00",
        "9000-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
    ],
)
def test_a_year_that_only_the_offset_hides_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="no year"):
        parse_utc(text)
