"""Operations are kept once, whatever is sent twice or wrong, and the feed tells the truth to its own member only."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from protocol.changes import AttendanceView, ReportView
from protocol.operations import REPORT_REVISE, AttendanceEvent, AttendanceKind, Evidence, Position
from protocol.statements import PolicyPayload, SignedStatement
from protocol.sync import Operation, SyncRequest, SyncResponse
from rules.receipts import check_receipt, payload_hash, read_receipt
from server.attendance.reading import list_events, present_members
from server.feed import prune
from server.policy.document import issue_policy, policy_payload
from server.problems import ProblemError
from server.receipts.keys import SigningKeys
from server.reports.listing import list_reports
from server.reports.reading import read_report
from server.storage.database import Actor, Database
from server.storage.tables import access_grant, change, operation, report
from server.sync.envelope import synchronise
from tests.contract import operations as make
from tests.contract.conftest import Clock, House, new_id


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> SigningKeys:
    """Keys made once."""
    return SigningKeys.load_or_create(tmp_path_factory.mktemp("keys"), {})


class Device:
    """One member's device: what it learnt from the feed, as a client keeps it."""

    def __init__(self, database: Database, keys: SigningKeys, actor: Actor, page: int = 200) -> None:
        self.database, self.keys, self.actor, self.page = database, keys, actor, page
        self.cursor: str | None = None
        self.known: dict[tuple[str, str], Any] = {}

    def send(self, *sent: Operation) -> list[str]:
        """Send and pull to the end; the outcomes."""
        response = self._once(sent)
        outcomes = [result.outcome for result in response.results]
        while response.more:
            response = self._once(())
        return outcomes

    def refused(self, sent: Operation) -> Any:
        """The problem of an operation that must be rejected."""
        [result] = self._once((sent,)).results
        assert result.outcome == "rejected"
        return result.problem

    def _once(self, sent: tuple[Operation, ...]) -> SyncResponse:
        request = SyncRequest(operations=sent, cursor=self.cursor)
        response = synchronise(self.database, self.keys, self.actor, request, self.page)
        # As it travels: what the other end decodes is what is tested.
        response = msgspec.json.decode(msgspec.json.encode(response), type=SyncResponse)
        if response.reset:
            self.known.clear()
        for told in response.changes:
            self.known[told.kind, told.entity] = json.loads(bytes(told.body))
        self.cursor = response.cursor
        return response

    def report(self, instance_id: str) -> ReportView:
        """What this device was told of a report."""
        return msgspec.convert(self.known["report", instance_id], ReportView)

    def event(self, event_id: str) -> AttendanceView:
        """What this device was told of an attendance event."""
        return msgspec.convert(self.known["attendance", event_id], AttendanceView)

    def fresh(self) -> dict[tuple[str, str], Any]:
        """What a new device of the same member learns by a full pull, in small pages."""
        other = Device(self.database, self.keys, self.actor, page=3)
        other.send()
        return other.known


@pytest.fixture
def device(database: Database, keys: SigningKeys, house: House) -> Device:
    """Ana's."""
    return Device(database, keys, house.ana)


def test_a_report_arrives_once_and_is_receipted(device: Device, clock: Clock, house: House, keys: SigningKeys) -> None:
    body = make.revision(clock.now, location_id=house.gate)
    sent = make.revise(body)
    assert device.send(sent) == ["accepted"]
    assert device.send(sent, sent) == ["duplicate", "duplicate"]
    assert device.report(body.instance_id).heads == (body.revision_id,)
    statement = msgspec.convert(device.known["receipt", body.revision_id], SignedStatement)
    receipt = check_receipt(
        statement,
        keys.public_keys(),
        organization_id=house.organization_id,
        member_id=house.ana.member_id,
        operation_id=sent.id,
        body=bytes(sent.body),
        media_sha256=(),
    )
    assert receipt.previous == ""
    with device.database.read(house.organization_id) as t:
        assert len(t.all(t.select(report))) == 1
        assert [row.body for row in t.all(t.select(operation))] == [bytes(sent.body)]


def test_receipts_of_a_member_are_chained(device: Device, clock: Clock, keys: SigningKeys) -> None:
    bodies = [make.revision(clock.now, f"Round {number}") for number in range(3)]
    assert device.send(*map(make.revise, bodies)) == ["accepted"] * 3
    previous = ""
    for body in bodies:
        statement = msgspec.convert(device.known["receipt", body.revision_id], SignedStatement)
        assert read_receipt(statement, keys.public_keys()).previous == previous
        previous = payload_hash(msgspec.json.decode(f'"{statement.payload}"', type=bytes))


