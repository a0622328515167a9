"""Taking reports away in the browser: the password before, the access log, and what is in the archive."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import msgspec
import openpyxl
import pytest

from rules.clock import format_utc
from server import access
from server.accounts.web_sessions import CONFIRMED_FOR
from server.demo.checklists import DAILY_REPORT, PUMP_ROUND
from server.storage.tables import access_record, upload_part, web_session
from server.web import exporting
from tests.integration.web.conftest import Browser, House, send
from tests.integration.web.organization import PASSWORD, Person
from tests.integration.web.test_answers import FILLED

Open = Callable[[Person | None], Browser]


def _exports(house: House) -> list[dict[str, list[str]]]:
    with house.filled.database.read(house.filled.own) as t:
        assert access.broken_at(t) is None
        rows = t.all(t.select(access_record).order_by(access_record.c.ordinal))
    return [parse_qs(row.detail) for row in rows if row.action == "export"]


def _forget_the_password(house: House) -> None:
    """As if it had been given a while ago."""
    with house.filled.database.write(house.filled.own) as t:
        t.execute(t.update(web_session).values(confirmed=format_utc(t.now - CONFIRMED_FOR - timedelta(minutes=1))))


def test_what_the_list_shows_is_exported_and_noted(house: House, open_browser: Open) -> None:
    house.filled.report(house.ana, "Round 1", location=house.gate)
    house.filled.report(house.ana, "Door")
    house.filled.report(house.jonas, "Round 2")
    browser = open_browser(house.manager)
    page = browser.get("/reports?text=round").text
    assert 'href="/reports/export?text=round"' in page
    page = browser.get("/reports/export?text=round").text
    assert "1 report<" in page
    assert "Your password" not in page
    answer = send(browser, "/reports/export?text=round", "/reports/export", query="text=round", kind="csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert 'filename="miratag-reports-' in answer.headers["content-disposition"]
    [row] = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert (row["Title"], row["Person"], row["Time zone"]) == ("Round 1", "Ana Ferreira", "Europe/Lisbon")
    assert _exports(house) == [{"kind": ["csv"], "reports": ["1"], "text": ["round"]}]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json", "zip"])
def test_the_password_is_asked_for_again(house: House, open_browser: Open, kind: str) -> None:
    house.filled.report(house.ana, "Round 1")
    browser = open_browser(house.manager)
    _forget_the_password(house)
    page = "/reports/export"
    assert "Your password" in browser.get(page).text
    for current in ("", "not it"):
        answer = send(browser, page, page, query="", kind=kind, current=current)
        assert answer.status_code == 403
        assert "This is not your password" in answer.text
    assert _exports(house) == []
    answer = send(browser, page, page, query="", kind=kind, current=PASSWORD)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].endswith(f'.{kind}"')
    assert "Your password" not in browser.get(page).text
    assert len(_exports(house)) == 1


def test_only_managers_export_and_only_by_our_own_form(house: House, open_browser: Open) -> None:
    worker = open_browser(house.ana)
    assert worker.get("/reports/export").status_code == 404
    assert send(worker, "/me", "/reports/export", query="", kind="csv").status_code == 404
    manager = open_browser(house.manager)
    assert manager.post("/reports/export", data={"query": "", "kind": "csv"}).status_code == 403
    assert send(manager, "/reports/export", "/reports/export", query="", kind="exe").status_code == 400
    assert _exports(house) == []


def test_the_archive_has_a_folder_for_each_report(house: House, open_browser: Open) -> None:
    files = tuple(
        house.filled.file(house.ana, content, name, kind)
        for content, name, kind in (
            (b"one" * 700_000, "photo.jpg", "image/jpeg"),
            (b"two", "PHOTO.jpg", "image/jpeg"),
            (b"three", "aux\u202e.txt", "text/plain"),
            (b"lost", "lost.txt", "text/plain"),
        )
    )
    waiting = house.filled.file(house.ana, b"x", "late.mp4", "video/mp4", held=False)
    done, _ = house.filled.report(house.ana, "../Quay: wall?", files=files)
    late, _ = house.filled.report(house.ana, "Crane", files=(waiting,))
    with house.filled.database.read(house.filled.own) as t:
        parts = t.all(t.select(upload_part).where(upload_part.c.size == 4))
    house.filled.objects.delete(parts[0].object_key)
    browser = open_browser(house.manager)
    answer = send(browser, "/reports/export", "/reports/export", query="", kind="zip")
    package = zipfile.ZipFile(io.BytesIO(answer.content))
    assert package.testzip() is None
    assert all(entry.compress_type == zipfile.ZIP_STORED for entry in package.infolist())
    folders: dict[str, dict[str, bytes]] = {}
    for name in package.namelist():
        folder, _, inside = name.partition("/")
        assert "/" not in inside
        folders.setdefault(folder[-36:], {})[inside] = package.read(name)
    assert set(folders) == {done, late}
    assert folders[done]["photo.jpg"] == b"one" * 700_000
    assert folders[done]["PHOTO (2).jpg"] == b"two"
    assert folders[done]["_aux.txt"] == b"three"
    assert b"lost.txt" in folders[done]["not-included.txt"]
    assert json.loads(folders[done]["receipt.json"])["payload"]
    assert json.loads(folders[done]["report.json"])["title"] == "../Quay: wall?"
    assert set(folders[late]) == {"report.json", "not-included.txt"}
    assert b"late.mp4" in folders[late]["not-included.txt"]


def _table(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_answers_are_columns_of_one_checklist_and_one_column_of_several(house: House, open_browser: Open) -> None:
    first = house.filled.checklist(PUMP_ROUND)
    house.filled.report(house.ana, "Old", filled=(first, {"remarks": "Asked in version 1"}))
    kept = tuple(field for field in first.fields if field.field != "remarks")
    of = house.filled.checklist(msgspec.structs.replace(first, fields=kept))
    photo = house.filled.file(house.ana, b"jpeg", "leak.jpg", "image/jpeg")
    answers = FILLED | {"seal": {"result": "fail", "note": "=1+1"}, "leak_photo": [photo.media_id], "hours": 2**60}
    house.filled.report(house.ana, "Morning", files=(photo,), filled=(of, answers | {"next_pump_house": house.gate}))
    daily = house.filled.checklist(DAILY_REPORT)
    house.filled.report(house.ana, "Evening", filled=(daily, {"done": "-Painted"}))
    house.filled.report(house.ana, "Plain")
    browser = open_browser(house.manager)
    query = f"checklist={of.template_id}"
    assert "each of its fields in a column of its own" in browser.get(f"/reports/export?{query}").text
    morning, old = _table(send(browser, "/reports/export", "/reports/export", query=query, kind="csv"))
    assert (morning["Checklist"], morning["Version of the checklist"], morning["Pressure in the main"]) == (
        *("Pump round", "2"),
        "7.5",
    )
    assert (morning["Seals tight"], morning["Hours run"], morning["Photo of the leak"]) == (
        "Fail: =1+1",
        f"{2**60} h",
        "leak.jpg",
    )
    assert morning["Where do you go next?"] == "Gate 2"
    assert morning["Pump"] == (
        "1. Number on the plate: P-101; Runs without shaking: Pass; Bearing temperature: 61.5 °C\n"
        "2. Number on the plate: P-102; Runs without shaking: Fail: Shakes at the start"
    )
    assert (morning["Remarks for the next shift"], old["Remarks for the next shift"]) == ("", "Asked in version 1")
    assert "Around the pumps" not in morning
    plain, evening, *_ = _table(send(browser, "/reports/export", "/reports/export", query="", kind="csv"))
    assert (plain["Answers"], plain["Checklist"]) == ("", "")
    assert evening["Answers"] == "What was done today?: -Painted"
    told = send(browser, "/reports/export", "/reports/export", query=query, kind="json").json()
    assert told[0]["answers"]["pumps"][0] == {"number": "P-101", "vibration": {"result": "pass"}, "temperature": 61.5}
    assert told[0]["checklist"] == {"template_id": of.template_id, "version": 2, "title": "Pump round"}
    for kind in ("xlsx", "zip"):
        assert send(browser, "/reports/export", "/reports/export", query=query, kind=kind).status_code == 200
    assert _table(send(browser, "/reports/export", "/reports/export", query="checklist=nonsense", kind="csv")) == []


def test_the_rows_of_a_group_are_a_table_of_their_own(house: House, open_browser: Open) -> None:
    first = house.filled.checklist(PUMP_ROUND)
    old_round, _ = house.filled.report(house.ana, "Old", filled=(first, FILLED))
    pumps = next(field for field in first.fields if field.field == "pumps")
    fewer = msgspec.structs.replace(pumps, fields=tuple(one for one in pumps.fields if one.field != "temperature"))
    fields = tuple(fewer if field is pumps else field for field in first.fields)
    of = house.filled.checklist(msgspec.structs.replace(first, fields=fields))
    rows = [{"number": "=P-103", "vibration": {"result": "na"}}]
    new_round, _ = house.filled.report(house.ana, "New", filled=(of, FILLED | {"pumps": rows}))
    house.filled.report(house.ana, "None", filled=(of, {"lamp": "green"}))
    expected = [
        [new_round, "New", 1, "=P-103", "Not applicable", None],
        [old_round, "Old", 1, "P-101", "Pass", 61.5],
        [old_round, "Old", 2, "P-102", "Fail: Shakes at the start", None],
    ]
    headings = ["Report id", "Title", "Row", "Number on the plate", "Runs without shaking", "Bearing temperature"]
    browser, query = open_browser(house.manager), f"checklist={of.template_id}"

    def exported(kind: str) -> bytes:
        return bytes(send(browser, "/reports/export", "/reports/export", query=query, kind=kind).content)

    book = openpyxl.load_workbook(io.BytesIO(exported("xlsx")))
    assert book.sheetnames == ["Reports", "Pump"]
    assert [[cell.value for cell in row] for row in book["Pump"].iter_rows()] == [headings, *expected]
    assert old_round in {
        cell.value for cell in next(col for col in book["Reports"].iter_cols() if col[0].value == "Report id")
    }
    package = zipfile.ZipFile(io.BytesIO(exported("zip")))
    assert package.testzip() is None
    assert package.namelist()[:2] == ["Reports.csv", "Pump.csv"]
    found = list(csv.reader(io.StringIO(package.read("Pump.csv").decode("utf-8-sig"), newline="")))
    as_text = [["" if cell is None else str(cell).replace("=P", "'=P") for cell in row] for row in expected]
    assert found == [headings, *as_text]
    assert package.read("Reports.csv") == exported("csv")
    assert len(package.namelist()) == 2 + 2 * 3


def test_whoever_leaves_early_leaves_no_transaction_open(house: House, open_browser: Open) -> None:
    for number in range(3):
        house.filled.report(house.ana, f"Round {number}")
    browser = open_browser(house.manager)
    token = browser.get("/reports/export").text.split('name="csrf" value="')[1].split('"')[0]
    for _ in range(50):  # more than there are connections
        with browser.stream("POST", "/reports/export", data={"csrf": token, "query": "", "kind": "json"}) as answer:
            assert answer.status_code == 200
    assert browser.get("/reports").status_code == 200


@pytest.mark.parametrize("kind", ["csv", "zip"])
def test_whoever_takes_exports_slowly_has_two_and_leaves_the_database_to_others(
    house: House, open_browser: Open, kind: str
) -> None:
    house.filled.report(house.ana, "Round 1")
    browser = open_browser(house.manager)
    with exporting.turns.take(house.manager.actor.member_id), exporting.turns.take(house.manager.actor.member_id):
        answer = send(browser, "/reports/export", "/reports/export", query="", kind=kind)
        assert answer.status_code == 429
        assert "Other exports are still being downloaded" in answer.text
        assert _exports(house) == []
        others = open_browser(house.admin)
        assert send(others, "/reports/export", "/reports/export", query="", kind=kind).status_code == 200
    assert send(browser, "/reports/export", "/reports/export", query="", kind=kind).status_code == 200
    assert send(browser, "/reports/export", "/reports/export", query="", kind=kind).status_code == 200


def test_an_export_that_is_not_taken_to_its_end_gives_its_turn_back() -> None:
    member_id = "somebody"
    for _ in range(4):
        taken = exporting.in_turn(member_id, iter([b"a", b"b"]))
        assert next(taken) == b"a"
        taken.close()
    exporting.turns.check(member_id)
