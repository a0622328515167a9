"""What becomes of attendance later: corrections that are asked for, ends that a manager gives, days that are closed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from protocol.changes import AttendanceAskView
from protocol.operations import (
    ATTENDANCE_ASK,
    ATTENDANCE_WITHDRAW,
    AttendanceAsk,
    AttendanceEvent,
    AttendanceWithdrawal,
)
from protocol.sync import Operation
from rules.clock import format_utc
from server.access import broken_at
from server.attendance import closing, deciding
from server.attendance.asking import SENTENCES as ASK_SENTENCES
from server.attendance.asking import list_asks
from server.attendance.reading import list_events, present_members
from server.attendance.sentences import SENTENCES
from server.policy.document import issue_policy
from server.problems import ProblemError
from server.receipts.keys import SigningKeys
from server.storage.database import Database
from server.storage.tables import access_grant, access_record, attendance_event, group_membership, member_group
from tests.contract import operations as make
from tests.contract.conftest import Clock, House, new_id
from tests.contract.test_sync import Device

HOUR = timedelta(hours=1)


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> SigningKeys:
    """Keys made once."""
    return SigningKeys.load_or_create(tmp_path_factory.mktemp("keys"), {})


@pytest.fixture
def device(database: Database, keys: SigningKeys, house: House) -> Iterator[Device]:
    """Ana's, of an organization whose manager may see everything. What it was told is what a new one is told."""
    with database.write(house.organization_id) as t:
        t.insert(
            access_grant,
            grant_id=new_id(),
            member_id=house.manager.member_id,
            role="manager",
            created=t.now_text,
        )
    ana = Device(database, keys, house.ana)
    yield ana
    ana.send()
    assert ana.known == ana.fresh()
    with database.read(house.organization_id) as t:
        assert broken_at(t) is None


def asking(clock: Clock, wants: Any, **more: Any) -> tuple[AttendanceAsk, Operation]:
    body = AttendanceAsk(
        ask_id=new_id(), wants=wants, reason="The gate was shut.", asked=make.moment(clock.now), **more
    )
    return body, make.operation(ATTENDANCE_ASK, body.ask_id, body)


def asked_view(device: Device, ask_id: str) -> AttendanceAskView:
    return msgspec.convert(device.known["attendance_ask", ask_id], AttendanceAskView)


def shift(device: Device, clock: Clock, house: House) -> tuple[AttendanceEvent, AttendanceEvent]:
    """A day's work that arrived: in at 08:00, out eight hours later."""
    came = make.attendance("check_in", clock.now, location_id=house.gate)
    went = make.attendance("check_out", clock.now + 8 * HOUR, check_in_id=came.event_id)
    clock.forward(hours=9)
    assert device.send(make.record(came), make.record(went)) == ["accepted", "accepted"]
    return came, went


def test_an_approved_change_supersedes_and_both_stay_visible(device: Device, clock: Clock, house: House) -> None:
    came, went = shift(device, clock, house)
    earlier = came_at(came) - HOUR
    body, operation = asking(clock, "change", supersedes=came.event_id, at=format_utc(earlier), zone="Europe/Lisbon")
    assert device.send(operation, operation) == ["accepted", "duplicate"]
    assert asked_view(device, body.ask_id).state == "asked"
    assert device.event(came.event_id).superseded_by is None
    with device.database.write(house.organization_id) as t:
        assert [row.was_at for row in list_asks(t, house.manager, state="asked").rows] == [format_utc(came_at(came))]
        deciding.approve(t, house.manager, body.ask_id, "I was there")
    device.send()
    view = asked_view(device, body.ask_id)
    assert (view.state, view.by, view.words) == ("approved", "Manager", "I was there")
    assert device.event(came.event_id).superseded_by == body.ask_id
    new = device.event(body.ask_id)
    assert (new.at, new.by, new.supersedes, new.location_id) == (
        format_utc(earlier),
        "Manager",
        came.event_id,
        house.gate,
    )
    assert new.flags == ("entered_for_member",)
    assert new.sentences == (SENTENCES["entered_for_member"],)
    assert device.event(went.event_id).flags == ()
    with device.database.read(house.organization_id) as t:
        assert len(list_events(t, house.ana).rows) == 3
        verbs = [row.action for row in t.all(t.select(access_record).order_by(access_record.c.ordinal))]
        assert verbs[-1] == "approve"


def came_at(event: AttendanceEvent) -> datetime:
    return datetime.fromisoformat(event.at.utc).astimezone(UTC)


