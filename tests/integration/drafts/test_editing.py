"""Another version of a report is a draft of that report: saved as it is typed, one of each, sent in one step."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.api import (
    AddComment,
    DiscardDraft,
    Draft,
    DraftReport,
    DraftsSent,
    FetchReport,
    ListDrafts,
    SaveComment,
    SaveDraft,
    SendDrafts,
)
from tests.integration.agent.at_work import AtWork, at_work
from tests.integration.agent.manager_at_work import manager_at_work
from tests.integration.drafts.test_killed_drafts import REPOSITORY
from tests.live_server import LiveServer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with LiveServer.start(tmp_path_factory.mktemp("server")) as started:
        yield started


def begin(work: AtWork, instance_id: str, *, both: bool = False) -> Draft:
    found: Draft = work.do(DraftReport(account=work.account, instance_id=instance_id, both=both))
    return found


def save(work: AtWork, draft: Draft, text: str, media: tuple[str, ...], location_id: str | None = None) -> None:
    work.do(
        SaveDraft(
            account=work.account,
            draft_id=draft.draft_id,
            text=text,
            media=media,
            location_id=location_id,
            place_chosen=True,
        )
    )


def send(work: AtWork, draft: Draft) -> DraftsSent:
    sent: DraftsSent = work.do(SendDrafts(account=work.account, draft_ids=(draft.draft_id,), undoable=True))
    return sent


def test_text_place_and_files_change_in_one_step_after_a_restart(server: LiveServer, tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    for name in ("one", "two", "three"):
        (tmp_path / f"{name}.txt").write_text(name)
    with at_work(profile, server) as work:
        work.sync()
        account, place = work.account, work.locations()[0]
        one, two = (work.attach(tmp_path / f"{name}.txt").media_id for name in ("one", "two"))
        instance = work.file("The gate squeaks\nSince Monday.", one, two).instance_id
        assert work.sync().waiting == 0
        draft = begin(work, instance)
        assert (draft.edits, draft.text) == (instance, "The gate squeaks\nSince Monday.")
        assert [file.media_id for file in draft.media] == [one, two]
        three = work.attach(tmp_path / "three.txt").media_id
        save(work, draft, "The gate squeaks\nSince Tuesday.", (two, three), place.location_id)
        work.do(SaveComment(account=account, instance_id=instance, text="Half a comm"))
    with at_work(profile) as work:
        work.account = account
        detail = work.report(instance)
        assert (detail.draft_id, detail.comment_draft, detail.can_edit) == (draft.draft_id, "Half a comm", True)
        again = begin(work, instance)
        assert (again.draft_id, again.location_id) == (draft.draft_id, place.location_id)
        assert [file.media_id for file in again.media] == [two, three]
        assert [item.edits for item in work.look(ListDrafts(account=account)).items] == [instance]
        assert len(send(work, again).filed) == 1
        assert work.sync().waiting == 0
        detail = work.report(instance)
        assert (detail.text, detail.item.location, detail.item.state) == ("Since Tuesday.", place.name, "edited")
        assert {file.media_id for file in detail.media} == {two, three}
        assert detail.draft_id is None
        assert work.look(ListDrafts(account=account)).items == ()
        work.do(AddComment(account=account, instance_id=instance, text="Half a comment"))
        assert work.report(instance).comment_draft == ""
        with manager_at_work(server) as manager:
            page = manager.page(f"/reports/{instance}/versions")
        for said in ("1 file added", "1 file removed", "Location", "one.txt", "three.txt"):
            assert said in page


def test_what_was_written_elsewhere_keeps_its_files_and_a_discarded_change_changes_nothing(
    server: LiveServer, tmp_path: Path
) -> None:
    (tmp_path / "note.txt").write_text("note")
    with at_work(tmp_path / "one", server) as one, at_work(tmp_path / "two", server) as two:
        one.sync()
        instance = one.file("The lamp is out", one.attach(tmp_path / "note.txt").media_id).instance_id
        one.sync()
        two.sync()
        two.do(FetchReport(account=two.account, instance_id=instance))
        two.sync()
        draft = begin(two, instance)
        [file] = draft.media
        assert (file.name, file.size, file.spool_path) == ("note.txt", 4, "")
        save(two, draft, "The lamp is out again", (file.media_id,))
        two.do(DiscardDraft(account=two.account, draft_id=draft.draft_id))
        assert begin(two, instance).text == "The lamp is out"
        draft = begin(two, instance)
        assert "Nothing is changed" in send(two, draft).kept[0].sentence
        save(two, draft, "The lamp is out again", (file.media_id,))
        assert len(send(two, draft).filed) == 1
        assert two.sync().waiting == 0
        one.sync()
        assert one.report(instance).item.title == "The lamp is out again"


def test_one_from_both_versions_has_the_words_and_files_of_both(server: LiveServer, tmp_path: Path) -> None:
    for name in ("left", "right"):
        (tmp_path / f"{name}.txt").write_text(name)
    with at_work(tmp_path / "one", server) as one, at_work(tmp_path / "two", server) as two:
        one.sync()
        instance = one.file("Fence open").instance_id
        one.sync()
        two.sync()
        two.do(FetchReport(account=two.account, instance_id=instance))
        two.sync()
        for work, name in ((one, "left"), (two, "right")):
            draft = begin(work, instance)
            save(work, draft, f"Fence open\nOn the {name}.", (work.attach(tmp_path / f"{name}.txt").media_id,))
            send(work, draft)
            work.sync()
        one.sync()
        draft = begin(one, instance, both=True)
        assert draft.text == "Fence open\nOn the left.\n\nFence open\nOn the right."
        assert {file.name for file in draft.media} == {"left.txt", "right.txt"}
        save(one, draft, "Fence open\nOn both sides.", tuple(file.media_id for file in draft.media))
        send(one, draft)
        assert one.sync().waiting == 0
        two.sync()
        for work in (one, two):
            assert (work.report(instance).text, work.report(instance).item.conflict) == ("On both sides.", False)
        with manager_at_work(server) as manager:
            page = manager.page(f"/reports/{instance}")
        assert "left.txt" in page
        assert "right.txt" in page


def test_a_correction_begins_with_the_places_that_are_marked(server: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "p", server) as work, manager_at_work(server) as manager:
        work.sync()
        instance = work.file("The crane is stuck").instance_id
        work.sync()
        manager.decide(instance, "returned", mark="text", **{"mark:text": "Which crane?"})
        work.sync()
        review = work.report(instance).item.review
        assert review is not None
        assert [(one.path, one.words) for one in review.marks] == [("text", "Which crane?")]
        assert begin(work, instance).marks == review.marks


def test_killed_with_a_change_and_a_comment_begun_both_are_there(server: LiveServer, tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    with at_work(profile, server) as work:
        account, instance = work.account, work.file("Valve 3").instance_id
    script = f"""
import os, signal
from agent.api import DraftReport, SaveComment, SaveDraft
from agent.runtime import LocalAgent
from agent.store.profile import Profile
agent = LocalAgent(Profile({str(profile)!r}), open_external=lambda _url: None)
draft = agent.submit(DraftReport(account={account!r}, instance_id={instance!r})).result(30)
agent.submit(SaveComment(account={account!r}, instance_id={instance!r}, text="Which")).result(30)
agent.submit(SaveDraft(account={account!r}, draft_id=draft.draft_id, text="Valve 3 leaks")).result(30)
os.kill(os.getpid(), signal.SIGKILL)
"""
    died = subprocess.run(
        [sys.executable, "-c", script], cwd=REPOSITORY, env=os.environ, capture_output=True, timeout=90, check=False
    )
    assert died.returncode == -signal.SIGKILL, died.stderr
    with at_work(profile) as work:
        work.account = account
        assert work.report(instance).comment_draft == "Which"
        assert begin(work, instance).text == "Valve 3 leaks"