def test_no_receipt_before_every_file_is_held(device: Device, clock: Clock) -> None:
    body = make.revision(clock.now, media=(make.photo(b"photo"),))
    device.send(make.revise(body))
    assert ("receipt", body.revision_id) not in device.known
    assert device.report(body.instance_id).missing == (body.media[0].media_id,)


def test_the_same_number_with_other_bytes_is_set_aside(device: Device, clock: Clock, house: House) -> None:
    sent = make.revise(make.revision(clock.now))
    device.send(sent)
    other = make.revise(make.revision(clock.now, "Something else"))
    reused = msgspec.structs.replace(other, id=sent.id)
    assert device.refused(reused).type.endswith("operation-reused")
    ben = Device(device.database, device.keys, house.ben)
    assert ben.refused(sent).type.endswith("operation-reused")


def test_a_number_of_another_organization_is_not_confirmed(
    device: Device, clock: Clock, build_house: Callable[[str], House]
) -> None:
    sent = make.revise(make.revision(clock.now))
    device.send(sent)
    stranger = Device(device.database, device.keys, build_house("Other Works").ana)
    assert stranger.send(sent) == ["accepted"]
    stolen = msgspec.structs.replace(sent, id=new_id())
    assert stranger.send(stolen) == ["rejected"]


def test_one_bad_item_goes_aside_and_the_rest_flow(device: Device, clock: Clock) -> None:
    good, after = make.revise(make.revision(clock.now)), make.revise(make.revision(clock.now))
    broken = Operation(id=new_id(), kind=REPORT_REVISE, entity=new_id(), body=msgspec.Raw(b'{"instance_id":7}'))
    unknown = Operation(id=new_id(), kind="dance.begin", entity=new_id(), body=msgspec.Raw(b"[1,2]"))
    assert device.send(good, broken, unknown, after) == ["accepted", "rejected", "unsupported", "accepted"]
    problem = device.refused(broken)
    assert problem.field == "$.instance_id"
    assert problem.status == 422


def _bad_revisions(clock: Clock) -> Iterator[tuple[str, Any]]:
    photo = make.photo(b"x")
    changed = msgspec.structs.replace
    body = make.revision(clock.now, media=(photo,))
    yield "$.title", changed(body, title="x" * 201)
    yield "$.title", changed(body, title="nul\x00")
    yield "$.title", changed(body, title=" ", text="", media=())
    yield "$.text", changed(body, text="é" * 600_000)
    yield "$.revision_id", changed(body, revision_id="7")
    yield "$.parents", changed(body, parents=(body.revision_id,))
    yield "$.parents[0]", changed(body, parents=("x",))
    yield "$.location_id", changed(body, location_id=new_id())
    yield "$.written.utc", changed(body, written=changed(body.written, utc="yesterday"))
    yield "$.written.elapsed_ms", changed(body, written=changed(body.written, elapsed_ms=2**70))
    yield "$.written.zone", changed(body, written=changed(body.written, zone=""))
    for field, value in (
        ("name", "../etc/passwd"),
        ("name", "a\nb"),
        ("name", ""),
        ("name", ".."),
        ("size", 0),
        ("size", 3 * 1024**3),
        ("sha256", "ABC"),
        ("content_type", "text"),
        ("media_id", "x"),
    ):
        yield f"$.media[0].{field}", changed(body, media=(changed(photo, **{field: value}),))
    yield "$.media", changed(body, media=(photo, photo))
    yield "$.media", changed(body, media=tuple(make.photo(b"x") for _ in range(101)))


def test_every_bound_names_its_field(device: Device, clock: Clock) -> None:
    for field, body in _bad_revisions(clock):
        found = device.refused(make.revise(body))
        assert found.field == field, found
        assert found.detail.endswith(".")
    assert not [kind for kind, _entity in device.known if kind == "report"]


def test_too_many_operations_are_refused_as_a_whole(device: Device, clock: Clock) -> None:
    sent = make.revise(make.revision(clock.now))
    with pytest.raises(ProblemError) as raised:
        device.send(*[sent] * 101)
    assert (raised.value.problem.status, raised.value.problem.limit) == (413, 100)