def test_a_second_change_follows_the_first(device: Device, clock: Clock, house: House) -> None:
    came, _ = shift(device, clock, house)
    asks = [
        asking(clock, "change", supersedes=came.event_id, at=format_utc(came_at(came) + hours * HOUR))
        for hours in (2, 1)
    ]
    device.send(*(operation for _, operation in asks))
    for body, _ in asks:
        with device.database.write(house.organization_id) as t:
            deciding.approve(t, house.manager, body.ask_id)
    device.send()
    assert device.event(came.event_id).superseded_by == asks[0][0].ask_id
    assert device.event(asks[0][0].ask_id).superseded_by == asks[1][0].ask_id


def test_a_refused_one_changes_nothing_and_says_why(device: Device, clock: Clock, house: House) -> None:
    came, _ = shift(device, clock, house)
    body, operation = asking(clock, "remove", supersedes=came.event_id)
    device.send(operation)
    before = device.event(came.event_id)
    with device.database.write(house.organization_id) as t:
        with pytest.raises(ProblemError, match="in a few words"):
            deciding.refuse(t, house.manager, body.ask_id, " ")
        deciding.refuse(t, house.manager, body.ask_id, "You were here")
    device.send()
    view = asked_view(device, body.ask_id)
    assert (view.state, view.words, view.decided) == ("refused", "You were here", format_utc(clock.now))
    assert device.event(came.event_id) == before
    with device.database.write(house.organization_id) as t, pytest.raises(ProblemError, match="meanwhile"):
        deciding.approve(t, house.manager, body.ask_id)


def test_a_missing_session_is_asked_for_in_two_parts(device: Device, clock: Clock, house: House) -> None:
    clock.forward(hours=9)
    start = clock.now - 8 * HOUR
    came, first = asking(clock, "add", kind="check_in", at=format_utc(start), location_id=house.gate)
    went, second = asking(clock, "add", kind="check_out", at=format_utc(start + HOUR), check_in_id=came.ask_id)
    assert device.send(second, first) == ["accepted", "accepted"]
    with device.database.write(house.organization_id) as t:
        deciding.approve(t, house.manager, went.ask_id)
    device.send()
    assert "unknown_check_in" in device.event(went.ask_id).flags
    with device.database.write(house.organization_id) as t:
        deciding.approve(t, house.manager, came.ask_id)
    device.send()
    assert device.event(went.ask_id).flags == ("entered_for_member",)
    assert not device.event(came.ask_id).needs_end


def test_an_approved_removal_undoes_the_whole_chain(device: Device, clock: Clock, house: House) -> None:
    came, went = shift(device, clock, house)
    later = make.attendance("check_in", came_at(came) + HOUR)
    device.send(make.record(msgspec.structs.replace(later, supersedes=came.event_id, reason="late")))
    body, operation = asking(clock, "remove", supersedes=later.event_id)
    device.send(operation)
    with device.database.write(house.organization_id) as t:
        deciding.approve(t, house.manager, body.ask_id)
    device.send()
    assert device.event(came.event_id).cancelled
    assert device.event(went.event_id).flags == ("no_open_session",)


def test_nobody_decides_about_their_own_or_beyond_their_care(
    device: Device, clock: Clock, house: House, keys: SigningKeys
) -> None:
    shift(device, clock, house)
    own = Device(device.database, keys, house.manager)
    mine, operation = asking(clock, "add", kind="check_in", at=format_utc(clock.now))
    own.send(operation)
    theirs, other = asking(clock, "add", kind="check_in", at=format_utc(clock.now))
    device.send(other)
    with device.database.write(house.organization_id) as t:
        with pytest.raises(ProblemError, match="another manager"):
            deciding.approve(t, house.manager, mine.ask_id)
        for nobody in (house.ben, house.admin):
            with pytest.raises(ProblemError, match="no such"):
                deciding.approve(t, nobody, theirs.ask_id)
        assert list_asks(t, house.ben).rows == ()
        with pytest.raises(ProblemError, match="another manager"):
            deciding.approve(t, house.ana, theirs.ask_id)


