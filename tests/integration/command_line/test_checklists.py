"""A checklist filled from a file of answers, by the real program."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from agent.store.profile import Profile
from tests.checklist import ROUND, plant
from tests.integration.command_line.conftest import Shell
from tests.live_server import LiveServer

TWIN = "0195d2f0-0000-7000-8000-00000000000b"


def last_body(shell: Shell, account: str) -> Any:
    path = Profile(shell.profile).work(account)
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        (body,) = connection.execute("SELECT body FROM operation ORDER BY seq DESC LIMIT 1").fetchone()
    return json.loads(body)


def test_a_checklist_is_filled_from_a_file_with_its_files_and_faults_are_sentences(
    shell: Shell, server: LiveServer, photo: Path, tmp_path: Path
) -> None:
    shell.sign_in(server)
    shell.run("sync", "--wait", "30")
    account = shell.ask("status")["account"]
    valves = msgspec.structs.replace(ROUND, title="Valve round")
    plant(shell.profile, account, valves, msgspec.structs.replace(valves, template_id=TWIN, title="Valve Round"))
    shell.run("checklists", "valve round", code=2)
    assert f"Valve round ({ROUND.template_id}), Valve Round ({TWIN})" in shell.error
    plant(shell.profile, account, msgspec.structs.replace(valves, template_id=TWIN, title="Tank round"))
    assert "Valve round" in shell.run("checklists")
    described = shell.ask("checklists", "valve")
    assert described["schema"]["properties"]["pressure"]["maximum"] == 16

    shell.run("report", "--checklist", "valve", "--answers", "-", given='{"pressure": 20}', code=2)
    assert shell.error.splitlines() == ["Seal tight needs an answer.", "Pressure is above 16. Check the number."]
    shell.run("report", "--checklist", "valve", "--answers", "-", given="[1", code=2)
    assert "not JSON" in shell.error
    shell.run("report", "--checklist", "nothing like it", code=2)
    assert "Choose one of: " in shell.error
    assert shell.ask("status")["reports"] == []

    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps({"seal": {"result": "fail", "note": "drips"}, "leak": [str(photo)]}))
    filed = shell.ask("report", "--checklist", "Valve round", "--answers", str(answers))
    body = last_body(shell, account)
    assert (body["instance_id"], body["title"]) == (filed["instance_id"], "Valve round")
    assert (body["template_id"], body["template_version"]) == (ROUND.template_id, 1)
    (entry,) = body["media"]
    sent = {one["field"]: one["value"] for one in body["answers"]}
    assert sent == {"seal": {"result": "fail", "note": "drips"}, "leak": [entry["media_id"]]}


def test_drafts_are_kept_listed_and_sent_in_one_step_but_for_those_that_lack_something(
    shell: Shell, server: LiveServer, photo: Path
) -> None:
    shell.sign_in(server)
    shell.run("sync", "--wait", "30")
    assert "There are no drafts." in shell.run("drafts", "--send")
    valves = msgspec.structs.replace(ROUND, title="Valve round")
    plant(shell.profile, shell.ask("status")["account"], valves)
    shell.run("report", "--checklist", valves.title, "--answers", "-", "--draft", given='{"pressure": 20}')
    for text in ("Gate 2\nIt squeaks.", "Gate 3"):
        assert shell.ask("report", text, "--attach", str(photo), "--draft")["state"] == "draft"
    listed = shell.ask("drafts")["drafts"]
    assert [(one["title"], one["checklist"]) for one in listed] == [
        ("Gate 3", None),
        ("Gate 2", None),
        ("", valves.title),
    ]
    assert shell.ask("status")["reports"] == []
    done = shell.ask("drafts", "--send", code=4)
    assert {one["instance_id"] for one in done["filed"]} == {one["draft_id"] for one in listed[:2]}
    [kept] = done["kept"]
    assert (kept["title"], "Seal tight needs an answer." in kept["sentence"]) == (valves.title, True)
    assert [one["draft_id"] for one in shell.ask("drafts")["drafts"]] == [kept["draft_id"]]
    assert shell.ask("sync", "--wait", "40") == {"waiting": 0, "needs_you": 0, "online": True}
    assert "is still a draft:" in shell.run("drafts", "--send", code=4)
