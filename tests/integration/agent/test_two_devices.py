"""One person's report on two devices, against a real server: nothing is lost, and a person decides."""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import uuid6
from PIL import Image

from agent.api import (
    AgentError,
    CopyReport,
    EditReport,
    FetchMedia,
    FetchPictures,
    FetchReport,
    KeepVersion,
    OpenMedia,
    ReportDetail,
    Retry,
    ShowPrivacy,
    ShowStatus,
)
from tests.integration.agent.at_work import AtWork, at_work
from tests.integration.agent.manager_at_work import manager_at_work
from tests.live_server import LiveServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LiveServer]:
    """A server of its own, that goes down and comes back."""
    with LiveServer.start(tmp_path) as started:
        yield started


def edit(work: AtWork, instance_id: str, text: str) -> None:
    work.do(EditReport(account=work.account, instance_id=instance_id, text=text))


def keep(work: AtWork, instance_id: str, title: str) -> None:
    """Let the version with this title stand."""
    found = next(one for one in work.report(instance_id).versions if one.title == title)
    work.do(KeepVersion(account=work.account, instance_id=instance_id, revision_id=found.revision_id))


def sync(*devices: AtWork) -> None:
    for work in devices:
        work.do(Retry(account=work.account))
        assert work.sync().waiting == 0


def standing(detail: ReportDetail) -> tuple[str, str, bool, str]:
    return detail.item.title, detail.text, detail.item.conflict, detail.item.state


def read(work: AtWork, server: LiveServer, instance_id: str) -> None:
    """Bring the text of a report that was written elsewhere here."""
    work.sync()
    work.do(FetchReport(account=work.account, instance_id=instance_id))
    work.sync()
    assert work.report(instance_id).text_here


def test_both_versions_written_offline_are_shown_on_both_and_settled_once(server: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "one", server) as one, at_work(tmp_path / "two", server) as two:
        one.sync()
        (tmp_path / "note.txt").write_text("attached")
        filed = one.file("The lamp is out\nSecond floor.", one.attach(tmp_path / "note.txt").media_id)
        instance = filed.instance_id
        sync(one)
        read(two, server, instance)
        assert standing(two.report(instance)) == ("The lamp is out", "Second floor.", False, "received")
        assert [item.item_id for item in two.activity(search="second fl")] == [instance]
        server.kill()
        edit(one, instance, "The big lamp is out\nSecond floor.")
        edit(two, instance, "The lamp is out\nThird floor.")
        server.restart()
        sync(one, two, one)
        server.kill()  # both versions are here by now, and read without a server
        for work, own in ((one, "The big lamp is out"), (two, "The lamp is out")):
            detail = work.report(instance)
            assert (detail.item.conflict, detail.item.title) == (True, own)
            assert [(v.here, v.known, v.title, v.text, v.files) for v in detail.versions] == [
                (v == own, True, v, "Second floor." if "big" in v else "Third floor.", ("note.txt",))
                for v in (own, "The lamp is out" if "big" in own else "The big lamp is out")
            ]
            assert work.look(ShowStatus()).needs_you == 1
        keep(one, instance, "The lamp is out")
        assert not one.report(instance).versions
        with pytest.raises(AgentError, match="settled already"):
            one.do(KeepVersion(account=one.account, instance_id=instance, revision_id=filed.revision_id))
        server.restart()
        sync(one, two)
        for work in (one, two):
            assert standing(work.report(instance)) == ("The lamp is out", "Third floor.", False, "edited")
            assert work.look(ShowStatus()).needs_you == 0
        with manager_at_work(server) as manager:
            page = manager.page(f"/reports/{instance}/versions")
            assert page.count("Version 4</strong>") == 1
            assert "Decides between versions" in page
            assert "note.txt" in manager.page(f"/reports/{instance}")


def undecodable() -> bytes:
    """A PNG of sound parts, in which no picture is."""
    parts = ((b"IHDR", struct.pack(">IIBBBBB", 9, 9, 8, 2, 0, 0, 0)), (b"IDAT", b"none"), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )


