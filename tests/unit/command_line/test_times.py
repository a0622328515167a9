"""Times as a person types them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.api import AgentError
from desktop.command_line.attendance import read_time

NEAR = datetime(2026, 3, 10, 22, 15).astimezone()


@pytest.mark.parametrize(
    ("text", "later", "at"),
    [
        ("16:00", False, datetime(2026, 3, 10, 16).astimezone()),
        (" 16:00 ", True, datetime(2026, 3, 11, 16).astimezone()),
        ("23:30", True, datetime(2026, 3, 10, 23, 30).astimezone()),
        ("2026-03-12 06:05", True, datetime(2026, 3, 12, 6, 5).astimezone()),
        ("2026-03-12T06:05Z", False, datetime(2026, 3, 12, 6, 5, tzinfo=UTC)),
    ],
)
def test_a_time_is_near_what_it_is_about(text: str, later: bool, at: datetime) -> None:
    assert read_time(text, NEAR, later=later) == at


@given(text=st.text(max_size=30))
def test_whatever_is_typed_is_a_time_or_a_sentence(text: str) -> None:
    try:
        found = read_time(text, NEAR, later=True)
    except AgentError as error:
        said = error
    else:
        said = None
    assert said is None or (said.kind == "usage" and "is not a time" in said.sentence)
    assert said is not None or found.tzinfo is not None


@given(minutes=st.integers(0, 24 * 60 - 1))
def test_an_hour_that_comes_later_is_less_than_a_day_away(minutes: int) -> None:
    found = read_time(f"{minutes // 60:02}:{minutes % 60:02}", NEAR, later=True)
    assert timedelta() < found - NEAR <= timedelta(days=1)