def test_a_stale_parent_is_kept_as_a_sibling_and_resolved_by_two_parents(device: Device, clock: Clock) -> None:
    first = make.revision(clock.now)
    clock.forward(minutes=1)
    left = make.revision(clock.now, "Left", instance_id=first.instance_id, parents=(first.revision_id,))
    right = make.revision(clock.now, "Right", instance_id=first.instance_id, parents=(first.revision_id,))
    assert device.send(*map(make.revise, (first, left, right))) == ["accepted", "accepted", "conflict"]
    assert set(device.report(first.instance_id).heads) == {left.revision_id, right.revision_id}
    clock.forward(minutes=1)
    both = make.revision(
        clock.now, "Both", instance_id=first.instance_id, parents=(left.revision_id, right.revision_id)
    )
    assert device.send(make.revise(both)) == ["accepted"]
    assert device.report(first.instance_id).heads == (both.revision_id,)
    assert device.report(first.instance_id).title == "Both"
    assert device.report(first.instance_id).state == "edited"


def test_a_child_may_come_before_its_parent(device: Device, clock: Clock) -> None:
    parent = make.revision(clock.now, "First words")
    child = make.revision(clock.now, "Better", instance_id=parent.instance_id, parents=(parent.revision_id,))
    assert device.send(make.revise(child), make.revise(parent)) == ["accepted", "accepted"]
    assert device.report(parent.instance_id).heads == (child.revision_id,)
    assert device.report(parent.instance_id).title == "Better"


def test_nobody_revises_another_members_report(device: Device, clock: Clock, house: House) -> None:
    body = make.revision(clock.now)
    device.send(make.revise(body))
    ben = Device(device.database, device.keys, house.ben)
    forged = make.revision(clock.now, "Mine now", instance_id=body.instance_id, parents=(body.revision_id,))
    assert ben.refused(make.revise(forged)).type.endswith("not-yours")
    assert ("report", body.instance_id) not in ben.known


def test_a_second_check_in_is_accepted_and_the_first_needs_an_end(device: Device, clock: Clock, house: House) -> None:
    first = make.attendance("check_in", clock.now, location_id=house.gate)
    clock.forward(hours=1)
    second = make.attendance("check_in", clock.now, location_id=house.gate)
    assert device.send(make.record(first), make.record(second)) == ["accepted", "accepted"]
    assert device.event(first.event_id).needs_end
    assert device.event(second.event_id).flags == ("second_check_in",)
    assert device.event(second.event_id).sentences
    end = make.attendance("check_out", clock.now, check_in_id=first.event_id)
    device.send(make.record(end))
    assert not device.event(first.event_id).needs_end
    device.send(make.undo(second.event_id, clock.now))
    assert device.event(second.event_id).cancelled
    assert device.event(second.event_id).flags == ()


def test_nothing_strange_is_refused_it_is_flagged(device: Device, clock: Clock, house: House) -> None:
    changed = msgspec.structs.replace
    check_in = make.attendance("check_in", clock.now, location_id=house.closed)
    position = Position(latitude=0.0, longitude=0.0, accuracy_m=0.0, source="gps")
    strange = changed(check_in, evidence=Evidence(method="code", code="123456", position=position))
    early = make.moment(clock.now.replace(year=2025))
    late = make.moment(clock.now.replace(year=2027))
    lonely = make.attendance("check_out", clock.now)
    unknown = make.attendance("check_out", clock.now, check_in_id=new_id())
    before = changed(make.attendance("check_out", clock.now, check_in_id=check_in.event_id), at=early)
    after = changed(make.attendance("check_out", clock.now, check_in_id=check_in.event_id), at=late)
    correction = changed(make.attendance("check_out", clock.now), supersedes=new_id(), reason="typo")
    bodies = (strange, lonely, unknown, before, after, correction)
    assert device.send(*map(make.record, bodies)) == ["accepted"] * 6
    flags = {body.event_id: set(device.event(body.event_id).flags) for body in bodies}
    assert flags[strange.event_id] == {"location_retired", "position_zero", "accuracy_zero", "code_unchecked"}
    assert flags[lonely.event_id] == {"no_open_session"}
    assert flags[unknown.event_id] == {"unknown_check_in"}
    assert flags[before.event_id] == {"before_its_check_in", "long_ago"}
    assert flags[after.event_id] == {"second_end", "from_the_future"}
    assert flags[correction.event_id] == {"unknown_event_corrected"}


