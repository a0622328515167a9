"""Shifts reach those they are for and nobody else; who is missing; hours from what is kept, corrections and all."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from protocol.changes import ScheduleView
from protocol.schedule import Holiday
from rules.timesheets import by_day, by_location
from server.accounts import members
from server.attendance import closing, deciding
from server.attendance.worksheets import timesheet, timesheets
from server.policy.document import issue_policy
from server.problems import ProblemError
from server.receipts.keys import SigningKeys
from server.shifts import planning
from server.shifts.expecting import expected_members
from server.shifts.planning import Plan, telling_everybody
from server.storage.database import Database
from server.storage.tables import access_grant, member_group
from tests.contract import operations as make
from tests.contract.conftest import Clock, House, new_id
from tests.contract.test_sync import Device

HOUR = timedelta(hours=1)
EARLY = Plan(
    name="Early",
    zone="Europe/Lisbon",
    start="06:00",
    end="14:00",
    weekdays=(1, 2, 3, 4, 5),
    valid_from="2026-01-01",
    grace_minutes=15,
    everybody=True,
)


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> SigningKeys:
    """Keys made once."""
    return SigningKeys.load_or_create(tmp_path_factory.mktemp("keys"), {})


@pytest.fixture
def device(database: Database, keys: SigningKeys, house: House) -> Device:
    """Ana's, of an organization whose manager and admin may see everything."""
    with database.write(house.organization_id) as t:
        for actor in (house.manager, house.admin):
            t.insert(access_grant, grant_id=new_id(), member_id=actor.member_id, role=actor.role, created=t.now_text)
    return Device(database, keys, house.ana)


def told(device: Device) -> ScheduleView:
    device.send()
    assert device.known == device.fresh()
    return msgspec.convert(device.known["schedule", device.actor.member_id], ScheduleView)


def test_a_shift_reaches_those_it_is_for(device: Device, house: House, keys: SigningKeys) -> None:
    ben = Device(device.database, keys, house.ben)
    group = new_id()
    assert told(device) == told(ben) == ScheduleView()
    with device.database.write(house.organization_id) as t:
        t.insert(member_group, group_id=group, name="Quay")
        plan = msgspec.structs.replace(EARLY, everybody=False, group_ids=(group,), location_id=house.gate)
        shift_id = planning.add(t, house.admin, plan)
        planning.add_holiday(t, house.admin, "2026-05-01", "Labour Day")
    assert told(device) == told(ben) == ScheduleView()
    with device.database.write(house.organization_id) as t, telling_everybody(t, [house.ana.member_id]):
        members.put_in_group(t, house.admin, house.ana.member_id, group)
    view = told(device)
    assert [(one.shift_id, one.start, one.weekdays, one.location_id) for one in view.shifts] == [
        (shift_id, "06:00", (1, 2, 3, 4, 5), house.gate)
    ]
    assert view.holidays == (Holiday(day="2026-05-01", name="Labour Day"),)
    assert told(ben) == ScheduleView()
    with device.database.write(house.organization_id) as t:
        both = msgspec.structs.replace(plan, start="07:00", member_ids=(house.ben.member_id,))
        planning.change(t, house.admin, shift_id, both)
    assert told(device).shifts == told(ben).shifts
    assert told(ben).shifts[0].start == "07:00"
    with device.database.write(house.organization_id) as t:
        planning.remove(t, house.admin, shift_id)
    assert told(device) == told(ben) == ScheduleView()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"start": "6"}, "start"),
        ({"end": "25:00"}, "end"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"weekdays": ()}, "weekdays"),
        ({"weekdays": (0,)}, "weekdays"),
        ({"valid_from": "today"}, "valid_from"),
        ({"valid_to": "2025-01-01"}, "valid_to"),
        ({"grace_minutes": 9999}, "grace_minutes"),
        ({"everybody": False}, "who"),
        ({"name": "  "}, "name"),
    ],
)
def test_a_shift_that_does_not_fit_is_refused_at_its_field(
    device: Device, house: House, wrong: dict[str, object], field: str
) -> None:
    with device.database.write(house.organization_id) as t, pytest.raises(ProblemError) as refused:
        planning.add(t, house.admin, msgspec.structs.replace(EARLY, **wrong))
    assert refused.value.problem.field == field