@pytest.mark.parametrize(
    "parts",
    [
        {"wants": "add", "kind": "check_in"},
        {"wants": "add", "kind": "check_out", "at": "2026-03-02T08:00:00Z"},
        {"wants": "add", "kind": "check_in", "at": "2026-03-02T08:00:00Z", "check_in_id": "E"},
        {"wants": "add", "at": "2026-03-02T08:00:00Z"},
        {"wants": "change", "supersedes": "E"},
        {"wants": "change", "at": "2026-03-02T08:00:00Z"},
        {"wants": "remove"},
        {"wants": "remove", "supersedes": "E", "at": "2026-03-02T08:00:00Z"},
        {"wants": "change", "supersedes": "E", "at": "yesterday"},
        {"wants": "change", "supersedes": "E", "at": "2026-03-02T08:00:00Z", "zone": ""},
        {"wants": "change", "supersedes": "not an id", "at": "2026-03-02T08:00:00Z"},
        {"wants": "change", "supersedes": "E", "location_id": "01890000-0000-7000-8000-000000000000"},
    ],
)
def test_an_ask_whose_parts_do_not_fit_is_rejected_with_a_sentence(
    device: Device, clock: Clock, parts: dict[str, Any]
) -> None:
    event = new_id()
    given = {name: event if value == "E" else value for name, value in parts.items()}
    _, operation = asking(clock, **given)
    problem = device.refused(operation)
    assert problem.detail.endswith(".")
    assert len(problem.detail) > 30


def test_an_ask_without_a_reason_is_rejected(device: Device, clock: Clock) -> None:
    body, _ = asking(clock, "remove", supersedes=new_id())
    body = msgspec.structs.replace(body, reason=" ")
    assert "reason" in device.refused(make.operation(ATTENDANCE_ASK, body.ask_id, body)).detail


def test_a_manager_gives_a_session_its_end_and_it_says_so(device: Device, clock: Clock, house: House) -> None:
    came = make.attendance("check_in", clock.now, location_id=house.gate)
    device.send(make.record(came))
    clock.forward(hours=30)
    end = came_at(came) + 8 * HOUR
    with device.database.write(house.organization_id) as t:
        for wrong in (came_at(came), clock.now + HOUR):
            with pytest.raises(ProblemError, match="after the check-in"):
                deciding.complete(t, house.manager, came.event_id, wrong, "Forgot")
        with pytest.raises(ProblemError, match="reason"):
            deciding.complete(t, house.manager, came.event_id, end, "")
        event_id = deciding.complete(t, house.manager, came.event_id, end, "Forgot")
        with pytest.raises(ProblemError, match="has an end"):
            deciding.complete(t, house.manager, came.event_id, end, "Forgot")
        assert present_members(t, house.manager) == ()
    device.send()
    view = device.event(event_id)
    assert (view.by, view.completed_later, view.reason) == ("Manager", True, "Forgot")
    assert view.flags == ("entered_for_member", "completed_later")
    assert device.event(came.event_id).flags == ()


def test_what_comes_into_a_closed_day_waits_and_is_let_in_or_left_out(
    device: Device, clock: Clock, house: House
) -> None:
    start = clock.now
    clock.forward(days=3)
    with device.database.write(house.organization_id) as t:
        closing.close(t, house.manager, date(2026, 3, 2), date(2026, 3, 2))
    came = make.attendance("check_in", start, location_id=house.gate)
    went = make.attendance("check_out", start + HOUR, check_in_id=came.event_id)
    assert device.send(make.record(came), make.record(went)) == ["accepted", "accepted"]
    assert device.event(came.event_id).held == device.event(went.event_id).held == "waiting"
    assert device.event(went.event_id).sentences == (SENTENCES["closed_waiting"],)
    with device.database.write(house.organization_id) as t:
        assert present_members(t, house.manager) == ()
        assert {row.event_id for row in deciding.list_waiting(t, house.manager).rows} == {came.event_id, went.event_id}
        assert deciding.list_waiting(t, house.ben).rows == ()
        deciding.let_in(t, house.manager, came.event_id)
    device.send()
    assert device.event(came.event_id).flags == ("closed_accepted",)
    assert device.event(went.event_id).flags == ("closed_waiting",)
    with device.database.write(house.organization_id) as t:
        assert [one.member_name for one in present_members(t, house.manager)] == ["Ana"]
        deciding.leave_out(t, house.manager, went.event_id, "You stayed")
        with pytest.raises(ProblemError, match="meanwhile"):
            deciding.let_in(t, house.manager, went.event_id)
    device.send()
    assert device.event(went.event_id).held == "left_out"


