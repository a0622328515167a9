"""Reports, photos and attendance as their readers get them, and what is noted of each look."""

from collections.abc import Callable

import pytest

from server.storage.tables import access_record
from tests.integration.web.conftest import Browser, House

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'


def _looks(house: House, entity: str) -> list[tuple[str, str, str]]:
    with house.filled.database.read(house.filled.own) as t:
        rows = t.all(t.select(access_record).where(access_record.c.entity == entity))
    return [(row.actor, row.action, row.subject_id) for row in rows]


def test_a_report_shows_words_photo_and_receipt_and_notes_who_opened_it(
    house: House, open_browser: Callable[..., Browser]
) -> None:
    photo = house.filled.file(house.ana, b"\xff\xd8 picture", "door é.jpg", "image/jpeg")
    note = house.filled.file(house.ana, b"<svg/>", "plan.svg", "image/svg+xml")
    instance_id, _ = house.filled.report(
        house.ana, "Dented door", "About 40 cm", location=house.gate, files=(photo, note)
    )
    browser = open_browser(house.manager)
    page = browser.get(f"/reports/{instance_id}").text
    assert '<h1 dir="auto">Dented door</h1>' in page
    assert "About 40 cm" in page
    assert "words and files are here in full" in page
    assert f'<img src="/media/{photo.media_id}/small"' in page
    assert f'<img src="/media/{note.media_id}"' not in page
    seen = (house.manager.actor.member_id, "view", house.ana.actor.member_id)
    assert _looks(house, instance_id) == [seen]
    answer = browser.get(f"/media/{photo.media_id}")
    assert answer.content == b"\xff\xd8 picture"
    assert answer.headers["content-type"] == "image/jpeg"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert _looks(house, photo.media_id) == [seen]
    saved = browser.get(f"/media/{note.media_id}")
    assert saved.headers["content-type"] == "application/octet-stream"
    assert saved.headers["content-disposition"].startswith("attachment")


def test_looking_at_own_work_is_nobodys_business(house: House, open_browser: Callable[..., Browser]) -> None:
    instance_id, _ = house.filled.report(house.ana, "Mine")
    assert open_browser(house.ana).get(f"/reports/{instance_id}").status_code == 200
    assert _looks(house, instance_id) == []


def test_hostile_text_stays_text_everywhere(house: House, open_browser: Callable[..., Browser]) -> None:
    files = (house.filled.file(house.ana, b"x", HOSTILE.replace("/", ""), "image/png"),)
    instance_id, _ = house.filled.report(house.ana, HOSTILE, HOSTILE, files=files)
    house.filled.attend(house.ana, "check_in", note=HOSTILE)
    browser = open_browser(house.manager)
    for path in ("/today", "/reports", f"/reports/{instance_id}", "/attendance", f"/reports?text={HOSTILE}"):
        page = browser.get(path).text
        assert "&lt;script&gt;" in page, path
        assert "<script>" not in page, path
        assert "<img src=x" not in page, path


def test_the_list_is_narrowed_and_paged(house: House, open_browser: Callable[..., Browser]) -> None:
    for number in range(53):
        house.filled.report(house.ana, f"Round {number:02d}", "all quiet")
    house.filled.report(house.ana, "The Barrier", "bent arm", location=house.gate)
    browser = open_browser(house.manager)
    assert "The Barrier" in browser.get("/reports?text=BENT").text
    assert "Round" not in browser.get("/reports?text=bent").text
    assert "No report fits" in browser.get("/reports?text=100%25").text
    assert "No report fits" in browser.get("/reports?state=approved").text
    assert "Round" not in browser.get(f"/reports?location={house.gate}").text
    assert "No report fits" in browser.get("/reports?until=2001-01-01").text
    assert "No report fits" not in browser.get("/reports?until=not-a-day").text
    first = browser.get("/reports").text
    address = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = browser.get(address).text
    titles = [f"Round {number:02d}" for number in range(53)]
    assert sorted(title for title in titles if (title in first) != (title in second)) == titles


def test_a_conflict_shows_both_versions(house: House, open_browser: Callable[..., Browser]) -> None:
    instance_id, revision_id = house.filled.report(house.ana, "First")
    house.filled.report(house.ana, "Edited here", "one", revises=(instance_id, (revision_id,)))
    house.filled.report(house.ana, "Edited there", "two", revises=(instance_id, (revision_id,)))
    page = open_browser(house.manager).get(f"/reports/{instance_id}").text
    assert "edited in two places" in page
    assert "Edited here" in page
    assert "Edited there" in page
    assert page.count(f'href="/reports/{instance_id}/versions"') == 2, "at the top and below the history"
    own = open_browser(house.ana).get(f"/reports/{instance_id}").text
    assert "what you send then takes the place of both" in own


def test_who_is_in_what_needs_an_end_and_what_is_on_the_way(house: House, open_browser: Callable[..., Browser]) -> None:
    house.filled.attend(house.ana, "check_in", location=house.gate)
    house.filled.attend(house.ana, "check_in", note="Customs office")
    waiting = house.filled.file(house.ana, b"later", "later.jpg", "image/jpeg", held=False)
    house.filled.report(house.ana, "Photos follow", files=(waiting,))
    browser = open_browser(house.manager)
    today = browser.get("/today").text
    assert today.count("Ana Ferreira: a check-in needs an end") == 1
    assert "entry of attendance needs a look" not in today, "it is named, and not counted once more"
    assert "Customs office" in today
    assert "1 file not here yet" in today
    attendance = browser.get("/attendance").text
    assert "Needs an end" in attendance
    assert "An earlier check-in was still open" in attendance
    assert "The device counted the time on" in attendance


def test_empty_pages_say_what_will_come(house: House, open_browser: Callable[..., Browser]) -> None:
    browser = open_browser(house.manager)
    assert "Nobody is checked in" in browser.get("/today").text
    assert "No reports yet" in browser.get("/reports").text
    assert "Nothing recorded yet" in browser.get("/attendance").text
    assert "No reports yet" in open_browser(house.ana).get("/me").text


@pytest.mark.parametrize("after", ["x", "9999", "2026-01-01 \x27; DROP TABLE report", "%00"])
def test_a_made_up_page_address_harms_nothing(house: House, open_browser: Callable[..., Browser], after: str) -> None:
    browser = open_browser(house.manager)
    assert browser.get("/reports", params={"after": after}).status_code == 200
    assert browser.get("/attendance", params={"after": after}).status_code == 200
