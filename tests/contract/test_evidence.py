"""Evidence is judged once, when it arrives, at the time of the event; whatever is wrong with it, the event is kept."""

import base64
import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pyotp
import pytest

from protocol.changes import AttendanceView, EvidenceView
from protocol.moment import Moment
from protocol.operations import AttendanceEvent, Evidence, Position
from protocol.sync import SyncRequest
from rules.clock import format_utc
from rules.evidence import SAID_BY_EVIDENCE, evidence_sentences
from rules.location_code import code_at, step_at
from server.accounts.minting import Mint
from server.attendance.arrival import Arrival
from server.attendance.reading import EventFilter, EventRow, list_events
from server.locations import codes
from server.policy.document import issue_policy
from server.problems import ProblemError
from server.receipts.keys import SigningKeys
from server.storage.database import Actor, Database
from server.storage.tables import (
    access_grant,
    attendance_event,
    change,
    location,
    location_code,
    metadata,
    operation,
)
from server.sync.envelope import synchronise
from server.sync.operations import keep
from tests.contract import operations as make
from tests.contract.conftest import Clock, House, new_id
from tests.contract.counting import statements

OFFICE, HOME = "198.51.100.7", "203.0.113.9"


class Gate(msgspec.Struct, frozen=True):
    """Ana, who checks in at Gate 2, which has a code, a spot on the map and networks; and who looks at it."""

    database: Database
    house: House
    clock: Clock
    keys: SigningKeys
    mint: Mint

    def seed(self) -> bytes:
        """That of the code which stands now, by the derivation of the server."""
        with self.database.read(self.house.organization_id) as t:
            row = t.first(t.select(location_code).where(location_code.c.ended.is_(None)))
            assert row is not None
            return codes._seed(t, self.mint, row)

    def code(self, at: datetime | None = None, digits: int = 6) -> str:
        """What an authenticator app with that seed shows."""
        return pyotp.TOTP(base64.b32encode(self.seed()).decode(), digits=digits).at(at or self.clock.now)

    def check_in(
        self,
        evidence: Evidence,
        *,
        address: str = OFFICE,
        who: Actor | None = None,
        mint: Mint | None = None,
        **told: Any,
    ) -> AttendanceView:
        """Record one as a device sends it; what the member's devices are told of it then."""
        who = who or self.house.ana
        told = {"location_id": self.house.gate, "at": make.moment(self.clock.now), "kind": "check_in"} | told
        body = AttendanceEvent(event_id=new_id(), evidence=evidence, **told)
        arrival = Arrival(mint=mint or self.mint, address=address)
        request = SyncRequest(operations=(make.record(body),), cursor=None)
        reply = synchronise(self.database, self.keys, who, request, arrival=arrival)
        assert [result.outcome for result in reply.results] == ["accepted"]
        return self.told(body.event_id, who)

    def told(self, event_id: str, who: Actor | None = None) -> AttendanceView:
        """By a full pull."""
        request = SyncRequest(operations=(), cursor=None)
        changes = synchronise(self.database, self.keys, who or self.house.ana, request).changes
        [found] = [one for one in changes if one.entity == event_id]
        return msgspec.json.decode(found.body, type=AttendanceView)

    def rows(self, wanted: EventFilter = EventFilter()) -> tuple[EventRow, ...]:  # noqa: B008 - frozen
        """What the manager's list has."""
        with self.database.read(self.house.organization_id) as t:
            return list_events(t, self.house.manager, wanted).rows


@pytest.fixture
def gate(database: Database, house: House, clock: Clock, tmp_path: Path) -> Gate:
    with database.write(house.organization_id) as t:
        t.insert(
            access_grant,
            grant_id=new_id(),
            member_id=house.manager.member_id,
            role="manager",
            group_id=None,
            location_id=None,
            created=t.now_text,
        )
        t.execute(
            t.update(location)
            .where(location.c.location_id == house.gate)
            .values(latitude=38.7, longitude=-9.14, radius_m=100, networks="8.8.4.0/24", gateways="192.168.1.1")
        )
        codes.turn_on(t, house.admin, house.gate, 6)
    clock.forward(hours=2)
    mint = Mint.create(tmp_path / "token.key")
    return Gate(database, house, clock, SigningKeys.load_or_create(tmp_path / "keys", {}), mint)


