"""What a person does, through the agent, against a real server."""

import time
from pathlib import Path

import pytest

from agent.api import (
    AgentError,
    Attach,
    Detach,
    DismissPrivacyCard,
    FileReport,
    NetworkIsBack,
    PauseSending,
    RecordAttendance,
    Retry,
    SetConsent,
    ShowPrivacy,
    ShowStatus,
    SignOut,
    SyncNow,
    UndoAttendance,
)
from protocol.statements import SignedStatement
from rules.receipts import read_receipt
from tests.integration.agent.at_work import AtWork, at_work
from tests.live_server import LiveServer


def check_in(work: AtWork, location_id: str | None = None, note: str = "") -> str:
    command = RecordAttendance(account=work.account, kind="check_in", location_id=location_id, note=note)
    return str(work.do(command).event_id)


def refused(work: AtWork, command: object, kind: str) -> str:
    with pytest.raises(AgentError) as raised:
        work.do(command)  # type: ignore[arg-type]
    assert raised.value.kind == kind
    return raised.value.sentence


def test_a_report_is_saved_at_once_and_received_with_a_receipt_that_holds(server: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "p", server) as work:
        work.sync()
        place = next(one for one in work.locations() if one.name == server.locations[0])
        filed = work.file("The crane is stuck\nSince seven.", location_id=place.location_id)
        item = work.activity()[0]
        assert (item.item_id, item.title, item.location) == (filed.instance_id, "The crane is stuck", place.name)
        assert work.sync().waiting == 0
        detail = work.report(filed.instance_id)
        assert (detail.item.state, detail.text) == ("received", "Since seven.")
        assert detail.item.received is not None
        import msgspec

        assert detail.receipt is not None
        keys = work.agent._opened().directory.get(work.account).keys
        receipt = read_receipt(msgspec.json.decode(detail.receipt, type=SignedStatement), keys)
        assert receipt.revision_id == filed.revision_id
        assert work.look(ShowStatus()).sent_reports_today == 1


def test_what_was_made_offline_arrives_once_when_the_server_is_back(tmp_path: Path) -> None:
    with LiveServer.start(tmp_path) as server, at_work(tmp_path / "p", server) as work:
        work.sync()
        server.kill()
        for number in range(5):
            work.file(f"Report {number}")
        check_in(work, note="Elsewhere")
        done = work.sync(10)
        assert (done.online, done.waiting) == (False, 6)
        shown = work.until(lambda now: now.link == "offline" and now.waiting == 6)
        assert shown.session is not None
        assert {item.state for item in work.activity()} == {"waiting"}
        server.restart()
        work.do(Retry(account=work.account))
        work.until(lambda now: now.waiting == now.sending == 0)
        assert work.sync().online
        assert [item.title for item in work.activity() if item.kind == "report"] == [
            f"Report {number}" for number in reversed(range(5))
        ]
        assert {item.state for item in work.activity()} == {"received"}


def test_the_network_is_back_and_nobody_waits_for_the_pause_to_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.runtime.rounds.back_off", lambda _attempts, _chance: 900.0)
    with LiveServer.start(tmp_path) as server, at_work(tmp_path / "p", server) as work:
        work.sync()
        server.kill()
        work.sync(10)
        work.file("Made in the cellar")
        work.until(lambda now: now.link == "offline" and now.waiting == 1)
        server.restart()
        work.do(NetworkIsBack())
        work.until(lambda now: now.waiting == now.sending == 0 and now.link == "online")


def test_another_device_sees_the_same_reports_and_the_open_session(server: LiveServer, tmp_path: Path) -> None:
    email = server.facts["worker"][1][0]
    with at_work(tmp_path / "one", server, email=email) as one, at_work(tmp_path / "two", server, email=email) as two:
        one.sync()
        place = one.locations()[0]
        event = check_in(one, place.location_id)
        filed = one.file("Seen from both")
        assert one.sync().waiting == 0
        two.sync()
        now = two.until(lambda now: now.session is not None)
        assert now.session is not None
        assert (now.session.check_in_id, now.session.location) == (event, place.name)
        assert now.session.undo_event is None
        assert two.report(filed.instance_id).item.state == "received"
        assert two.look(ShowStatus()).sent_reports_today == 0
        two.do(RecordAttendance(account=two.account, kind="check_out"))
        assert two.sync().waiting == 0
        one.sync()
        one.until(lambda now: now.session is None)


