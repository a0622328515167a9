"""Files of a report on its page: enlarged, played, saved, and never run."""

import io
import subprocess
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from PIL import Image

from server import access
from server.confined.running import Limits, UndoneError
from server.media import renditions
from server.storage.tables import access_record, media, rendition
from server.web import paper
from tests.integration.web.conftest import Browser, House
from tests.integration.web.organization import Person
from tests.picture_files import HEIC, bomb, jpeg

Open = Callable[[Person | None], Browser]


def _opened(house: House) -> list[tuple[str, str]]:
    with house.filled.database.read(house.filled.own) as t:
        rows = t.all(t.select(access_record).order_by(access_record.c.ordinal))
        assert access.broken_at(t) is None
    return [(row.entity_kind, row.entity) for row in rows if row.action == "view"]


def test_a_heic_photo_is_shown_as_a_jpeg(house: House, open_browser: Open) -> None:
    photo = house.filled.file(house.ana, HEIC, "IMG_1.heic", "image/heic")
    instance_id, _ = house.filled.report(house.ana, "Gate", files=(photo,))
    browser = open_browser(house.manager)
    page = browser.get(f"/reports/{instance_id}").text
    assert f'src="/media/{photo.media_id}/small"' in page
    for size, address in (("small", f"/media/{photo.media_id}/small"), ("large", f"/media/{photo.media_id}/large")):
        answer = browser.get(address)
        assert answer.headers["content-type"] == "image/jpeg", size
        assert int(answer.headers["content-length"]) == len(answer.content)
        assert "sandbox" in answer.headers["content-security-policy"]
        assert Image.open(io.BytesIO(answer.content)).size == (96, 64)
    with house.filled.database.read(house.filled.own) as t:
        assert [(row.width, row.height) for row in t.all(t.select(rendition))] == [(96, 64)]
    viewer = browser.get(f"/reports/{instance_id}/files/{photo.media_id}")
    assert f'src="/media/{photo.media_id}/large"' in viewer.text


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"not really a picture", id="junk"),
        pytest.param(jpeg(300, 300)[:500], id="truncated"),
        pytest.param(bomb(20_000), id="bomb"),
    ],
)
def test_what_cannot_be_shown_is_tried_once_and_said(
    house: House, open_browser: Open, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    tried = []
    original = renditions.run_confined

    def counted(task: str, content: Iterable[bytes], limits: Limits) -> bytes:
        tried.append(task)
        return original(task, content, limits)

    monkeypatch.setattr(renditions, "run_confined", counted)
    photo = house.filled.file(house.ana, content, "a.jpg", "image/jpeg")
    instance_id, _ = house.filled.report(house.ana, "Gate", files=(photo,))
    browser = open_browser(house.ana)
    for _ in range(2):
        answer = browser.get(f"/media/{photo.media_id}/small")
        assert answer.status_code == 303
        assert browser.get(answer.headers["location"]).headers["content-type"].startswith("image/svg")
    assert tried == ["pictures"]
    page = browser.get(f"/reports/{instance_id}").text
    assert "This picture cannot be shown here; the file is kept as it came." in page
    assert f"/media/{photo.media_id}/small" not in page
    assert browser.get(f"/media/{photo.media_id}").content == content


def test_trouble_of_the_machine_is_not_the_pictures_fault(
    house: House, open_browser: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def troubled(task: str, content: Iterable[bytes], limits: Limits) -> bytes:
        raise UndoneError(task)

    photo = house.filled.file(house.ana, jpeg(), "a.jpg", "image/jpeg")
    browser = open_browser(house.ana)
    with monkeypatch.context() as patched:
        patched.setattr(renditions, "run_confined", troubled)
        assert browser.get(f"/media/{photo.media_id}/small").status_code == 303
    assert browser.get(f"/media/{photo.media_id}/small").status_code == 200


def test_a_file_on_its_way_says_how_much_is_here(house: House, open_browser: Open) -> None:
    film = house.filled.file(house.ana, b"x" * 100, "crane.mp4", "video/mp4", held=False)
    photo = house.filled.file(house.ana, b"x" * 100, "crane.jpg", "image/jpeg", held=False)
    instance_id, _ = house.filled.report(house.ana, "Crane", files=(film, photo))
    house.filled.begin_upload(house.ana, film, 40)
    page = open_browser(house.manager).get(f"/reports/{instance_id}").text
    assert "Video 40 %" in page
    assert "Photo 0 %" in page


def test_a_film_plays_in_ranges_and_is_one_looking(house: House, open_browser: Open) -> None:
    content = bytes(range(256)) * 40
    film = house.filled.file(house.ana, content, "crane.mp4", "video/mp4")
    instance_id, _ = house.filled.report(house.ana, "Crane", files=(film,))
    browser = open_browser(house.manager)
    assert f'src="/media/{film.media_id}"' in browser.get(f"/reports/{instance_id}").text
    address = f"/media/{film.media_id}"
    for asked, expected in (("bytes=0-99", content[:100]), ("bytes=5000-", content[5000:]), ("bytes=-7", content[-7:])):
        answer = browser.get(address, headers={"Range": asked})
        assert answer.status_code == 206
        assert answer.content == expected
        assert answer.headers["content-type"] == "video/mp4"
    whole = browser.get(address)
    assert (whole.status_code, whole.headers["accept-ranges"]) == (200, "bytes")
    stale = browser.get(address, headers={"Range": "bytes=0-9", "If-Range": '"another"'})
    assert (stale.status_code, stale.content) == (200, content)
    beyond = browser.get(address, headers={"Range": "bytes=99999999-"})
    assert beyond.status_code == 416
    assert _opened(house) == [("report", instance_id), ("media", film.media_id)]


def test_small_pictures_belong_to_the_looking_at_their_page(house: House, open_browser: Open) -> None:
    photos = tuple(house.filled.file(house.ana, jpeg(), f"{n}.jpg", "image/jpeg") for n in range(3))
    instance_id, _ = house.filled.report(house.ana, "Gate", files=photos)
    browser = open_browser(house.manager)
    browser.get(f"/media/{photos[0].media_id}/small")
    assert _opened(house) == [("media", photos[0].media_id)]
    browser.get(f"/reports/{instance_id}")
    for photo in photos:
        assert browser.get(f"/media/{photo.media_id}/small").status_code == 200
    assert _opened(house) == [("media", photos[0].media_id), ("report", instance_id)]
    browser.get(f"/media/{photos[1].media_id}/large")
    assert _opened(house)[2:] == [("media", photos[1].media_id)]


def test_nobody_else_sees_them(house: House, open_browser: Open) -> None:
    photo = house.filled.file(house.ana, jpeg(), "a.jpg", "image/jpeg")
    instance_id, _ = house.filled.report(house.ana, "Gate", files=(photo,))
    other_photo = house.filled.file(house.ana, jpeg(), "b.jpg", "image/jpeg")
    assert open_browser(house.ana).get(f"/media/{photo.media_id}/small").status_code == 200
    for person in (house.jonas, house.stranger):
        browser = open_browser(person)
        for address in (f"/media/{photo.media_id}/small", f"/media/{photo.media_id}/large"):
            assert browser.get(address).status_code == 404
        assert browser.get(f"/reports/{instance_id}/files/{photo.media_id}").status_code == 404
    own = open_browser(house.ana)
    assert own.get(f"/reports/{instance_id}/files/{other_photo.media_id}").status_code == 404
    with house.filled.database.read(house.filled.own) as t:
        assert t.scalar(t.select(media, media.c.media_id).where(media.c.media_id == other_photo.media_id))


def test_programs_are_only_saved(house: House, open_browser: Open) -> None:
    for name, content_type in (("a.svg", "image/svg+xml"), ("a.html", "text/html"), ("a.pdf", "application/pdf")):
        entry = house.filled.file(house.ana, b"<svg onload=alert(1)>", name, content_type)
        house.filled.report(house.ana, "x", files=(entry,))
        answer = open_browser(house.ana).get(f"/media/{entry.media_id}")
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["content-security-policy"]


def test_pdfs_are_made_beside_the_threads_that_answer_a_few_of_each_person(
    house: House, open_browser: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance_id, _ = house.filled.report(house.ana, "Wall")
    made_in = []

    def noted(task: str, content: Iterable[bytes], limits: Limits) -> bytes:
        made_in.append(threading.current_thread().name)
        return b"%PDF-"

    monkeypatch.setattr(paper, "run_confined", noted)
    browser, member_id = open_browser(house.ana), house.ana.actor.member_id
    with paper._turns.take(member_id), paper._turns.take(member_id):
        answer = browser.get(f"/reports/{instance_id}/pdf")
        assert answer.status_code == 429
        assert "Other PDFs of yours are still being made" in answer.text
        assert open_browser(house.manager).get(f"/reports/{instance_id}/pdf").status_code == 200
    assert browser.get(f"/reports/{instance_id}/pdf").status_code == 200
    assert all(name.startswith("paper") for name in made_in)


def test_a_report_is_saved_as_a_pdf(house: House, open_browser: Open, tmp_path: Path) -> None:
    photo = house.filled.file(house.ana, HEIC, "IMG_1.heic", "image/heic")
    broken = house.filled.file(house.ana, b"junk", "broken.jpg", "image/jpeg")
    instance_id, _ = house.filled.report(
        house.ana, "Wall: cracked?", "Beside the ladder.", location=house.gate, files=(photo, broken)
    )
    browser = open_browser(house.manager)
    assert f'href="/reports/{instance_id}/pdf"' in browser.get(f"/reports/{instance_id}").text
    answer = browser.get(f"/reports/{instance_id}/pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''Wall_%20cracked_.pdf"
    path = tmp_path / "report.pdf"
    path.write_bytes(answer.content)
    said = subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True, timeout=30
    ).stdout
    for words in (
        "Wall: cracked?",
        "Beside the ladder.",
        "Gate 2",
        "Ana Ferreira",
        "IMG_1.heic",
        "broken.jpg",
        "Signed with key",
    ):
        assert words in said
    with house.filled.database.read(house.filled.own) as t:
        rows = t.all(t.select(access_record).where(access_record.c.action == "export"))
    assert [(row.entity, row.detail) for row in rows] == [(instance_id, "kind=pdf")]
    for person in (house.jonas, house.stranger):
        assert open_browser(person).get(f"/reports/{instance_id}/pdf").status_code == 404
