"""Which file goes when, what holds one back and not the others, and what is said when one cannot go."""

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from agent.api import AgentError, Attach, EditReport, FileReport, HoldMedia, ReportDetail, RetryMedia, ShowReport
from agent.runtime import attaching, looking, transfers
from agent.store import media
from agent.sync.asking import LinkTrouble, RoundCancelledError
from agent.sync.uploader import Uploader
from agent.transport import Cancellation, EgressRow, Reply
from rules.clock import format_utc
from tests.unit.agent_drafts.test_drafting import Desk
from tests.unit.agent_media.makers import video
from tests.unit.agent_media.test_attaching import photo

SERVER = "https://reports.example.invalid"


class Holding:
    """The server's end of uploads, in memory; `meanwhile` is called before each request that brings bytes."""

    account = SimpleNamespace(server_url=SERVER)

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}
        self.lengths: dict[str, int] = {}
        self.order: list[str] = []
        self.meanwhile: Callable[[str], None] = lambda _name: None
        self.damage = False

    def ask(
        self,
        row: EgressRow,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None = None,
        deadline: float,
        cancellation: Cancellation,
    ) -> Reply:
        assert row is EgressRow.MEDIA
        assert deadline > 0
        if cancellation.cancelled:
            raise RoundCancelledError
        name = url.rpartition("/")[2]
        if method == "POST":
            name = f"u{len(self.lengths)}"
            self.held[name], self.lengths[name] = b"", int(headers["Upload-Length"])
            self.order.append(headers["Upload-Metadata"])
            return Reply(201, {"location": f"/v1/media/{name}"}, b"")
        if method == "PATCH":
            self.meanwhile(name)
            if cancellation.cancelled:
                raise RoundCancelledError
            self.held[name] += body or b""
            if self.damage:
                self.held.pop(name)
                return Reply(460, {}, b"")
            return Reply(204, {"upload-offset": str(len(self.held[name]))}, b"")
        if name not in self.held:
            return Reply(404, {}, b"")
        return Reply(200, {"upload-offset": str(len(self.held[name])), "upload-length": str(self.lengths[name])}, b"")


