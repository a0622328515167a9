"""Many who check in at once: kept together they leave the very rows, and are told the very things, that they leave and
are told one by one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from protocol.discovery import CLIENT_ID
from protocol.operations import AttendanceEvent, Evidence, Position
from protocol.sync import Operation, OperationResult, SyncRequest, SyncResponse
from server.accounts.minting import new_token
from server.accounts.tokens import open_family
from server.attendance import crowds as attendance_crowds
from server.feed import Cursor, changes_after_each, newest, publish
from server.policy.document import issue_policy
from server.storage.attendance_tables import attendance_closing
from server.storage.database import Actor, Database, Transaction
from server.storage.members import lock_member
from server.storage.tables import access_token, change, member, operation, token_family
from server.sync.crowds import MAX_BYTES, Crowds, caller_of
from server.sync.envelope import synchronise
from tests.contract import operations as make
from tests.contract.conftest import Clock, new_id
from tests.contract.counting import statements
from tests.contract.twins import TABLES, Twins, rows_of, twin_databases

pytestmark = pytest.mark.timeout(300)

PEOPLE = 5
_MOST = 20
"""Statements of a crowd, however many it is, BEGIN and who they are included."""
PLAIN = ("placed", "noted", "nowhere", "retired")
OTHERS = (
    *("again", "same_number", "same_event", "corrected_before", "undone_before", "ended_before"),
    *("unknown_place", "bad_id", "mixed_up", "bad_time", "bad_confirmed", "nul", "future", "long_ago", "yesterday"),
    *("code", "network", "position", "correction", "check_out"),
)
PRESSES = st.lists(
    st.tuples(st.integers(0, PEOPLE - 1), st.sampled_from((*PLAIN, *PLAIN, *OTHERS))), min_size=1, max_size=12
)
CLOSING = new_id()
HERE = Position(latitude=1.0, longitude=2.0, accuracy_m=3.0, source="gps")
ROUNDS = st.lists(PRESSES, min_size=1, max_size=5)


@pytest.fixture(params=["sqlite", "postgresql"])
def twins(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Twins]:
    """On either kind of database."""
    with twin_databases(request.param, lambda: request.getfixturevalue("cluster"), tmp_path, clock) as both:
        yield both


class Shift:
    """People of one organization, each with a device, who press at once; in one database together, in the other one
    after another."""

    def __init__(self, twins: Twins) -> None:
        twins.begin()
        self.twins, self.clock, self.house = twins, twins.clock, twins.house
        self.crowds = Crowds(twins.together)
        self.people = [self.house.ana, self.house.ben, *(self._join(number) for number in range(2, PEOPLE))]
        with twins.together.write(self.house.organization_id) as t:
            self.tokens = [open_family(t, one.member_id, CLIENT_ID, new_token())[1].access_token for one in self.people]
            t.execute(t.update(access_token).values(expires="2030-01-01T00:00:00.000Z"))
            self.begun = newest(t, twins.together.fact("feed_epoch")).encoded()
        self.sent: list[Operation] = []
        self.kept = 0
        for database in (twins.together, twins.singly):
            self._ask(database, 0, ())  # the first policy is issued

    def _join(self, number: int) -> Actor:
        actor = Actor(self.house.organization_id, new_id(), "worker")
        for database in (self.twins.together, self.twins.singly):
            with database.write(self.house.organization_id) as t:
                named = {"name": f"Worker {number}", "email": f"{actor.member_id}@example.invalid"}
                t.insert(member, member_id=actor.member_id, role="worker", active=True, created=t.now_text, **named)
        return actor

    def in_both(self, database_work: Any) -> None:
        """Do something else in both."""
        for database in (self.twins.together, self.twins.singly):
            with database.write(self.house.organization_id) as t:
                database_work(t)

    def press(self, presses: list[tuple[int, Operation]]) -> list[OperationResult]:
        """All at once; the results in their order."""
        answers = self._together(presses)
        alone = {place: self._singly(*presses[place]) for place in self._order(presses)}
        for place, answer in answers.items():
            assert answer.results == alone[place].results
            assert told(answer) == told(alone[place])
        self.clock.forward(seconds=30)
        return [answers[place].results[0] for place in range(len(presses))]

    def _together(self, presses: list[tuple[int, Operation]]) -> dict[int, SyncResponse]:
        callers, places = [], []
        for place, (who, one) in enumerate(presses):
            body = msgspec.json.encode(SyncRequest(operations=(one,), cursor=self._cursor(self.twins.together)))
            caller = caller_of(self.tokens[who], body)
            if caller is not None:
                callers.append(caller)
                places.append(place)
        answered = dict(zip(places, self.crowds.answer_all(callers), strict=True))
        self._first = [place for place, answer in answered.items() if answer.results]
        self.kept += len(self._first)
        responses = {}
        for place in self._order(presses):
            answer = answered.get(place)
            if answer is None or answer.response is None:
                who, one = presses[place]
                kept = () if answer is None else answer.results
                rest = self._ask(self.twins.together, who, () if kept else (one,))
                responses[place] = replace(rest, results=kept or rest.results)
            else:
                responses[place] = answer.response
        return responses

    def _order(self, presses: list[tuple[int, Operation]]) -> list[int]:
        """Who was answered by the crowd came before the others."""
        return [*self._first, *(place for place in range(len(presses)) if place not in self._first)]

    def _singly(self, who: int, one: Operation) -> SyncResponse:
        return self._ask(self.twins.singly, who, (one,))

    def _ask(self, database: Database, who: int, operations: tuple[Operation, ...]) -> SyncResponse:
        request = SyncRequest(operations=operations, cursor=self._cursor(database))
        return synchronise(database, self.twins.keys, self.people[who], request)

    def _cursor(self, database: Database) -> str:
        with database.read(self.house.organization_id) as t:
            return newest(t, database.fact("feed_epoch")).encoded()

    def compare(self) -> None:
        """Everything that both hold; of the feed, what each member is told, in its order."""
        own = self.house.organization_id
        with self.twins.together.read(own) as quick, self.twins.singly.read(own) as slow:
            for table in TABLES:
                if table.name in {"access_token", "refresh_token", "token_family"}:
                    continue
                assert by_member(rows_of(quick, table), table) == by_member(rows_of(slow, table), table), table.name

    def make(self, who: int, recipe: str) -> list[tuple[int, Operation]]:
        """The presses of a recipe; what comes before it is pressed at once."""
        earlier = self.sent[-1] if self.sent else make.record(self._plain("placed"))
        body = self._plain(recipe)
        one = replace(make.record(body), **self._envelope(recipe, earlier))
        if recipe == "again":
            one = earlier
        if recipe == "same_event" and self.sent:
            body = replace(body, event_id=earlier.entity)
            one = make.record(body)
        before = self._before(recipe, body)
        if before is not None:
            self.press([(who, before)])
        self.sent.append(one)
        return [(who, one)]

    def _envelope(self, recipe: str, earlier: Operation) -> dict[str, Any]:
        return {"same_number": {"id": earlier.id}, "mixed_up": {"entity": new_id()}}.get(recipe, {})

    def _before(self, recipe: str, body: AttendanceEvent) -> Operation | None:
        made = {
            "corrected_before": lambda: make.record(
                replace(make.attendance("check_in", self.clock.now), supersedes=body.event_id, reason="Late entry")
            ),
            "ended_before": lambda: make.record(
                make.attendance("check_out", self.clock.now, check_in_id=body.event_id)
            ),
            "undone_before": lambda: make.undo(body.event_id, self.clock.now),
        }
        return made[recipe]() if recipe in made else None

    def _plain(self, recipe: str) -> AttendanceEvent:
        body = make.attendance("check_in", self.clock.now, location_id=self.house.gate)
        utc = {"bad_time": "soon", "future": "2027-01-01T00:00:00Z", "long_ago": "2025-01-01T08:00:00Z"}
        utc["yesterday"] = "2026-03-01T08:00:00Z"
        changed: dict[str, dict[str, Any]] = {
            "noted": {"location_id": None, "note": "At the client's"},
            "nowhere": {"location_id": None},
            "retired": {"location_id": self.house.closed},
            "unknown_place": {"location_id": new_id()},
            "bad_id": {"event_id": "x"},
            "bad_confirmed": {"at": replace(body.at, confirmed_utc="soon\x00")},
            "nul": {"note": "a\x00b"},
            "code": {"evidence": Evidence(method="code", code="123456")},
            "network": {"evidence": Evidence(method="chosen", network="aa:bb")},
            "position": {"evidence": Evidence(method="chosen", position=HERE)},
            "correction": {"supersedes": new_id(), "reason": "It was earlier"},
            "check_out": {"kind": "check_out", "check_in_id": self.sent[-1].entity if self.sent else None},
            **{name: {"at": replace(body.at, utc=text)} for name, text in utc.items()},
        }
        return replace(body, **changed.get(recipe, {}))


def told(answer: SyncResponse) -> list[Any]:
    """What of the feed an answer brings."""
    return [(one.kind, one.entity, bytes(one.body)) for one in answer.changes]


def by_member(rows: list[Any], table: Any) -> list[Any]:
    """The feed by member: in which order different people's news stand nobody sees."""
    return sorted(rows, key=lambda row: str(row["member_id"])) if table is change else rows


