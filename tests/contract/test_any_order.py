"""Whatever order operations come in, and however often, the server ends with the same truth, as does each device."""

import json
import random
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from protocol.operations import REPORT_COMMENT, AttendanceEvent, ReportRevision
from protocol.sync import Operation, SyncRequest
from rules.templates.filling import sendable
from server.demo.checklists import DAILY_REPORT
from server.receipts.keys import SigningKeys
from server.storage.database import Actor, Database
from server.sync.envelope import synchronise
from server.templates.publishing import publish_version
from tests.contract import operations as make
from tests.contract.conftest import Clock, _house

pytestmark = pytest.mark.timeout(400)

_SIGNED_OR_GIVEN = {"receipt", "policy", "member", "organization", "location"}
"""Signed with a salt, or of the organization: compared by presence, or not made by operations."""


class Server:
    """A database with one member's device that listens to the feed all along."""

    def __init__(self, path: Path, keys: SigningKeys) -> None:
        self.database = Database(f"sqlite:///{path}", Clock())
        self.keys = keys
        self.cursor: str | None = None
        self.known: dict[tuple[str, str], Any] = {}

    def send(self, actor: Actor, *sent: Operation) -> list[str]:
        """Send and read to the end; the outcomes."""
        outcomes, more = [], True
        while more:
            request = SyncRequest(operations=sent, cursor=self.cursor)
            response = synchronise(self.database, self.keys, actor, request, page=7)
            outcomes += [result.outcome for result in response.results]
            for told in response.changes:
                self.known[told.kind, told.entity] = json.loads(bytes(told.body))
            self.cursor, more, sent = response.cursor, response.more, ()
        return outcomes

    def pulled(self, actor: Actor) -> dict[tuple[str, str], Any]:
        """What a device that knows nothing learns."""
        cursor, known = self.cursor, self.known
        self.cursor, self.known = None, {}
        self.send(actor)
        pulled, self.cursor, self.known = self.known, cursor, known
        return pulled


