"""A member's own data: collected, deleted here, asked to be erased there; and the texts of the policy. Real agent and
server."""

import io
import json
import sqlite3
import threading
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from agent.api import (
    AgentError,
    AnswerPolicyText,
    AskErasure,
    Collected,
    Collecting,
    CollectMyData,
    DataRequest,
    DataRequests,
    DismissPolicyNotice,
    EraseLocalCopy,
    EraseSent,
    Erasures,
    ListDataRequests,
    ListErasures,
    ListPolicyTexts,
    OnlyHere,
    OpenedPolicyText,
    OpenPolicyText,
    PauseSending,
    PolicyTextList,
    SaveDraft,
    SendLogDataNow,
    SetConsent,
    ShowOnlyHere,
    ShowStatus,
    SignOut,
    Snapshot,
)
from agent.signin.discovery import UntrustedServerError
from agent.store import drafts, own_data
from agent.store.work import fact
from agent.store.writer import Store
from agent.sync.asking import LinkTrouble
from agent.transport import Cancellation, EgressRow, Reply, TransportError
from protocol.discovery import Discovery
from tests.integration.agent.at_work import AtWork, at_work
from tests.live_server import LiveServer
from tests.services.warm_programs import SERVER

CANARY = "the crane by the pier is called Magda"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with LiveServer.start(tmp_path_factory.mktemp("own-data")) as running:
        yield running


def anything_of(folder: Path, what: str) -> list[Path]:
    return [one for one in folder.rglob("*") if one.is_file() and what.encode() in one.read_bytes()]


def test_a_wish_to_be_erased_waits_for_the_server_and_its_word_is_told(server: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "profile", server) as one:
        asked: DataRequest = one.do(AskErasure(account=one.account, wish="My photos, please."))
        assert (asked.state, asked.sent) == ("asked", False)
        one.until(lambda _: one.look(ListDataRequests(account=one.account)).items[0].sent)
        listed: DataRequests = one.look(ListDataRequests(account=one.account))
        (item,) = listed.items
        assert (item.request_id, item.wish, item.state, item.sent) == (
            asked.request_id,
            "My photos, please.",
            "asked",
            True,
        )
        assert listed.trouble == ""
        again: DataRequest = one.do(AskErasure(account=one.account))
        one.until(lambda _: all(entry.sent for entry in one.look(ListDataRequests(account=one.account)).items))
        assert again.wish
        assert {entry.request_id for entry in one.look(ListDataRequests(account=one.account)).items} == {
            asked.request_id,
            again.request_id,
        }


def test_the_policys_texts_are_read_answered_and_kept_for_when_there_is_no_line(
    server: LiveServer, tmp_path: Path
) -> None:
    with at_work(tmp_path / "profile", server) as one:
        texts: PolicyTextList = one.look(ListPolicyTexts(account=one.account))
        (current,) = [item for item in texts.items if item.current]
        assert (current.answer, texts.trouble) == ("none", "")
        assert texts.organization
        opened: OpenedPolicyText = one.look(OpenPolicyText(account=one.account, version=current.version))
        assert opened.text
        with pytest.raises(AgentError, match="not known here"):
            one.do(AnswerPolicyText(account=one.account, version=999))
        one.do(AnswerPolicyText(account=one.account, version=current.version))
        rooms = one.agent._rooms
        assert rooms is not None
        store = rooms.workplaces[one.account].store
        one.until(lambda _: all(said.sent for said in store.read(own_data.answers)))
        assert [(said.how, said.sent) for said in store.read(own_data.answers)] == [("accepted", True)]
        assert one.look(ListPolicyTexts(account=one.account)).items[0].answer == "accepted"
        account = one.account
        one.do(SignOut(account=account))
        offline: OpenedPolicyText = one.look(OpenPolicyText(account=account, version=current.version))
        assert (offline.text, offline.item.answer) == (opened.text, "accepted")
        listed: PolicyTextList = one.look(ListPolicyTexts(account=account))
        assert [item.version for item in listed.items] == [item.version for item in texts.items]
        assert listed.trouble
        assert one.look(ListDataRequests(account=account)).trouble


def test_a_server_that_goes_away_between_two_questions_is_no_fault(server: LiveServer, tmp_path: Path) -> None:
    def gone(_account: str, _cancellation: Cancellation) -> Discovery:
        raise TransportError("unreachable", "It went away.")

    def other_server(_account: str, _cancellation: Cancellation) -> Discovery:
        raise UntrustedServerError("127.0.0.1")

    with at_work(tmp_path / "profile", server) as one:
        assert one.look(ListPolicyTexts(account=one.account)).items
        rooms = one.agent._rooms
        assert rooms is not None
        errands = rooms.workplaces[one.account].errands
        for check, link in ((gone, "offline"), (other_server, "untrusted")):
            errands._check = check
            listed: PolicyTextList = one.look(ListPolicyTexts(account=one.account))
            assert listed.items, "as they were last fetched"
            assert listed.trouble
            with pytest.raises(LinkTrouble) as trouble:
                errands.look_at_texts(Cancellation())
            assert trouble.value.link == link