@given(rounds=ROUNDS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_a_crowd_leaves_what_each_alone_leaves(twins: Twins, rounds: list[list[tuple[int, str]]]) -> None:
    shift = Shift(twins)
    for presses in rounds:
        shift.press([one for who, recipe in presses for one in shift.make(who, recipe)])
    shift.compare()


def test_all_who_press_at_once_are_kept_together(twins: Twins) -> None:
    shift = Shift(twins)
    for _day in range(3):
        presses = [(who, make.record(shift._plain("placed"))) for who in range(PEOPLE)]
        assert [one.outcome for one in shift.press(presses)] == ["accepted"] * PEOPLE
        twins.clock.forward(days=1)
    assert shift.kept == 3 * PEOPLE
    shift.compare()


def test_what_comes_into_a_closed_day_waits_there_too(twins: Twins) -> None:
    shift = Shift(twins)

    def shut(t: Transaction) -> None:
        row = {"group_id": None, "first_day": "2026-03-02", "last_day": "2026-03-02", "closed_by": "x"}
        t.insert(attendance_closing, closing_id=CLOSING, closed=t.now_text, **row)

    shift.in_both(shut)
    shift.press([(who, make.record(shift._plain("placed"))) for who in range(PEOPLE)])
    assert shift.kept == 0
    shift.compare()


def test_what_the_policy_asks_for_is_missed_there_too(twins: Twins) -> None:
    shift = Shift(twins)
    shift.in_both(lambda t: issue_policy(t, twins.keys, note_required=True))
    shift.press([(0, make.record(shift._plain("placed"))), (1, make.record(shift._plain("noted")))])
    assert shift.kept == 2
    shift.compare()


def test_a_clash_that_nobody_saw_coming_is_kept_one_by_one(twins: Twins, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others take an id between the look at what is known and the writing."""
    shift = Shift(twins)
    first = make.record(shift._plain("placed"))
    shift.press([(0, first)])
    monkeypatch.setattr(
        attendance_crowds, "_unnamed", lambda _t, presses: {one.actor.member_id: one for one in presses}
    )
    taken = replace(make.record(shift._plain("placed")), id=first.id)
    outcomes = shift.press([(1, taken), (2, make.record(shift._plain("placed")))])
    assert [one.outcome for one in outcomes] == ["rejected", "accepted"]
    shift.compare()


def test_strangers_are_left_to_who_refuses_them(twins: Twins) -> None:
    shift = Shift(twins)
    one = make.record(shift._plain("placed"))
    body = msgspec.json.encode(SyncRequest(operations=(one,), cursor=shift.begun))
    callers = [caller_of(token, body) for token in ("nobody", shift.tokens[0])]
    assert None not in callers
    with twins.together.write(shift.house.organization_id) as t:
        t.execute(t.update(token_family).values(revoked=t.now_text, revoked_reason="lost"))
    assert [answer.results for answer in shift.crowds.answer_all(callers)] == [(), ()]
    with twins.together.read(shift.house.organization_id) as t:
        assert not t.all(t.select(operation))


def test_a_device_that_begins_anew_or_sends_more_is_no_caller() -> None:
    event = make.attendance("check_in", Clock().now)
    plain = SyncRequest(operations=(make.record(event),), cursor="W10=")
    for other in (
        replace(plain, cursor=None),
        plain,  # that is no cursor
        replace(plain, operations=()),
        replace(plain, operations=plain.operations * 2),
    ):
        assert caller_of("token", msgspec.json.encode(other)) is None
    assert caller_of("token", b" " * (MAX_BYTES + 1)) is None
    assert caller_of("token", b"{") is None


def test_those_whom_somebody_holds_are_not_waited_for(twins: Twins) -> None:
    """Of a crowd one member's row is held by a slow transaction: the others are answered meanwhile."""
    if twins.together.dialect == "sqlite":
        pytest.skip("SQLite's writers take turns anyway")
    shift = Shift(twins)
    presses = [(who, make.record(shift._plain("placed"))) for who in (0, 1, 2)]
    bodies = [msgspec.json.encode(SyncRequest(operations=(one,), cursor=shift.begun)) for _, one in presses]
    callers = [caller_of(shift.tokens[who], body) for (who, _), body in zip(presses, bodies, strict=True)]
    with twins.together.write(shift.house.organization_id) as held:
        lock_member(held, shift.people[0].member_id)
        answers = shift.crowds.answer_all(callers)
    assert [bool(answer.results) for answer in answers] == [False, True, True]


def test_a_crowd_costs_few_statements(twins: Twins) -> None:
    shift = Shift(twins)
    presses = [(who, make.record(shift._plain("placed"))) for who in range(PEOPLE)]
    bodies = [msgspec.json.encode(SyncRequest(operations=(one,), cursor=shift.begun)) for _, one in presses]
    callers = [caller_of(shift.tokens[who], body) for (who, _), body in zip(presses, bodies, strict=True)]
    with statements(twins.together) as said:
        answers = shift.crowds.answer_all(callers)
    assert all(answer.response for answer in answers)
    alone_on_sqlite = PEOPLE if twins.together.dialect == "sqlite" else 0
    assert len(said) <= _MOST + alone_on_sqlite, "\n".join(said)


def test_one_clock_in_another_year_keeps_nobody_waiting(twins: Twins) -> None:
    shift = Shift(twins)

    def shut(t: Transaction) -> None:
        row = {"group_id": None, "first_day": "2025-06-01", "last_day": "2025-06-30", "closed_by": "x"}
        t.insert(attendance_closing, closing_id=new_id(), closed=t.now_text, **row)

    shift.in_both(shut)
    far = make.record(shift._plain("long_ago"))
    shift.press([(0, far), *((who, make.record(shift._plain("placed"))) for who in range(1, PEOPLE))])
    assert shift.kept == PEOPLE - 1


def test_two_with_one_number_are_told_apart(twins: Twins) -> None:
    shift = Shift(twins)
    first = make.record(shift._plain("placed"))
    other = replace(make.record(shift._plain("noted")), id=first.id)
    outcomes = shift.press([(0, first), (1, other)])
    assert sorted(one.outcome for one in outcomes) == ["accepted", "rejected"]


def test_a_device_far_behind_is_asked_for_alone(twins: Twins) -> None:
    shift = Shift(twins)
    with twins.together.write(shift.house.organization_id) as t:
        epoch = twins.together.fact("feed_epoch")
        for number in range(12):
            publish(t, "old news", str(number), b"{}", None)
    with twins.together.read(shift.house.organization_id) as t:
        behind, now = Cursor(epoch, 0, 0), newest(t, epoch)
        readers = {one.member_id: now for one in shift.people} | {shift.people[0].member_id: behind}
        assert set(changes_after_each(t, readers, epoch, 100)) == set(readers)
        assert set(changes_after_each(t, readers, epoch, 10)) == {one.member_id for one in shift.people[2:]}
