"""Checklists in work.db: every version kept, drafts with all answers, reports with those that are shown."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from agent.api import (
    AddComment,
    AgentError,
    CopyReport,
    DraftReport,
    EditReport,
    ExportReport,
    Filed,
    FileReport,
    ListActivity,
    ListTemplates,
    OpenedTemplate,
    OpenTemplate,
    ReopenReport,
    ReportDetail,
    SaveDraft,
    SendDrafts,
    ShowReport,
)
from agent.runtime import answering, drafting, editing, exporting, looking, versions
from agent.runtime.checklists import place_of_refusal
from agent.store import feed, operations, reports, templates
from agent.store import versions as fetched
from protocol.operations import ManifestEntry, ReportRevision
from protocol.sync import Change
from protocol.templates import Choice, Condition, Field, Template
from rules.templates.filling import answers_of
from tests.unit.agent_drafts.test_drafting import Desk

ROUND = "0195d2f0-0000-7000-8000-00000000000a"
FIELDS = (
    Field(field="seal", kind="check", label="Seal tight", required=True),
    Field(
        field="leak",
        kind="file",
        label="Record of the leak",
        shown_when=Condition(op="equal", field="seal", value="fail"),
    ),
    Field(field="pressure", kind="number", label="Pressure", most=16, prefill=True),
    Field(field="lamp", kind="one_of", label="Lamp", choices=(Choice(value="r", label="Crimson"),), default="r"),
    Field(field="gate", kind="location", label="Gate"),
)
GOOD: dict[str, Any] = {"seal": {"result": "pass"}, "pressure": 4.5}
FAILED: dict[str, Any] = {"seal": {"result": "fail", "note": "drips"}, "pressure": 4.5}


def template(version: int = 1, *more: Field, title: str = "Pump round", template_id: str = ROUND) -> dict[str, Any]:
    made = Template(template_id=template_id, version=version, title=title, fields=(*FIELDS, *more))
    built: dict[str, Any] = msgspec.to_builtins(made)
    return built


def tell(desk: Desk, *bodies: dict[str, Any], kind: str = "template") -> None:
    changes = [
        Change(kind=kind, entity=str(number), body=msgspec.Raw(msgspec.json.encode(body)))
        for number, body in enumerate(bodies)
    ]
    desk.work.store.write(lambda c: feed.apply(c, changes)).result(5)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    tell(made, {"template": template()})
    yield made
    made.close()


def opened(desk: Desk, version: int | None = None) -> OpenedTemplate:
    query = OpenTemplate(account="s/m", template_id=ROUND, version=version)
    found = looking.answer(desk.work, query, paused=True)
    assert isinstance(found, OpenedTemplate)
    return found


def file(desk: Desk, instance_id: str, answers: dict[str, Any], *, text: str = "", undoable: bool = False) -> Filed:
    return desk.work.file_report(
        FileReport(
            account="s/m",
            text=text,
            template_id=ROUND,
            template_version=1,
            answers=answers,
            instance_id=instance_id,
            undoable=undoable,
        )
    )


def sent(desk: Desk, instance_id: str) -> ReportRevision:
    revision = desk.work.store.read(lambda c: reports.latest_version(c, instance_id))
    assert revision is not None
    return revision


def shown(desk: Desk, instance_id: str) -> ReportDetail:
    return looking.show_report(desk.work, ShowReport(account="s/m", instance_id=instance_id), paused=True)


def titles(desk: Desk, **options: Any) -> list[str]:
    page = looking.list_activity(desk.work, ListActivity(account="s/m", **options), paused=True)
    return [one.title for one in page.items]


def listed(desk: Desk, **options: Any) -> list[tuple[str, int]]:
    found = looking.answer(desk.work, ListTemplates(account="s/m", **options), paused=True)
    return [(one.title, one.version) for one in found.items]  # type: ignore[union-attr]


def refuse(desk: Desk, instance_id: str, field: str, kind: str = "%") -> None:
    """The server's answer to the newest operation of a report."""

    def put_aside(connection: Any) -> None:
        row = connection.execute(
            "SELECT operation_id FROM operation WHERE item_id = ? AND kind LIKE ? ORDER BY seq DESC LIMIT 1",
            (instance_id, kind),
        ).fetchone()
        operations.set_aside(connection, row[0], state="aside", sentence="Check the pressure.", field=field)

    desk.work.store.write(put_aside).result(5)


def test_every_version_stays_and_the_newest_active_one_is_offered(desk: Desk) -> None:
    tell(desk, {"template": template(2, title="Pump round, new")})
    assert listed(desk) == [("Pump round, new", 2)]
    assert opened(desk).template.version == 2
    assert (opened(desk, 1).template.title, opened(desk, 1).newest) == ("Pump round", 2)
    tell(desk, {"template": template(2), "active": False})
    assert listed(desk) == []
    assert (opened(desk).active, opened(desk, 1).template.version) == (False, 1)


