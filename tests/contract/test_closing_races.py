"""Days are closed while people check in: what was on its way finishes first, and nothing comes in unmarked after."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import msgspec
import pytest

from protocol.operations import AttendanceEvent
from protocol.sync import Operation, SyncRequest
from server.accounts import groups
from server.attendance import closing
from server.attendance.recording import record
from server.founding import operator_of
from server.receipts.keys import SigningKeys
from server.storage.database import Actor, Database
from server.storage.members import lock_member
from server.storage.operation_rows import operation_row
from server.storage.tables import access_grant, attendance_event
from server.storage.tables import operation as operation_table
from server.sync.envelope import synchronise
from tests.contract import operations as make
from tests.contract.conftest import Clock, House, new_id

SECONDS = 20
_EACH = 12


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> SigningKeys:
    return SigningKeys.load_or_create(tmp_path_factory.mktemp("keys"), {})


@pytest.fixture(autouse=True)
def cares(database: Database, house: House, clock: Clock) -> None:
    with database.write(house.organization_id) as t:
        grant = {"member_id": house.manager.member_id, "role": "manager", "created": t.now_text}
        t.insert(access_grant, grant_id=new_id(), **grant)
    clock.forward(days=10)


def late(clock: Clock, minutes: int = 0) -> Operation:
    """A check-in of three days ago that only comes now."""
    body = make.attendance("check_in", clock.now - timedelta(days=3, minutes=minutes))
    return make.record(msgspec.structs.replace(body, note="Pier"))


def close(database: Database, house: House, clock: Clock) -> None:
    day = (clock.now - timedelta(days=3)).date()
    with database.write(house.organization_id) as t:
        closing.close(t, house.manager, day - timedelta(days=2), day + timedelta(days=1))


def held(database: Database, house: House) -> dict[str, str | None]:
    with database.read(house.organization_id) as t:
        return {row.event_id: row.held for row in t.all(t.select(attendance_event))}


def test_who_closes_waits_for_a_check_in_that_is_being_recorded(
    database: Database, house: House, clock: Clock, keys: SigningKeys
) -> None:
    operation = late(clock)
    body = msgspec.json.decode(operation.body, type=AttendanceEvent)
    in_hand, go_on, closed = threading.Event(), threading.Event(), threading.Event()

    def press() -> None:
        with database.write(house.organization_id) as t:
            lock_member(t, house.ana.member_id)
            t.insert_new(operation_table, **operation_row(t, house.ana, operation))
            record(t, house.ana, operation, body)
            in_hand.set()
            assert go_on.wait(SECONDS)

    def shut() -> None:
        close(database, house, clock)
        closed.set()

    with ThreadPoolExecutor(2) as both:
        pressed = both.submit(press)
        assert in_hand.wait(SECONDS)
        shutting = both.submit(shut)
        assert not closed.wait(0.5), "it was closed beneath a check-in that had looked already"
        go_on.set()
        pressed.result(SECONDS)
        shutting.result(SECONDS)
    assert held(database, house) == {body.event_id: None}
    after = late(clock, 5)
    synchronise(database, keys, house.ana, SyncRequest(operations=(after,)))
    assert held(database, house)[after.entity] == "waiting"


def test_what_stands_when_the_days_are_closed_is_what_stands_in_the_end(
    database: Database, house: House, clock: Clock, keys: SigningKeys
) -> None:
    begun, closed = threading.Barrier(5, timeout=SECONDS), threading.Event()
    made = {actor.member_id: [late(clock, number) for number in range(_EACH)] for actor in people(house)}

    def check_in(actor: Actor) -> None:
        begun.wait()
        for number, operation in enumerate(made[actor.member_id]):
            if number == _EACH - 2:
                assert closed.wait(SECONDS)  # at least the last two come after it
            [result] = synchronise(database, keys, actor, SyncRequest(operations=(operation,))).results
            assert result.outcome == "accepted", result

    with ThreadPoolExecutor(4) as hands:
        pressing = [hands.submit(check_in, actor) for actor in people(house)]
        begun.wait()
        close(database, house, clock)
        stood = {event_id for event_id, state in held(database, house).items() if state is None}
        closed.set()
        for one in pressing:
            one.result(SECONDS * 3)
    found = held(database, house)
    assert len(found) == 4 * _EACH
    assert {event_id for event_id, state in found.items() if state is None} == stood
    assert sum(state == "waiting" for state in found.values()) >= 8


def people(house: House) -> list[Actor]:
    return [house.ana, house.ben, house.manager, house.admin]


def test_a_group_s_days_wait_for_its_people_only(database: Database, house: House, clock: Clock) -> None:
    """Who is in no such group may be in the middle of something."""
    with database.write(house.organization_id) as t:
        group_id = groups.add(t, operator_of(house.organization_id), "Yard")
    if database.dialect != "postgresql":
        return  # there writers take turns, whoever they are about
    in_hand, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with database.write(house.organization_id) as t:
            lock_member(t, house.ana.member_id)
            in_hand.set()
            assert go_on.wait(SECONDS)

    with ThreadPoolExecutor(1) as one:
        holding = one.submit(hold)
        assert in_hand.wait(SECONDS)
        day = (clock.now - timedelta(days=3)).date()
        with database.write(house.organization_id) as t:
            closing.close(t, house.manager, day, day, group_id)
        go_on.set()
        holding.result(SECONDS)
