"""Checklists are published once each, told to everybody of the organization and to nobody else; answers are held
against the version that was filled in, and kept."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jsonschema_rs
import msgspec
import pytest

from protocol.changes import TemplateView
from protocol.operations import ReportRevision
from protocol.templates import Condition, Field, Template
from rules.templates.filling import sendable
from server.demo.checklists import DAILY_REPORT, PUMP_ROUND
from server.problems import ProblemError
from server.receipts.keys import SigningKeys
from server.storage.database import Actor, Database
from server.storage.tables import access_record, operation, report, revision, template_version
from server.templates.publishing import FaultyTemplateError, publish_version, set_active
from server.templates.reading import list_all, version_bytes
from tests.contract import operations as make
from tests.contract.conftest import Clock, House, new_id
from tests.contract.in_process_server import InProcessServer
from tests.contract.test_sync import Device

SHORT = Template(
    template_id="",
    version=0,
    title="Gate round",
    fields=(
        Field(field="shut", kind="check", label="Gate shut", required=True),
        Field(field="why", kind="short_text", label="Why", shown_when=Condition(op="answered", field="shut")),
        Field(field="where", kind="location", label="Next place"),
        Field(field="photos", kind="photo", label="Photos"),
        Field(field="posts", kind="group", label="Post", fields=(Field(field="tilt", kind="number", label="Tilt"),)),
    ),
)


@pytest.fixture
def ana(database: Database, tmp_path: Any, house: House) -> Device:
    return Device(database, SigningKeys.load_or_create(tmp_path / "keys", {}), house.ana)


@pytest.fixture
def of(database: Database, house: House) -> Template:
    """SHORT, published."""
    return publish(database, house.admin)


def publish(database: Database, actor: Actor, wanted: Template = SHORT, after: int | None = None) -> Template:
    with database.write(actor.organization_id) as t:
        return publish_version(t, actor, wanted, after)


def refusal(database: Database, actor: Actor, wanted: Template, after: int | None = None) -> Any:
    with pytest.raises(ProblemError) as refused:
        publish(database, actor, wanted, after)
    return refused.value.problem


def activate(database: Database, actor: Actor, template_id: str, *, active: bool) -> None:
    with database.write(actor.organization_id) as t:
        set_active(t, actor, template_id, active=active)


def filled(clock: Clock, of: Template, answers: dict[str, Any], **more: Any) -> ReportRevision:
    body = make.revision(clock.now, of.title, media=more.pop("media", ()))
    given = {"template_id": of.template_id, "template_version": of.version, "answers": sendable(answers)}
    return msgspec.structs.replace(body, **(given | more))


def test_versions_grow_and_everybody_is_told(ana: Device, house: House, database: Database) -> None:
    ana.send()
    first = publish(database, house.admin, after=0)
    assert (first.version, len(first.template_id)) == (1, 36)
    second = publish(database, house.admin, msgspec.structs.replace(first, description="Quick"), after=1)
    assert (second.template_id, second.version) == (first.template_id, 2)
    ana.send()
    told = msgspec.convert(ana.known["template", first.template_id], TemplateView)
    assert (told.template, told.active) == (second, True)
    activate(database, house.admin, first.template_id, active=False)
    activate(database, house.admin, first.template_id, active=False)
    ana.send()
    assert not msgspec.convert(ana.known["template", first.template_id], TemplateView).active
    assert ana.fresh() == ana.known
    activate(database, house.admin, first.template_id, active=True)
    ana.send()
    assert ana.fresh() == ana.known
    with database.read(house.organization_id) as t:
        [row] = list_all(t)
        assert (row.title, row.version, row.active, row.published_by) == ("Gate round", 2, True, "Admin")
        recorded = t.all(t.select(access_record).where(access_record.c.entity == first.template_id))
        assert [(one.action, one.detail) for one in recorded] == [
            ("publish", "version 1"),
            ("publish", "version 2"),
            ("retire", ""),
            ("bring back", ""),
        ]


def test_what_is_not_whole_is_not_published(database: Database, house: House) -> None:
    empty = msgspec.structs.replace(SHORT, title=" ", fields=())
    with pytest.raises(FaultyTemplateError) as faulty:
        publish(database, house.admin, empty)
    assert len(faulty.value.faults) == 2
    for actor in (house.ana, house.manager):
        assert refusal(database, actor, SHORT).status == 403
    assert refusal(database, house.admin, msgspec.structs.replace(SHORT, template_id="../1")).field == "$.template_id"
    publish(database, house.admin)
    assert refusal(database, house.admin, msgspec.structs.replace(SHORT, title=" GATE  round")).status == 409
    with database.read(house.organization_id) as t:
        assert len(t.all(t.select(template_version))) == 1


def test_a_retired_name_is_free_until_it_comes_back(database: Database, house: House) -> None:
    old = publish(database, house.admin)
    activate(database, house.admin, old.template_id, active=False)
    publish(database, house.admin)
    with pytest.raises(ProblemError) as taken:
        activate(database, house.admin, old.template_id, active=True)
    assert taken.value.problem.status == 409


@pytest.mark.parametrize("round_", range(3))
def test_of_two_admins_at_one_moment_one_publishes_the_version(database: Database, house: House, round_: int) -> None:
    first = publish(database, house.admin)
    together = threading.Barrier(2)

    def press(description: str) -> str:
        together.wait(10)
        try:
            publish(database, house.admin, msgspec.structs.replace(first, description=description), after=1)
        except ProblemError as error:
            return error.problem.type
        return "published"

    with ThreadPoolExecutor(2) as both:
        answers = sorted(both.map(press, ("one", "other")))
    assert answers == ["published", "urn:miratag:problem:overtaken"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_publishing_waits_for_nobody_who_files(database: Database, house: House, ana: Device, clock: Clock) -> None:
    """The organization is held, and rows that belong to it are written all the same."""
    ana.send()  # the first sync of all issues the policy, which does take turns with publishing
    with database.write(house.organization_id) as t, ThreadPoolExecutor(1) as device:
        publish_version(t, house.admin, SHORT)
        assert device.submit(ana.send, make.revise(make.revision(clock.now))).result(20) == ["accepted"]


def test_another_organization_neither_reads_nor_names_it(
    database: Database, house: House, build_house: Callable[[str], House], ana: Device, clock: Clock
) -> None:
    other = build_house("Other Works")
    theirs = publish(database, other.admin)
    ana.send()
    assert ("template", theirs.template_id) not in ana.known | ana.fresh()
    with database.read(house.organization_id) as t:
        assert version_bytes(t, theirs.template_id, 1) is None
    assert ana.refused(make.revise(filled(clock, theirs, {}))).type.endswith("unknown-template")
    ours = publish(database, house.admin, theirs)
    assert (ours.template_id, ours.version) == (theirs.template_id, 1)  # an id taken there is free here


def test_over_http_a_version_is_byte_for_byte_what_was_published(
    live: InProcessServer, database: Database, house: House, build_house: Callable[[str], House]
) -> None:
    published = publish(database, house.admin, PUMP_ROUND)
    publish(database, house.admin, msgspec.structs.replace(published, description="Newer"))
    path = f"{live.url}/v1/templates/{published.template_id}/versions"
    with live.session(house.ana) as session:
        reply = session.get(f"{path}/1", timeout=20)
        assert (reply.status_code, reply.content) == (200, msgspec.json.encode(published))
        schema = session.get(f"{path}/1/schema", timeout=20)
        assert schema.headers["Content-Type"].startswith("application/schema+json")
        jsonschema_rs.meta.validate(schema.json())
        for missing in ("3", "0", "-1", str(2**70), "1/schema/x"):
            assert session.get(f"{path}/{missing}", timeout=20).status_code == 404
        assert session.get(f"{live.url}/v1/templates/not%20an%20id/versions/1", timeout=20).status_code == 404
    with live.session(build_house("Other Works").ana) as stranger:
        assert stranger.get(f"{path}/1", timeout=20).status_code == 404
        assert stranger.get(f"{path}/1/schema", timeout=20).status_code == 404


def test_answers_are_kept_with_their_version(
    ana: Device, of: Template, house: House, database: Database, clock: Clock
) -> None:
    photo = make.photo(b"jpeg")
    answers = {
        "shut": {"result": "fail", "note": "The bolt is bent"},
        "where": house.gate,
        "photos": [photo.media_id],
        "posts": [{"tilt": 2.5}],
        "not_asked": "kept in the operation",
    }
    body = filled(clock, of, answers, media=(photo,))
    publish(database, house.admin, msgspec.structs.replace(of, description="Newer"))
    assert ana.send(make.revise(body)) == ["accepted"]
    with database.read(house.organization_id) as t:
        [kept] = t.all(t.select(revision))
        assert (kept.template_id, kept.template_version) == (of.template_id, 1)
        assert msgspec.json.decode(kept.answers) == {key: answers[key] for key in answers if key != "not_asked"}
        assert kept.answer_words == "Fail: The bolt is bent\nGate 2\n2.5"
        [sent] = t.all(t.select(operation, operation.c.body))
        assert b"kept in the operation" in sent.body
        assert t.scalar(t.select(report, report.c.template_id)) == of.template_id


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"shut": {"result": "fail"}},
        {"shut": {"result": "pass"}, "why": "w" * 501},
        {"shut": {"result": "pass"}, "posts": [{}] * 300},
        {"shut": {"result": "pass"}, "why": "a\x00b \u202e"},
        {"shut": {"result": "pass"}, "why": "", "where": None, "photos": None},
        {"posts": [{"tilt": 10**300}]},
        # None of these is asked while there is no answer to the first.
        {"why": 7},
    ],
)
def test_what_does_not_fit_is_kept_all_the_same(
    ana: Device, of: Template, clock: Clock, answers: dict[str, Any]
) -> None:
    assert ana.send(make.revise(filled(clock, of, answers))) == ["accepted"]


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"shut": "pass"}, ("shut", "Gate shut has an answer of another kind")),
        ({"shut": {"result": "pass"}, "why": 7}, ("why", "Why has an answer of another kind")),
        ({"photos": ["0195d2f0-0000-7000-8000-000000000000"]}, ("photos", "does not come along")),
        ({"posts": [{}, {"tilt": "much"}]}, ("posts[1].tilt", "Tilt has")),
        ({"posts": [{"tilt": 10**308 * 9}]}, ("posts[0].tilt", "Tilt has")),
        ({"posts": {"tilt": 1}}, ("posts", "Post has")),
        ({"where": "0195d2f0-0000-7000-8000-000000000000"}, ("where", "does not have")),
        ({"where": "'; DROP"}, ("where", "does not have")),
        ({"shut": {"result": "pass"}, "posts": [{}] * 1001}, ("posts", "Post")),
    ],
)
def test_what_no_app_makes_is_refused_at_its_path(
    ana: Device, of: Template, clock: Clock, answers: dict[str, Any], told: tuple[str, str]
) -> None:
    problem = ana.refused(make.revise(filled(clock, of, answers)))
    assert (problem.status, problem.field) == (422, told[0])
    assert told[1] in problem.detail


@pytest.mark.parametrize(
    "change",
    [
        {"template_version": 2},
        {"template_version": 2**70},
        {"template_version": 0},
        {"template_version": None},
        {"template_id": None},
        {"template_id": new_id()},
        {"template_id": "\x00"},
        {"template_id": None, "template_version": None},
    ],
)
def test_answers_to_an_unknown_checklist_are_refused(
    ana: Device, of: Template, clock: Clock, change: dict[str, Any]
) -> None:
    body = filled(clock, of, {"shut": {"result": "pass"}}, **change)
    problem = ana.refused(make.revise(body))
    assert (problem.type, problem.field) == ("urn:miratag:problem:unknown-template", "$.template_version")


@pytest.mark.parametrize("value", ["[" * 5000 + "]" * 5000, "1" + "0" * 400, "{", "1e999"])
def test_an_answer_that_is_hardly_json_is_refused(ana: Device, of: Template, clock: Clock, value: str) -> None:
    whole = make.revise(filled(clock, of, {"shut": {"result": "pass"}, "why": "HERE"}))
    raw = bytes(whole.body).replace(b'"HERE"', value.encode())
    assert ana.refused(msgspec.structs.replace(whole, body=msgspec.Raw(raw))).status == 422
    twice = bytes(whole.body).replace(b'"answers":[', b'"answers":[{"field":"why","value":"1"},')
    assert ana.refused(msgspec.structs.replace(whole, body=msgspec.Raw(twice))).field == "$.answers[2].field"
    assert ana.send(whole) == ["accepted"]


def test_a_report_is_of_the_checklist_of_its_newest_version(
    ana: Device, of: Template, house: House, database: Database, clock: Clock
) -> None:
    daily = publish(database, house.admin, DAILY_REPORT)
    first = filled(clock, of, {})
    clock.forward(minutes=1)
    second = filled(clock, daily, {}, instance_id=first.instance_id, parents=(first.revision_id,))
    assert ana.send(make.revise(second), make.revise(first)) == ["accepted", "accepted"]
    with database.read(house.organization_id) as t:
        assert t.scalar(t.select(report, report.c.template_id)) == daily.template_id


def test_a_megabyte_of_answers_is_kept_or_refused_and_the_server_goes_on(
    live: InProcessServer, database: Database, house: House, clock: Clock
) -> None:
    fields = tuple(Field(field=f"f{number}", kind="long_text", label=f"Text {number}") for number in range(40))
    of = publish(database, house.admin, msgspec.structs.replace(SHORT, fields=fields))
    almost = {field.field: "ä" * 12_000 for field in fields}
    rows = {"posts": [{"tilt": 1}] * 60_000}
    group = publish(database, house.admin, msgspec.structs.replace(SHORT, title="Rows"))
    sent = [
        make.revise(filled(clock, of, almost)),
        make.revise(filled(clock, of, almost | {"f0": "ä" * 100_000})),
        make.revise(filled(clock, group, rows)),
    ]
    with live.session(house.ana) as session:
        for operation_, status, outcome in zip(sent, (200, 413, 200), ("accepted", "", "rejected"), strict=True):
            body = msgspec.json.encode({"operations": [operation_]})
            reply = session.post(f"{live.url}/v1/sync", data=body, timeout=60)
            assert reply.status_code == status, reply.text[:200]
            if status == 200:
                assert reply.json()["results"][0]["outcome"] == outcome
    with database.read(house.organization_id) as t:
        assert len(t.all(t.select(revision, revision.c.revision_id))) == 1


def test_a_label_of_a_megabyte_is_a_fault(database: Database, house: House) -> None:
    for change in ({"label": "x" * 2**20}, {"unit": "x" * 2**20}, {"default": "x" * 2**20}, {"default": [[]] * 2**18}):
        wanted = msgspec.structs.replace(
            SHORT, fields=(Field(field="a", kind="short_text", **({"label": "A"} | change)),)
        )
        assert refusal(database, house.admin, wanted).status == 422