def test_a_full_pull_offers_only_what_it_tells_and_forgets_no_version(desk: Desk) -> None:
    desk.work.store.write(feed.forget_taught).result(5)
    assert listed(desk) == []
    assert opened(desk, 1).template.title == "Pump round"
    tell(desk, {"template": template(1)})
    assert listed(desk) == [("Pump round", 1)]


def test_a_field_of_a_later_app_survives_with_all_that_it_has(desk: Desk) -> None:
    strange = {"field": "mood", "kind": "mood_ring", "label": "Mood", "colours": ["teal"]}
    body = template(3)
    body["fields"] = [*body["fields"], strange]
    tell(desk, {"template": body})
    row = desk.work.store.read(lambda c: templates.find(c, ROUND))
    assert row is not None
    assert msgspec.json.decode(row.body)["fields"][-1] == strange
    answers = {**GOOD, "mood": {"hue": 3}}
    command = FileReport(
        account="s/m", text="", template_id=ROUND, template_version=3, answers=answers, instance_id="i"
    )
    desk.work.file_report(command)
    assert answers_of(sent(desk, "i").answers)["mood"] == {"hue": 3}


def test_a_template_that_is_none_is_kept_for_a_newer_app_and_breaks_nothing(desk: Desk) -> None:
    tell(desk, {"template": {"template_id": 7}}, {"template": template(2)})
    kept = desk.work.store.read(lambda c: c.execute("SELECT kind FROM unknown_change").fetchall())
    assert [row["kind"] for row in kept] == ["template"]
    assert listed(desk) == [("Pump round", 2)]


def test_those_used_lately_come_first(desk: Desk) -> None:
    tell(desk, {"template": template(title="Anchor check", template_id="t2")})
    assert listed(desk) == [("Anchor check", 1), ("Pump round", 1)]
    file(desk, "i", GOOD)
    assert listed(desk) == [("Pump round", 1), ("Anchor check", 1)]
    assert listed(desk, search="ANCHOR") == [("Anchor check", 1)]


def test_what_is_hidden_stays_in_the_draft_and_is_not_sent_nor_its_file(desk: Desk) -> None:
    record = desk.attach()
    answers = {**GOOD, "leak": [record]}
    desk.save("d", "", template_id=ROUND, template_version=1, answers=answers)
    draft = desk.open("d")
    assert (draft.answers, [one.media_id for one in draft.media]) == (answers, [record])
    assert draft.template is not None
    assert draft.template.version == 1
    file(desk, "d", answers, undoable=True)
    revision = sent(desk, "d")
    assert (answers_of(revision.answers), revision.media) == ({**GOOD}, ())
    assert (revision.template_id, revision.template_version, revision.title) == (ROUND, 1, "Pump round")
    assert desk.undo("d") == ("d",)
    again = desk.open("d")
    assert (again.answers, [one.media_id for one in again.media]) == (answers, [record])
    file(desk, "d", {**answers, **FAILED})
    assert [one.media_id for one in sent(desk, "d").media] == [record]


def test_a_file_that_only_an_answer_names_is_of_the_draft_and_no_orphan(desk: Desk) -> None:
    record = desk.attach()
    desk.save("d", "", template_id=ROUND, template_version=1, answers={"leak": [record]})
    desk.discard("d")
    assert desk.spooled() == set()


def test_what_does_not_fit_is_refused_with_a_sentence_each_and_the_draft_stays(desk: Desk) -> None:
    desk.save("d", "", template_id=ROUND, template_version=1, answers={"pressure": 20})
    with pytest.raises(AgentError) as refused:
        file(desk, "d", {"pressure": 20})
    assert refused.value.sentence.splitlines() == [
        "Seal tight needs an answer.",
        "Pressure is above 16. Check the number.",
    ]
    done = drafting.send(desk.work, SendDrafts(account="s/m", draft_ids=("d",)))
    assert (done.filed, set(desk.drafts())) == ((), {"d"})
    assert "Seal tight" in done.kept[0].sentence


def test_the_draft_keeps_its_version_and_says_that_there_is_a_newer(desk: Desk) -> None:
    desk.save("d", "", template_id=ROUND, template_version=1, answers=GOOD)
    assert desk.open("d").newer is None
    tell(desk, {"template": template(2, Field(field="more", kind="short_text", label="More", required=True))})
    assert desk.open("d").newer == 2
    (filed,) = drafting.send(desk.work, SendDrafts(account="s/m", draft_ids=("d",))).filed
    assert sent(desk, filed.instance_id).template_version == 1


