"""Sending, undoing and sending again with a real server: what was undone never got there."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import uuid6

from agent.api import (
    AgentError,
    DraftsSent,
    Filed,
    FileReport,
    ListDrafts,
    Retry,
    SaveDraft,
    SendDrafts,
    UndoSend,
)
from agent.store.drafts import UNDO_SEND_SECONDS
from tests.integration.agent.at_work import AtWork, at_work
from tests.live_server import LiveServer

UNDONE, SENT, NOW, LATER = (str(uuid6.uuid7()) for _ in range(4))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with LiveServer.start(tmp_path_factory.mktemp("server")) as started:
        yield started


def titles(server: LiveServer, account: str) -> list[str]:
    connection = sqlite3.connect(f"{(server.data / 'miratag.db').as_uri()}?mode=ro", uri=True)
    try:
        query = "SELECT revision.title FROM revision JOIN report USING (instance_id) WHERE report.member_id = ?"
        return sorted(row[0] for row in connection.execute(query, (account.partition("/")[2],)))
    finally:
        connection.close()


def send(work: AtWork, draft_id: str, text: str) -> Filed:
    work.do(SaveDraft(account=work.account, draft_id=draft_id, text=text))
    filed: Filed = work.do(FileReport(account=work.account, text=text, instance_id=draft_id, undoable=True))
    return filed


def person(server: LiveServer, name: str) -> str:
    email = f"{name}@harbour.example.invalid"
    server.add_user(email, "--name", name)
    return email


@pytest.mark.slow
def test_what_is_undone_never_leaves_and_what_is_not_goes_by_itself(server: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "profile", server, email=person(server, "undoing")) as work:
        assert work.sync().online
        send(work, UNDONE, "Not this")
        send(work, SENT, "But this")
        work.do(UndoSend(account=work.account, instance_ids=(UNDONE,)))
        assert [one.draft_id for one in work.look(ListDrafts(account=work.account)).items] == [UNDONE]
        work.until(lambda snapshot: snapshot.sent_reports_today == 1, UNDO_SEND_SECONDS + 30)
        assert titles(server, work.account) == ["But this"]
        with pytest.raises(AgentError, match="too late"):
            work.do(UndoSend(account=work.account, instance_ids=(SENT,)))
        sent: DraftsSent = work.do(SendDrafts(account=work.account, draft_ids=(UNDONE,)))
        assert len(sent.filed) == 1
        assert work.sync().waiting == 0
        assert titles(server, work.account) == ["But this", "Not this"]


@pytest.mark.slow
def test_send_now_does_not_wait_and_a_restart_within_the_five_seconds_sends(server: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "profile", server, email=person(server, "hurried")) as work:
        assert work.sync().online
        account = work.account
        send(work, NOW, "At once")
        work.do(Retry(account=account))
        assert work.sync(UNDO_SEND_SECONDS - 1).waiting == 0
        send(work, LATER, "Before the end")
    with at_work(tmp_path / "profile") as work:
        work.account = account
        with pytest.raises(AgentError, match="too late"):
            work.do(UndoSend(account=account, instance_ids=(LATER,)))
        assert work.sync().waiting == 0
    assert titles(server, account) == ["At once", "Before the end"]