def test_check_in_break_check_out_and_undo(server: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "p", server) as work:
        work.sync()
        first, second = work.locations()[:2]
        assert "not known" in refused(
            work, RecordAttendance(account=work.account, kind="check_in", location_id="nowhere"), "not_found"
        )
        assert "Check in first" in refused(work, RecordAttendance(account=work.account, kind="check_out"), "refused")
        check_in(work, first.location_id)
        again = check_in(work, second.location_id)  # never refused
        now = work.look(ShowStatus())
        assert (now.session.check_in_id, now.session.undo_event) == (again, again)
        assert now.last_location == second.name
        assert work.locations()[0].location_id == second.location_id
        work.do(UndoAttendance(account=work.account, event_id=again))
        assert work.look(ShowStatus()).session.location == first.name
        assert "undone already" in refused(work, UndoAttendance(account=work.account, event_id=again), "not_found")
        work.do(RecordAttendance(account=work.account, kind="break_start"))
        assert work.look(ShowStatus()).session.on_break
        assert "begun already" in refused(work, RecordAttendance(account=work.account, kind="break_start"), "refused")
        work.do(RecordAttendance(account=work.account, kind="break_end"))
        work.do(RecordAttendance(account=work.account, kind="check_out"))
        assert work.look(ShowStatus()).session is None
        done = work.sync()
        assert (done.waiting, done.needs_you) == (0, 0)
        undone = [item for item in work.activity() if item.cancelled]
        assert [item.item_id for item in undone] == [again]
        assert {item.state for item in work.activity()} == {"received"}


def test_paging_and_search_miss_nothing(tmp_path: Path, server: LiveServer) -> None:
    from agent.api import ListActivity

    with at_work(tmp_path / "p", server) as work:
        work.do(PauseSending(paused=True))
        titles = [f"Entry {number:02} 100%" for number in range(23)]
        for title in titles:
            work.file(title)
        found, after = [], None
        while True:
            page = work.look(ListActivity(account=work.account, limit=5, after=after, search="entry"))
            found += [item.title for item in page.items]
            after = page.next
            if after is None:
                break
        assert found == titles[::-1]
        assert len(work.activity(search="17 100%")) == 1
        assert work.activity(search="%") == ()
        assert work.activity(search="17 200%") == ()


def test_paused_holds_everything_and_going_on_sends_it(server: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "p", server) as work:
        work.sync()
        work.do(PauseSending(paused=True))
        filed = work.file("Held")
        work.until(lambda now: now.paused and now.waiting == 1)
        assert work.report(filed.instance_id).item.state == "waiting"
        assert work.sync(0.5).waiting == 1
        work.do(PauseSending(paused=False))
        assert work.sync().waiting == 0


def test_an_account_added_while_paused_sends_nothing_either(server: LiveServer, tmp_path: Path) -> None:
    first, second = (server.facts["worker"][number][0] for number in (0, 1))
    with at_work(tmp_path / "p", server, email=first) as work:
        work.sync()
        work.do(PauseSending(paused=True))
        work.enrol(server.url, server.enrol(second))
        work.file("Held for the second person too")
        assert work.sync(2).waiting == 1
        work.do(PauseSending(paused=False))
        assert work.sync().waiting == 0


