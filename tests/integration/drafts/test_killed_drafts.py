"""SIGKILL while somebody types, sends or undoes: at most one second of typing is lost, and never a draft."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uuid6

from agent.api import Draft, DraftList, ListDrafts, OpenDraft, PauseSending
from tests.checklist import ROUND, plant
from tests.integration.agent.at_work import AtWork, at_work
from tests.integration.drafts.dying import ANSWERS, SENT_ANSWERS, STEPS, TEXT
from tests.live_server import LiveServer
from tests.services.warm_programs import WarmProgram

REPOSITORY = Path(__file__).resolve().parents[3]
LOST_SECONDS = 1.0
DYING = WarmProgram("tests.integration.drafts.dying")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with LiveServer.start(tmp_path_factory.mktemp("server")) as started:
        yield started


def type_and_die(
    profile: Path, seconds: float, photo: Path | None = None, program: str = "typing"
) -> tuple[list[float], bool, float]:
    """When each letter was typed, whether the photo was seen as a chip, and when the process was killed."""
    process = subprocess.Popen(
        [sys.executable, "-m", f"tests.integration.drafts.{program}", str(profile), *([str(photo)] if photo else [])],
        cwd=REPOSITORY,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        text=True,
    )
    typed: list[float] = []
    attached = threading.Event()
    began = threading.Event()

    def listen() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip() == "attached":
                attached.set()
            else:
                typed.append(time.monotonic())
                began.set()

    listener = threading.Thread(target=listen)
    listener.start()
    try:
        assert began.wait(60)
        if photo is not None:
            assert attached.wait(60)
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        pass
    finally:
        killed = time.monotonic()
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        listener.join(30)
        assert process.stdout is not None
        process.stdout.close()
    assert process.returncode == -signal.SIGKILL
    return typed, attached.is_set(), killed


def drafts(work: AtWork) -> list[Draft]:
    found: DraftList = work.look(ListDrafts(account=work.account))
    return [work.look(OpenDraft(account=work.account, draft_id=one.draft_id)) for one in found.items]


@pytest.mark.slow
def test_at_most_a_second_of_typing_is_lost_wherever_it_is_killed(server: LiveServer, tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    with at_work(profile, server) as work:
        account = work.account
    chance = random.Random(7)
    for run in range(3):
        typed, _, killed = type_and_die(profile, 1.2 + chance.random())
        with at_work(profile) as work:
            work.account = account
            assert len(drafts(work)) == run + 1, "each run begins its own, and none of the earlier is touched"
            kept = len(drafts(work)[0].text)
        before = sum(at < killed - LOST_SECONDS for at in typed)
        assert before > 5
        assert before <= kept <= len(typed) + 1


@pytest.mark.slow
def test_at_most_a_second_of_answering_is_lost_when_it_is_killed(server: LiveServer, tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    with at_work(profile, server) as work:
        account = work.account
    plant(profile, account, ROUND)
    typed, _, killed = type_and_die(profile, 1.7, program="typing_answers")
    with at_work(profile) as work:
        work.account = account
        (draft,) = drafts(work)
    before = sum(at < killed - LOST_SECONDS for at in typed)
    assert before > 5
    assert before <= len(draft.answers["remarks"]) <= len(typed) + 1
    assert draft.template == ROUND


@pytest.mark.slow
def test_a_photo_that_was_seen_in_the_card_is_in_the_draft_after_the_kill(server: LiveServer, tmp_path: Path) -> None:
    profile, photo = tmp_path / "profile", tmp_path / "note.txt"
    photo.write_bytes(b"what was measured")
    with at_work(profile, server) as work:
        account = work.account
    type_and_die(profile, LOST_SECONDS, photo)
    with at_work(profile) as work:
        work.account = account
        (draft,) = drafts(work)
        (file,) = draft.media
        assert Path(file.spool_path).read_bytes() == b"what was measured"
        filed = work.file(draft.text, file.media_id)
        assert work.sync().waiting == 0
        assert work.report(filed.instance_id).item.receipt


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_killed_while_sending_or_undoing_it_is_a_draft_or_a_report_and_never_both_or_neither(
    server: LiveServer, tmp_path: Path, step: str
) -> None:
    profile, file, draft_id = tmp_path / "profile", tmp_path / "note.txt", str(uuid6.uuid7())
    file.write_bytes(b"what was measured")
    with at_work(profile, server) as work:
        account = work.account
    plant(profile, account, ROUND)
    died = DYING.run(str(profile), str(file), step, draft_id, timeout=90)
    assert died.returncode == -signal.SIGKILL, died.stderr
    with at_work(profile) as work:
        work.account = account
        work.do(PauseSending(paused=True))
        kept = drafts(work)
        filed = [item.item_id for item in work.activity() if item.kind == "report" and item.item_id == draft_id]
        if STEPS[step][1] == "draft":
            assert ([one.draft_id for one in kept], filed) == ([draft_id], [])
            (path,) = [one.spool_path for one in kept[0].media]
            assert (kept[0].text, kept[0].answers, kept[0].template) == (TEXT, ANSWERS, ROUND)
        else:
            assert (kept, filed) == ([], [draft_id])
            (path,) = [str(one.path) for one in work.report(draft_id).media]
            assert work.report(draft_id).answers == SENT_ANSWERS
        assert Path(path).read_bytes() == b"what was measured"
