"""A report comes back: through the agent, against a real server with its manager in a browser."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from agent.api import AddComment, AgentError, EditReport, ListNews, Retry, SetTold, ShowSettings, ShowStatus, TellNews
from tests.integration.agent.at_work import AtWork, at_work
from tests.integration.agent.manager_at_work import manager_at_work
from tests.live_server import LiveServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LiveServer]:
    """A server of its own: what is decided about here stays decided."""
    with LiveServer.start(tmp_path) as started:
        yield started


def edit(work: AtWork, instance_id: str, text: str) -> str:
    return str(work.do(EditReport(account=work.account, instance_id=instance_id, text=text)).revision_id)


def refused(work: AtWork, command: object) -> str:
    with pytest.raises(AgentError) as raised:
        work.do(command)  # type: ignore[arg-type]
    return raised.value.sentence


def comments(work: AtWork, instance_id: str) -> list[tuple[str, bool, str, str]]:
    return [(one.by, one.own, one.text, one.state) for one in work.report(instance_id).comments]


def test_returned_corrected_approved(server: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "p", server) as work, manager_at_work(server) as manager:
        work.sync()
        (tmp_path / "note.txt").write_text("attached")
        filed = work.file("The crane is stuck\nSince seven.", work.attach(tmp_path / "note.txt").media_id)
        assert work.sync().waiting == 0
        manager.decide(filed.instance_id, "returned", "Which crane?")
        assert work.sync().needs_you == 1
        detail = work.report(filed.instance_id)
        assert detail.can_correct
        assert detail.item.state == "returned"
        assert detail.item.review is not None
        assert (detail.item.review.words, detail.item.review.by) == ("Which crane?", "Tomas Berg")
        assert [item.item_id for item in work.activity(needs_you=True)] == [filed.instance_id]
        server.kill()  # the correction waits until it is back
        same = EditReport(account=work.account, instance_id=filed.instance_id, text="The crane is stuck\nSince seven.")
        assert "Nothing is changed" in refused(work, same)
        assert "nothing in this report" in refused(work, EditReport(**{**msgspec.structs.asdict(same), "text": " "}))
        corrected = edit(work, filed.instance_id, "Crane 4 is stuck\nSince seven.")
        detail = work.report(filed.instance_id)
        assert (detail.item.title, detail.text, detail.can_correct) == ("Crane 4 is stuck", "Since seven.", False)
        assert detail.item.state in {"saved", "waiting", "sending"}
        status = work.look(ShowStatus())
        assert (status.needs_you, status.waiting + status.sending) == (0, 1)
        assert work.activity(needs_you=True) == ()
        server.restart()
        work.do(Retry(account=work.account))
        assert work.sync().waiting == 0
        detail = work.report(filed.instance_id)
        assert (detail.item.state, detail.item.review, len(detail.media)) == ("edited", None, 1)
        assert detail.receipt is not None
        assert corrected in str(msgspec.json.decode(_payload(detail.receipt)))
        assert "1 file" in manager.page("/reports?text=Crane%204")
        manager.decide(filed.instance_id, "approved")
        work.sync()
        assert work.report(filed.instance_id).item.state == "approved"
        assert work.look(ShowStatus()).needs_you == 0


def _payload(receipt: str) -> bytes:
    import base64

    return base64.b64decode(msgspec.json.decode(receipt)["payload"])


def test_comments_go_both_ways_and_offline_too(server: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "p", server) as work:
        work.sync()
        filed = work.file("The gate squeaks")
        assert work.sync().waiting == 0
        with manager_at_work(server) as manager:
            manager.comment(filed.instance_id, "Which gate?\nThere are two.")
        server.kill()
        command = AddComment(account=work.account, instance_id=filed.instance_id, text=" Gate 2 ")
        work.do(command)
        assert comments(work, filed.instance_id)[0][:3] == ("Ana Ferreira", True, "Gate 2")
        assert work.sync(5).waiting == 1
        assert comments(work, filed.instance_id)[0][3] == "waiting"
        assert work.report(filed.instance_id).item.state == "received"
        server.restart()
        work.do(Retry(account=work.account))
        assert work.sync().waiting == 0
        assert sorted(comments(work, filed.instance_id)) == [
            ("Ana Ferreira", True, "Gate 2", "sent"),
            ("Tomas Berg", False, "Which gate?\nThere are two.", "sent"),
        ]
        assert "empty" in refused(work, AddComment(account=work.account, instance_id=filed.instance_id, text=" "))
        long = AddComment(account=work.account, instance_id=filed.instance_id, text="w" * 4001)
        assert "4001 characters" in refused(work, long)
        nowhere = AddComment(account=work.account, instance_id="nowhere", text="Hello")
        assert "not on this computer" in refused(work, nowhere)
        with manager_at_work(server) as manager:
            assert manager.page(f"/reports/{filed.instance_id}").count("Gate 2</p>") == 1
        with at_work(tmp_path / "two", server) as other:
            other.sync()
            assert sorted(comments(other, filed.instance_id)) == sorted(comments(work, filed.instance_id))


def test_what_a_manager_did_is_news_once_also_after_a_restart(server: LiveServer, tmp_path: Path) -> None:
    def news(work: AtWork) -> list[tuple[str, str]]:
        return [(one.kind, one.instance_id) for one in work.look(ListNews(account=work.account)).items]

    with at_work(tmp_path / "p", server) as work, manager_at_work(server) as manager:
        work.sync()
        instance = work.file("The crane is stuck").instance_id
        work.sync()
        assert not work.look(ShowStatus()).news
        manager.decide(instance, "approved")
        manager.comment(instance, "Well seen.")
        work.sync()
        assert work.look(ShowStatus()).news
        assert sorted(news(work)) == [("approved", instance), ("comment", instance)]
        account = work.account
    with at_work(tmp_path / "p") as work:
        work.account = account
        assert len(news(work)) == 2
        work.do(TellNews(account=account))
        work.sync()
        assert (news(work), work.look(ShowStatus()).news) == ([], False)
        work.do(SetTold(account=account, kind="comment", told=False))
    with at_work(tmp_path / "p") as work, manager_at_work(server) as manager:
        work.account = account
        manager.comment(instance, "And oiled?")
        work.sync()
        assert "And oiled?" in [one[2] for one in comments(work, instance)]
        assert (news(work), work.look(ShowStatus()).news) == ([], False)
        settings = work.look(ShowSettings(account=account))
        assert [kind for kind, told in settings.told.items() if not told] == ["comment"]
        assert (settings.edit_hours, settings.keep_days, settings.max_media_bytes) == (168, 90, 2 * 1024**3)
    with at_work(tmp_path / "two", server) as other:  # all of it was there before this device was
        other.sync()
        assert news(other) == []
        assert all(other.look(ShowSettings(account=account)).told.values())