def test_only_the_malformed_attendance_is_refused(
    device: Device, clock: Clock, build_house: Callable[[str], House]
) -> None:
    changed = msgspec.structs.replace
    event = make.attendance("check_in", clock.now)
    position = Position(latitude=91.0, longitude=0.0, accuracy_m=5.0, source="gps")
    for field, body in (
        ("$.location_id", changed(event, location_id=build_house("Other Works").gate)),
        ("$.note", changed(event, note="x" * 2001)),
        ("$.check_in_id", changed(event, check_in_id="x")),
        ("$.evidence.position.latitude", changed(event, evidence=Evidence(position=position))),
        ("$.at.utc", changed(event, at=changed(event.at, utc="2026-01-01"))),
    ):
        assert device.refused(make.record(body)).field == field


def test_a_correction_replaces_and_both_stay(device: Device, clock: Clock, house: House) -> None:
    wrong = make.attendance("check_in", clock.now, location_id=house.closed)
    right = msgspec.structs.replace(
        make.attendance("check_in", clock.now, location_id=house.gate), supersedes=wrong.event_id, reason="wrong place"
    )
    device.send(make.record(wrong), make.record(right))
    assert device.event(wrong.event_id).superseded_by == right.event_id
    assert not device.event(wrong.event_id).needs_end
    with device.database.read(house.organization_id) as t:
        [present] = present_members(t, house.ana)
    assert (present.event_id, present.location_name) == (right.event_id, "Gate 2")


def test_each_member_hears_of_their_own_only(device: Device, clock: Clock, house: House) -> None:
    device.send(make.revise(make.revision(clock.now)), make.record(make.attendance("check_in", clock.now)))
    ben = Device(device.database, device.keys, house.ben)
    ben.send()
    assert {kind for kind, _entity in ben.known} == {"member", "organization", "location", "policy", "schedule"}
    assert ben.known["member", house.ben.member_id]["name"] == "Ben"


def test_a_full_pull_in_small_pages_equals_what_the_feed_told(device: Device, clock: Clock, house: House) -> None:
    device.send()
    for number in range(7):
        clock.forward(hours=1)
        check_in = make.attendance("check_in", clock.now, location_id=house.gate)
        device.send(make.revise(make.revision(clock.now, f"Round {number}")), make.record(check_in))
    assert device.fresh() == device.known


def test_a_full_pull_misses_nothing_that_changes_meanwhile(device: Device, clock: Clock, keys: SigningKeys) -> None:
    first = make.revision(clock.now)
    device.send(make.revise(first))
    other = Device(device.database, keys, device.actor, page=1)
    response = other._once(())
    sent_meanwhile = False
    while response.more:
        if ("report", first.instance_id) in other.known and not sent_meanwhile:
            clock.forward(minutes=1)
            edit = make.revision(clock.now, "Edited", instance_id=first.instance_id, parents=(first.revision_id,))
            # A new report whose id sorts before everything that was read already.
            early = make.revision(clock.now, "Early", instance_id="00000000-0000-7000-8000-000000000000")
            device.send(make.revise(edit), make.revise(early))
            sent_meanwhile = True
        response = other._once(())
    assert sent_meanwhile
    assert other.known == device.known


@pytest.mark.parametrize(
    "text", ["", "garbage", "!!", "e30=", "WyJ4IiwxLDFd", "a" * 5000, "WyJ4IiwtMSwtMV0=", "\udcff"]
)
def test_a_cursor_that_is_none_resets(device: Device, text: str) -> None:
    device.send()
    known = dict(device.known)
    device.cursor = text
    response = device._once(())
    assert response.reset
    assert device.known == known


def test_a_pruned_cursor_resets_and_a_newer_one_goes_on(device: Device, clock: Clock, house: House) -> None:
    device.send()
    stale = device.cursor
    device.send(make.revise(make.revision(clock.now)))
    device.send(make.revise(make.revision(clock.now)))
    with device.database.write(house.organization_id) as t:
        assert prune(t, "9999") > 0
        assert len(t.all(t.select(change))) == 1
    assert not device._once(()).reset
    late = make.revision(clock.now)
    device.send(make.revise(late))
    assert ("report", late.instance_id) in device.known
    device.cursor = stale
    assert device._once(()).reset


def test_a_device_that_was_away_too_long_begins_anew(device: Device, clock: Clock) -> None:
    device.send()
    away = device.cursor
    device.send(make.revise(make.revision(clock.now)))
    clock.forward(days=181)
    assert device.fresh() == device.known
    device.cursor = away
    assert device._once(()).reset


def test_a_cursor_of_a_lost_future_resets(device: Device, clock: Clock, house: House) -> None:
    device.send(make.revise(make.revision(clock.now)))
    with device.database.write(house.organization_id) as t:
        t.execute(t.delete(change))
    # PostgreSQL's transaction ids go on rising, so nothing is ahead of it; there the epoch tells a restored backup.
    assert device._once(()).reset is (device.database.dialect == "sqlite")