def test_a_new_report_begins_with_defaults_and_what_the_last_said(desk: Desk) -> None:
    assert opened(desk).answers == {"lamp": "r"}
    file(desk, "i", GOOD)
    desk.clock.by = timedelta(hours=1)
    file(desk, "j", {**GOOD, "pressure": 5})
    assert opened(desk).answers == {"lamp": "r", "pressure": 5}


def test_answers_are_found_by_the_search_and_the_checklist_by_the_filter(desk: Desk) -> None:
    tell(desk, {"location_id": "l", "name": "Gate 2", "zone": "UTC"}, kind="location")
    file(desk, "i", {**FAILED, "lamp": "r", "gate": "l"}, text="Evening")
    desk.file("other", "Bell")
    assert titles(desk, search="drips") == titles(desk, search="crimson") == titles(desk, search="gate") == ["Evening"]
    assert titles(desk, search="pump") == ["Evening"]
    assert titles(desk, template_id=ROUND) == ["Evening"]
    assert shown(desk, "i").item.checklist == "Pump round"
    assert shown(desk, "i").places == {"l": "Gate 2"}


def test_a_copy_has_the_answers_and_files_of_its_own(desk: Desk) -> None:
    record = desk.attach()
    file(desk, "i", {**FAILED, "leak": [record]})
    draft = drafting.copy_report(desk.work, CopyReport(account="s/m", instance_id="i", draft_id="copy"))
    (copied,) = draft.answers["leak"]
    assert copied != record
    assert [one.media_id for one in draft.media] == [copied]
    assert (draft.text, draft.answers["seal"]) == ("", FAILED["seal"])


def test_a_correction_may_change_the_answers_or_leave_them(desk: Desk) -> None:
    file(desk, "i", GOOD, text="First")
    moment = desk.clock.moment()

    def edit(**changes: Any) -> None:
        command = EditReport(account="s/m", instance_id="i", **changes)
        desk.work.store.write(lambda c: answering.edit_report(c, command, moment)).result(5)

    edit(text="Second")
    assert answers_of(sent(desk, "i").answers) == GOOD
    edit(text="Second", answers=FAILED)
    assert answers_of(sent(desk, "i").answers) == FAILED
    assert titles(desk, search="drips") == ["Second"]
    with pytest.raises(AgentError, match="Seal tight"):
        edit(text="Second", answers={})
    with pytest.raises(AgentError, match="Nothing is changed"):
        edit(text="Second", answers=FAILED)


def test_a_refused_report_is_a_draft_again_with_the_place_that_was_named(desk: Desk) -> None:
    record = desk.attach()
    file(desk, "i", {**FAILED, "leak": [record]}, text="Evening\nwet")
    assert (shown(desk, "i").refused, shown(desk, "i").refused_path) == (False, "")
    with pytest.raises(AgentError, match="on its way"):
        drafting.reopen(desk.work, ReopenReport(account="s/m", instance_id="i"))
    refuse(desk, "i", "$.answers[1].value")
    assert (shown(desk, "i").refused, shown(desk, "i").refused_path) == (True, "leak")
    with pytest.raises(AgentError, match="Correct it"):
        editing.begin(desk.work, DraftReport(account="s/m", instance_id="i"))
    draft = drafting.reopen(desk.work, ReopenReport(account="s/m", instance_id="i"))
    assert (draft.draft_id, draft.text, draft.answers["leak"]) == ("i", "Evening\nwet", [record])
    assert desk.filed() == set()
    file(desk, "i", draft.answers, text=draft.text)
    assert [one.media_id for one in sent(desk, "i").media] == [record]


def test_comments_on_a_refused_report_wait_for_the_corrected_one(desk: Desk) -> None:
    file(desk, "i", GOOD, text="Evening")
    for words in ("Which key?", "The big one."):
        desk.work.carry_out(AddComment(account="s/m", instance_id="i", text=words))
    said = [(one.comment_id, one.text) for one in shown(desk, "i").comments]
    assert [words for _, words in said] == ["Which key?", "The big one."]
    refuse(desk, "i", "$.text", kind="report.revise")
    refuse(desk, "i", "")  # the server does not know of the report that the second one is about; the first still waits
    assert (shown(desk, "i").refused, shown(desk, "i").refused_path) == (True, "text")
    draft = drafting.reopen(desk.work, ReopenReport(account="s/m", instance_id="i"))
    assert desk.work.counts() == reports.Counts(waiting=0, needs_you=0, sent_reports=0, sent_attendance=0, held=0)
    file(desk, "i", draft.answers, text="Night", undoable=True)
    assert [(one.comment_id, one.text) for one in shown(desk, "i").comments] == said
    drafting.undo_send(desk.work, ("i",))
    file(desk, "i", draft.answers, text="Late")
    waiting = desk.work.store.read(lambda c: operations.due(c, "9", 9))
    assert [one.kind for one in waiting] == ["report.revise", "report.comment", "report.comment"]
    assert [one.entity for one in waiting[1:]] == [comment_id for comment_id, _ in said]
    assert [(one.comment_id, one.text) for one in shown(desk, "i").comments] == said


