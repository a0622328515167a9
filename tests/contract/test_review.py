"""What managers decide and what people say about a report: kept once, by those who may, told to its author."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest

from protocol.changes import CommentView, Decision, Mark, ReportView
from protocol.operations import REPORT_COMMENT
from protocol.sync import Operation
from server.problems import ProblemError
from server.receipts.keys import SigningKeys
from server.reports.listing import ReportFilter, list_reports
from server.reports.reading import read_report
from server.reports.reviewing import Verdict, decide
from server.storage.database import Actor, Database
from server.storage.members import lock_member
from server.storage.tables import access_grant, access_record, report_comment, review
from tests.contract import operations as make
from tests.contract.conftest import Clock, House, new_id
from tests.contract.test_sync import Device


@pytest.fixture
def keys(tmp_path: Any) -> SigningKeys:
    return SigningKeys.load_or_create(tmp_path / "keys", {})


@pytest.fixture
def ana(database: Database, keys: SigningKeys, house: House) -> Device:
    """Ana's device, in a house where the manager cares for everybody."""
    with database.write(house.organization_id) as t:
        for actor in (house.manager, house.admin):
            t.insert(access_grant, grant_id=new_id(), member_id=actor.member_id, role=actor.role, created="now")
    return Device(database, keys, house.ana)


def verdict_on(body: Any, decision: str, words: str = "", seen: str = "") -> Verdict:
    return Verdict(
        instance_id=body.instance_id, revision_id=body.revision_id, seen=seen, decision=decision, words=words
    )


def decided(database: Database, actor: Actor, verdict: Verdict) -> str:
    """The id of the decision that now is the latest."""
    with database.write(actor.organization_id) as t:
        decide(t, actor, verdict)
        detail = read_report(t, actor, verdict.instance_id)
    assert detail is not None
    return detail.reviews[0].review_id


def refusal(database: Database, actor: Actor, verdict: Verdict) -> Any:
    with pytest.raises(ProblemError) as refused, database.write(actor.organization_id) as t:
        decide(t, actor, verdict)
    return refused.value.problem


def said(text: str, instance_id: str, clock: Clock) -> Operation:
    return make.comment(instance_id, text, clock.now)


def test_returned_corrected_approved(ana: Device, house: House, database: Database, clock: Clock) -> None:
    first = make.revision(clock.now)
    ana.send(make.revise(first))
    seen = decided(database, house.manager, verdict_on(first, "returned", " Which pump?\r\nThere are two. "))
    ana.send()
    told = ana.report(first.instance_id)
    assert told.state == "returned"
    assert told.review is not None
    assert (told.review.decision, told.review.by, told.review.revision_id) == ("returned", "Manager", first.revision_id)
    assert told.review.words == "Which pump?\nThere are two."
    clock.forward(hours=1)
    second = make.revision(clock.now, "Pump 3b leaks", instance_id=first.instance_id, parents=(first.revision_id,))
    assert ana.send(make.revise(second)) == ["accepted"]
    assert ana.report(first.instance_id).state == "edited"
    assert ana.report(first.instance_id).review == told.review
    decided(database, house.manager, verdict_on(second, "approved", seen=seen))
    ana.send()
    assert ana.report(first.instance_id).state == "approved"
    assert ana.fresh() == ana.known
    with database.read(house.organization_id) as t:
        detail = read_report(t, house.manager, first.instance_id)
        assert detail is not None
        assert [one.decision for one in detail.reviews] == ["approved", "returned"]
        found = list_reports(t, house.manager, ReportFilter(state="approved")).rows
        assert [row.instance_id for row in found] == [first.instance_id]
        recorded = t.all(t.select(access_record).where(access_record.c.action == "review"))
        assert [(row.actor, row.detail) for row in recorded] == [
            (house.manager.member_id, "returned"),
            (house.manager.member_id, "approved"),
        ]