def typed(code: str) -> Evidence:
    return Evidence(method="code", code=code)


def test_an_authenticators_code_is_right_a_step_early_or_late(gate: Gate) -> None:
    for off in (0, 30, -30):
        gate.clock.forward(minutes=2)
        view = gate.check_in(typed(gate.code(gate.clock.now + timedelta(seconds=off))))
        assert (view.evidence.code, view.needs_a_look) == ("right", False)


@pytest.mark.parametrize(
    ("off", "verdict", "flag"),
    [
        (timedelta(minutes=-5), "old", "code_old"),
        (timedelta(minutes=5), "old", "code_old"),
        (timedelta(hours=-2), "wrong", "code_wrong"),
    ],
)
def test_a_code_of_another_time(gate: Gate, off: timedelta, verdict: str, flag: str) -> None:
    view = gate.check_in(typed(gate.code(gate.clock.now + off)))
    assert (view.evidence.code, view.flags, view.needs_a_look) == (verdict, (flag,), True)


def test_it_is_judged_at_the_true_time_of_the_event_however_late_it_comes(gate: Gate) -> None:
    """Offline for three hours, with the device's clock turned back by a day; the elapsed time tells."""
    happened = gate.clock.now
    code = gate.code()
    at = Moment(
        utc=format_utc(happened - timedelta(days=1)),
        offset_minutes=0,
        zone="Europe/Lisbon",
        boot_id="b",
        elapsed_ms=600_000,
        confirmed_utc=format_utc(happened - timedelta(minutes=10)),
        confirmed_elapsed_ms=0,
        skew_ms=-86_400_000,
    )
    gate.clock.forward(hours=3)
    view = gate.check_in(typed(code), at=at, address=HOME)
    assert (view.evidence.code, view.flags, view.grade) == ("right", (), "confirmed")
    assert view.evidence.waited_ms == 3 * 3_600_000
    said = evidence_sentences(view.evidence, view.grade)
    assert "It waited 3 h 0 min on the device before it came here." in said
    assert "The device's clock was 24 h 0 min behind, which was added." in said


def test_what_happened_before_a_renewal_is_judged_by_the_seed_of_then(gate: Gate) -> None:
    happened, code = gate.clock.now, gate.code()
    gate.clock.forward(minutes=20)
    with gate.database.write(gate.house.organization_id) as t:
        codes.turn_on(t, gate.house.admin, gate.house.gate, 8)
    late = gate.check_in(typed(code), at=make.moment(happened))
    assert (late.evidence.code, late.flags) == ("right", ())
    gate.clock.forward(minutes=5)
    assert gate.check_in(typed(gate.code(digits=8))).evidence.code == "right"
    assert gate.check_in(typed(code)).evidence.code == "old"


def test_a_code_counts_once_for_each_person_unless_the_first_use_was_undone(gate: Gate) -> None:
    code = gate.code()
    first = gate.check_in(typed(code))
    again = gate.check_in(typed(code))
    assert (first.evidence.code, again.evidence.code) == ("right", "replayed")
    assert "code_replayed" in again.flags
    undone = tuple(make.undo(one.event_id, gate.clock.now) for one in (first, again))
    synchronise(gate.database, gate.keys, gate.house.ana, SyncRequest(operations=undone, cursor=None))
    assert gate.check_in(typed(code)).evidence.code == "right"
    assert not gate.told(again.event_id).needs_a_look


def test_one_code_from_two_far_networks(gate: Gate) -> None:
    code = gate.code()
    gate.check_in(typed(code), address="198.51.100.7")
    assert "code_two_networks" not in gate.check_in(typed(code), address="198.51.100.99").flags
    assert "code_two_networks" in gate.check_in(typed(code), address=HOME).flags


def test_another_person_may_use_the_same_code(gate: Gate) -> None:
    code = gate.code()
    gate.check_in(typed(code))
    assert gate.check_in(typed(code), who=gate.house.ben, address=HOME).evidence.code == "right"