def test_work_after_a_version_holds_is_noted_once_as_continued_use(server: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "profile", server, email=server.facts["worker"][1][0]) as one:
        one.sync()
        rooms = one.agent._rooms
        assert rooms is not None
        store = rooms.workplaces[one.account].store
        one.until(lambda _: bool(store.read(own_data.texts)))
        assert store.read(own_data.answers) == [], "nothing was recorded yet"
        one.file("All quiet.")
        one.sync()
        one.until(lambda _: any(said.sent for said in store.read(own_data.answers)))
        one.sync()
        assert [(said.how, said.sent) for said in store.read(own_data.answers)] == [("continued_use", True)]
        texts: PolicyTextList = one.look(ListPolicyTexts(account=one.account))
        assert [item.answer for item in texts.items if item.current] == ["continued_use"]


def publish(server: LiveServer, folder: Path, effective: date, changes: str) -> int:
    """The operator publishes the next version of the policy; its number."""
    text = folder / "policy.txt"
    text.write_text("# What is kept\n\nYour reports, for a year.", encoding="utf-8")
    given = ["--data", str(server.data), str(text), "--effective", effective.isoformat(), "--changes", changes]
    said = SERVER.run("policy-text", "add", *given, timeout=60)
    assert said.returncode == 0, said.stderr
    return int(said.stdout)


def test_a_version_that_came_is_told_once_by_the_banner_also_ahead_of_its_day(tmp_path: Path) -> None:
    soon = datetime.now(UTC).date() + timedelta(days=30)
    with (
        LiveServer.start(tmp_path) as server,
        at_work(tmp_path / "profile", server) as one,
    ):
        assert [item.version for item in one.look(ListPolicyTexts(account=one.account)).items] == [1]
        assert one.agent.snapshot().banner is None, "the version that holds when somebody comes is no change"
        number = publish(server, tmp_path, soon, "Reports are kept for one year.")
        _look_again(one)
        banner = one.until(lambda now: now.banner is not None).banner
        assert banner is not None
        assert (banner.kind, banner.sentence) == (
            "policy_changed",
            f"The privacy policy changes on {soon}. Read what changes: miratag privacy policies {number}",
        )
        assert banner.policy is not None
        assert (banner.policy.version, banner.policy.changes) == (number, "Reports are kept for one year.")
        one.do(DismissPolicyNotice(account=one.account, version=number))
        one.until(lambda now: now.banner is None)
        _look_again(one)
        assert one.look(ShowStatus()).banner is None, "once a version"

        later = publish(server, tmp_path, soon, "Reports are kept for two years.")
        _look_again(one)
        one.until(lambda now: now.banner is not None)
        one.look(OpenPolicyText(account=one.account, version=later))
        one.until(lambda now: now.banner is None)

        last = publish(server, tmp_path, soon, "Reports are kept for three years.")
        _look_again(one)
        one.until(lambda now: now.banner is not None)
        one.do(AnswerPolicyText(account=one.account, version=last))
        one.until(lambda now: now.banner is None)
    with at_work(tmp_path / "profile") as again:
        again.look(ShowStatus())
        assert again.until(lambda now: now.current is not None).banner is None


def _look_again(one: AtWork) -> None:
    """A round as on the day after: the errands ask for the texts."""
    rooms = one.agent._rooms
    assert rooms is not None
    store = rooms.workplaces[one.account].store
    store.write(lambda c: c.execute("DELETE FROM fact WHERE name = 'policy_texts_looked'")).result()
    one.sync()
    one.until(lambda _: store.read(lambda c: fact(c, "policy_texts_looked", str)) is not None)


