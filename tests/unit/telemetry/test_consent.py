"""Unknown is off, and everything but the person can only lower."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.api import Category as ApiCategory
from protocol.statements import TelemetryPolicy
from telemetry.catalog import Category
from telemetry.consent import CATEGORIES, PURPOSES, Conditions, State, do_not_track, effect

policies = st.builds(TelemetryPolicy, diagnostics=st.booleans(), usage=st.booleans(), third_party=st.booleans())
conditions = st.builds(Conditions, policy=policies, do_not_track=st.booleans(), global_privacy_control=st.booleans())


@given(st.sampled_from(CATEGORIES), st.sampled_from(get_args(State)), conditions)
def test_nothing_is_on_without_the_persons_grant_and_everyone_elses_leave(
    category: Category, state: State, given_conditions: Conditions
) -> None:
    found = effect(category, state, given_conditions)
    allowed = (
        getattr(given_conditions.policy, category)
        and not given_conditions.do_not_track
        and not (category == "third_party" and given_conditions.global_privacy_control)
    )
    assert found.on == (state == "granted" and allowed)
    assert bool(found.reason) == (not allowed), "whoever else keeps it off is named"


@pytest.mark.parametrize(
    ("value", "asked"), [(None, False), ("", False), ("0", False), ("false", False), ("1", True), ("yes", True)]
)
def test_do_not_track(value: str | None, asked: bool) -> None:
    assert do_not_track({} if value is None else {"DO_NOT_TRACK": value}) is asked


def test_the_interface_knows_the_same_categories() -> None:
    assert set(get_args(ApiCategory)) == set(CATEGORIES) == set(PURPOSES)