class Sending:
    """A desk whose words are kept by the server, and whose files go to one in memory."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.server, self.round = desk, Holding(), Cancellation()
        self.uploader = Uploader(
            asker=self.server,  # type: ignore[arg-type]  # the port
            store=desk.work.store,
            spool=desk.work.spool,
            clock=desk.clock,
            progress=lambda _media_id, _reached: None,
            chance=random.Random(1),
        )
        desk.work._uploader = self.uploader

    def attach(self, data: bytes, name: str) -> str:
        return attaching.attach(self.desk.work, Attach(account="s/m", data=data, name=name)).media_id

    def file(self, *media_ids: str, text: str = "Gate") -> str:
        filed = self.desk.work.file_report(FileReport(account="s/m", text=text, media=media_ids))
        self.desk.give_out()
        return filed.instance_id

    def run(self) -> int:
        return self.uploader.run(self.round)

    def report(self, instance_id: str) -> ReportDetail:
        return looking.show_report(self.desk.work, ShowReport(account="s/m", instance_id=instance_id), paused=False)

    def states(self, instance_id: str) -> list[str]:
        return [one.state for one in self.report(instance_id).media]

    def hold(self, media_id: str, *, held: bool = True) -> None:
        transfers.hold(self.desk.work, HoldMedia(account="s/m", media_id=media_id, held=held))


@pytest.fixture
def sending(tmp_path: Path) -> Iterator[Sending]:
    desk = Desk(tmp_path)
    yield Sending(desk)
    desk.close()


def test_words_go_first_then_photos_then_the_rest_then_video_and_small_before_large(
    sending: Sending, tmp_path: Path
) -> None:
    film = sending.attach(video(tmp_path / "a.mp4"), "a.mp4")
    plan = sending.attach(b"%PDF-1.7" + bytes(100), "plan.pdf")
    pictures = sending.attach(photo() + b"", "b.jpg"), sending.attach(photo(), "a.jpg")
    filed = sending.desk.work.file_report(FileReport(account="s/m", text="Gate", media=(film, plan, *pictures)))
    assert sending.run() == 0  # the words have not arrived yet
    sending.desk.give_out()
    assert sending.run() == 4
    rows = sending.desk.work.store.read(lambda c: c.execute("SELECT media_id, upload_url FROM media").fetchall())
    order = [row["media_id"] for row in sorted(rows, key=lambda row: int(row["upload_url"].rpartition("/u")[2]))]
    assert set(order[:2]) == set(pictures)
    assert order[2:] == [plan, film]
    assert sending.states(filed.instance_id) == ["sent"] * 4


def test_one_that_is_held_back_waits_and_the_others_go(sending: Sending) -> None:
    one, other = sending.attach(photo(), "a.jpg"), sending.attach(photo(), "b.jpg")
    report = sending.file(one, other)
    sending.hold(one)
    assert sending.states(report) == ["held", "waiting"]
    assert sending.run() == 1
    assert sending.states(report) == ["held", "sent"]
    assert sending.report(report).item.sentence == "A file of it is paused."
    assert sending.desk.work._undone() == 0  # no round can do anything about it
    sending.hold(one, held=False)
    assert sending.run() == 1
    assert sending.states(report) == ["sent", "sent"]
    with pytest.raises(AgentError, match="has arrived already"):
        sending.hold(one)


def test_held_back_on_its_way_it_stops_at_once_and_goes_on_from_there(sending: Sending) -> None:
    large, small = sending.attach(b"%PDF-1.7" + bytes(900_000), "plan.pdf"), sending.attach(b"%PDF-1.7", "b.pdf")
    report = sending.file(large, small)
    seen: list[str] = []

    def hold_the_large_one(name: str) -> None:
        if len(sending.server.held[name]) > 200_000:
            seen.append(*(one.state for one in sending.report(report).media if one.media_id == large))
            sending.hold(large)

    sending.server.meanwhile = hold_the_large_one
    assert sending.run() == 1
    assert seen == ["sending"]
    assert sending.states(report) == ["held", "sent"]
    [half] = [one for one in sending.server.held.values() if len(one) > 1000]
    assert 200_000 < len(half) < 900_000
    sending.server.meanwhile = lambda _name: None
    sending.hold(large, held=False)
    assert sending.run() == 1
    assert sorted(len(one) for one in sending.server.held.values()) == [8, 900_008]  # nothing went twice


def test_a_round_that_is_stopped_stops_for_all(sending: Sending) -> None:
    report = sending.file(sending.attach(photo(), "a.jpg"))
    sending.server.meanwhile = lambda _name: sending.round.cancel()
    with pytest.raises(RoundCancelledError):
        sending.run()
    assert sending.states(report) == ["waiting"]


def test_one_taken_off_a_sent_report_is_in_no_later_version_and_goes_no_further(sending: Sending) -> None:
    one, other = sending.attach(photo(), "a.jpg"), sending.attach(b"%PDF-1.7" + bytes(900_000), "b.pdf")
    report = sending.file(one, other)

    def take_off(name: str) -> None:
        if len(sending.server.held[name]) > 200_000 and len(sending.report(report).media) == 2:
            sending.desk.work.carry_out(
                EditReport(account="s/m", instance_id=report, title="Gate", text="", media=(one,))
            )

    sending.server.meanwhile = take_off
    assert sending.run() == 1
    detail = sending.report(report)
    assert [item.media_id for item in detail.media] == [one]
    assert detail.item.media_count == 1
    assert sending.desk.spooled() == {one}
    last = sending.desk.work.store.read(
        lambda c: c.execute("SELECT body FROM operation ORDER BY seq DESC LIMIT 1").fetchone()
    )
    assert one.encode() in last["body"]
    assert other.encode() not in last["body"]


def test_a_later_version_may_bring_another_file_under_the_next_name(sending: Sending) -> None:
    one = sending.attach(photo(), "a.jpg")
    report = sending.file(one)
    new = sending.attach(photo(), "b.jpg")
    work = sending.desk.work
    work.carry_out(EditReport(account="s/m", instance_id=report, title="Gate", text="", media=(one, new)))
    assert [item.name for item in sending.report(report).media] == ["Photo 1.jpg", "Photo 2.jpg"]
    with pytest.raises(AgentError, match="Nothing is changed"):
        work.carry_out(EditReport(account="s/m", instance_id=report, title="Gate", text="", media=(one, new)))
    with pytest.raises(AgentError, match="not attached any more"):
        work.carry_out(EditReport(account="s/m", instance_id=report, title="Gate", text="", media=(one, "elsewhere")))


@pytest.mark.parametrize("changed", [None, b"x"])
def test_a_copy_that_vanished_or_changed_here_says_so_and_a_retry_is_no_harm(
    sending: Sending, changed: bytes | None
) -> None:
    one = sending.attach(photo(), "a.jpg")
    report = sending.file(one)
    path = Path(sending.report(report).media[0].path or "")
    path.unlink()
    if changed is not None:
        path.write_bytes(changed)
    for _ in range(2):
        assert sending.run() == 0
        [item] = sending.report(report).media
        assert item.state == "needs_you"
        assert "or was changed there. Take it off this report" in item.sentence
        transfers.retry(sending.desk.work, RetryMedia(account="s/m", media_id=one))
        assert sending.states(report) == ["waiting"]
    sending.run()
    sending.desk.work.carry_out(EditReport(account="s/m", instance_id=report, title="Gate", text="", media=()))
    assert sending.report(report).item.sentence == ""


def test_one_that_arrives_damaged_again_and_again_is_stopped_with_a_sentence(sending: Sending) -> None:
    report = sending.file(sending.attach(photo(), "a.jpg"))
    sending.server.damage = True
    for _ in range(3):
        sending.desk.work.store.write(lambda c: c.execute("UPDATE media SET next_due = ''")).result(5)
        try:
            sending.run()
        except LinkTrouble:
            continue
    [item] = sending.report(report).media
    assert item.state == "needs_you"
    assert "arrived damaged at the server 3 times; its copy here is unharmed" in item.sentence
    sending.server.damage = False
    transfers.retry(sending.desk.work, RetryMedia(account="s/m", media_id=item.media_id))
    assert sending.run() == 1
    assert sending.states(report) == ["sent"]


def test_a_hostile_name_is_harmless_where_it_goes(sending: Sending) -> None:
    names = ["../../etc/passwd.pdf", "plan\u202efdp.exe", "a\x00b\n.pdf", "C:\\x\\y.pdf"]
    report = sending.file(*(sending.attach(b"%PDF-1.7", name) for name in names))
    assert [item.name for item in sending.report(report).media] == [
        "passwd.pdf",
        "planfdp.exe.pdf",
        "ab.pdf",
        "y.pdf",
    ]
    assert Path(sending.report(report).media[0].path or "").parent == sending.desk.work.spool.folder


def test_what_is_older_than_the_organization_keeps_goes_once_a_day(sending: Sending) -> None:
    desk, media_id = sending.desk, sending.attach(photo(), "a.jpg")
    report, draft = sending.file(media_id), sending.attach(photo(), "b.jpg")
    work = desk.work
    received = format_utc(desk.clock.now())
    work.store.write(lambda c: media.release(c, [media_id])).result(5)
    work.store.write(lambda c: c.execute("UPDATE report SET done_at = ?", (received,))).result(5)
    work._tidy()
    assert work.thumbnails.find(media_id) is not None
    desk.clock.by = timedelta(hours=12)
    due = work.store.read(lambda c: c.execute("SELECT due FROM job WHERE name = 'tidy'").fetchone())["due"]
    work._tidy()
    assert work.store.read(lambda c: c.execute("SELECT due FROM job").fetchone())["due"] == due
    desk.clock.by = timedelta(days=work.policy().keep_days + 1)
    work._tidy()
    assert work.thumbnails.find(media_id) is None
    assert work.thumbnails.find(draft) is not None
    assert sending.report(report).media[0].thumbnail is None