def test_an_undo_and_a_correction_of_a_closed_day_wait_too(device: Device, clock: Clock, house: House) -> None:
    came, went = shift(device, clock, house)
    clock.forward(days=2)
    with device.database.write(house.organization_id) as t:
        closing.close(t, house.manager, date(2026, 3, 1), date(2026, 3, 2))
    undo = make.undo(came.event_id, clock.now)
    moved = msgspec.structs.replace(
        make.attendance("check_out", clock.now, check_in_id=came.event_id), supersedes=went.event_id, reason="later"
    )
    assert device.send(undo, make.record(moved)) == ["accepted", "accepted"]
    assert not device.event(came.event_id).cancelled
    assert device.event(came.event_id).flags == ("undo_waits",)
    assert device.event(went.event_id).superseded_by is None
    with device.database.write(house.organization_id) as t:
        waiting = {row.event_id: row for row in deciding.list_waiting(t, house.manager).rows}
        assert waiting[undo.entity].is_undo
        assert waiting[undo.entity].at == format_utc(came_at(came))
        deciding.let_in(t, house.manager, undo.entity)
    device.send()
    assert device.event(came.event_id).cancelled
    assert device.event(went.event_id).flags == ("no_open_session",)


def test_a_night_that_reaches_into_a_closed_day_waits_whole(device: Device, clock: Clock, house: House) -> None:
    clock.forward(hours=14)  # 22:00
    came = make.attendance("check_in", clock.now, location_id=house.gate)
    device.send(make.record(came))
    went = make.attendance("check_out", clock.now + 8 * HOUR, check_in_id=came.event_id)
    clock.forward(days=2)
    with device.database.write(house.organization_id) as t:
        closing.close(t, house.manager, date(2026, 3, 2), date(2026, 3, 2))
    device.send(make.record(went))
    assert device.event(went.event_id).held == "waiting"
    next_day = make.attendance("check_in", clock.now - 30 * HOUR)
    device.send(make.record(next_day))
    assert device.event(next_day.event_id).held is None


def test_a_group_s_days_are_closed_for_it_alone_and_can_be_opened_again(
    device: Device, clock: Clock, house: House, keys: SigningKeys
) -> None:
    group = new_id()
    start = clock.now
    clock.forward(days=3)
    with device.database.write(house.organization_id) as t:
        t.insert(member_group, group_id=group, name="Quay")
        t.insert(group_membership, group_id=group, member_id=house.ana.member_id)
        closed = closing.close(t, house.manager, date(2026, 3, 2), date(2026, 3, 2), group)
        with pytest.raises(ProblemError, match="in your care"):
            closing.close(t, house.admin, date(2026, 3, 2), date(2026, 3, 2), group)
        assert [one.group for one in closing.closings(t)] == ["Quay"]
    ben = Device(device.database, keys, house.ben)
    his, hers, later = (make.attendance("check_in", start + minutes * timedelta(minutes=1)) for minutes in range(3))
    ben.send(make.record(his))
    device.send(make.record(hers))
    assert ben.event(his.event_id).held is None
    assert device.event(hers.event_id).held == "waiting"
    with device.database.write(house.organization_id) as t:
        closing.reopen(t, house.manager, closed)
    device.send(make.record(later))
    assert device.event(later.event_id).held is None
    assert device.event(hers.event_id).held == "waiting"


def test_a_day_that_is_not_over_everywhere_cannot_be_closed(device: Device, clock: Clock, house: House) -> None:
    assert clock.now == datetime(2026, 3, 2, 8, tzinfo=UTC)
    with device.database.write(house.organization_id) as t:
        with pytest.raises(ProblemError, match="up to 2026-02-28"):
            closing.close(t, house.manager, date(2026, 3, 1), date(2026, 3, 1))
        with pytest.raises(ProblemError, match="first day"):
            closing.close(t, house.manager, date(2026, 2, 2), date(2026, 2, 1))


def test_what_a_manager_enters_into_a_closed_day_is_let_in_by_that(device: Device, clock: Clock, house: House) -> None:
    came, _ = shift(device, clock, house)
    body, operation = asking(clock, "change", supersedes=came.event_id, at=format_utc(came_at(came) - HOUR))
    device.send(operation)
    clock.forward(days=2)
    with device.database.write(house.organization_id) as t:
        closing.close(t, house.manager, date(2026, 3, 2), date(2026, 3, 2))
        deciding.approve(t, house.manager, body.ask_id)
    device.send()
    assert device.event(body.ask_id).flags == ("entered_for_member", "closed_accepted")
    assert device.event(came.event_id).superseded_by == body.ask_id


