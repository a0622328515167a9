"""Work sessions are paired by id: no date, no order of arrival of other sessions, no correction can split a pair."""

from hypothesis import given
from hypothesis import strategies as st

from protocol.moment import Moment
from protocol.operations import AttendanceEvent, AttendanceKind
from rules.attendance import open_session, work_sessions

NOW = Moment(utc="2026-03-29T06:58:12.250Z", offset_minutes=0, zone="UTC", boot_id="b", elapsed_ms=0)


def event(event_id: str, kind: AttendanceKind, check_in_id: str | None = None, **more: str) -> AttendanceEvent:
    return AttendanceEvent(event_id=event_id, kind=kind, check_in_id=check_in_id, at=NOW, **more)


def test_a_check_in_and_its_check_out_are_a_session() -> None:
    (session,) = work_sessions([event("a", "check_in"), event("b", "check_out", "a")])
    assert session.check_out is not None
    assert session.check_out.event_id == "b"
    assert open_session([session]) is None


def test_a_second_check_in_leaves_the_first_in_need_of_an_end() -> None:
    first, second = work_sessions([event("a", "check_in"), event("b", "check_in")])
    assert (first.needs_end, second.needs_end) == (True, False)
    assert open_session([first, second]) is second


def test_an_end_given_later_closes_the_earlier_session_only() -> None:
    first, second = work_sessions([event("a", "check_in"), event("b", "check_in"), event("c", "check_out", "a")])
    assert first.check_out is not None
    assert not first.needs_end
    assert second.check_out is None


def test_an_undone_check_in_never_was() -> None:
    assert work_sessions([event("a", "check_in")], {"a"}) == ()


def test_an_undone_check_out_leaves_the_session_open() -> None:
    sessions = work_sessions([event("a", "check_in"), event("b", "check_out", "a")], {"b"})
    assert open_session(sessions) is sessions[0]


def test_a_correction_takes_the_place_and_keeps_the_pair() -> None:
    events = [
        event("a", "check_in"),
        event("b", "check_out", "a"),
        event("c", "check_in", supersedes="a", reason="late"),
    ]
    (session,) = work_sessions(events)
    assert session.check_in.event_id == "c"
    assert session.check_out is not None


def test_corrections_in_a_circle_end() -> None:
    events = [
        event("a", "check_in"),
        event("b", "check_in", supersedes="a"),
        event("a", "check_in", supersedes="b"),
    ]
    assert len(work_sessions(events)) == 1


def test_breaks_belong_to_their_session() -> None:
    events = [event("a", "check_in"), event("b", "break_start", "a")]
    (session,) = work_sessions(events)
    assert session.on_break
    (session,) = work_sessions([*events, event("c", "break_end", "a"), event("d", "break_end", "a")])
    assert [part.end and part.end.event_id for part in session.breaks] == ["c"]
    assert not session.on_break


@st.composite
def histories(draw: st.DrawFn) -> list[AttendanceEvent]:
    count = draw(st.integers(1, 6))
    events = [event(f"in{n}", "check_in") for n in range(count)]
    ended = draw(st.sets(st.integers(0, count - 1)))
    for number in sorted(ended):
        place = draw(st.integers(number + 1, len(events)))
        events.insert(place, event(f"out{number}", "check_out", f"in{number}"))
    return events


@given(histories())
def test_no_pair_is_ever_split_or_crossed(events: list[AttendanceEvent]) -> None:
    sessions = work_sessions(events)
    ends = {item.check_in_id: item.event_id for item in events if item.kind == "check_out"}
    assert [session.check_in.event_id for session in sessions] == [
        item.event_id for item in events if item.kind == "check_in"
    ]
    for session in sessions:
        assert (session.check_out and session.check_out.event_id) == ends.get(session.check_in.event_id)