def test_a_discarded_draft_takes_its_comments_along(desk: Desk) -> None:
    file(desk, "i", GOOD, text="Evening")
    desk.work.carry_out(AddComment(account="s/m", instance_id="i", text="Which key?"))
    refuse(desk, "i", "$.text", kind="report.revise")
    drafting.reopen(desk.work, ReopenReport(account="s/m", instance_id="i"))
    desk.discard("i")
    assert desk.work.store.read(lambda c: c.execute("SELECT count(*) FROM comment_apart").fetchone()[0]) == 0


def elsewhere(desk: Desk, instance_id: str, revision: ReportRevision | None = None) -> None:
    """The server tells of a report that another device sent; with a revision, its text was fetched too."""
    view = {
        "instance_id": instance_id,
        "state": "received",
        "title": "Pump round",
        "heads": [f"r-{instance_id}"],
        "received": "2099-03-01T08:00:00Z",
        "template_id": ROUND,
    }
    tell(desk, view, kind="report")
    if revision is None:
        return
    body = msgspec.json.encode(
        msgspec.structs.replace(revision, instance_id=instance_id, revision_id=f"r-{instance_id}")
    )

    def take_in(connection: Any) -> None:
        assert fetched.learn(connection, instance_id, f"r-{instance_id}", body)
        versions.settle(connection, instance_id)

    desk.work.store.write(take_in).result(5)


def test_what_was_sent_elsewhere_is_copied_begins_the_next_one_and_has_its_files(desk: Desk) -> None:
    file(desk, "i", {**GOOD, "pressure": 2.0}, text="Here")
    assert opened(desk).answers["pressure"] == 2.0
    elsewhere(desk, "e")
    assert opened(desk).answers["pressure"] == 2.0
    assert titles(desk, template_id=ROUND) == ["Pump round", "Here"]
    with pytest.raises(AgentError, match="not on this computer yet"):
        drafting.copy_report(desk.work, CopyReport(account="s/m", instance_id="e", draft_id="d"))
    assert desk.work.store.read(fetched.last_of_checklists) == [("e", "r-e")]
    photo = ManifestEntry(media_id="../x", name="a/b.png", content_type="image/png", size=9, sha256="0" * 64)
    elsewhere(desk, "e", msgspec.structs.replace(sent(desk, "i"), title="There", text="It hums", media=(photo,)))
    assert desk.work.store.read(fetched.last_of_checklists) == []
    [one] = shown(desk, "e").media
    assert (one.name, one.state, one.path, one.thumbnail) == ("b.png", "received", None, None)
    draft = drafting.copy_report(desk.work, CopyReport(account="s/m", instance_id="e", draft_id="d"))
    assert (draft.text, draft.answers) == ("There\nIt hums", {**GOOD, "pressure": 2.0})


@pytest.mark.parametrize(
    ("field", "place"),
    [
        ("$.answers[0].value", "seal"),
        ("$.answers[99]", ""),
        ("$.media[0].size", "media:m"),
        ("$.text", "text"),
        ("pumps[2].pressure", "pumps[2].pressure"),
        ("text", "text"),
        ("media", "media"),
        ("$.template_version", ""),
    ],
)
def test_the_servers_path_becomes_a_place_in_the_report(desk: Desk, field: str, place: str) -> None:
    file(desk, "i", GOOD)
    entry = {"media_id": "m", "name": "a", "content_type": "text/plain", "size": 1, "sha256": "0"}
    revision = msgspec.structs.replace(sent(desk, "i"), media=(msgspec.convert(entry, ManifestEntry),))
    assert place_of_refusal(revision, field) == place


def test_an_exported_report_has_its_answers_and_the_words_that_were_asked(desk: Desk, tmp_path: Path) -> None:
    file(desk, "i", GOOD)
    done = exporting.export_report(desk.work, ExportReport(account="s/m", instance_id="i", folder=str(tmp_path)))
    written = json.loads((Path(done.path) / "report.json").read_bytes())
    assert written["answers"] == GOOD
    assert written["checklist"]["fields"][0]["label"] == "Seal tight"


def test_an_older_draft_without_a_checklist_is_read_as_before(desk: Desk) -> None:
    drafting.carry_out(desk.work, SaveDraft(account="s/m", draft_id="d", text="Gate"))
    draft = desk.open("d")
    assert (draft.template, draft.answers, draft.newer) == (None, {}, None)
