"""What a file is called where it goes, and the switch that lets it tell."""

import io
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from agent.api import AgentError, Attach, Attached, FileReport
from agent.runtime import attaching, looking
from agent.store import reports
from agent.store.work import put_fact
from agent.sync.syncer import POLICY_HELD
from protocol.operations import ManifestEntry, ReportRevision
from protocol.statements import PolicyPayload
from rules.media.names import neutral_name
from tests.unit.agent_drafts.test_drafting import Desk
from tests.unit.agent_media.makers import PLACE, SECRET, video


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.close()


def photo() -> bytes:
    made, told = io.BytesIO(), Image.Exif()
    told[0x010E] = SECRET.decode()
    Image.effect_noise((64, 48), 80).convert("RGB").save(made, "JPEG", exif=told)
    return made.getvalue()


def attach(desk: Desk, data: bytes, name: str) -> Attached:
    return attaching.attach(desk.work, Attach(account="s/m", data=data, name=name))


def sent(desk: Desk, *files: Attached) -> tuple[ManifestEntry, ...]:
    """What the operation says of these files."""
    report = FileReport(account="s/m", text="Gate", media=tuple(one.media_id for one in files))
    filed = desk.work.file_report(report)
    query = "SELECT body FROM operation WHERE item_id = ?"
    body = desk.work.store.read(lambda c: c.execute(query, (filed.instance_id,)).fetchone())["body"]
    assert SECRET not in body
    return msgspec.json.decode(body, type=ReportRevision).media


def test_a_photo_travels_without_what_it_tells_and_under_a_name_that_tells_nothing(desk: Desk, tmp_path: Path) -> None:
    first, second = attach(desk, photo(), f"{SECRET.decode()}.jpg"), attach(desk, photo(), "IMG_20240506_070809.JPG")
    moving = attach(desk, video(tmp_path / "a.mp4"), "Ana at home.mp4")
    plan = attach(desk, b"%PDF-1.7", "Plan of gate 2.pdf")
    assert (first.name, first.metadata_removed, first.keeps_details) == (f"{SECRET.decode()}.jpg", True, False)
    names = [one.name for one in sent(desk, first, moving, second, plan)]
    assert names == ["Photo 1.jpg", "Video 1.mp4", "Photo 2.jpg", "Plan of gate 2.pdf"]
    for one in (first, moving):
        assert SECRET not in Path(one.spool_path).read_bytes()
        assert PLACE not in Path(one.spool_path).read_bytes()


def test_with_the_switch_on_it_travels_as_it_is(desk: Desk) -> None:
    assert not attaching.keeps_details(desk.work)
    attaching.set_keeps_details(desk.work, keep=True)
    kept = attach(desk, photo(), "Gate 2 from the north.jpg")
    attaching.set_keeps_details(desk.work, keep=False)
    bare = attach(desk, photo(), "Gate 2 from the south.jpg")
    assert (kept.metadata_removed, kept.keeps_details, bare.metadata_removed) == (False, True, True)
    assert SECRET in Path(kept.spool_path).read_bytes()
    assert [one.name for one in sent(desk, kept, bare)] == ["Gate 2 from the north.jpg", "Photo 1.jpg"]


def test_a_report_that_is_a_draft_again_shows_its_files_under_their_own_names(desk: Desk) -> None:
    mine = attach(desk, photo(), "Gate 2.jpg")
    desk.save("d", "Gate", mine.media_id)
    desk.file("d", "Gate", mine.media_id)
    rows = desk.work.store.read(lambda c: reports.files(c, "d"))
    assert [row["name"] for row in rows] == ["Photo 1.jpg"]
    desk.undo("d")
    assert looking.open_draft(desk.work, "d").media == (mine,)


def test_what_cannot_be_cleaned_is_refused_with_the_way_out(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(AgentError, match=r"damaged or cut off.*or choose to keep place, device and file name"):
        attach(desk, video(tmp_path / "a.mp4")[:5000], "cut.mp4")
    attaching.set_keeps_details(desk.work, keep=True)
    assert attach(desk, (tmp_path / "a.mp4").read_bytes()[:5000], "cut.mp4").size == 5000


def test_a_neutral_name_is_one_nothing_else_has() -> None:
    assert neutral_name("image/png", "x.png", []) == "Photo 1.png"
    assert neutral_name("image/png", "x.png", ["photo 1.jpg", "Photo 3.jpg", "Video 2.mp4"]) == "Photo 2.png"
    assert neutral_name("audio/mp4", "x.m4a", ["Photo 1.jpg"]) == "Recording 1.m4a"
    assert neutral_name("application/zip", "x.docx", []) == "x.docx"


def test_a_photo_is_as_large_as_the_organization_wishes(desk: Desk) -> None:
    wish = PolicyPayload(organization_id="o", version=1, issued="", photo_max_edge=32)
    desk.work.store.write(lambda c: put_fact(c, POLICY_HELD, wish)).result(5)
    before = photo()
    small = attach(desk, before, "Gate 2.jpg")
    assert (small.original_size, small.size) == (len(before), Path(small.spool_path).stat().st_size)
    with Image.open(small.spool_path) as shown:
        assert shown.size == (32, 24)
    assert small.thumbnail is not None
    desk.save("d", "Gate", small.media_id)
    assert looking.open_draft(desk.work, "d").media == (small,)
    desk.discard("d")
    assert not Path(small.thumbnail).exists()