def test_photos_that_another_device_sent_are_seen_small_and_fetched(server: LiveServer, tmp_path: Path) -> None:
    opened: list[bytes] = []
    picture = Image.new("RGB", (1600, 1200), "steelblue")
    picture.save(tmp_path / "gate.png")
    (tmp_path / "bad.png").write_bytes(undecodable())
    options = {"open_file": lambda path: opened.append(path.read_bytes())}
    with at_work(tmp_path / "one", server) as one, at_work(tmp_path / "two", server, **options) as two:
        one.sync()
        media = [one.attach(tmp_path / name) for name in ("gate.png", "bad.png")]
        instance = one.file("The gate squeaks", *(each.media_id for each in media)).instance_id
        sync(one)
        read(two, server, instance)
        assert [(each.name, each.state, each.thumbnail) for each in two.report(instance).media] == [
            ("Photo 1.png", "received", None),
            ("Photo 2.png", "received", None),
        ]
        wished = FetchPictures(account=two.account, instance_id=instance)
        server.kill()
        with pytest.raises(AgentError):
            two.do(wished)
        server.restart()
        two.do(wished)
        shown, damaged = two.report(instance).media
        assert shown.thumbnail is not None
        with Image.open(shown.thumbnail) as small:
            assert (small.format, small.size) == ("JPEG", (320, 240))
        assert damaged.thumbnail is None
        requests = next(one for one in two.look(ShowPrivacy(account=two.account)).connections if one.name == "media")
        two.do(wished)  # nothing is asked again: one is here, and of the other there is no picture
        again = next(one for one in two.look(ShowPrivacy(account=two.account)).connections if one.name == "media")
        assert again.requests == requests.requests
        two.do(FetchMedia(account=two.account, media_id=shown.media_id))
        two.do(OpenMedia(account=two.account, media_id=shown.media_id))
        [content] = opened
        assert content.startswith(b"\x89PNG")
        draft = two.do(CopyReport(account=two.account, instance_id=instance, draft_id=str(uuid6.uuid7())))
        assert draft.text == "The gate squeaks"
        [copied] = draft.media  # the one that was fetched; of the other there is nothing here
        assert (copied.name, copied.metadata_removed, copied.media_id == shown.media_id) == ("Photo 1.png", True, False)
        assert Path(copied.spool_path).read_bytes() == content
    with at_work(tmp_path / "two") as two:  # what was fetched stays over a restart
        two.account = str(two.look(ShowStatus()).current)
        assert two.report(instance).media[0].thumbnail == shown.thumbnail


def test_both_settle_at_the_same_moment(server: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "one", server) as one, at_work(tmp_path / "two", server) as two:
        one.sync()
        instance = one.file("The gate squeaks").instance_id
        sync(one)
        read(two, server, instance)
        server.kill()
        edit(one, instance, "Gate 1 squeaks")
        edit(two, instance, "Gate 2 squeaks")
        server.restart()
        sync(one, two, one)
        server.kill()
        keep(one, instance, "Gate 1 squeaks")
        keep(two, instance, "Gate 2 squeaks")
        server.restart()
        sync(one, two, one)
        for work in (one, two):  # neither choice is lost, and nobody pretends that they agree
            assert {version.title for version in work.report(instance).versions} == {"Gate 1 squeaks", "Gate 2 squeaks"}
        edit(two, instance, "Gates 1 and 2 squeak")
        sync(two, one)
        for work in (one, two):
            assert standing(work.report(instance)) == ("Gates 1 and 2 squeak", "", False, "edited")


def test_what_was_written_elsewhere_is_corrected_here_too(server: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "one", server) as one, at_work(tmp_path / "two", server) as two:
        one.sync()
        two.sync()
        instance = one.file("The crane is stuck").instance_id
        sync(one, two)
        two.sync()
        assert [item.item_id for item in two.activity(search="crane")] == [instance]
        assert two.report(instance).text_here  # nobody opened it
        with manager_at_work(server) as manager:
            manager.decide(instance, "returned", "Which crane?")
        sync(two)  # what asks something of the person is fetched unasked
        detail = two.report(instance)
        assert (detail.text_here, detail.can_correct, detail.item.state) == (True, True, "returned")
        edit(two, instance, "Crane 4 is stuck")
        sync(two, one)
        for work in (one, two):
            assert standing(work.report(instance)) == ("Crane 4 is stuck", "", False, "edited")
        edit(one, instance, "Crane 4 is stuck again")
        sync(one, two)
        assert standing(two.report(instance)) == ("Crane 4 is stuck again", "", False, "edited")
        assert not two.report(instance).versions
