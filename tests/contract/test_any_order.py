"""Whatever order operations come in, and however often, and whatever is refused among them, the server ends with the
same truth, as does each device."""

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from protocol.operations import REPORT_COMMENT, AttendanceEvent, ReportRevision
from protocol.sync import Operation, OperationResult, SyncRequest
from protocol.templates import Template
from rules.report_text import MAX_TEXT_BYTES
from rules.templates.filling import sendable
from server.demo.checklists import DAILY_REPORT
from server.policy.document import issue_policy
from server.problems import ProblemError
from server.receipts.keys import SigningKeys
from server.storage.database import Database
from server.sync.envelope import synchronise
from server.sync.filing import file_report
from server.templates.publishing import publish_version, set_active
from tests.contract import operations as make
from tests.contract.conftest import House, _house, new_id
from tests.stories import tell, tell_for

pytestmark = pytest.mark.timeout(400)

_SIGNED_OR_GIVEN = {"receipt", "policy", "member", "organization", "location"}
"""Signed with a salt, or of the organization: compared by presence, or not made by operations."""
LONG_SECONDS = 60.0
"""How long the long machine goes on beginning another story."""


def _changed(**changed: Any) -> Callable[["AnyOrder", ReportRevision], Operation]:
    return lambda machine, _about: make.revise(msgspec.structs.replace(make.revision(machine.at), **changed))


_BAD: dict[str, Callable[["AnyOrder", ReportRevision], Operation]] = {
    "too-long": _changed(text="x" * (MAX_TEXT_BYTES + 1)),
    "bad-text": _changed(text="pump\x00"),
    "empty-report": _changed(title=" ", text=""),
    "unknown-location": _changed(location_id=new_id()),
    "unknown-template": lambda machine, _about: make.revise(machine._filled(99, {})),
    "bad-answer": lambda machine, _about: make.revise(machine._filled(1, {"done": 7})),
    "bad-time": lambda machine, _about: make.revise(
        msgspec.structs.replace(
            make.revision(machine.at), written=msgspec.structs.replace(make.moment(machine.at), utc="yesterday")
        )
    ),
    "bad-parents": lambda _machine, about: make.revise(msgspec.structs.replace(about, parents=(about.revision_id,))),
    "empty-comment": lambda machine, about: make.comment(about.instance_id, " ", machine.at),
    "bad-entity": lambda machine, _about: make.operation(
        "attendance.record", new_id(), make.attendance("check_in", machine.at)
    ),
    "bad-body": lambda _machine, _about: Operation(
        id=new_id(), kind="report.revise", entity=new_id(), body=msgspec.Raw(b"{}")
    ),
}
"""What no server keeps, whatever else is there, by the name of the problem that it is."""


class Device:
    """A member's device that listens to the feed of an organization all along."""

    def __init__(self, database: Database, keys: SigningKeys, house: House) -> None:
        self.database = database
        self.keys = keys
        self.house = house
        self.cursor: str | None = None
        self.known: dict[tuple[str, str], Any] = {}

    def send(self, *sent: Operation) -> list[OperationResult]:
        """Send and read to the end; the results."""
        results, more = [], True
        while more:
            request = SyncRequest(operations=sent, cursor=self.cursor)
            response = synchronise(self.database, self.keys, self.house.ana, request, page=7)
            results += response.results
            for told in response.changes:
                self.known[told.kind, told.entity] = json.loads(bytes(told.body))
            self.cursor, more, sent = response.cursor, response.more, ()
        return results

    def pulled(self) -> dict[tuple[str, str], Any]:
        """What a device that knows nothing learns."""
        other = Device(self.database, self.keys, self.house)
        other.send()
        return other.known

    def publish(self, wanted: Template) -> Template:
        """Publish a checklist."""
        with self.database.write(self.house.organization_id) as t:
            return publish_version(t, self.house.admin, wanted)

    def offer(self, template_id: str, *, active: bool) -> None:
        """Retire a checklist, or bring it back."""
        with self.database.write(self.house.organization_id) as t:
            set_active(t, self.house.admin, template_id, active=active)

    def comparable(self, known: dict[tuple[str, str], Any]) -> dict[str, Any]:
        """What is known in words that are the same in each organization."""
        names = {
            self.house.organization_id: "organization",
            self.house.ana.member_id: "ana",
            self.house.gate: "gate",
            self.house.closed: "closed",
        }
        said = {" ".join(key): "" if key[0] in _SIGNED_OR_GIVEN else value for key, value in known.items()}
        text = json.dumps(said)
        for name, word in names.items():
            text = text.replace(name, word)
        found: dict[str, Any] = json.loads(text)
        return found