def test_only_admins_plan_and_only_for_their_own(
    device: Device, house: House, build_house: Callable[[str], House]
) -> None:
    other = build_house("Elsewhere")
    with device.database.write(house.organization_id) as t:
        for actor in (house.manager, house.ana, other.admin):
            with pytest.raises(ProblemError):
                planning.add(t, actor, EARLY)
        with pytest.raises(ProblemError, match="no such person"):
            planning.add(
                t, house.admin, msgspec.structs.replace(EARLY, everybody=False, member_ids=(other.ana.member_id,))
            )
        with pytest.raises(ProblemError, match="no such location"):
            planning.add(t, house.admin, msgspec.structs.replace(EARLY, location_id=other.gate))


def test_who_is_expected_and_did_not_come(device: Device, clock: Clock, house: House) -> None:
    with device.database.write(house.organization_id) as t:
        plan = msgspec.structs.replace(EARLY, everybody=False, member_ids=(house.ana.member_id, house.ben.member_id))
        planning.add(t, house.admin, plan)
    clock.now = datetime(2026, 3, 3, 6, 14, tzinfo=UTC)
    with device.database.read(house.organization_id) as t:
        before = expected_members(t, house.manager)
        assert (before.missing, before.changes) == ((), clock.now + timedelta(minutes=1))
    clock.forward(minutes=1)
    with device.database.read(house.organization_id) as t:
        assert expected_members(t, house.manager).changes == datetime(2026, 3, 3, 14, tzinfo=UTC)
        assert [one.member_name for one in expected_members(t, house.manager).missing] == ["Ana", "Ben"]
        assert expected_members(t, house.ben).missing[0].member_name == "Ben"
    device.send(make.record(make.attendance("check_in", clock.now, location_id=house.gate)))
    with device.database.read(house.organization_id) as t:
        assert [one.member_name for one in expected_members(t, house.manager).missing] == ["Ben"]
    with device.database.write(house.organization_id) as t:
        planning.add_holiday(t, house.admin, "2026-03-03", "Carnival")
        assert expected_members(t, house.manager).missing == ()


def test_a_timesheet_follows_breaks_corrections_and_closed_days(
    device: Device, clock: Clock, house: House, keys: SigningKeys
) -> None:
    start = clock.now  # Monday 08:00
    came = make.attendance("check_in", start, location_id=house.gate)
    pause = make.attendance("break_start", start + 4 * HOUR, check_in_id=came.event_id)
    back = make.attendance("break_end", start + 5 * HOUR, check_in_id=came.event_id)
    went = make.attendance("check_out", start + 9 * HOUR, check_in_id=came.event_id)
    device.send(*map(make.record, (went, back, came, pause)))
    clock.forward(days=1)
    open_one = make.attendance("check_in", clock.now)
    device.send(make.record(open_one))

    def days() -> dict[date, int]:
        with device.database.read(house.organization_id) as t:
            return by_day(timesheet(t, house.ana.member_id, date(2026, 3, 1), date(2026, 3, 31)))

    assert days() == {date(2026, 3, 2): 8 * 3600}
    moved = msgspec.structs.replace(
        make.attendance("check_in", start - 20 * 24 * HOUR, location_id=house.gate),
        supersedes=came.event_id,
        reason="x",
    )
    again = msgspec.structs.replace(
        make.attendance("check_in", start - HOUR, location_id=house.gate), supersedes=moved.event_id, reason="y"
    )
    device.send(make.record(moved), make.record(again))
    assert days() == {date(2026, 3, 2): 9 * 3600}
    clock.forward(days=2)
    with device.database.write(house.organization_id) as t:
        closing.close(t, house.manager, date(2026, 3, 1), date(2026, 3, 2))
    late = make.attendance("check_in", start + 10 * HOUR)
    end = make.attendance("check_out", start + 12 * HOUR, check_in_id=late.event_id)
    device.send(make.record(late), make.record(end))
    assert days() == {date(2026, 3, 2): 9 * 3600}
    with device.database.write(house.organization_id) as t:
        deciding.let_in(t, house.manager, late.event_id)
        deciding.let_in(t, house.manager, end.event_id)
        issue_policy(t, keys, report_day="12:00")
    assert days() == {date(2026, 3, 1): 5 * 3600, date(2026, 3, 2): 6 * 3600}
    with device.database.read(house.organization_id) as t:
        everybody = [house.ana.member_id, house.ben.member_id]
        [(member_id, found)] = timesheets(t, everybody, date(2026, 3, 1), date(2026, 3, 31))
        assert member_id == house.ana.member_id
        assert by_location(found) == {house.gate: 9 * 3600, None: 2 * 3600}
        assert [one.ended for one in found] == [True, True, False]
        assert timesheet(t, house.ana.member_id, date(2026, 3, 2), date(2026, 3, 2))[0].seconds == 4 * 3600
