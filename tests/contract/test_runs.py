"""New reports that are kept together leave the very rows, results and changes that they leave one by one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from protocol.operations import REPORT_REVISE, ManifestEntry, ReportRevision
from protocol.sync import MAX_OPERATIONS, Operation, SyncRequest
from protocol.templates import Template
from rules.templates.filling import sendable
from server.sync import runs
from server.sync.envelope import synchronise
from tests.contract import operations as make
from tests.contract.conftest import Clock, House, new_id
from tests.contract.counting import statements
from tests.contract.twins import Twins, twin_databases

pytestmark = pytest.mark.timeout(400)

ORDINARY = ("plain", "placed", "photo", "held", "answered", "two_files")
WRONG = (
    *("empty", "bad_id", "mixed_up", "bad_time", "unknown_place", "large"),
    *("unknown_checklist", "bad_answer", "nowhere", "nul"),
)
OF_OTHERS = (
    *("again", "same_number", "same_revision", "same_report", "same_file", "other_file"),
    *("edit", "ahead", "expected"),
)
KINDS = ("comment", "attendance", "unheard_of", "unreadable")
RECIPES = st.tuples(
    st.one_of(st.sampled_from(ORDINARY), st.sampled_from((*ORDINARY, *WRONG, *OF_OTHERS, *KINDS))), st.integers(0, 50)
)
REQUESTS = st.lists(st.tuples(st.sampled_from(["ana", "ana", "ben"]), st.lists(RECIPES, min_size=1)), max_size=4)


class Author:
    """Makes operations by recipe, of the ones it made before where the recipe says so."""

    def __init__(self, house: House, checklist: Template, held: list[ManifestEntry], clock: Clock) -> None:
        self.house, self.checklist, self.held, self.clock = house, checklist, held, clock
        self.sent: list[Operation] = []
        self.bodies: list[ReportRevision] = []
        self.expected: list[ReportRevision] = []

    def make(self, recipe: str, pick: int) -> Operation:
        """The next operation."""
        made = getattr(self, f"_{recipe}", None)
        if made is not None:
            operation: Operation = made(pick)
        else:
            body = self._body(recipe, pick)
            self.bodies.append(body)
            operation = make.revise(body)
        self.sent.append(operation)
        return operation

    def _body(self, recipe: str, pick: int) -> ReportRevision:
        fresh, earlier = make.revision(self.clock.now, f"Report {pick}"), self._earlier(pick)
        photo = make.photo(f"{pick}".encode())
        wrong = replace(photo, size=2**40) if recipe == "large" else photo
        other = replace(earlier.media[0], sha256="0" * 64) if earlier.media else photo
        return replace(fresh, **self._changed(recipe, pick, earlier, wrong, other))

    def _changed(
        self, recipe: str, pick: int, earlier: ReportRevision, photo: ManifestEntry, other: ManifestEntry
    ) -> dict[str, Any]:
        of_checklist = {"template_id": self.checklist.template_id, "template_version": self.checklist.version}
        held = self.held[pick % len(self.held)]
        where = self.house.gate if pick % 2 else self.house.closed
        changed: dict[str, dict[str, Any]] = {
            "placed": {"location_id": where, "check_in_id": new_id()},
            "photo": {"media": (photo,)},
            "large": {"media": (photo,)},
            "held": {"media": (held,)},
            "two_files": {"media": (held, photo) if pick % 2 else (photo, held)},
            "answered": of_checklist | {"answers": sendable({"shut": {"result": "pass"}, "why": "x", "where": where})},
            "empty": {"title": " ", "text": ""},
            "bad_id": {"revision_id": "x"},
            "bad_time": {"written": replace(make.moment(self.clock.now), utc="soon")},
            "unknown_place": {"location_id": new_id()},
            "unknown_checklist": of_checklist | {"template_version": 7},
            "nowhere": of_checklist | {"answers": sendable({"shut": {"result": "pass"}, "where": new_id()})},
            "bad_answer": of_checklist | {"answers": sendable({"shut": {"no": "such"}})},
            "nul": {"text": "a\x00b"},
            "same_revision": {"revision_id": earlier.revision_id},
            "same_report": {"instance_id": earlier.instance_id},
            "same_file": {"media": earlier.media},
            "other_file": {"media": (other,)},
            "edit": {"instance_id": earlier.instance_id, "parents": (earlier.revision_id,)},
        }
        return changed.get(recipe, {})

    def _earlier(self, pick: int) -> ReportRevision:
        return self.bodies[pick % len(self.bodies)] if self.bodies else make.revision(self.clock.now)

    def _again(self, pick: int) -> Operation:
        return self.sent[pick % len(self.sent)] if self.sent else self.make("plain", pick)

    def _same_number(self, pick: int) -> Operation:
        return replace(make.revise(self._body("plain", pick)), id=self._again(pick).id)

    def _mixed_up(self, pick: int) -> Operation:
        return replace(make.revise(self._body("plain", pick)), entity=new_id())

    def _ahead(self, pick: int) -> Operation:
        """A change of a report whose first version comes later."""
        first = self._body("plain", pick)
        self.expected.append(first)
        return make.revise(replace(first, revision_id=new_id(), parents=(first.revision_id,)))

    def _expected(self, pick: int) -> Operation:
        return make.revise(self.expected.pop() if self.expected else self._body("plain", pick))

    def _comment(self, pick: int) -> Operation:
        return make.comment(self._earlier(pick).instance_id, "Seen", self.clock.now)

    def _attendance(self, _pick: int) -> Operation:
        return make.record(make.attendance("check_in", self.clock.now, location_id=self.house.gate))

    def _unheard_of(self, _pick: int) -> Operation:
        return Operation(id=new_id(), kind="report.sing", entity=new_id(), body=msgspec.Raw(b"{}"))

    def _unreadable(self, _pick: int) -> Operation:
        return Operation(id=new_id(), kind=REPORT_REVISE, entity=new_id(), body=msgspec.Raw(b'{"title": 3}'))


@pytest.fixture(params=["sqlite", "postgresql"])
def twins(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Twins]:
    """On either kind of database."""
    with twin_databases(request.param, lambda: request.getfixturevalue("cluster"), tmp_path, clock) as both:
        yield both


@given(requests=REQUESTS, longest=st.sampled_from([1, 2, 3, MAX_OPERATIONS]), blind=st.booleans())
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_a_run_leaves_what_single_operations_leave(
    twins: Twins, requests: list[tuple[str, list[tuple[str, int]]]], longest: int, *, blind: bool
) -> None:
    """`blind`: others take ids between the look at what is known and the writing, so that every clash is met then."""
    twins.begin()
    author = Author(twins.house, twins.checklist, twins.held, twins.clock)
    with pytest.MonkeyPatch.context() as patch:
        if blind:
            patch.setattr(runs, "_known", lambda _t, _ids: set())
        for who, recipes in requests:
            actor = {"ana": twins.house.ana, "ben": twins.house.ben}[who]
            twins.send(actor, [author.make(*recipe) for recipe in recipes], longest)
    twins.compare()


def test_every_recipe_in_one_request(twins: Twins) -> None:
    twins.begin()
    author = Author(twins.house, twins.checklist, twins.held, twins.clock)
    recipes = [*ORDINARY, *WRONG, *ORDINARY, *OF_OTHERS, *KINDS, *ORDINARY]
    outcomes = twins.send(twins.house.ana, [author.make(recipe, at) for at, recipe in enumerate(recipes)], 100)
    assert set(outcomes) == {"accepted", "duplicate", "conflict", "rejected", "unsupported"}
    assert outcomes[: len(ORDINARY)] == ["accepted"] * len(ORDINARY), list(zip(recipes, outcomes, strict=True))
    twins.compare()


def test_a_hundred_new_reports_cost_few_statements(twins: Twins) -> None:
    twins.begin()
    author = Author(twins.house, twins.checklist, twins.held, twins.clock)
    ana = twins.house.ana
    answer = synchronise(twins.together, twins.keys, ana, SyncRequest())
    while answer.more:
        answer = synchronise(twins.together, twins.keys, ana, SyncRequest(cursor=answer.cursor))
    cursor = answer.cursor
    sent = [author.make(ORDINARY[at % len(ORDINARY)], at * 3) for at in range(MAX_OPERATIONS)]
    with statements(twins.together) as counted:
        answer = synchronise(twins.together, twins.keys, ana, SyncRequest(operations=tuple(sent), cursor=cursor))
    assert {result.outcome for result in answer.results} == {"accepted"}
    assert len(counted) <= 40, "\n".join(counted)
