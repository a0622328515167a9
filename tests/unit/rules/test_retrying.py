"""When to try again: whatever a server says, between now and a day."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.retrying import MAX_RETRY_AFTER_SECONDS, pause_ceiling, retry_after

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("٣", None),
        ("0", 0.0),
        ("7", 7.0),
        (" 120 ", 120.0),
        ("999999999999", MAX_RETRY_AFTER_SECONDS),
        ("Thu, 01 Jan 2026 12:01:00 GMT", 60.0),
        ("Thu, 01 Jan 2025 12:01:00 GMT", 0.0),
        ("Thu, 01 Jan 2099 12:01:00 GMT", MAX_RETRY_AFTER_SECONDS),
        ("9" * 5000, MAX_RETRY_AFTER_SECONDS),
        ("Thu, 01 Jan 99999999999 12:01:00 GMT", None),
        ("Thu, 01 Jan 2026 12:01:00 +999999999999999999", None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@given(st.text())
def test_no_retry_after_breaks_anything(value: str) -> None:
    found = retry_after(value, NOW)
    assert found is None or 0 <= found <= MAX_RETRY_AFTER_SECONDS


def test_pauses_grow_to_an_hour_and_stay() -> None:
    ceilings = [pause_ceiling(attempt) for attempt in range(2000)]
    assert ceilings[0] == 5
    assert ceilings == sorted(ceilings)
    assert timedelta(seconds=ceilings[-1]) == timedelta(hours=1)