class AnyOrder(RuleBasedStateMachine):
    """A device makes operations; they arrive late, twice and in any order, good ones among bad ones. In the end another
    organization is told the good ones once each, in the order they were made."""

    def __init__(self, database: Database, keys: SigningKeys) -> None:
        super().__init__()
        self.database, self.keys = database, keys
        self.begun = False

    @initialize()
    def begin(self) -> None:
        self.device, self.in_order = (
            Device(self.database, self.keys, _house(self.database, name)) for name in ("Harbour Works", "In Order")
        )
        for one in (self.device, self.in_order):
            with self.database.write(one.house.organization_id) as t:
                issue_policy(t, self.keys, edit_hours=1)
        self.checklist = self.device.publish(DAILY_REPORT)
        self.in_order.publish(self.checklist)
        self.made: list[Operation] = []
        self.waiting: list[Operation] = []
        self.bad: dict[str, tuple[Operation, str]] = {}
        self.revisions: list[ReportRevision] = []
        self.events: list[AttendanceEvent] = []
        self.at = datetime(2026, 3, 1, tzinfo=UTC)
        self.settled = False
        self.begun = True
        self._write_some_of_each()

    def _write_some_of_each(self) -> None:
        """So that there is something whose order matters from the start."""
        first = make.revision(self.at, "Report 0")
        second = make.revision(self.at, "Revision 1", instance_id=first.instance_id, parents=(first.revision_id,))
        here = make.attendance("check_in", self.at, location_id=self.device.house.gate)
        out = make.attendance("check_out", self.at + timedelta(hours=1), check_in_id=here.event_id)
        later = make.attendance("check_in", self.at + timedelta(minutes=5), location_id=self.device.house.gate)
        self.revisions += [first, second]
        self.events += [here, out, later]
        for body in (first, second):
            self._make(make.revise(body))
        for event in (here, out, later):
            self._make(make.record(event))
        self._make(make.undo(later.event_id, self.at))
        self._make(make.comment(first.instance_id, "Seen", self.at))

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
        self.revisions.append(self._filled(self.checklist.version, {} if done is None else {"done": done}))
        self._make(make.revise(self.revisions[-1]))

    def _filled(self, version: int, answers: dict[str, Any]) -> ReportRevision:
        return msgspec.structs.replace(
            make.revision(self.at, self.checklist.title),
            answers=sendable(answers),
            template_id=self.checklist.template_id,
            template_version=version,
        )

    @rule(active=st.booleans())
    def retire_the_checklist_or_bring_it_back(self, active: bool) -> None:
        """What was filled in before stays welcome, however late it comes."""
        for organization in (self.device, self.in_order):
            organization.offer(self.checklist.template_id, active=active)
        self.settled = False

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
        place = self.device.house.gate if here else None
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

    @rule(number=st.integers(0, 10_000), what=st.sampled_from(sorted(_BAD)))
    def make_something_bad(self, number: int, what: str) -> None:
        about = self.revisions[number % len(self.revisions)] if self.revisions else make.revision(self.at)
        operation = _BAD[what](self, about)
        self.bad[operation.id] = (operation, what)

    @precondition(lambda self: self.revisions)
    @rule(data=st.data())
    def change_in_the_browser_what_is_too_old(self, data: st.DataObject) -> None:
        """It is refused where the report is; what is not there yet no page shows."""
        parent = data.draw(st.sampled_from(self.revisions))
        if ("report", parent.instance_id) not in self.device.known:
            return
        body = make.revision(self.at, "Late", instance_id=parent.instance_id, parents=(parent.revision_id,))
        actor = self.device.house.ana
        with pytest.raises(ProblemError) as refusal, self.database.write(actor.organization_id) as t:
            file_report(t, self.keys, actor, new_id(), body)
        assert refusal.value.problem.type.endswith(":too-late-to-edit")

    @precondition(lambda self: self.waiting or self.bad)
    @rule(data=st.data())
    def some_arrive(self, data: st.DataObject) -> None:
        coming = [*self.waiting, *(operation for operation, _ in self.bad.values())]
        arriving = data.draw(st.lists(st.sampled_from(coming), min_size=1, max_size=6))
        self._arrive(arriving)

    @precondition(lambda self: self.made)
    @rule(data=st.data())
    def one_comes_again(self, data: st.DataObject) -> None:
        again = data.draw(st.sampled_from(self.made))
        known = again not in self.waiting
        [result] = self._arrive([again])
        assert not known or result.outcome == "duplicate"

    def _arrive(self, arriving: list[Operation]) -> list[OperationResult]:
        self.settled = False
        results = self.device.send(*arriving)
        for operation, result in zip(arriving, results, strict=True):
            if operation.id in self.bad:
                assert (result.outcome, _name(result)) == ("rejected", self.bad[operation.id][1])
            elif result.outcome == "rejected":  # a comment while its report is not there, which goes again
                assert (operation.kind, _name(result)) == (REPORT_COMMENT, "unknown-report")
            else:
                assert result.outcome in {"accepted", "conflict", "duplicate"}
                self.waiting = [one for one in self.waiting if one.id != operation.id]
        return results

    @invariant()
    def the_feed_told_what_a_new_device_learns(self) -> None:
        if self.begun and not self.settled:
            self.device.send()
            assert self.device.known == self.device.pulled()
            self.settled = True

    def teardown(self) -> None:
        if not self.begun:
            return
        bad = [operation for operation, _ in self.bad.values()]
        last = [*bad, *reversed(self.waiting), *bad]
        for start in range(0, len(last), 50):
            self._arrive(last[start : start + 50])
        self._arrive(list(self.waiting))  # comments that came before their report
        assert self.waiting == []
        here, there = self.device, self.in_order
        gates = here.house.gate.encode(), there.house.gate.encode()
        sent = [
            msgspec.structs.replace(operation, body=msgspec.Raw(bytes(operation.body).replace(*gates)))
            for operation in self.made
        ]
        there.send()
        for start in range(0, len(sent), 10):
            results = there.send(*sent[start : start + 10])
            assert {result.outcome for result in results} <= {"accepted", "conflict"}
        assert there.comparable(there.known) == here.comparable(here.known)
        assert there.comparable(there.pulled()) == here.comparable(here.pulled())