@pytest.mark.parametrize("decision", ["returned", "rejected"])
def test_a_decision_against_a_report_wants_words(
    ana: Device, house: House, database: Database, clock: Clock, decision: Decision
) -> None:
    body = make.revision(clock.now)
    ana.send(make.revise(body))
    assert refusal(database, house.manager, verdict_on(body, decision, " \n")).field == "words"
    assert "4000" in refusal(database, house.manager, verdict_on(body, decision, "w" * 4001)).detail
    assert refusal(database, house.manager, verdict_on(body, "approved", "\x00")).status == 422
    assert refusal(database, house.manager, verdict_on(body, "praised", "well")).status == 400
    decided(database, house.manager, verdict_on(body, decision, "Not ours."))
    ana.send()
    assert ana.report(body.instance_id).state == decision


def test_marks_are_of_the_return_that_made_them(ana: Device, house: House, database: Database, clock: Clock) -> None:
    photo = make.photo(b"pump")
    first = make.revision(clock.now, media=(photo,))
    ana.send(make.revise(first))
    marks = (
        Mark(path="text", words=" Which\r\nside? "),
        Mark(path=f"media:{photo.media_id}"),
        Mark(path="pumps[2].pressure", words="In bar."),
    )
    kept = (Mark(path="text", words="Which\nside?"), *marks[1:])
    verdict = msgspec.structs.replace(verdict_on(first, "returned"), marks=marks)
    seen = decided(database, house.manager, verdict)
    assert decided(database, house.manager, verdict) == seen
    other = msgspec.structs.replace(verdict, marks=marks[:1])
    assert refusal(database, house.manager, other).title == "Overtaken"
    ana.send()
    told = ana.report(first.instance_id).review
    assert told is not None
    assert (told.words, told.marks) == ("", kept)
    assert ana.fresh() == ana.known
    decided(database, house.manager, msgspec.structs.replace(verdict_on(first, "returned", "And?"), seen=seen))
    ana.send()
    told = ana.report(first.instance_id).review
    assert told is not None
    assert told.marks == ()
    with database.read(house.organization_id) as t:
        detail = read_report(t, house.manager, first.instance_id)
    assert detail is not None
    assert [one.marks for one in detail.reviews] == [(), kept]


@pytest.mark.parametrize(
    ("decision", "marks", "says"),
    [
        ("returned", (Mark(path="text"),), "Say what is to be corrected"),
        ("approved", (Mark(path="text", words="Here"),), "take the marks away"),
        ("rejected", (Mark(path="text", words="Here"),), "take the marks away"),
        (
            "returned",
            (Mark(path="media:0195d2f0-0000-7000-8000-000000000009", words="Blurred"),),
            "not in this version",
        ),
        ("returned", (Mark(path="<script>", words="Here"),), "not in this version"),
        ("returned", (Mark(path="text", words="w" * 1001),), "1000 is the most"),
        ("returned", (Mark(path="text", words="\x00"),), "invisible character"),
        ("returned", tuple(Mark(path=f"f{n}", words="x") for n in range(101)), "100 is the most"),
    ],
)
def test_marks_that_cannot_be_kept_say_why(
    *,
    ana: Device,
    house: House,
    database: Database,
    clock: Clock,
    decision: Decision,
    marks: tuple[Mark, ...],
    says: str,
) -> None:
    body = make.revision(clock.now)
    ana.send(make.revise(body))
    words = "Not ours." if decision == "rejected" else ""
    verdict = msgspec.structs.replace(verdict_on(body, decision, words), marks=marks)
    assert says in refusal(database, house.manager, verdict).detail
    ana.send()
    assert ana.report(body.instance_id).state == "received"


def test_only_those_in_charge_decide_and_nobody_about_themselves(
    ana: Device, house: House, database: Database, keys: SigningKeys, clock: Clock
) -> None:
    body = make.revision(clock.now)
    ana.send(make.revise(body))
    for actor in (house.ana, house.ben):
        assert refusal(database, actor, verdict_on(body, "approved")).status == 404
    own = make.revision(clock.now)
    Device(database, keys, house.manager).send(make.revise(own))
    assert refusal(database, house.manager, verdict_on(own, "approved")).status == 403
    decided(database, house.admin, verdict_on(own, "approved"))
    with database.write(house.organization_id) as t:
        t.execute(t.delete(access_grant))
    assert refusal(database, house.manager, verdict_on(body, "approved")).status == 404
    bad = msgspec.structs.replace(verdict_on(body, "approved"), instance_id="no id")
    assert refusal(database, house.manager, bad).status == 404