def test_five_wrong_codes_end_the_guessing_and_every_check_in_stays(gate: Gate) -> None:
    assert [gate.check_in(typed("1234567")).evidence.code for _ in range(5)] == ["wrong"] * 5
    braked = gate.check_in(typed(gate.code()))
    assert (braked.evidence.code, "code_throttled" in braked.flags, braked.needs_a_look) == ("throttled", True, True)
    assert len(gate.rows()) == 6
    assert gate.check_in(typed(gate.code()), who=gate.house.ben).evidence.code == "right"
    gate.clock.forward(minutes=11)
    assert gate.check_in(typed(gate.code())).evidence.code == "right"


def test_a_code_where_there_is_none(gate: Gate) -> None:
    for place in (gate.house.closed, None):
        view = gate.check_in(typed("123456"), location_id=place, note="in the yard")
        assert view.evidence.code == "none_here"
        assert "code_not_here" in view.flags


def test_an_end_is_judged_where_its_check_in_was(gate: Gate) -> None:
    began = gate.check_in(Evidence())
    gate.clock.forward(hours=8)
    ended = gate.check_in(typed(gate.code()), kind="check_out", location_id=None, check_in_id=began.event_id)
    assert ended.evidence.code == "right"


def test_without_the_key_a_code_stays_unchecked(gate: Gate) -> None:
    body = make.attendance("check_in", gate.clock.now, location_id=gate.house.gate)
    body = msgspec.structs.replace(body, evidence=typed("1"))
    synchronise(gate.database, gate.keys, gate.house.ana, SyncRequest(operations=(make.record(body),), cursor=None))
    told = gate.told(body.event_id)
    assert (told.evidence.code, told.flags) == ("unchecked", ("code_unchecked",))


@pytest.mark.parametrize(
    ("latitude", "accuracy_m", "lies", "flags"),
    [
        (38.7, 12.0, "inside", ()),
        (38.71, 12.0, "outside", ("position_outside",)),
        (38.7, 500.0, "cannot_tell", ("position_unclear",)),
        (0.0, 12.0, "cannot_tell", ("position_zero", "position_unclear")),
        (38.7, 0.0, "cannot_tell", ("accuracy_zero", "position_unclear")),
    ],
)
def test_positions(gate: Gate, latitude: float, accuracy_m: float, lies: str, flags: tuple[str, ...]) -> None:
    longitude = -9.14 if latitude else 0.0
    position = Position(latitude=latitude, longitude=longitude, accuracy_m=accuracy_m, source="gps")
    view = gate.check_in(Evidence(method="position", position=position))
    assert (view.evidence.fence, view.flags, view.needs_a_look) == (lies, flags, bool(flags))
    assert len(view.sentences) == len(flags)


def test_networks_are_told_only_by_whom_lets_them_be(gate: Gate) -> None:
    silent = gate.check_in(Evidence(), address="8.8.4.4").evidence
    assert (silent.network, silent.address) == (None, None)
    near = gate.check_in(Evidence(method="network", network="192.168.1.1"), address="8.8.4.4")
    assert (near.evidence.network, near.evidence.address) == ("known", "known")
    assert "network_other" not in near.flags
    far = gate.check_in(Evidence(network=""), address=HOME)
    assert (far.evidence.network, far.evidence.address) == ("other", "other")
    assert "network_other" in far.flags
    gate.clock.forward(minutes=30)
    happened = make.moment(gate.clock.now - timedelta(minutes=20))
    late = gate.check_in(Evidence(network="192.168.1.1"), address="8.8.4.4", at=happened)
    assert (late.evidence.network, late.evidence.address) == ("known", None)


def test_no_address_is_kept(gate: Gate) -> None:
    gate.check_in(typed(gate.code()), address="198.51.100.77")
    gate.check_in(Evidence(network=""), address="198.51.100.77")
    with gate.database.read(gate.house.organization_id) as t:
        tables = (attendance_event, change, operation)
        kept = repr([tuple(row) for table in tables for row in t.all(t.select(table))])
    assert "198.51.100" not in kept


