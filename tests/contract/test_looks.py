"""What needs a look is a list that empties: by looking, by the end or the decision that was missing; a new reason fills
it again. The member is told none of it."""

from datetime import timedelta
from importlib import import_module

import msgspec
import pytest
from sqlalchemy import true

from protocol.operations import Evidence
from protocol.sync import SyncRequest
from rules.clock import parse_utc
from server.access import broken_at
from server.accounts import members
from server.attendance import closing, deciding
from server.attendance.arrival import Arrival
from server.attendance.looking import count_looks, count_own_alone, mark_looked, take_look_back
from server.attendance.reading import EventFilter
from server.founding import operator_of
from server.problems import ProblemError
from server.storage.database import Actor
from server.storage.notices import Notice
from server.storage.tables import access_grant, access_record, attendance_event, member
from server.sync.envelope import synchronise
from tests.contract import operations as make
from tests.contract.conftest import Clock, new_id
from tests.contract.test_evidence import Gate, gate, typed

__all__ = ["gate"]

HOUR = timedelta(hours=1)


def waiting(gate: Gate) -> list[str]:
    """What is in the list; as many as are counted."""
    found = [row.event_id for row in gate.rows(EventFilter(look=True))]
    with gate.database.read(gate.house.organization_id) as t:
        assert count_looks(t, gate.house.manager) == len(found)
    return found


def look(gate: Gate, event_id: str, words: str = "", who: Actor | None = None) -> None:
    with gate.database.write(gate.house.organization_id) as t:
        mark_looked(t, who or gate.house.manager, event_id, words)


def back(gate: Gate, event_id: str) -> None:
    with gate.database.write(gate.house.organization_id) as t:
        take_look_back(t, gate.house.manager, event_id)


def test_the_list_empties_and_undoing_fills_it(gate: Gate) -> None:
    odd = gate.check_in(typed("000"))
    assert waiting(gate) == [odd.event_id]
    look(gate, odd.event_id, " Asked at the gate. ")
    look(gate, odd.event_id, "again")
    assert waiting(gate) == []
    [row] = gate.rows()
    assert row.looked is not None
    with gate.database.read(gate.house.organization_id) as t:
        done = t.all(t.select(access_record).where(access_record.c.action == "look"))
        assert [(one.actor, one.entity, one.subject_id) for one in done] == [
            (gate.house.manager.member_id, odd.event_id, gate.house.ana.member_id)
        ]
        assert broken_at(t) is None
    assert (row.looked.words, row.to_look, row.needs_a_look) == ("Asked at the gate.", False, True)
    # Ana's devices are told what they were told before, and nothing of who looked.
    assert gate.told(odd.event_id) == odd
    back(gate, odd.event_id)
    back(gate, odd.event_id)
    assert waiting(gate) == [odd.event_id]
    assert gate.rows()[0].looked is None


def test_open_pages_of_other_managers_hear_of_it(gate: Gate) -> None:
    odd = gate.check_in(typed("000"))
    heard = []
    for told in (True, False):
        with gate.database.write(gate.house.organization_id) as t:
            mark_looked(t, gate.house.manager, odd.event_id)
            heard.append((Notice.CHANGED in t.notices) is told)
    for told in (True, False):
        with gate.database.write(gate.house.organization_id) as t:
            take_look_back(t, gate.house.manager, odd.event_id)
            heard.append((Notice.CHANGED in t.notices) is told)
    assert heard == [True] * 4


def test_a_session_without_end_is_in_the_list_until_it_has_one(gate: Gate, clock: Clock) -> None:
    first = gate.check_in(Evidence())
    assert waiting(gate) == []
    clock.forward(hours=3)
    gate.check_in(Evidence())
    assert waiting(gate) == [first.event_id]
    with gate.database.write(gate.house.organization_id) as t:
        deciding.complete(t, gate.house.manager, first.event_id, parse_utc(first.at) + HOUR, "Told me.")
    assert waiting(gate) == []


def test_a_new_reason_brings_back_what_was_looked_at(gate: Gate, clock: Clock) -> None:
    odd = gate.check_in(typed("000"))
    look(gate, odd.event_id)
    assert waiting(gate) == []
    clock.forward(hours=2)
    second = gate.check_in(Evidence())
    assert waiting(gate) == [odd.event_id]
    look(gate, odd.event_id)
    assert waiting(gate) == []
    gate.check_in(Evidence(), kind="check_out", check_in_id=second.event_id)
    assert waiting(gate) == []
    back(gate, odd.event_id)
    assert waiting(gate) == [odd.event_id]