def test_another_organizations_report_is_not_there(
    ana: Device, database: Database, build_house: Any, clock: Clock
) -> None:
    body = make.revision(clock.now)
    ana.send(make.revise(body))
    other = build_house("Other Works")
    with database.write(other.organization_id) as t:
        t.insert(access_grant, grant_id=new_id(), member_id=other.admin.member_id, role="admin", created="now")
    assert refusal(database, other.admin, verdict_on(body, "approved")).status == 404
    foreign = Device(database, ana.keys, other.admin)
    assert foreign.refused(said("Hello", body.instance_id, clock)).status == 404


def test_what_was_overtaken_is_refused_and_says_by_what(
    ana: Device, house: House, database: Database, clock: Clock
) -> None:
    first = make.revision(clock.now)
    ana.send(make.revise(first))
    clock.forward(minutes=5)
    second = make.revision(clock.now, "Pump 4 leaks", instance_id=first.instance_id, parents=(first.revision_id,))
    ana.send(make.revise(second))
    overtaken = refusal(database, house.manager, verdict_on(first, "approved"))
    assert (overtaken.status, "now called “Pump 4 leaks”" in overtaken.detail) == (409, True)
    decided(database, house.admin, verdict_on(second, "rejected", "Not our pump"))
    late = refusal(database, house.manager, verdict_on(second, "approved"))
    assert late.status == 409
    assert "Admin has rejected this report meanwhile: “Not our pump”" in late.detail
    sibling = make.revision(clock.now, "Pump 5", instance_id=first.instance_id, parents=(first.revision_id,))
    assert ana.send(make.revise(sibling)) == ["conflict"]
    assert ana.report(first.instance_id).state == "edited"
    with database.read(house.organization_id) as t:
        latest = read_report(t, house.manager, first.instance_id)
    assert latest is not None
    twofold = refusal(database, house.manager, verdict_on(second, "approved", seen=latest.reviews[0].review_id))
    assert "two versions" in twofold.detail
    with database.read(house.organization_id) as t:
        assert len(t.all(t.select(review))) == 1


def test_a_decision_sent_twice_is_kept_once(ana: Device, house: House, database: Database, clock: Clock) -> None:
    body = make.revision(clock.now)
    ana.send(make.revise(body))
    verdict = verdict_on(body, "returned", "Which pump?")
    assert decided(database, house.manager, verdict) == decided(database, house.manager, verdict)
    assert refusal(database, house.admin, verdict).status == 409
    with database.read(house.organization_id) as t:
        assert len(t.all(t.select(review))) == 1


def test_comments_go_both_ways_once(
    ana: Device, house: House, database: Database, keys: SigningKeys, clock: Clock
) -> None:
    body = make.revision(clock.now)
    ana.send(make.revise(body))
    mine = said("It drips, really.", body.instance_id, clock)
    assert ana.send(mine, mine) == ["accepted", "duplicate"]
    clock.forward(minutes=1)
    theirs = said("Which one?", body.instance_id, clock)
    manager = Device(database, keys, house.manager)
    assert manager.send(theirs) == ["accepted"]
    ana.send()
    told = [msgspec.convert(ana.known["comment", one.entity], CommentView) for one in (mine, theirs)]
    assert [(one.by, one.own, one.text) for one in told] == [
        ("Ana", True, "It drips, really."),
        ("Manager", False, "Which one?"),
    ]
    assert ana.fresh() == ana.known
    assert ("comment", theirs.entity) not in manager.known
    with database.read(house.organization_id) as t:
        detail = read_report(t, house.manager, body.instance_id)
        assert detail is not None
        assert [one.text for one in detail.comments] == ["It drips, really.", "Which one?"]
        noted = t.all(t.select(access_record).where(access_record.c.action == "comment"))
        assert [row.actor for row in noted] == [house.manager.member_id]


