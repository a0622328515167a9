"""Answers to a checklist as a manager reads them: in words, under their headings, with what is missing."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import msgspec

from protocol.templates import Field, Template
from rules.templates.values import ENDLESS
from server.demo.checklists import DAILY_REPORT, PUMP_ROUND
from tests.integration.web.conftest import Browser, House, send
from tests.integration.web.test_reading import HOSTILE
from tests.picture_files import jpeg

FILLED = {
    "floor_dry": {"result": "pass"},
    "guards": {"result": "na"},
    "lamp": "amber",
    "alarm": "E14",
    "pressure": 7.5,
    "pumps": [
        {"number": "P-101", "vibration": {"result": "pass"}, "temperature": 61.5},
        {"number": "P-102", "vibration": {"result": "fail", "note": "Shakes at the start"}},
    ],
    "seal": {"result": "pass"},
    "work": ["greased", "oil"],
}


def _text(page: str) -> str:
    """What is read, on one line."""
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def test_answers_read_as_words_under_their_headings(house: House, open_browser: Callable[..., Browser]) -> None:
    of = house.filled.checklist(PUMP_ROUND)
    photo = house.filled.file(house.ana, b"jpeg", "leak.jpg", "image/jpeg")
    loose = house.filled.file(house.ana, b"jpg", "round.jpg", "image/jpeg")
    answers = FILLED | {"seal": {"result": "fail", "note": "Drips"}, "leak_photo": [photo.media_id]}
    answers |= {"next_pump_house": house.gate, "remarks": "Line one\nLine two"}
    instance_id, _ = house.filled.report(house.ana, "Round", files=(photo, loose), filled=(of, answers))
    page = open_browser(house.manager).get(f"/reports/{instance_id}").text
    text = _text(page)
    for words in (
        "Around the pumps Floor dry, no oil Pass",
        "Guards in place Not applicable",
        "Lamp on the control cabinet Amber",
        "Readings Pressure in the main 7.5 bar",
        "Last service Not answered",
        "Pump 2 Number on the plate P-102",
        "Runs without shaking Fail Shakes at the start",
        "Seals tight Fail Drips",
        "What did you do? Greased the bearings, Topped up the oil",
        "Where do you go next? Gate 2",
        "Checklist Pump round, version 1",
    ):
        assert words in text, words
    assert "Line one\nLine two" in page
    assert "missing or do" not in text
    answer, _, rest = page.partition("round.jpg")
    assert "leak.jpg" in answer
    assert "leak.jpg" not in rest, "a file of an answer stands beside it and nowhere else"


def test_the_pdf_has_the_answers_and_what_was_marked(
    house: House, open_browser: Callable[..., Browser], tmp_path: Path
) -> None:
    of = house.filled.checklist(PUMP_ROUND)
    photo = house.filled.file(house.ana, jpeg(64, 48), "leak.jpg", "image/jpeg")
    answers = FILLED | {"seal": {"result": "fail", "note": "Drips"}, "leak_photo": [photo.media_id]}
    instance_id, _ = house.filled.report(house.ana, "Round", files=(photo,), filled=(of, answers))
    browser = open_browser(house.manager)
    form = {"decision": "returned", "words": "Once more", "mark": "pressure", "mark:pressure": "In bar?"}
    page = f"/reports/{instance_id}"
    seen = re.search(r'name="revision" value="([^"]+)"', browser.get(page).text)
    assert seen is not None
    assert send(browser, page, f"{page}/review", revision=seen[1], **form).status_code == 303
    path = tmp_path / "report.pdf"
    path.write_bytes(browser.get(f"{page}/pdf").content)
    said = subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True, timeout=30
    ).stdout
    text = " ".join(said.split())
    for words in (
        "Checklist Pump round, version 1",
        "Around the pumps Floor dry, no oil Pass",
        "Guards in place Not applicable",
        "Pressure in the main 7.5 bar",
        "Last service Not answered",
        "Pump 2 Number on the plate P-102 Runs without shaking Fail Shakes at the start",
        "Seals tight Fail Drips",
        "Photo of the leak leak.jpg",
        "Once more Pressure in the main In bar?",
    ):
        assert words in text, words
    assert "The title is all" not in text


def test_what_is_missing_is_said_and_hidden_answers_are_not_shown(
    house: House, open_browser: Callable[..., Browser]
) -> None:
    of = house.filled.checklist(PUMP_ROUND)
    answers = {
        "lamp": "green",
        "alarm": "never asked",
        "pressure": 22,
        "seal": {"result": "fail"},
        "stranger": "no field",
    }
    instance_id, _ = house.filled.report(house.ana, "Round", filled=(of, answers))
    page = open_browser(house.manager).get(f"/reports/{instance_id}").text
    text = _text(page)
    assert "6 answers are missing or do not fit" in text
    assert "Floor dry, no oil Needed, and not answered" in text
    assert "22 bar Read the gauge: it goes from 0 to 16 bar." in text
    assert "Seals tight Fail Seals tight failed: write what is wrong." in text
    assert "never asked" not in page
    assert "no field" not in page
    assert "Leaking since about Not answered" in text
    assert "Put on gloves" not in page, "an instruction is for whoever fills it in"


def test_the_list_is_narrowed_by_checklist_and_by_words_in_answers(
    house: House, open_browser: Callable[..., Browser]
) -> None:
    pump, daily = house.filled.checklist(PUMP_ROUND), house.filled.checklist(DAILY_REPORT)
    house.filled.report(house.ana, "Morning", filled=(pump, FILLED))
    house.filled.report(house.ana, "Evening", filled=(daily, {"done": "Painted the rails"}))
    house.filled.report(house.ana, "Lamp out")
    browser = open_browser(house.manager)
    every = browser.get("/reports").text
    assert all(title in every for title in ("Morning", "Evening", "Lamp out", "Pump round", "Daily report"))
    of_pump = browser.get(f"/reports?checklist={pump.template_id}").text
    assert "Morning" in of_pump
    assert "Evening" not in of_pump
    assert f'value="{pump.template_id}" selected' in of_pump
    for words, found in (("shakes AT", "Morning"), ("bearings", "Morning"), ("rails", "Evening"), ("pump round", "")):
        page = browser.get("/reports", params={"text": words}).text
        assert [title for title in ("Morning", "Evening", "Lamp out") if f">{title}</a>" in page] == [found] * bool(
            found
        )
    assert "No report fits" in browser.get("/reports?checklist=nonsense").text
    assert "Pump round" in open_browser(house.ana).get("/me").text


def test_an_answer_is_marked_and_its_place_is_named(house: House, open_browser: Callable[..., Browser]) -> None:
    of = house.filled.checklist(PUMP_ROUND)
    instance_id, revision_id = house.filled.report(house.ana, "Round", filled=(of, FILLED))
    browser = open_browser(house.manager)
    path = "pumps[1].vibration"
    marks: dict[str, object] = {"mark": [path], f"mark:{path}": "Measure it"}
    send(
        browser,
        f"/reports/{instance_id}",
        f"/reports/{instance_id}/review",
        **{"revision": revision_id, "seen": "", "decision": "returned", "words": "", **marks},
    )
    page = browser.get(f"/reports/{instance_id}").text
    assert "Pump 2 · Runs without shaking : Measure it" in _text(page)
    assert "Shakes at the start To be corrected : Measure it" in _text(page)


def test_an_older_version_keeps_its_own_words(house: House, open_browser: Callable[..., Browser]) -> None:
    of = house.filled.checklist(DAILY_REPORT)
    instance_id, _ = house.filled.report(house.ana, "Day", filled=(of, {"done": "Painted"}))
    renamed = msgspec.structs.replace(of, title="Shift report", fields=(of.fields[1],))
    house.filled.checklist(renamed)
    page = open_browser(house.manager).get(f"/reports/{instance_id}").text
    assert "What was done today? Painted" in _text(page)
    assert "Daily report, version 1" in page
    assert "Shift report" in open_browser(house.manager).get("/reports").text


def test_hostile_words_of_a_checklist_and_of_answers_stay_text(
    house: House, open_browser: Callable[..., Browser]
) -> None:
    field = Field(field="a", kind="short_text", label=HOSTILE, least=500, message=HOSTILE)
    rows = Field(field="g", kind="group", label=HOSTILE, fields=(Field(field="b", kind="check", label="\u202eevil"),))
    of = house.filled.checklist(Template(template_id="", version=0, title=HOSTILE, fields=(field, rows)))
    answers = {"a": HOSTILE, "g": [{"b": {"result": "fail", "note": "\u202e" + HOSTILE}}]}
    instance_id, _ = house.filled.report(house.ana, "Round", filled=(of, answers))
    browser = open_browser(house.manager)
    for path in (f"/reports/{instance_id}", "/reports"):
        page = browser.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert '<dt dir="auto">\u202eevil</dt>' in browser.get(f"/reports/{instance_id}").text


def test_a_page_of_very_many_rows_stays_a_page(house: House, open_browser: Callable[..., Browser]) -> None:
    of = house.filled.checklist(PUMP_ROUND)
    rows = [{"number": str(number)} for number in range(ENDLESS)]
    instance_id, _ = house.filled.report(house.ana, "Round", filled=(of, {"pumps": rows}))
    page = open_browser(house.manager).get(f"/reports/{instance_id}").text
    assert len(page) < 3_000_000
    assert "more lines are not shown here; exports have them." in page