def test_everything_is_collected_with_the_servers_part_or_a_sentence(server: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "profile", server) as one:
        account = one.account
        photo = tmp_path / "photo.bin"
        photo.write_bytes(b"%PDF-1.4\n" + b"x" * 1000)
        one.do(SetConsent(account=account, category="usage", state="granted"))
        attached = one.attach(photo)
        one.do(SaveDraft(account=account, draft_id="d1", text=CANARY, media=(attached.media_id,)))
        one.file("All quiet.")
        one.sync()
        one.do(SendLogDataNow(account=account))
        target = tmp_path / "mine.zip"
        seen = _progress_of(one)
        collected: Collected = one.do(CollectMyData(account=account, path=str(target)), 60)
        mine = [now for now in seen if now.server_bytes is None]
        assert [(now.files, now.of_files, now.bytes, now.of_bytes) for now in mine] == [(0, 1, 1009, 1009)]
        theirs = [now.server_bytes for now in seen if now.server_bytes is not None]
        assert theirs == sorted(theirs)
        assert theirs[-1] > 0
        one.until(lambda now: now.collecting is None)
        assert collected.size == target.stat().st_size
        assert target.stat().st_mode & 0o077 == 0
        with zipfile.ZipFile(target) as archive:
            assert archive.testzip() is None
            names = set(archive.namelist())
            work = json.loads(archive.read("work.json"))
            ledger = json.loads(archive.read("log-data/ledger.json"))
            choices = json.loads(archive.read("choices.json"))
            assert json.loads(archive.read("account.json"))["name"]
            with zipfile.ZipFile(io.BytesIO(archive.read("server.zip"))) as theirs:
                assert theirs.testzip() is None
                assert any(b"All quiet." in theirs.read(name) for name in theirs.namelist())
        assert collected.server == ""
        assert [one["text"] for one in work["draft"]] == [CANARY]
        assert [one["title"] for one in work["report"]] == ["All quiet."]
        assert ledger["sent"]
        assert choices["categories"][1]["state"] == "granted"
        assert any(name.startswith("files/") for name in names)
        assert not any("secret" in str(work[table]) for table in ("fact", "job"))


def _progress_of(one: AtWork) -> list[Collecting]:
    """Every word of how far it is; what a window is told is thinned out by time."""
    rooms = one.agent._rooms
    assert rooms is not None
    workplace, seen = rooms.workplaces[one.account], []
    tell = workplace.changed

    def changed(*what: str) -> None:
        if workplace.collecting is not None and what == ("progress",):
            seen.append(workplace.collecting)
        tell(*what)

    workplace.changed = changed
    return seen


class GivesData(BaseHTTPRequestHandler):
    """A server that gives a ZIP, garbage, or a busy answer."""

    answers: ClassVar[list[tuple[int, bytes]]] = []

    def do_GET(self) -> None:
        status, body = self.answers.pop(0)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 # the name is the base class's
        pass


def test_the_servers_part_is_taken_as_it_comes_and_only_if_it_is_one(server: LiveServer, tmp_path: Path) -> None:
    packed = tmp_path / "theirs.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("member.json", b"{}" * 100_000)
    GivesData.answers[:] = [
        (200, packed.read_bytes()),
        (200, b"<html>Welcome to the hotel"),
        (503, b""),
        (404, b""),
    ]
    with ThreadingHTTPServer(("127.0.0.1", 0), GivesData) as giving:
        threading.Thread(target=giving.serve_forever, args=(0.02,), daemon=True).start()
        with at_work(tmp_path / "profile", server) as one:
            rooms = one.agent._rooms
            assert rooms is not None
            one.sync()
            workplace = rooms.workplaces[one.account]
            theirs = f"http://127.0.0.1:{giving.server_port}/v1/me/data"
            ask = workplace._asker.ask

            def elsewhere(row: EgressRow, method: str, url: str, **more: Any) -> Reply:
                """The data alone is asked of the other server; rounds and policy texts go on as they do."""
                return ask(row, method, theirs if url.endswith("/v1/me/data") else url, **more)

            workplace._asker.ask = elsewhere  # type: ignore[method-assign]
            sentences = []
            for number in range(4):
                target = tmp_path / f"{number}.zip"
                sentences.append(one.do(CollectMyData(account=one.account, path=str(target)), 60).server)
                with zipfile.ZipFile(target) as archive:
                    held = archive.read("server.zip") if "server.zip" in archive.namelist() else None
                assert (held == packed.read_bytes()) if number == 0 else held is None
            assert sentences[0] == ""
            assert "cannot be read" in sentences[1]
            assert "later" in sentences[2]
            assert "version" in sentences[3]
        giving.shutdown()
    assert not [one for one in tmp_path.iterdir() if one.suffix == ".part"]


