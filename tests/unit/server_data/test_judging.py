"""Attendance is judged from the whole story, so the order in which it is told changes nothing."""

import random

from hypothesis import given
from hypothesis import strategies as st

from server.attendance.judging import Standing, judge_all
from server.attendance.sentences import SENTENCES, sentences


def _event(event_id: str, kind: str, minute: int, **more: object) -> Standing:
    columns = {
        "grade": "device",
        "location_id": None,
        "check_in_id": None,
        "supersedes": None,
        "cancelled": False,
        "noted": (),
        **more,
    }
    return Standing(event_id=event_id, kind=kind, at=f"2026-03-02T08:{minute:02}:00.000Z", **columns)  # type: ignore[arg-type]


def test_an_ended_session_raises_nothing() -> None:
    told = judge_all(
        [
            _event("in", "check_in", 0),
            _event("pause", "break_start", 1, check_in_id="in"),
            _event("back", "break_end", 2, check_in_id="in"),
            _event("out", "check_out", 3, check_in_id="in"),
            _event("again", "check_in", 4),
        ]
    )
    assert {name: judged.flags for name, judged in told.items()} == dict.fromkeys(told, ())
    assert not any(judged.needs_end for judged in told.values())


def test_an_end_that_came_after_the_next_check_in_ends_but_is_told() -> None:
    told = judge_all(
        [
            _event("in", "check_in", 0),
            _event("again", "check_in", 1),
            _event("late", "check_out", 2, check_in_id="in"),
        ]
    )
    assert told["again"].flags == ("second_check_in",)
    assert not told["in"].needs_end


def test_what_is_undone_counts_no_more() -> None:
    told = judge_all([_event("in", "check_in", 0), _event("again", "check_in", 1, cancelled=True)])
    assert not told["in"].needs_end
    told = judge_all([_event("in", "check_in", 0, cancelled=True), _event("out", "check_out", 1, check_in_id="in")])
    assert told["out"].flags == ("no_open_session",)


_NAMES = st.sampled_from(["a", "b", "c", "d", "e", "f"])
_EVENTS = st.lists(
    st.builds(
        _event,
        _NAMES,
        st.sampled_from(["check_in", "check_out", "break_start", "break_end"]),
        st.integers(0, 5),
        check_in_id=st.none() | _NAMES,
        supersedes=st.none() | _NAMES,
        cancelled=st.booleans(),
        noted=st.sampled_from([(), ("long_ago",)]),
    ),
    unique_by=lambda event: event.event_id,
)


@given(_EVENTS, st.randoms(use_true_random=False))
def test_any_story_is_judged_and_its_order_changes_nothing(events: list[Standing], shuffler: random.Random) -> None:
    told = judge_all(events)
    shuffled = list(events)
    shuffler.shuffle(shuffled)
    assert judge_all(shuffled) == told
    assert told.keys() == {event.event_id for event in events}
    for judged in told.values():
        assert set(judged.flags) <= SENTENCES.keys()
        assert len(sentences(judged.flags)) == len(judged.flags)
    assert all(not told[event.event_id].needs_end for event in events if event.cancelled)
