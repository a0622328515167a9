"""Reports filed in a real browser, with its script."""

import hashlib
import random
from datetime import timedelta
from pathlib import Path

import pytest

from rules.templates.filling import answers_of
from server.demo.checklists import PUMP_ROUND
from server.policy.document import issue_policy
from server.storage.tables import media, report, revision, revision_media
from tests.integration.web.chromium import CHROMIUM, DRIVER, Chromium
from tests.integration.web.conftest import House, sign_in_here
from tests.integration.web.test_filing import sent
from tests.integration.web.test_filing_checklists import EVERY, returned
from tests.picture_files import jpeg

pytestmark = pytest.mark.skipif(
    CHROMIUM is None or DRIVER is None, reason="no browser here: apt-get install chromium chromium-driver"
)
CONTROL, ENTER = "\ue009", "\ue007"


def titles(house: House) -> list[str]:
    with house.filled.database.read(house.filled.own) as t:
        return [row.title for row in t.all(t.select(revision).order_by(revision.c.received))]


def offline(browser: Chromium, off: bool) -> None:
    browser.command("Network.enable")
    conditions = {"offline": off, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    browser.command("Network.emulateNetworkConditions", **conditions)


def test_words_survive_a_lost_line_a_reload_and_another_page(house: House, address: str, browser: Chromium) -> None:
    sign_in_here(browser, address, house.ana)
    browser.open(f"{address}/me/reports/new")
    form = browser.run("return location.href")
    browser.fill("#written", "Pump 3 leaks\nAt the flange")
    offline(browser, True)
    browser.press("Send")
    browser.wait_until("document.getElementById('kept').textContent.startsWith('There is no connection')")
    offline(browser, False)
    browser.open(f"{address}/me")
    browser.open(form)
    browser.wait_until("document.getElementById('written').value.startsWith('Pump 3 leaks')")
    browser.press("Send")
    browser.wait_for(".notice.good")
    assert titles(house) == ["Pump 3 leaks"]
    assert browser.run("return localStorage.length") == 0
    browser.open(form)  # the way back
    assert "arrived once" in browser.run("return document.querySelector('.notice.good').innerText")
    assert titles(house) == ["Pump 3 leaks"]


def test_places_are_found_while_typing_and_the_caret_stays(house: House, address: str, browser: Chromium) -> None:
    for number in range(30):
        house.filled.location(f"Depot {number:02}")
    sign_in_here(browser, address, house.ana)
    browser.open(f"{address}/me/reports/new")
    browser.fill("#written", "At the depot")
    browser.fill("#find", "depot 1")
    browser.wait_until("document.querySelectorAll('#places input[type=radio]').length === 13")
    assert browser.run("return document.activeElement.id") == "find"
    browser.fill("#find", "7")
    browser.wait_until("document.querySelectorAll('#places input[type=radio]').length === 2")
    assert browser.run("return document.getElementById('find').selectionStart") == len("depot 17")
    browser.run("document.querySelector('#places input[type=radio]').click()")
    browser.run("document.getElementById('written').focus()")
    browser.chord(CONTROL, ENTER)
    browser.wait_for(".notice.good")
    with house.filled.database.read(house.filled.own) as t:
        assert t.scalar(t.select(report, report.c.location_id)) is not None
    assert browser.complaints() == []


def test_signing_out_asks_first_and_leaves_nothing_in_any_tab(house: House, address: str, browser: Chromium) -> None:
    instance_id, _ = house.filled.report(house.ana, "Seen in a third tab")
    sign_in_here(browser, address, house.ana)
    reading = browser.tab()
    browser.open(f"{address}/reports/{instance_id}")
    browser.new_tab()
    writing = browser.tab()
    browser.open(f"{address}/me/reports/new")
    browser.fill("#written", "Not for the next one")
    browser.new_tab()
    browser.open(f"{address}/me")
    assert browser.run("return localStorage.length") == 1
    browser.press("Sign out")
    assert "not sent" in browser.answer(yes=False)
    assert browser.run("return localStorage.length") == 1
    browser.press("Sign out")
    browser.answer(yes=True)
    browser.wait_for(".who a[href='/sign-in']")
    for tab, words in ((reading, "Seen in a third tab"), (writing, "Not for the next one")):
        browser.look_at(tab)
        browser.wait_for("#content a[href='/sign-in']")
        assert words not in browser.run("return document.documentElement.outerHTML + document.title")
        assert browser.run("return localStorage.length") == 0
    assert browser.complaints() == []


def test_somebody_else_who_signs_in_finds_nothing(house: House, address: str, browser: Chromium) -> None:
    sign_in_here(browser, address, house.ana)
    browser.open(f"{address}/me/reports/new")
    browser.fill("#written", "Of Ana")
    browser.command("Network.clearBrowserCookies")  # as when a sign-in ends by itself
    sign_in_here(browser, address, house.jonas)
    assert browser.run("return localStorage.length") == 0


LISTED = "return [...document.querySelectorAll('#begun li a')].map(one => one.textContent)"


def test_what_was_begun_is_listed_opened_and_discarded(
    house: House, address: str, browser: Chromium, tmp_path: Path
) -> None:
    published = house.filled.checklist(EVERY)
    instance_id, _ = house.filled.report(house.ana, "Round")
    note = tmp_path / "note.txt"
    note.write_text("short", encoding="utf-8")
    sign_in_here(browser, address, house.ana)
    browser.open(f"{address}/me/reports/new")
    browser.fill("#written", "First <b>words</b>\nand more")
    browser.choose_files("#files", note)
    browser.wait_for(".attached input[type=checkbox]:checked")
    browser.open(f"{address}/me/reports/new?template={published.template_id}")
    browser.fill("#a-short", "word")
    browser.open(f"{address}/reports/{instance_id}/edit")
    browser.fill("#written", " corrected")
    assert browser.run(LISTED) == ["Every kind", "First <b>words</b>"]  # without the one that the page is of
    browser.new_tab()  # one that was closed meanwhile is no matter
    browser.open(f"{address}/me")
    assert browser.run(LISTED) == ["Round corrected", "Every kind", "First <b>words</b>"]
    assert browser.run("return [...document.querySelectorAll('#begun .pill')].map(one => one.hidden)") == [
        False,
        True,
        True,
    ]
    browser.run("document.querySelector('#begun li a').click()")
    browser.wait_until("document.getElementById('written')?.value === 'Round corrected'")
    browser.open(f"{address}/me")
    last = "#begun li:nth-child(3) button"
    browser.click(last)
    assert "First <b>words</b>" in browser.answer(yes=False)
    assert len(browser.run(LISTED)) == 3
    browser.click(last)
    browser.answer(yes=True)
    browser.wait_until("document.querySelectorAll('#begun li').length === 2")
    browser.wait_until("performance.getEntriesByType('resource').some(one => one.name.includes('/me/files/'))")
    with house.filled.database.read(house.filled.own) as t:
        assert t.all(t.select(media)) == []
    browser.run("document.querySelectorAll('#begun li a')[0].click()")
    browser.wait_until("document.getElementById('written')?.value === 'Round corrected'")
    browser.press("Send")
    browser.wait_for(".notice.good")
    browser.open(f"{address}/me")
    assert browser.run(LISTED) == ["Every kind"]
    browser.run(
        "const [key] = Object.keys(localStorage); const one = JSON.parse(localStorage[key]);"
        "localStorage[key] = JSON.stringify({ ...one, at: one.at - 31 * 86400000 })"
    )
    browser.open(f"{address}/me")
    assert browser.run("return document.getElementById('begun').hidden")
    assert browser.complaints() == []


def test_words_that_came_too_late_stand_ready_as_a_comment(house: House, address: str, browser: Chromium) -> None:
    instance_id, _ = house.filled.report(house.ana, "Round", ago=timedelta(hours=3))
    sign_in_here(browser, address, house.ana)
    browser.open(f"{address}/reports/{instance_id}/edit")
    browser.fill("#written", " and the gate")
    with house.filled.database.write(house.filled.own) as t:
        issue_policy(t, house.filled.keys, edit_hours=2)
    browser.open(f"{address}/me")
    browser.click("#begun li a")
    browser.wait_until("document.getElementById('comment')?.value === 'Round and the gate'")
    browser.press("Comment")
    browser.wait_for("#comments li")
    assert browser.run("return document.getElementById('comment').value") == ""


def test_leaving_a_form_asks_before_words_go(house: House, address: str, browser: Chromium) -> None:
    sign_in_here(browser, address, house.ana)
    browser.open(f"{address}/me/reports/new")
    browser.fill("#written", "Almost lost")
    browser.click("#leave")
    assert "nothing of it is kept" in browser.answer(yes=False)
    assert browser.run("return document.getElementById('written').value") == "Almost lost"
    browser.click("#leave")
    browser.answer(yes=True)
    browser.wait_for("#begun")
    assert browser.run("return localStorage.length") == 0


def test_the_managers_words_are_part_of_the_marked_control(house: House, address: str, browser: Chromium) -> None:
    published = house.filled.checklist(EVERY)
    filled = {"short": "word", "seal": {"result": "pass"}, "pumps": [{"name": "One"}]}
    instance_id, revision_id = house.filled.report(house.ana, "Round", filled=(published, filled))
    returned(house, instance_id, revision_id, **{"short": "Which word?", "pumps[0].name": "Which pump?"})
    sign_in_here(browser, address, house.ana)
    browser.open(f"{address}/reports/{instance_id}/edit")
    browser.run("document.querySelectorAll('section.notice li a')[1].click()")
    assert browser.run("return location.hash") == "#a-pumps[0].name"
    spoken = {one["name"]["value"]: one.get("description", {}).get("value", "") for one in browser.tree("textbox")}
    assert "To be corrected: Which word?" in spoken["Short needed"]
    assert "To be corrected: Which pump?" in spoken["Name needed"]
    browser.run("document.querySelector('input[name=\"a.lamp\"][value=red]').click()")
    browser.wait_for("#a-why")  # drawn anew
    assert "Which word?" in browser.run("return document.querySelector('.marked').innerText")


def test_without_a_script_the_same_form_sends(house: House, address: str, browser: Chromium) -> None:
    browser.command("Emulation.setScriptExecutionDisabled", value=True)
    sign_in_here(browser, address, house.ana)
    browser.open(f"{address}/me/reports/new")
    browser.fill("#written", "Plain words")
    browser.fill("#find", "gate" + ENTER)
    browser.wait_for("#places input[type=radio]:not([value=''])")
    assert titles(house) == []
    browser.press("Send")
    browser.wait_for(".notice.good")
    assert titles(house) == ["Plain words"]


def test_the_form_fits_a_phone_and_large_letters(house: House, address: str, browser: Chromium) -> None:
    house.filled.attend(house.ana, "check_in", location=house.filled.location("G" * 120, address="a" * 200))
    sign_in_here(browser, address, house.ana)
    published = house.filled.checklist(PUMP_ROUND)
    browser.open(f"{address}/me/reports/new?template={published.template_id}")
    browser.run("document.querySelector('button[value^=\"add:\"]').click()")
    browser.wait_for(".row-of")
    for width in (180, 320, 360, 430, 1280):  # 180 is 360 at 200 %
        browser.width(width)
        assert browser.run("return document.documentElement.scrollWidth") <= width, width
    browser.width(360)
    small = browser.run(
        "return [...document.querySelectorAll('main button:not(.visually-hidden), main label.choice, main textarea, "
        "main input:not([type=radio], [type=checkbox], [type=hidden])')].filter(one => one.offsetHeight < 44)"
        ".map(one => one.outerHTML)"
    )
    assert small == []


def test_an_upload_goes_on_after_a_cut_and_after_a_reload(
    house: House, address: str, browser: Chromium, tmp_path: Path
) -> None:
    content = random.Random(7).randbytes(3_000_000)
    video, note = tmp_path / "long.bin", tmp_path / "note.txt"
    video.write_bytes(content)
    note.write_text("short", encoding="utf-8")
    sign_in_here(browser, address, house.ana)
    browser.open(f"{address}/me/reports/new")
    browser.fill("#written", "With a large file")
    slow = {"offline": False, "latency": 5, "downloadThroughput": 2_000_000, "uploadThroughput": 400_000}
    browser.command("Network.enable")
    browser.command("Network.emulateNetworkConditions", **slow)
    browser.choose_files("#files", video)
    browser.wait_until("document.querySelector('.coming progress')?.value > 0")
    offline(browser, True)
    browser.wait_until("document.querySelector('.coming [role=status]')?.textContent.startsWith('The line broke')")
    reached = browser.run("return document.querySelector('.coming progress').value")
    assert 0 < reached < len(content)
    offline(browser, False)
    browser.open(browser.run("return location.href"))
    browser.wait_until("document.querySelector('.coming progress')?.value >= " + str(reached))
    browser.wait_until("document.getElementById('kept').textContent.startsWith('This is what you wrote')")  # drawn anew
    assert "once more" in browser.run("return document.querySelector('.coming [role=status]').textContent")
    browser.choose_files("#files", video)
    browser.choose_files("#files", note)
    browser.press("Send")  # it waits for its files
    browser.wait_for(".notice.good")
    with house.filled.database.read(house.filled.own) as t:
        held = {row.size: row.sha256 for row in t.all(t.select(media).where(media.c.held.is_not(None)))}
    assert held == {len(content): hashlib.sha256(content).hexdigest(), 5: hashlib.sha256(b"short").hexdigest()}
    assert titles(house) == ["With a large file"]
    assert browser.run("return localStorage.length") == 0


def test_a_photo_is_shown_and_taken_off_again(house: House, address: str, browser: Chromium, tmp_path: Path) -> None:
    picture, broken = tmp_path / "a.jpg", tmp_path / "b.jpg"
    picture.write_bytes(jpeg(300, 200))
    broken.write_bytes(jpeg(300, 200)[:200])
    sign_in_here(browser, address, house.ana)
    browser.open(f"{address}/me/reports/new")
    browser.fill("#written", "With a photo")
    browser.choose_files("#files", picture)
    browser.wait_until("document.querySelector('.attached img')?.naturalWidth > 0")
    browser.choose_files("#files", broken)
    browser.wait_until("document.querySelector('.coming [role=status]')?.textContent.includes('damaged')")
    browser.press("Send")
    browser.wait_until("document.getElementById('kept').textContent.startsWith('A file is not here yet')")
    browser.press("Remove")
    browser.press("Send")
    browser.wait_for(".notice.good")
    with house.filled.database.read(house.filled.own) as t:
        assert [row.name for row in t.all(t.select(revision_media))] == ["Photo 1.jpg"]


def test_without_a_script_a_form_brings_its_files(
    house: House, address: str, browser: Chromium, tmp_path: Path
) -> None:
    picture = tmp_path / "a.jpg"
    picture.write_bytes(jpeg(300, 200))
    browser.command("Emulation.setScriptExecutionDisabled", value=True)
    sign_in_here(browser, address, house.ana)
    browser.open(f"{address}/me/reports/new")
    browser.fill("#written", "Plain")
    browser.choose_files("#files", picture)
    browser.press("Add these files")
    browser.wait_for(".attached input[type=checkbox]:checked")
    browser.press("Send")
    browser.wait_for(".notice.good")
    with house.filled.database.read(house.filled.own) as t:
        assert [row.name for row in t.all(t.select(revision_media))] == ["Photo 1.jpg"]


def test_a_checklist_is_filled_with_its_script(house: House, address: str, browser: Chromium) -> None:
    published = house.filled.checklist(EVERY)
    sign_in_here(browser, address, house.ana)
    browser.open(f"{address}/me/reports/new?template={published.template_id}")
    browser.fill("#a-short", "word")
    browser.run("document.querySelector('input[name=\"a.lamp\"][value=red]').click()")
    browser.wait_for("#a-why")
    browser.fill("#a-why", "bulb")
    browser.run("document.querySelector('input[name=\"a.seal\"][value=fail]').click()")
    browser.wait_for("#n-seal")
    assert browser.run("return document.getElementById('a-why').value") == "bulb"
    browser.press("Send")
    browser.wait_for("#trouble")
    assert browser.run("return document.activeElement.id") == "trouble"
    listed = browser.run("return [...document.querySelectorAll('#trouble li a')].map(one => one.getAttribute('href'))")
    assert listed == ["#a-seal", "#a-pumps"]
    browser.run("document.querySelector('#trouble li a').click()")
    assert browser.run("return location.hash") == "#a-seal"
    browser.fill("#n-seal", "drips")
    browser.run("document.querySelector('button[value=\"add:pumps\"]').click()")
    browser.wait_for('[name="a.pumps[0].name"]')
    browser.fill('[name="a.pumps[0].name"]', "One")
    browser.run(_SIGN)
    browser.wait_until("document.querySelector('ul[data-into=\"a.signed\"] img')?.naturalWidth > 0")
    form = browser.run("return location.href")
    browser.open(f"{address}/me")
    browser.open(form if "/new/" in form else form.replace("/me/reports/", "/me/reports/new/"))
    browser.wait_until("document.querySelector('[name=\"a.pumps[0].name\"]')?.value === 'One'")
    browser.press("Send")
    browser.wait_for(".notice.good")
    [body] = sent(house)
    found = answers_of(body.answers)
    assert found["signed"] == [body.media[0].media_id]
    assert (found["why"], found["pumps"], found["seal"]) == (
        "bulb",
        [{"name": "One"}],
        {"result": "fail", "note": "drips"},
    )
    refused = [line for line in browser.complaints() if "422" not in line]  # the browser tells of the status itself
    assert refused == []


_SIGN = """
const canvas = document.querySelector(".signing canvas");
const box = canvas.getBoundingClientRect();
const point = (type, x, y) => canvas.dispatchEvent(new PointerEvent(type, {
  bubbles: true, pointerId: 1, clientX: box.left + x, clientY: box.top + y }));
canvas.setPointerCapture = () => {};
point("pointerdown", 20, 20); point("pointermove", 90, 50); point("pointerup", 90, 50);
canvas.parentElement.querySelector("[data-sign=use]").click();
"""