def test_the_local_copy_goes_but_not_what_is_nowhere_else(server: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "profile", server) as one:
        account = one.account
        one.do(SetConsent(account=account, category="usage", state="granted"))
        one.file(CANARY)
        one.sync()
        one.do(SaveDraft(account=account, draft_id="d1", text=CANARY))
        assert one.look(ShowOnlyHere(account=account)) == OnlyHere(drafts=1)
        with pytest.raises(AgentError, match="drafts"):
            one.do(EraseLocalCopy(account=account))
        assert anything_of(one.profile.path, CANARY)
        one.do(EraseLocalCopy(account=account, unsent_too=True))
        assert not one.profile.account(account).exists()
        shown: Snapshot = one.look(ShowStatus())
        assert shown.accounts == ()
        with sqlite3.connect(one.profile.state) as state:
            assert state.execute("SELECT count(*) FROM account").fetchone() == (0,)
        with pytest.raises(AgentError):
            one.file("Nobody is here.")
    assert anything_of(tmp_path / "profile", CANARY) == []
    with at_work(tmp_path / "profile") as one:
        assert one.look(ShowStatus()).accounts == ()
        assert not one.profile.account(account).exists()


def _wish(store: Store) -> None:
    store.write(lambda c: own_data.ask(c, "one", "Erase it.", "2026-03-01T12:00:00.000Z")).result()


def _ask_nobody_need_look_at(store: Store) -> None:
    query = (
        "INSERT INTO operation (operation_id, kind, entity, item_id, body, state)"
        " VALUES ('one', 'attendance.ask', 'ask', 'ask', x'7b7d', 'unsupported')"
    )
    store.write(lambda c: c.execute(query)).result()


def _comment(store: Store) -> None:
    store.write(lambda c: c.execute("INSERT INTO comment_draft VALUES ('one', 'Half a sen')")).result()


def _damaged_copy(store: Store) -> None:
    store.path.with_name("work.damaged-20260301T120000000000Z.db").write_bytes(b"what was unsent")


@pytest.mark.parametrize(
    ("leave", "told"),
    [
        (_wish, OnlyHere(besides=True)),
        (_ask_nobody_need_look_at, OnlyHere(besides=True)),
        (_comment, OnlyHere(comments=1)),
        (_damaged_copy, OnlyHere(besides=True)),
    ],
)
def test_what_no_count_shows_keeps_the_local_copy_too(
    server: LiveServer, tmp_path: Path, leave: Callable[[Store], None], told: OnlyHere
) -> None:
    with at_work(tmp_path / "profile", server) as one:
        one.do(PauseSending(paused=True))
        rooms = one.agent._rooms
        assert rooms is not None
        assert one.look(ShowOnlyHere(account=one.account)) == OnlyHere()
        leave(rooms.workplaces[one.account].store)
        assert one.look(ShowOnlyHere(account=one.account)) == told
        with pytest.raises(AgentError, match="not been received"):
            one.do(EraseLocalCopy(account=one.account))
        assert not rooms.directory.get(one.account).signed_out
        assert one.profile.work(one.account).exists()
        one.do(EraseLocalCopy(account=one.account, unsent_too=True))
        assert not one.profile.account(one.account).exists()


def test_what_comes_while_the_sign_out_is_under_way_is_not_deleted(server: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "profile", server) as one:
        account = one.account
        rooms = one.agent._rooms
        assert rooms is not None
        sign_out = rooms.sign_in.sign_out

        def slowly(which: str) -> None:
            one.do(SaveDraft(account=account, draft_id="d1", text=CANARY))
            sign_out(which)

        rooms.sign_in.sign_out = slowly  # type: ignore[method-assign]
        with pytest.raises(AgentError, match="drafts"):
            one.do(EraseLocalCopy(account=account))
        assert rooms.directory.get(account).signed_out
        workplace = rooms.workplaces[account]
        assert [draft.text for draft in workplace.store.read(drafts.all_drafts)] == [CANARY]
        one.do(EraseLocalCopy(account=account, unsent_too=True))
        assert not one.profile.account(account).exists()


def test_a_wish_for_erasure_that_waits_outlives_the_local_copy(server: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "profile", server) as one:
        account = one.account
        one.do(SetConsent(account=account, category="usage", state="granted"))
        one.file(CANARY)
        one.sync()
        one.do(SendLogDataNow(account=account))
        rooms = one.agent._rooms
        assert rooms is not None
        rooms.logs._eraser.ask_due = lambda *_arguments, **_more: None  # type: ignore[method-assign] # no line just now
        one.do(EraseSent(account=account))
        one.do(EraseLocalCopy(account=account, unsent_too=True))
        left = sorted(path.name for path in one.profile.account(account).iterdir())
        assert all(name.startswith("telemetry.db") for name in left)
        assert anything_of(one.profile.account(account), "report.sent") == []
    with at_work(tmp_path / "profile") as one:

        def done(_snapshot: object) -> bool:
            listed: Erasures = one.look(ListErasures(account=account))
            return listed.items[0].state == "done"

        one.until(done)