def test_a_worker_comments_on_own_reports_only_and_the_report_comes_first(
    ana: Device, house: House, database: Database, keys: SigningKeys, clock: Clock
) -> None:
    body = make.revision(clock.now)
    early = said("Before it", body.instance_id, clock)
    assert "Send the report first" in ana.refused(early).detail
    assert ana.send(make.revise(body), early) == ["accepted", "accepted"]
    ben = Device(database, keys, house.ben)
    assert ben.refused(said("Mine too", body.instance_id, clock)).status == 404
    with database.read(house.organization_id) as t:
        assert [row.text for row in t.all(t.select(report_comment))] == ["Before it"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": " \n "}, "$.text"),
        ({"text": "w" * 4001}, "$.text"),
        ({"text": "a\x00b"}, "$.text"),
        ({"comment_id": "x"}, "$.comment_id"),
        ({"comment_id": "0195d2f0-0000-7000-8000-000000000000"}, "$.entity"),
        ({"instance_id": "x"}, "$.instance_id"),
        ({"written": {"utc": "yesterday", "offset_minutes": 0, "zone": "U", "boot_id": "b", "elapsed_ms": 1}}, "$."),
        ({"text": 3}, "$.text"),
    ],
)
def test_a_comment_that_cannot_be_kept_says_which_part(
    ana: Device, clock: Clock, change: dict[str, object], field: str
) -> None:
    body = make.revision(clock.now)
    ana.send(make.revise(body))
    good = said("Fine", body.instance_id, clock)
    raw = msgspec.json.encode(msgspec.json.decode(good.body) | change)
    assert ana.refused(msgspec.structs.replace(good, body=msgspec.Raw(raw))).field.startswith(field)
    assert ana.send(good) == ["accepted"]
    again = Operation(id=new_id(), kind=REPORT_COMMENT, entity=good.entity, body=good.body)
    assert "already sent" in ana.refused(again).detail


def test_an_older_app_reads_a_reviewed_report(ana: Device, house: House, database: Database, clock: Clock) -> None:
    class OldReportView(msgspec.Struct, frozen=True, kw_only=True):
        instance_id: str
        state: str
        title: str
        heads: tuple[str, ...]
        received: str
        missing: tuple[str, ...] = ()

    body = make.revision(clock.now)
    ana.send(make.revise(body))
    decided(database, house.manager, verdict_on(body, "rejected", "No."))
    ana.send()
    assert msgspec.convert(ana.known["report", body.instance_id], OldReportView).state == "rejected"
    assert msgspec.convert(ana.known["report", body.instance_id], ReportView).review is not None


@pytest.mark.parametrize("round_", range(3))
def test_of_two_decisions_at_the_same_moment_one_is_kept(
    ana: Device, house: House, database: Database, clock: Clock, round_: int
) -> None:
    body = make.revision(clock.now)
    ana.send(make.revise(body))
    together = threading.Barrier(2)

    def press(actor: Actor, verdict: Verdict) -> str:
        together.wait(10)
        try:
            with database.write(actor.organization_id) as t:
                decide(t, actor, verdict)
        except ProblemError as refused:
            return refused.problem.type
        return "kept"

    with ThreadPoolExecutor(2) as both:
        one = both.submit(press, house.manager, verdict_on(body, "approved"))
        other = both.submit(press, house.admin, verdict_on(body, "rejected", "No."))
        answers = {one.result(30), other.result(30)}
    assert answers == {"kept", "urn:miratag:problem:overtaken"}
    ana.send()
    with database.read(house.organization_id) as t:
        [kept] = t.all(t.select(review))
    assert ana.report(body.instance_id).state == kept.decision


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_manager_decides_while_their_own_device_sends(
    ana: Device, house: House, database: Database, clock: Clock
) -> None:
    body = make.revision(clock.now)
    ana.send(make.revise(body))
    with database.write(house.organization_id) as sending, ThreadPoolExecutor(1) as browser:
        lock_member(sending, house.manager.member_id)
        browser.submit(decided, database, house.manager, verdict_on(body, "approved")).result(20)