def test_a_policy_only_grows_and_reaches_everyone(device: Device, house: House, keys: SigningKeys) -> None:
    device.send()
    with device.database.write(house.organization_id) as t:
        issue_policy(t, keys, keep_days=30)
    device.send()
    with device.database.read(house.organization_id) as t:
        assert policy_payload(t).keep_days == 30
    statement = msgspec.convert(device.known["policy", house.organization_id], SignedStatement)
    payload = msgspec.json.decode(msgspec.json.decode(f'"{statement.payload}"', type=bytes), type=PolicyPayload)
    assert (payload.version, payload.keep_days) == (2, 30)


def test_pages_show_what_the_grant_covers(device: Device, clock: Clock, house: House) -> None:
    body = make.revision(clock.now, media=(make.photo(b"photo"),), location_id=house.gate)
    check_in = make.attendance("check_in", clock.now, location_id=house.gate)
    device.send(make.revise(body), make.record(check_in))
    with device.database.read(house.organization_id) as t:
        assert list_reports(t, house.manager).rows == ()
        assert read_report(t, house.manager, body.instance_id) is None
        assert present_members(t, house.manager) == ()
        assert list_events(t, house.ben).rows == ()
    with device.database.write(house.organization_id) as t:
        t.insert(
            access_grant,
            grant_id=new_id(),
            member_id=house.manager.member_id,
            role="manager",
            location_id=house.gate,
            created="now",
        )
    with device.database.read(house.organization_id) as t:
        [row] = list_reports(t, house.manager).rows
        assert (row.title, row.member_name, row.location_name) == ("Pump 3 leaks", "Ana", "Gate 2")
        assert (row.files, row.files_held) == (1, 0)
        detail = read_report(t, house.manager, body.instance_id)
        assert detail is not None
        assert [file.percent for file in detail.revisions[0].files] == [0]
        assert [one.member_name for one in present_members(t, house.manager)] == ["Ana"]
        assert [event.event_id for event in list_events(t, house.manager).rows] == [check_in.event_id]


def test_lists_come_in_pages(device: Device, clock: Clock, house: House) -> None:
    for number in range(5):
        check_in = make.attendance("check_in", clock.now, location_id=house.gate)
        device.send(make.revise(make.revision(clock.now, f"Round {number}")), make.record(check_in))
        if number % 2:
            clock.forward(minutes=1)
    with device.database.read(house.organization_id) as t:
        titles, events, after, place = [], [], None, None
        for _ in range(3):
            reports = list_reports(t, house.ana, after=after, limit=2)
            titles += [row.title for row in reports.rows]
            after = reports.after
            page = list_events(t, house.ana, after=place, limit=2)
            events += [row.event_id for row in page.rows]
            place = page.after
    assert (after, place) == (None, None)
    assert sorted(titles) == [f"Round {number}" for number in range(5)]
    assert len(set(events)) == 5


def test_who_is_in_follows_breaks_ends_undoing_and_corrections(device: Device, clock: Clock, house: House) -> None:
    def present() -> list[tuple[str, bool]]:
        with device.database.read(house.organization_id) as t:
            return [(one.event_id, one.on_break) for one in present_members(t, house.ana)]

    def at_gate(kind: AttendanceKind, check_in_id: str | None = None) -> AttendanceEvent:
        clock.forward(minutes=1)
        event = make.attendance(kind, clock.now, location_id=house.gate, check_in_id=check_in_id)
        device.send(make.record(event))
        return event

    first = at_gate("check_in")
    assert present() == [(first.event_id, False)]
    at_gate("break_start", first.event_id)
    assert present() == [(first.event_id, True)]
    second = at_gate("check_in")
    assert present() == [(second.event_id, False)]
    device.send(make.undo(second.event_id, clock.now))
    assert present() == [(first.event_id, True)]
    at_gate("break_end", first.event_id)
    correction = msgspec.structs.replace(
        make.attendance("check_in", clock.now, location_id=house.closed), supersedes=first.event_id, reason="place"
    )
    again = msgspec.structs.replace(correction, event_id=new_id(), supersedes=correction.event_id)
    device.send(make.record(again), make.record(correction))
    assert present() == [(again.event_id, False)]
    end = at_gate("check_out", first.event_id)
    assert present() == []
    device.send(make.undo(end.event_id, clock.now))
    assert present() == [(again.event_id, False)]
    assert device.fresh() == device.known