def _name(result: OperationResult) -> str:
    return result.problem.type.rpartition(":")[2] if result.problem is not None else ""


@pytest.fixture
def keys(tmp_path: Path) -> SigningKeys:
    return SigningKeys.load_or_create(tmp_path / "keys", {})


@pytest.mark.hypothesis
def test_in_any_order_and_among_bad_ones_all_is_the_same(database: Database, keys: SigningKeys) -> None:
    tell(lambda: AnyOrder(database, keys), stories=3, steps=20)


@pytest.mark.slow
def test_many_long_stories_in_any_order(database: Database, keys: SigningKeys) -> None:
    tell_for(lambda: AnyOrder(database, keys), seconds=LONG_SECONDS, steps=50)


@pytest.mark.parametrize(
    ("seed", "length"), [(0, 30), *(pytest.param(seed, 60, marks=pytest.mark.slow) for seed in (1, 2))]
)
def test_a_long_story_in_any_order_is_told_as_a_whole(
    database: Database, keys: SigningKeys, seed: int, length: int
) -> None:
    """What is told after each event rests on its neighbours only; a new device is told from the whole history."""
    house = _house(database, "Harbour Works")
    device = Device(database, keys, house)
    chance = random.Random(seed)
    start = datetime(2026, 3, 1, tzinfo=UTC)
    events: list[AttendanceEvent] = []
    sent: list[Operation] = []
    for _ in range(length):
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
    device.send()
    for operation in sent:
        device.send(operation)
        if chance.random() < 0.1:
            assert device.known == device.pulled()
    assert device.known == device.pulled()