def test_signed_out_keeps_what_waits_and_another_account_never_sends_it(server: LiveServer, tmp_path: Path) -> None:
    first, second = (server.facts["worker"][number][0] for number in (0, 1))
    with at_work(tmp_path / "p", server, email=first) as work:
        work.sync()
        ana = work.account
        work.do(PauseSending(paused=True))
        filed = work.file("Of the first person alone")
        work.do(SignOut(account=ana))
        work.do(PauseSending(paused=False))
        assert refused(work, FileReport(account=ana, text="no"), "not_signed_in")
        work.enrol(server.url, server.enrol(second))
        assert work.sync().waiting == 0
        assert filed.instance_id not in {item.item_id for item in work.activity()}
        work.account = ana
        assert work.report(filed.instance_id).item.state == "waiting"
        work.enrol(server.url, server.enrol(first))
        assert work.account == ana
        assert work.sync().waiting == 0
        assert work.report(filed.instance_id).item.receipt


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("missing.jpg", None, "not there"),
        ("empty.txt", b"", "empty"),
        ("photo.jpg", b"%PDF-1.4 not a photo", "PDF"),
        ("cut.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "damaged"),
    ],
)
def test_an_attachment_that_cannot_be_used_is_refused_with_a_sentence_and_leaves_nothing(
    name: str, content: bytes | None, words: str, server: LiveServer, tmp_path: Path
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with at_work(tmp_path / "p", server) as work:
        sentence = refused(work, Attach(account=work.account, path=str(path)), "refused")
        assert words in sentence
        assert name in sentence
        assert "folder" in refused(work, Attach(account=work.account, path=str(tmp_path)), "refused")
        spool = work.profile.spool(work.account)
        assert not spool.exists() or not list(spool.iterdir())


def test_what_was_pasted_can_be_attached_and_forgotten(server: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "p", server) as work:
        attached = work.do(Attach(account=work.account, data=b"Notes of the day\n", name="notes.txt"))
        assert (attached.content_type, attached.metadata_removed) == ("text/plain", False)
        assert Path(attached.spool_path).read_bytes() == b"Notes of the day\n"
        work.do(Detach(account=work.account, media_id=attached.media_id))
        assert not Path(attached.spool_path).exists()
        command = FileReport(account=work.account, text="With what is gone", media=(attached.media_id,))
        assert "Attach it again" in refused(work, command, "not_found")
        assert "nothing in this report" in refused(work, FileReport(account=work.account, text="  "), "refused")


def test_everything_that_left_is_listed(server: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "p", server) as work:
        work.file("Counted")
        work.sync()
        view = work.look(ShowPrivacy(account=work.account))
        assert len({one.name for one in view.connections}) == 8, "also what was never used"
        listed = {one.name: one for one in view.connections if one.requests}
        assert {"sign_in", "policy", "sync"} <= set(listed) <= {"sign_in", "policy", "sync", "media"}
        assert all(one.host == "127.0.0.1" and one.bytes_sent and one.last for one in listed.values())
        assert {one.category: one.state for one in view.categories} == dict.fromkeys(
            ("diagnostics", "usage", "third_party"), "unknown"
        )
        work.do(SetConsent(account=work.account, category="usage", state="granted"))
        view = work.look(ShowPrivacy(account=work.account))
        assert {one.category: one.state for one in view.categories}["usage"] == "granted"


def test_the_privacy_card_comes_with_the_first_receipt_and_goes_for_good(server: LiveServer, tmp_path: Path) -> None:
    newcomer = "vera@harbour.example.invalid"
    server.add_user(newcomer, "--name", "Vera Lopes")
    with at_work(tmp_path / "p", server, email=newcomer) as work:
        work.sync()
        assert not work.agent.snapshot().privacy_card
        work.file("The first")
        work.sync()
        account = work.account
        work.until(lambda snapshot: snapshot.privacy_card)
        work.do(DismissPrivacyCard(account=account))
        work.until(lambda snapshot: not snapshot.privacy_card)
    with at_work(tmp_path / "p") as again:
        again.until(lambda snapshot: snapshot.current == account and snapshot.sent_reports_today == 1)
        assert not again.agent.snapshot().privacy_card


def test_who_chose_needs_no_privacy_card(server: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "p", server) as work:
        work.do(SetConsent(account=work.account, category="usage", state="denied"))
        filed = work.file("The first")
        work.sync()
        assert work.report(filed.instance_id).receipt is not None
        assert not work.look(ShowStatus()).privacy_card


def test_nobody_is_signed_in(tmp_path: Path) -> None:
    with at_work(tmp_path / "p") as work:
        status = work.look(ShowStatus())
        assert (status.accounts, status.current, status.link) == ((), None, "signed_out")
        for command in (FileReport(account="", text="x"), SyncNow(account="")):
            assert "Sign in" in refused(work, command, "not_signed_in")
        assert refused(work, FileReport(account="no/body", text="x"), "not_found")


def test_closing_while_idle_is_quick_and_final(server: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "p", server) as work:
        work.sync()
        began = time.monotonic()
        work.agent.close()
        assert time.monotonic() - began < 2  # a fifth of a second, where nobody else loads the machine
        assert isinstance(work.agent.submit(FileReport(account=work.account, text="x")).exception(5), AgentError)