def test_a_correction_that_comes_late_stands_and_is_marked(
    device: Device, clock: Clock, house: House, keys: SigningKeys
) -> None:
    came, went = shift(device, clock, house)
    soon = msgspec.structs.replace(
        make.attendance("check_in", clock.now, location_id=house.gate), supersedes=came.event_id, reason="x"
    )
    device.send(make.record(soon))
    assert device.event(soon.event_id).flags == ()
    clock.forward(hours=24)
    late = msgspec.structs.replace(
        make.attendance("check_out", clock.now, check_in_id=came.event_id), supersedes=went.event_id, reason="x"
    )
    device.send(make.record(late))
    assert device.event(late.event_id).flags == ("late_correction",)
    assert device.event(went.event_id).superseded_by == late.event_id
    with device.database.write(house.organization_id) as t:
        issue_policy(t, keys, correct_hours=1000)
        assert (
            t.all(
                t.select(attendance_event, attendance_event.c.correct_hours).where(
                    attendance_event.c.event_id == late.event_id
                )
            )[0].correct_hours
            == 24
        )


def withdrawing(ask_id: str, clock: Clock) -> Operation:
    body = AttendanceWithdrawal(ask_id=ask_id, at=make.moment(clock.now))
    return make.operation(ATTENDANCE_WITHDRAW, ask_id, body)


def test_what_was_asked_for_is_withdrawn_stays_visible_and_is_nobody_s_to_decide(
    device: Device, clock: Clock, house: House
) -> None:
    came, _ = shift(device, clock, house)
    body, operation = asking(clock, "remove", supersedes=came.event_id)
    device.send(operation)
    before = device.event(came.event_id)
    clock.forward(minutes=5)
    gone = withdrawing(body.ask_id, clock)
    assert device.send(gone) == ["accepted"]
    assert device.send(gone) == ["duplicate"]
    view = asked_view(device, body.ask_id)
    assert (view.state, view.decided, view.by) == ("withdrawn", format_utc(clock.now), "")
    assert view.sentence == ASK_SENTENCES["withdrawn"]
    assert device.event(came.event_id) == before
    with device.database.write(house.organization_id) as t:
        assert list_asks(t, house.manager, state="asked").rows == ()
        assert [row.state for row in list_asks(t, house.manager).rows] == ["withdrawn"]
        for decide in (deciding.approve, deciding.refuse):
            with pytest.raises(ProblemError, match="meanwhile"):
                decide(t, house.manager, body.ask_id, "Too late")


def test_a_withdrawal_after_the_decision_changes_nothing(device: Device, clock: Clock, house: House) -> None:
    came, _ = shift(device, clock, house)
    body, operation = asking(clock, "remove", supersedes=came.event_id)
    device.send(operation)
    with device.database.write(house.organization_id) as t:
        deciding.approve(t, house.manager, body.ask_id)
    assert device.send(withdrawing(body.ask_id, clock)) == ["accepted"]
    assert asked_view(device, body.ask_id).state == "approved"
    assert device.event(came.event_id).cancelled


def test_a_withdrawal_may_overtake_what_it_withdraws(device: Device, clock: Clock, house: House) -> None:
    came, _ = shift(device, clock, house)
    body, operation = asking(clock, "remove", supersedes=came.event_id)
    assert device.send(withdrawing(body.ask_id, clock)) == ["accepted"]
    assert device.send(operation) == ["accepted"]
    assert asked_view(device, body.ask_id).state == "withdrawn"


def test_with_a_missing_check_in_goes_what_belongs_to_it_in_any_order(
    device: Device, clock: Clock, house: House
) -> None:
    clock.forward(hours=9)
    start = clock.now - 8 * HOUR
    came, first = asking(clock, "add", kind="check_in", at=format_utc(start), location_id=house.gate)
    went, second = asking(clock, "add", kind="check_out", at=format_utc(start + HOUR), check_in_id=came.ask_id)
    _, later = asking(clock, "add", kind="break_start", at=format_utc(start + HOUR), check_in_id=came.ask_id)
    device.send(first, second, withdrawing(came.ask_id, clock), later)
    assert {asked_view(device, one).state for one in (came.ask_id, went.ask_id)} == {"withdrawn"}
    with device.database.read(house.organization_id) as t:
        assert [row.state for row in list_asks(t, house.manager).rows] == ["withdrawn"] * 3


def test_nobody_withdraws_what_somebody_else_asked_for(
    device: Device, database: Database, keys: SigningKeys, clock: Clock, house: House
) -> None:
    came, _ = shift(device, clock, house)
    body, operation = asking(clock, "remove", supersedes=came.event_id)
    ben = Device(database, keys, house.ben)
    assert ben.send(withdrawing(body.ask_id, clock)) == ["accepted"], "it names nothing of theirs"
    device.send(operation)
    assert ben.send(withdrawing(body.ask_id, clock)) == ["accepted"]
    device.send()
    assert asked_view(device, body.ask_id).state == "asked"