def test_what_came_into_a_closed_day_is_in_the_list_until_it_is_decided(gate: Gate, clock: Clock) -> None:
    day = clock.now.date() - timedelta(days=5)
    with gate.database.write(gate.house.organization_id) as t:
        closing.close(t, gate.house.manager, day, day, None)
    late = gate.check_in(Evidence(), at=make.moment(clock.now - timedelta(days=5)))
    assert late.held == "waiting"
    assert waiting(gate) == [late.event_id]
    with gate.database.write(gate.house.organization_id) as t:
        deciding.let_in(t, gate.house.manager, late.event_id)
    assert waiting(gate) == []


def test_what_was_kept_before_there_was_such_a_list_gets_into_it(gate: Gate, clock: Clock) -> None:
    step = import_module("server.storage.migrations.versions.r0011_looks")
    odd = gate.check_in(typed("000"))  # also without an end
    clock.forward(hours=1)
    ended = gate.check_in(Evidence())
    gate.check_in(Evidence(), kind="check_out", check_in_id=ended.event_id)
    gate.check_in(Evidence(), who=gate.house.ben)
    day = clock.now.date() - timedelta(days=5)
    with gate.database.write(gate.house.organization_id) as t:
        closing.close(t, gate.house.manager, day, day, None)
    late = gate.check_in(Evidence(), at=make.moment(clock.now - timedelta(days=5)))
    undone = gate.check_in(typed("000"), who=gate.house.ben)
    request = SyncRequest(operations=(make.undo(undone.event_id, clock.now),), cursor=None)
    synchronise(gate.database, gate.keys, gate.house.ben, request)
    assert sorted(waiting(gate)) == sorted([odd.event_id, late.event_id])
    for wrong in (False, True):
        with gate.database.write(gate.house.organization_id) as t:
            which = attendance_event.c.event_id == undone.event_id if wrong else true()
            t.execute(t.update(attendance_event).where(which).values(look=wrong))
            for statement in (step._WAITING, step._WITHOUT_END, step._UNDONE):
                t.connection.exec_driver_sql(statement)
        assert sorted(waiting(gate)) == sorted([odd.event_id, late.event_id])


@pytest.mark.parametrize("first", ["event", "undo"])
def test_what_was_undone_needs_no_look_in_either_order(gate: Gate, clock: Clock, first: str) -> None:
    odd = make.attendance("check_in", clock.now, location_id=gate.house.gate)
    odd = msgspec.structs.replace(odd, evidence=typed("000"))
    sent = [make.record(odd), make.undo(odd.event_id, clock.now)]
    for one in sent if first == "event" else reversed(sent):
        request = SyncRequest(operations=(one,), cursor=None)
        arrival = Arrival(mint=gate.mint, address="198.51.100.7")
        reply = synchronise(gate.database, gate.keys, gate.house.ana, request, arrival=arrival)
        assert [result.outcome for result in reply.results] == ["accepted"]
    assert gate.told(odd.event_id).flags == ("code_wrong",)
    assert waiting(gate) == []


def test_nobody_looks_at_their_own_or_beyond_their_care(gate: Gate) -> None:
    odd = gate.check_in(typed("000"))
    own = gate.check_in(typed("000"), who=gate.house.manager)
    assert waiting(gate) == [odd.event_id]
    assert {row.event_id: (row.to_look, row.looked) for row in gate.rows()}[own.event_id] == (False, None)
    for who, event_id, status in (
        (gate.house.manager, own.event_id, 403),
        (gate.house.ana, odd.event_id, 404),
        (gate.house.admin, odd.event_id, 404),
        (gate.house.manager, "0195d2f0-0000-7000-8000-000000000002", 404),
    ):
        with pytest.raises(ProblemError) as refused:
            look(gate, event_id, who=who)
        assert refused.value.problem.status == status
    with pytest.raises(ProblemError):
        look(gate, odd.event_id, "x" * 2001)
    assert waiting(gate) == [odd.event_id]


def test_own_entries_that_nobody_else_may_look_at_are_counted(gate: Gate) -> None:
    house = gate.house
    odd = gate.check_in(typed("000"))
    with gate.database.write(house.organization_id) as t:
        c = attendance_event.c
        mine = {"member_id": house.manager.member_id, "look": True}
        t.execute(t.update(attendance_event).where(c.event_id == odd.event_id).values(**mine))
        assert count_looks(t, house.manager) == 0
        assert count_own_alone(t, house.manager) == 1
        operator = operator_of(house.organization_id)
        new = members.NewMember(name="Olga", email="olga@example.invalid", role="manager")
        olga = Actor(house.organization_id, members.add(t, operator, new), "manager")
        assert count_own_alone(t, house.manager) == 1, "she cares for nobody"
        t.insert(access_grant, grant_id=new_id(), member_id=olga.member_id, role="manager", created=t.now_text)
        assert count_own_alone(t, house.manager) == 0
        assert count_looks(t, olga) == 1
        t.execute(t.update(member).where(member.c.member_id == olga.member_id).values(active=False))
        assert count_own_alone(t, house.manager) == 1, "she has left"