class AnyOrder(RuleBasedStateMachine):
    """A device makes operations; they arrive late, twice and in any order."""

    @initialize()
    def begin(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        keys = SigningKeys.load_or_create(folder / "keys", {})
        self.server = Server(folder / "server.db", keys)
        self.server.database.migrate()
        self.house = _house(self.server.database, "Harbour Works")
        self.ana = self.house.ana
        with self.server.database.write(self.ana.organization_id) as t:
            self.checklist = publish_version(t, self.house.admin, DAILY_REPORT)
        self.server.database.close()
        shutil.copy(folder / "server.db", folder / "in_order.db")
        self.in_order = Server(folder / "in_order.db", keys)
        self.made: list[Operation] = []
        self.waiting: list[Operation] = []
        self.revisions: list[ReportRevision] = []
        self.events: list[AttendanceEvent] = []
        self.at = datetime(2026, 3, 1, tzinfo=UTC)

    def _make(self, operation: Operation) -> None:
        self.made.append(operation)
        self.waiting.append(operation)
        self.at += timedelta(minutes=1)

    @rule()
    def write_a_report(self) -> None:
        self.revisions.append(make.revision(self.at, f"Report {len(self.revisions)}"))
        self._make(make.revise(self.revisions[-1]))

    @rule(done=st.none() | st.text(max_size=5))
    def fill_a_checklist(self, done: str | None) -> None:
        body = make.revision(self.at, self.checklist.title)
        answers = sendable({} if done is None else {"done": done})
        of = {"template_id": self.checklist.template_id, "template_version": self.checklist.version}
        self.revisions.append(msgspec.structs.replace(body, answers=answers, **of))
        self._make(make.revise(self.revisions[-1]))

    @precondition(lambda self: self.revisions)
    @rule(data=st.data())
    def revise_it(self, data: st.DataObject) -> None:
        parent = data.draw(st.sampled_from(self.revisions))
        body = make.revision(
            self.at,
            f"Revision {len(self.revisions)}",
            instance_id=parent.instance_id,
            parents=(parent.revision_id,),
        )
        self.revisions.append(body)
        self._make(make.revise(body))

    @precondition(lambda self: self.revisions)
    @rule(data=st.data())
    def say_something(self, data: st.DataObject) -> None:
        about = data.draw(st.sampled_from(self.revisions)).instance_id
        self._make(make.comment(about, f"Comment {len(self.made)}", self.at))

    @rule(here=st.booleans())
    def check_in(self, here: bool) -> None:
        place = self.house.gate if here else None
        self.events.append(make.attendance("check_in", self.at, location_id=place))
        self._make(make.record(self.events[-1]))

    @precondition(lambda self: self.events)
    @rule(data=st.data(), kind=st.sampled_from(["check_out", "break_start", "break_end"]))
    def end_something(self, data: st.DataObject, kind: Any) -> None:
        check_in = data.draw(st.sampled_from(self.events))
        self.events.append(make.attendance(kind, self.at, check_in_id=check_in.event_id))
        self._make(make.record(self.events[-1]))

    @precondition(lambda self: self.events)
    @rule(data=st.data())
    def correct_something(self, data: st.DataObject) -> None:
        wrong = data.draw(st.sampled_from(self.events))
        body = make.attendance(wrong.kind, self.at, check_in_id=wrong.check_in_id)
        self.events.append(msgspec.structs.replace(body, supersedes=wrong.event_id, reason="wrong"))
        self._make(make.record(self.events[-1]))

    @precondition(lambda self: self.events)
    @rule(data=st.data())
    def undo_something(self, data: st.DataObject) -> None:
        self._make(make.undo(data.draw(st.sampled_from(self.events)).event_id, self.at))

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def some_arrive(self, data: st.DataObject) -> None:
        arriving = data.draw(st.lists(st.sampled_from(self.waiting), min_size=1, max_size=5))
        outcomes = self.server.send(self.ana, *arriving)
        kept = [
            operation
            for operation, outcome in zip(arriving, outcomes, strict=True)
            if self._is_kept(operation, outcome)
        ]
        self.waiting = [operation for operation in self.waiting if operation not in kept]

    @precondition(lambda self: self.made)
    @rule(data=st.data())
    def one_comes_again(self, data: st.DataObject) -> None:
        again = data.draw(st.sampled_from(self.made))
        [outcome] = self.server.send(self.ana, again)
        if again in self.waiting:
            if self._is_kept(again, outcome):
                self.waiting.remove(again)
        else:
            assert outcome == "duplicate"

    def _is_kept(self, operation: Operation, outcome: str) -> bool:
        """A comment is refused while its report is not there, and then goes again; nothing else is ever refused."""
        assert outcome in {"accepted", "conflict", "duplicate"} or operation.kind == REPORT_COMMENT
        return outcome != "rejected"

    @invariant()
    def the_feed_told_what_a_new_device_learns(self) -> None:
        if hasattr(self, "server"):
            self.server.send(self.ana)
            assert self.server.known == self.server.pulled(self.ana)

    def teardown(self) -> None:
        if not hasattr(self, "server"):
            return
        try:
            self.server.send(self.ana, *self.waiting)
            self.in_order.send(self.ana)
            for operation in self.made:
                self.in_order.send(self.ana, operation)
            assert _comparable(self.in_order.known) == _comparable(self.server.known)
            assert _comparable(self.in_order.pulled(self.ana)) == _comparable(self.server.pulled(self.ana))
        finally:
            self.server.database.close()
            self.in_order.database.close()
            self._folder.cleanup()


def _comparable(known: dict[tuple[str, str], Any]) -> dict[tuple[str, str], Any]:
    return {key: None if key[0] in _SIGNED_OR_GIVEN else value for key, value in known.items()}


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(
    max_examples=10, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@pytest.mark.parametrize("seed", range(3))
def test_a_long_story_in_any_order_is_told_as_a_whole(tmp_path: Path, seed: int) -> None:
    """What is told after each event rests on its neighbours only; a new device is told from the whole history."""
    server = Server(tmp_path / "server.db", SigningKeys.load_or_create(tmp_path / "keys", {}))
    server.database.migrate()
    house = _house(server.database, "Harbour Works")
    chance = random.Random(seed)
    start = datetime(2026, 3, 1, tzinfo=UTC)
    events: list[AttendanceEvent] = []
    sent: list[Operation] = []
    for _ in range(60):
        at = start + timedelta(minutes=chance.randrange(40))
        named = chance.choice(events).event_id if events and chance.random() < 0.8 else None
        kind: Any = chance.choice(["check_in", "check_in", "check_out", "break_start"])
        event = make.attendance(kind, at, location_id=house.gate, check_in_id=None if kind == "check_in" else named)
        if named and chance.random() < 0.2:
            event = msgspec.structs.replace(event, supersedes=named)
        events.append(event)
        sent.append(make.record(event))
        if chance.random() < 0.2:
            sent.append(make.undo(chance.choice(events).event_id, at))
    chance.shuffle(sent)
    server.send(house.ana)
    for operation in sent:
        server.send(house.ana, operation)
        if chance.random() < 0.2:
            assert server.known == server.pulled(house.ana)
    assert server.known == server.pulled(house.ana)
    server.database.close()
