"""Reports filed in a browser without JavaScript: one report for one form, whatever happens to it on the way."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import msgspec
import pytest
from httpx import Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from uuid6 import uuid7

from desktop.program import main
from protocol.operations import ReportRevision
from server.policy.document import issue_policy
from server.reports.reviewing import Verdict, decide
from server.storage.tables import operation, report, revision
from tests.integration.web.conftest import Browser, House
from tests.integration.web.organization import Person
from tests.stories import examples

Open = Callable[[Person | None], Browser]


def hidden(page: str) -> dict[str, list[str]]:
    """What the form would send if nothing were changed: hidden fields, what is ticked, the text."""
    [form] = re.findall(r'<form[^>]*id="filing".*?</form>', page, re.DOTALL)
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        kind = re.search(r'type="([^"]+)"', tag)
        name = re.search(r' name="([^"]+)"', tag)
        value = re.search(r' value="([^"]*)"', tag)
        if name and kind and (kind[1] == "hidden" or " checked" in tag):
            found.setdefault(name[1], []).append(unescape(value[1] if value else ""))
    [text] = re.findall(r"<textarea[^>]*name=\"written\"[^>]*>\n(.*?)</textarea>", form, re.DOTALL)
    found["written"] = [unescape(text)]
    return found


def action(page: str) -> str:
    [address] = re.findall(r'<form[^>]*id="filing"[^>]*action="([^"]+)"', page)
    return str(address)


def press(browser: Browser, page: str, do: str = "send", **typed: object) -> Response:
    return browser.post(action(page), data={**hidden(page), **typed, "do": do})


def new(browser: Browser, query: str = "") -> str:
    """The page of a new report."""
    answer = browser.get(f"/me/reports/new{query}")
    assert answer.status_code == 303
    return browser.get(answer.headers["location"]).text


def sent(house: House) -> list[ReportRevision]:
    with house.filled.database.read(house.filled.own) as t:
        rows = t.all(
            t.select(revision, operation.c.body)
            .join(operation, operation.c.operation_id == revision.c.operation_id)
            .where(t.owns(operation))
            .order_by(revision.c.received, revision.c.revision_id)
        )
    return [msgspec.json.decode(row.body, type=ReportRevision) for row in rows]


def test_a_report_is_sent_and_its_receipt_checks_without_the_server(
    house: House, open_browser: Open, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    browser = open_browser(house.ana)
    check_in = house.filled.attend(house.ana, "check_in", location=house.gate)
    page = new(browser)
    assert "where you are checked in" in page
    answer = press(browser, page, written='Pump 3 leaks\nAt the flange, "since" Monday <b>')
    assert answer.status_code == 303
    [body] = sent(house)
    assert (body.title, body.text) == ("Pump 3 leaks", 'At the flange, "since" Monday <b>')
    assert (body.location_id, body.check_in_id) == (house.gate, check_in)
    assert (body.written.zone, body.written.boot_id) == ("Europe/Lisbon", "browser")
    shown = browser.get(answer.headers["location"]).text
    assert "Your report is here." in shown
    assert "confirmed against this server" in shown
    assert "&lt;b&gt;" in shown
    receipt = f"/reports/{body.instance_id}/receipts/{body.revision_id}"
    assert receipt in shown
    assert "miratag receipt verify" in browser.get(receipt).text
    saved, keys = tmp_path / "receipt.json", tmp_path / "keys.json"
    saved.write_bytes(browser.get(f"{receipt}/file").content)
    keys.write_bytes(browser.get("/.well-known/miratag").content)
    asked = ["--profile", str(tmp_path / "profile"), "receipt", "verify", str(saved), "--keys", str(keys)]
    assert main(asked) == 0
    assert "This receipt is genuine." in capsys.readouterr().out


def test_one_form_is_one_report_however_often_it_comes(house: House, open_browser: Open) -> None:
    browser = open_browser(house.ana)
    address = browser.get("/me/reports/new").headers["location"]
    page, again = browser.get(address).text, browser.get(address).text  # loaded twice: other ids, the same report
    for form in (page, page, again):
        answer = press(browser, form, written="Once")
        assert answer.status_code == 303
    assert answer.headers["location"].endswith("?done=here")
    assert len(sent(house)) == 1
    assert browser.get(address).headers["location"] == answer.headers["location"]  # the way back leads to the report


def test_other_words_in_a_form_that_was_sent_are_kept_and_become_the_next_version(
    house: House, open_browser: Open
) -> None:
    browser = open_browser(house.ana)
    page = new(browser)
    press(browser, page, written="First words")
    answer = press(browser, page, written="Other words")
    assert answer.status_code == 409
    assert "sent before in other words" in answer.text
    assert hidden(answer.text)["written"] == ["Other words"]
    assert press(browser, answer.text).status_code == 303
    first, second = sent(house)
    assert second.parents == (first.revision_id,)
    assert (first.title, second.title, first.instance_id) == ("First words", "Other words", second.instance_id)


def test_enter_and_looking_for_a_place_send_nothing(house: House, open_browser: Open) -> None:
    for number in range(40):
        house.filled.location(f"Depot {number:02}", address="Harbour Road")
    browser = open_browser(house.ana)
    page = press(browser, new(browser), "places", written="Kept", find="depot 17").text
    [found] = re.findall(r'value="([^"]+)"> <span><bdi>Depot 17', page)
    assert "Depot 18" not in page
    assert hidden(page)["written"] == ["Kept"]
    many = press(browser, page, "update", find="harbour", place=found)
    assert "Add another word" in many.text
    assert hidden(many.text)["place"] == [found]
    assert "No place has these words" in press(browser, page, "places", find="nowhere").text
    assert sent(house) == []
    press(browser, page, place=found)
    assert [body.location_id for body in sent(house)] == [found]


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(house: House, open_browser: Open) -> None:
    browser = open_browser(house.ana)
    page = new(browser)
    empty = press(browser, page, written="  \n ")
    assert empty.status_code == 422
    assert "Write what happened" in empty.text
    huge = press(browser, page, written="First\n" + "x" * 1_000_001)
    assert huge.status_code == 422
    assert len(hidden(huge.text)["written"][0]) == 1_000_007
    strange = press(browser, page, written="Words", place=str(uuid7()))
    assert strange.status_code == 422
    assert "Choose another place" in strange.text
    assert hidden(strange.text)["written"] == ["Words"]
    assert sent(house) == []


def test_a_sign_in_that_ended_loses_no_word(house: House, open_browser: Open) -> None:
    browser = open_browser(house.ana)
    page = new(browser)
    browser.cookies.clear()
    ended = press(browser, page, written="Long words")
    assert ended.status_code == 401
    assert "Long words" in ended.text
    fields = {name: values for name, values in hidden(page).items() if name != "csrf"}
    signed_in = open_browser(house.ana)
    back = signed_in.post(action(page), data={**fields, "written": "Long words", "do": "send"})
    assert back.status_code == 403
    assert hidden(back.text)["written"] == ["Long words"]
    assert sent(house) == []
    assert press(signed_in, back.text).status_code == 303
    assert len(sent(house)) == 1


def test_a_returned_report_is_corrected_and_an_approved_one_only_in_time(house: House, open_browser: Open) -> None:
    photo = house.filled.file(house.ana, b"picture", "Photo 1.jpg", "image/jpeg")
    long_ago = timedelta(days=30)
    instance_id, revision_id = house.filled.report(
        house.ana, "Valve", "wrong", location=house.gate, files=(photo,), ago=long_ago
    )
    browser = open_browser(house.ana)
    assert browser.get(f"/reports/{instance_id}/edit").headers["location"].endswith("?done=closed")
    with house.filled.database.write(house.filled.own) as t:
        verdict = Verdict(
            instance_id=instance_id, revision_id=revision_id, seen="", decision="returned", words="Which valve?"
        )
        decide(t, house.manager.actor, verdict)
    page = browser.get(f"/reports/{instance_id}/edit").text
    assert "Which valve?" in page
    assert hidden(page)["written"] == ["Valve\nwrong"]
    assert hidden(page)["place"] == [house.gate]
    answer = press(browser, page, written="Valve 4\nright")
    assert answer.headers["location"].endswith("?done=corrected")
    corrected = sent(house)[-1]
    assert corrected.parents == (revision_id,)
    assert [one.media_id for one in corrected.media] == [photo.media_id]
    # Edited now, and begun a month ago: too late, with the words kept.
    late = press(browser, page, written="Later still", revision=str(uuid7()), operation=str(uuid7()))
    assert late.status_code == 409
    assert "Too late" in late.text or "is over" in late.text
    assert hidden(late.text)["written"] == ["Later still"]


def test_two_corrections_stand_side_by_side_until_one_replaces_both(house: House, open_browser: Open) -> None:
    instance_id, _ = house.filled.report(house.ana, "Valve", "one")
    browser = open_browser(house.ana)
    page = browser.get(f"/reports/{instance_id}/edit").text
    other = browser.get(f"/reports/{instance_id}/edit").text
    press(browser, page, written="Valve\ntwo")
    beside = press(browser, other, written="Valve\nthree")
    assert beside.headers["location"].endswith("?done=beside")
    assert "both stand side by side" in browser.get(beside.headers["location"]).text
    both = browser.get(f"/reports/{instance_id}/edit").text
    assert "Another version of this report stands" in both
    assert len(hidden(both)["parents"]) == 2
    press(browser, both, written="Valve\ntwo and three")
    with house.filled.database.read(house.filled.own) as t:
        assert t.scalar(t.select(report, report.c.title)) == "Valve"
    assert "side by side" not in browser.get(f"/reports/{instance_id}").text


def test_the_edit_hours_of_the_policy_count(house: House, open_browser: Open) -> None:
    instance_id, _ = house.filled.report(house.ana, "Valve", ago=timedelta(hours=3))
    browser = open_browser(house.ana)
    assert browser.get(f"/reports/{instance_id}/edit").status_code == 200
    with house.filled.database.write(house.filled.own) as t:
        issue_policy(t, house.filled.keys, edit_hours=2)
    assert browser.get(f"/reports/{instance_id}/edit").status_code == 303
    assert f"/reports/{instance_id}/edit" not in browser.get(f"/reports/{instance_id}").text


def test_a_copy_is_a_report_of_its_own(house: House, open_browser: Open) -> None:
    instance_id, _ = house.filled.report(house.ana, "Round", "all well", location=house.gate)
    browser = open_browser(house.ana)
    page = new(browser, f"?copy={instance_id}")
    assert hidden(page)["written"] == ["Round\nall well"]
    press(browser, page)
    assert len({body.instance_id for body in sent(house)}) == 2


def test_a_copy_has_files_of_its_own_that_are_here_and_nobody_elses(house: House, open_browser: Open) -> None:
    here, missing = (house.filled.file(house.ana, b"words", "a.txt", "text/plain", held=held) for held in (True, False))
    strange = house.filled.file(house.jonas, b"of Jonas", "b.txt", "text/plain")
    house.filled.report(house.jonas, "Of Jonas", files=(strange,))
    original, _ = house.filled.report(house.ana, "Round", files=(here, missing))
    browser = open_browser(house.ana)
    page = new(browser, f"?copy={original}")
    assert hidden(page)["file"] == [here.media_id]
    assert "1 file of the report is still on its way" in page
    for forged in (strange.media_id, missing.media_id):
        refused = press(browser, page, file=[here.media_id, forged])
        assert refused.status_code == 409, forged
        assert "A file of this form is not on the server any more" in refused.text
    assert [body.title for body in sent(house)] == ["Of Jonas", "Round"]
    assert press(browser, page).status_code == 303
    [copy] = sent(house)[-1].media
    assert copy.media_id != here.media_id
    assert browser.get(f"/media/{copy.media_id}").content == b"words"
    assert open_browser(house.jonas).get(f"/media/{copy.media_id}").status_code == 404
    # The copy of a copy, and what the person takes back, leave the bytes where they are.
    page = new(browser, f"?copy={sent(house)[-1].instance_id}")
    assert (
        browser.delete(f"/me/files/{copy.media_id}", headers={"X-Csrf-Token": hidden(page)["csrf"][0]}).status_code
        == 204
    )
    assert press(browser, page, written="Third").status_code == 303
    [third] = sent(house)[-1].media
    assert len({one.media_id for one in (here, copy, third)}) == 3
    for one in (here, copy, third):
        assert browser.get(f"/media/{one.media_id}").content == b"words"


def test_nobody_writes_into_anothers_report(house: House, open_browser: Open) -> None:
    instance_id, revision_id = house.filled.report(house.jonas, "Of Jonas")
    for person in (house.ana, house.manager, house.admin, house.stranger):
        browser = open_browser(person)
        assert browser.get(f"/reports/{instance_id}/edit").status_code == 404
        assert browser.get(f"/me/reports/new/x?copy={instance_id}").status_code == 404
        assert browser.get(browser.get(f"/me/reports/new?copy={instance_id}").headers["location"]).status_code == 404
        assert browser.get(f"/reports/{instance_id}/receipts/{revision_id}").status_code == 404
        page = new(browser)
        answer = browser.post(f"/me/reports/{instance_id}", data={**hidden(page), "written": "Mine now", "do": "send"})
        if person is not house.stranger:
            assert answer.status_code == 403
            assert "somebody else" in answer.text
    assert [body.title for body in sent(house)] == ["Of Jonas"]


def test_ones_own_reports_are_found_again(house: House, open_browser: Open) -> None:
    for number in range(25):
        house.filled.report(house.ana, f"Round {number:02}", location=house.gate if number == 7 else None)
    house.filled.report(house.jonas, "Round of Jonas")
    browser = open_browser(house.ana)
    assert "Older reports" in browser.get("/me").text
    only = browser.get("/me?text=round+07").text
    assert "Round 07" in only
    assert "Round 08" not in only
    assert "Round 07" in browser.get(f"/me?location={house.gate}").text
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date()
    assert "No report of yours is like that." in browser.get(f"/me?since={tomorrow}").text
    assert "Jonas" not in browser.get("/me?text=Round").text


@pytest.fixture
def one_browser(house: House, open_browser: Open) -> Browser:
    return open_browser(house.ana)


FIELDS = ("csrf", "revision", "operation", "parents", "written", "place", "find", "zone", "file", "do")
ODD = ["send", "update", "places", "", "x" * 5000, "Europe/Lisbon", "../../etc/passwd", str(uuid7())]
VALUES = st.one_of(st.text(max_size=30), st.sampled_from(ODD))


@settings(max_examples=examples(20, 120), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(FIELDS), st.lists(VALUES, max_size=3)), st.booleans())
def test_any_form_gets_a_page_with_a_sentence(one_browser: Browser, posted: dict[str, list[str]], ours: bool) -> None:
    fields = {**(hidden(new(one_browser)) if ours else {}), **posted}
    answer = one_browser.post(f"/me/reports/{uuid7()}", data=fields)
    assert answer.status_code < 500, answer.text
    assert answer.status_code == 303 or "<h1" in answer.text