def test_the_seed_is_in_nothing_that_leaves_or_is_kept(gate: Gate, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    seed = gate.seed()
    forms = [seed.hex(), base64.b32encode(seed).decode(), base64.b64encode(seed).decode(), repr(seed)[2:-1]]
    gate.check_in(typed(gate.code()))
    reply = synchronise(gate.database, gate.keys, gate.house.ana, SyncRequest(operations=(), cursor=None))
    with gate.database.read(gate.house.organization_id) as t:
        own = [table for table in metadata.sorted_tables if "organization_id" in table.c]
        kept = repr([tuple(row) for table in own for row in t.all(t.select(table))])
    everything = msgspec.json.encode(reply).decode() + kept + caplog.text
    for told in reply.changes:
        everything += json.dumps(json.loads(bytes(told.body)))
    assert not [form for form in forms if form in everything]
    assert code_at(seed, step_at(gate.clock.now), 6) == gate.code()  # so that it is the seed which was looked for


def test_a_note_is_asked_for_from_when_the_policy_says_so(gate: Gate) -> None:
    before = gate.clock.now
    gate.clock.forward(minutes=5)
    with gate.database.write(gate.house.organization_id) as t:
        issue_policy(t, gate.keys, note_required=True)
    gate.clock.forward(minutes=5)
    assert "note_missing" not in gate.check_in(Evidence(), at=make.moment(before)).flags
    bare = gate.check_in(Evidence())
    assert "note_missing" in bare.flags
    assert bare.needs_a_look
    assert "note_missing" not in gate.check_in(Evidence(), note="north side").flags
    assert "note_missing" not in gate.check_in(Evidence(), kind="check_out", check_in_id=bare.event_id).flags


def test_who_looks_finds_what_wants_a_look_and_reads_why(gate: Gate) -> None:
    good = gate.check_in(typed(gate.code()))
    gate.check_in(Evidence(), kind="check_out", check_in_id=good.event_id)
    odd = gate.check_in(typed("000"))
    assert [row.event_id for row in gate.rows(EventFilter(look=True))] == [odd.event_id]
    by_id = {row.event_id: row for row in gate.rows()}
    assert by_id[good.event_id].needs_a_look is False
    row = by_id[odd.event_id]
    assert row.evidence == odd.evidence == EvidenceView(method="code", code="wrong")
    assert set(row.flags) & SAID_BY_EVIDENCE == {"code_wrong"}


def test_what_a_check_in_costs_hangs_on_what_it_bears(gate: Gate) -> None:
    """At the start of a shift most come at once, and most are chosen by hand."""
    costs = []
    for evidence in (Evidence(), Evidence(network=""), typed(gate.code())):
        body = make.attendance("check_in", gate.clock.now, location_id=gate.house.gate)
        sent = make.record(msgspec.structs.replace(body, evidence=evidence))
        arrival = Arrival(mint=gate.mint, address=OFFICE)
        with gate.database.write(gate.house.organization_id) as t, statements(gate.database) as said:
            assert keep(t, gate.keys, gate.house.ben, sent, arrival).outcome == "accepted"
        costs.append(len([one for one in said if not one.startswith(("SAVEPOINT", "RELEASE"))]))
        gate.clock.forward(hours=9)
    # From the second on there is an earlier session to tell of.
    assert costs[0] <= 12
    assert costs[1] <= 14
    assert costs[2] <= 17


@pytest.mark.parametrize("actor", ["ana", "manager"])
def test_codes_are_for_admins(gate: Gate, actor: str) -> None:
    who: Actor = getattr(gate.house, actor)
    _refused(gate, lambda t: codes.turn_on(t, who, gate.house.gate, 6), "not-allowed")
    _refused(gate, lambda t: codes.turn_off(t, who, gate.house.gate), "not-allowed")
    _refused(gate, lambda t: codes.turn_on(t, gate.house.admin, gate.house.gate, 7), "bad-digits")
    _refused(gate, lambda t: codes.turn_on(t, gate.house.admin, new_id(), 6), "not-found")


def _refused(gate: Gate, attempt: Callable[[Any], None], name: str) -> None:
    with pytest.raises(ProblemError) as refusal, gate.database.write(gate.house.organization_id) as t:
        attempt(t)
    assert refusal.value.problem.type.endswith(name)
