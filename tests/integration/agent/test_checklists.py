"""Checklists of a real server in the agent: told of, filled, received; and one that it refuses, corrected and sent."""

from pathlib import Path
from typing import Any

import pytest

from agent.api import (
    AgentError,
    Attach,
    Draft,
    Filed,
    FileReport,
    ListTemplates,
    OpenedTemplate,
    OpenTemplate,
    ReopenReport,
)
from desktop.command_line.demo import demo_photo
from tests.integration.agent.at_work import AtWork, at_work
from tests.live_server import LiveServer

ANSWERS: dict[str, Any] = {
    "floor_dry": {"result": "pass"},
    "guards": {"result": "na"},
    "lamp": "red",
    "alarm": "E14",
    "pressure": 6.5,
    "hours": 812,
    "pumps": [{"number": "P1", "vibration": {"result": "pass"}}],
    "seal": {"result": "fail", "note": "drips"},
}


def checklist(work: AtWork, title: str) -> OpenedTemplate:
    found = work.look(ListTemplates(account=work.account, search=title)).items
    (item,) = [one for one in found if one.title == title]
    opened: OpenedTemplate = work.look(OpenTemplate(account=work.account, template_id=item.template_id))
    return opened


def file(work: AtWork, opened: OpenedTemplate, answers: dict[str, Any], **more: Any) -> Filed:
    filed: Filed = work.do(
        FileReport(
            account=work.account,
            text="",
            template_id=opened.template.template_id,
            template_version=opened.template.version,
            answers=answers,
            **more,
        )
    )
    return filed


def test_a_checklist_is_filled_received_and_begins_the_next(server: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "p", server) as work:
        work.sync()
        opened = checklist(work, "Pump round")
        with pytest.raises(AgentError, match="Photo of the leak"):
            file(work, opened, ANSWERS)
        photo = work.do(Attach(account=work.account, data=demo_photo(64), name="leak.png")).media_id
        filed = file(work, opened, {**ANSWERS, "leak_photo": [photo]})
        assert work.sync().waiting == 0
        detail = work.report(filed.instance_id)
        assert (detail.item.state, detail.item.receipt, detail.item.checklist) == ("received", True, "Pump round")
        assert detail.answers == {**ANSWERS, "leak_photo": [photo]}
        assert checklist(work, "Pump round").answers == {"hours": 812}
        with at_work(tmp_path / "elsewhere", server) as other:  # where nobody opened that report
            other.sync()
            opened = checklist(other, "Pump round")
            assert opened.answers == {"hours": 812}
            found = other.activity(template_id=opened.template.template_id)
            assert [one.item_id for one in found] == [filed.instance_id]
            file(other, opened, {**ANSWERS, "seal": {"result": "pass"}, "hours": 815})
            assert other.sync().waiting == 0
        work.sync()
        assert checklist(work, "Pump round").answers == {"hours": 815}


def test_what_the_server_refuses_is_a_draft_again_with_the_answer_it_named(server: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "p", server) as work:
        work.sync()
        opened = checklist(work, "Pump round")
        answers = {**ANSWERS, "seal": {"result": "pass"}, "next_pump_house": "01890000-0000-7000-8000-000000000000"}
        filed = file(work, opened, answers)
        assert work.sync().needs_you == 1
        detail = work.report(filed.instance_id)
        assert (detail.refused, detail.refused_path) == (True, "next_pump_house")
        assert "location" in detail.item.sentence
        draft: Draft = work.do(ReopenReport(account=work.account, instance_id=filed.instance_id))
        assert (draft.draft_id, draft.answers) == (filed.instance_id, answers)
        place = work.locations()[0].location_id
        again = file(work, opened, {**draft.answers, "next_pump_house": place}, instance_id=draft.draft_id)
        assert again.instance_id == filed.instance_id
        assert work.sync().needs_you == 0
        assert work.report(filed.instance_id).item.receipt
