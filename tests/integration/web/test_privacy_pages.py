"""A member's own page of privacy, and the admins' answers to what they asked to have erased."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from httpx import Response
from uuid6 import uuid7

from protocol.privacy import ErasureAnswerPayload
from protocol.statements import ERASURE_ANSWER, SignedStatement
from rules.statements import read_statement
from server.member_data import requests
from server.policy_texts import publishing, reading
from server.storage.log_tables import installation, log_record
from server.storage.tables import access_record, report, revision, web_session
from tests.integration.web.conftest import Browser, House, send
from tests.integration.web.organization import PASSWORD, Person


def _asked(browser: Browser, wish: str) -> str:
    """Ask with the form; the request's id."""
    page = browser.get("/me/privacy").text
    found = re.search(r'name="request" value="([^"]+)"', page)
    assert found is not None
    answer = send(browser, "/me/privacy", "/me/privacy/erasure", request=found[1], wish=wish)
    assert answer.headers["location"] == "/me/privacy?done=asked#erasure"
    return found[1]


def _answer(browser: Browser, request_id: str, **given: str) -> Response:
    return send(browser, f"/erasure/{request_id}", f"/erasure/{request_id}", **{"current": PASSWORD, **given})


def _publish(house: House, text: str, changes: str, *, days: int = 0) -> None:
    effective = house.filled.database.now() + timedelta(days=days)
    publishing.publish(house.filled.database, title="Privacy policy", text=text, effective=effective, changes=changes)


def test_the_page_says_how_much_is_kept_of_whoever_looks(house: House, open_browser: Callable[..., Browser]) -> None:
    house.filled.report(house.ana, "Gate")
    house.filled.attend(house.ana, "check_in", location=house.gate)
    house.filled.report(house.jonas, "Yard")
    text = open_browser(house.ana).get("/me/privacy").text
    for name in ("Reports", "Versions of them", "Entries of attendance", "Browsers signed in"):
        assert f"<dt>{name}</dt><dd>1</dd>" in text, name
    assert "Apps signed in" not in text
    assert open_browser(None).get("/me/privacy").status_code == 303


def test_everything_comes_as_one_file_after_the_password(house: House, open_browser: Callable[..., Browser]) -> None:
    house.filled.report(house.ana, "Crane 4", "The rope is frayed.")
    house.filled.report(house.jonas, "Not hers")
    browser = open_browser(house.ana)
    with house.filled.database.write(house.filled.own) as t:
        t.execute(t.update(web_session).values(confirmed="2026-01-01T00:00:00.000Z"))  # a while ago
    assert "Asked for again before data leaves." in browser.get("/me/privacy").text
    wrong = send(browser, "/me/privacy", "/me/privacy/data", current="not it")
    assert wrong.status_code == 403
    assert "not your password" in wrong.text
    taken = send(browser, "/me/privacy", "/me/privacy/data", current=PASSWORD)
    assert taken.headers["content-type"] == "application/zip"
    assert 'filename="miratag-my-data.zip"' in taken.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(taken.content)) as package:
        assert package.testzip() is None
        assert "Crane 4" in package.read("reports.json").decode()
        assert all(b"Not hers" not in package.read(name) for name in package.namelist())
    with house.filled.database.read(house.filled.own) as t:
        own = house.ana.actor.member_id
        noted = t.all(t.select(access_record).where(access_record.c.action == "export", access_record.c.entity == own))
    assert len(noted) == 1
    assert browser.post("/me/privacy/data", data={"csrf": "x", "current": PASSWORD}).status_code == 403


def test_a_request_waits_is_answered_and_the_answer_verifies(
    house: House, open_browser: Callable[..., Browser]
) -> None:
    ana, admin = open_browser(house.ana), open_browser(house.admin)
    request_id = _asked(ana, "My <b>photos</b> of March.")
    assert "Waits for an answer" in ana.get("/me/privacy").text
    assert "1 request to erase waits" in admin.get("/today").text
    assert "My &lt;b&gt;photos&lt;/b&gt; of March." in admin.get("/erasure").text
    kept = _answer(admin, request_id, state="kept", until="2031-01-01", reason="The tax office asks for them.")
    assert kept.headers["location"] == f"/erasure/{request_id}?done=answered"
    text = ana.get("/me/privacy").text
    assert "Kept until Wed 1 Jan 2031" in text
    assert "The tax office asks for them." in text
    file = ana.get(f"/me/privacy/erasure/{request_id}")
    assert f'filename="erasure-answer-{request_id}.json"' in file.headers["content-disposition"]
    statement = msgspec.json.decode(file.content, type=SignedStatement)
    payload = read_statement(statement, house.filled.keys.public_keys(), ERASURE_ANSWER, ErasureAnswerPayload)
    assert (payload.state, payload.until, payload.member_id) == ("kept", "2031-01-01", house.ana.actor.member_id)
    assert "to erase waits" not in admin.get("/today").text


def test_done_erases_before_it_says_so(house: House, open_browser: Callable[..., Browser]) -> None:
    house.filled.report(house.ana, "Crane 4", "The rope is frayed.")
    admin = open_browser(house.admin)
    request_id = _asked(open_browser(house.ana), "Everything.")
    assert "cannot be undone" in admin.get(f"/erasure/{request_id}").text
    assert _answer(admin, request_id, state="done").status_code == 303
    with house.filled.database.read(house.filled.own) as t:
        assert [row.title for row in t.all(t.select(report))] == ["Erased"]
        assert [row.text for row in t.all(t.select(revision))] == [""]
    again = admin.post(f"/erasure/{request_id}", data={"csrf": "x", "state": "refused"})
    assert again.status_code == 403
    assert 'name="state"' not in admin.get(f"/erasure/{request_id}").text


@pytest.mark.parametrize(
    ("given", "status", "sentence"),
    [
        ({"state": "done", "current": "wrong"}, 403, "not your password"),
        ({"state": "refused"}, 400, "Say why"),
        ({"state": "kept", "reason": "Tax"}, 400, "a day after today"),
        ({"state": "kept", "reason": "Tax", "until": "2020-01-01"}, 400, "a day after today"),
        ({"state": "perhaps", "reason": "Tax"}, 400, "Choose one of the answers"),
        ({}, 400, "Choose one of the answers"),
    ],
)
def test_what_is_no_answer_changes_nothing_and_keeps_what_was_typed(
    house: House, open_browser: Callable[..., Browser], given: dict[str, str], status: int, sentence: str
) -> None:
    house.filled.report(house.ana, "Crane 4")
    request_id = _asked(open_browser(house.ana), "Everything.")
    answer = _answer(open_browser(house.admin), request_id, **given)
    assert answer.status_code == status
    assert sentence in answer.text
    assert given.get("reason", "") in answer.text
    with house.filled.database.read(house.filled.own) as t:
        assert [one.state for one in requests.own(t, house.ana.actor).requests] == ["asked"]
        assert [row.title for row in t.all(t.select(report))] == ["Crane 4"]


def test_the_same_form_twice_is_one_request_and_an_empty_one_is_none(
    house: House, open_browser: Callable[..., Browser]
) -> None:
    browser = open_browser(house.ana)
    first = _asked(browser, "Everything.")
    again = send(browser, "/me/privacy", "/me/privacy/erasure", request=first, wish="Everything.")
    assert again.status_code == 303
    empty = send(browser, "/me/privacy", "/me/privacy/erasure", request=first.replace("0", "1"), wish="  ")
    assert empty.status_code in {400, 422}
    assert "Say what is to be erased" in empty.text
    with house.filled.database.read(house.filled.own) as t:
        assert len(requests.own(t, house.ana.actor).requests) == 1


def test_nobody_reads_or_answers_what_is_not_theirs(house: House, open_browser: Callable[..., Browser]) -> None:
    request_id = _asked(open_browser(house.ana), "Everything.")
    assert _answer(open_browser(house.admin), request_id, state="refused", reason="No.").status_code == 303
    for person in (house.jonas, house.manager, house.stranger):
        browser = open_browser(person)
        assert browser.get("/erasure").status_code == 404
        assert browser.get(f"/erasure/{request_id}").status_code == 404
        assert browser.get(f"/me/privacy/erasure/{request_id}").status_code == 404
        token = re.search(r'name="csrf" value="([^"]+)"', browser.get("/me/privacy").text)
        assert token is not None
        sent = browser.post(f"/erasure/{request_id}", data={"csrf": token[1], "state": "done", "current": PASSWORD})
        assert sent.status_code == 404
    for unknown in ("x", "0198c0de-0000-7000-8000-000000000000"):
        assert open_browser(house.admin).get(f"/erasure/{unknown}").status_code == 404


def test_an_admin_of_another_organization_has_no_part_in_it(house: House, open_browser: Callable[..., Browser]) -> None:
    """Not by the id, not by their own password, and not by a request of their own under the same id."""
    request_id = _asked(open_browser(house.ana), "Everything of mine.")
    browser = open_browser(house.filled.person("Otto Fern", "admin", cares_for="everything", other=True))
    assert "Ana Ferreira" not in browser.get("/erasure").text
    assert browser.get(f"/erasure/{request_id}").status_code == 404
    assert browser.get(f"/me/privacy/erasure/{request_id}").status_code == 404
    token = re.search(r'name="csrf" value="([^"]+)"', browser.get("/me/privacy").text)
    assert token is not None
    for state in ("done", "kept", "refused"):
        said = {"csrf": token[1], "state": state, "until": "2099-01-01", "reason": "No.", "current": PASSWORD}
        assert browser.post(f"/erasure/{request_id}", data=said).status_code == 404
    own = {"csrf": token[1], "request": request_id, "wish": "Mine."}
    assert browser.post("/me/privacy/erasure", data=own).status_code in {303, 400}
    assert "Everything of mine." not in browser.get("/erasure").text + browser.get("/me/privacy").text
    with house.filled.database.read(house.filled.own) as t:
        (asked,) = requests.own(t, house.ana.actor).requests
    assert (asked.wish, asked.state) == ("Everything of mine.", "asked")


@pytest.mark.parametrize("who", ["ana", "manager"])
def test_a_change_of_the_policy_is_pointed_out_and_stands_in_nobodys_way(
    house: House, open_browser: Callable[..., Browser], who: str
) -> None:
    person: Person = getattr(house, who)
    first = "/me" if who == "ana" else "/today"
    browser = open_browser(person)
    assert "The privacy policy change" not in browser.get(first).text
    _publish(house, "New.", "Photos go after a year.", days=10)
    page = browser.get(first).text
    assert "The privacy policy changes on" in page
    assert "Photos go after a year." in page
    accepted = send(browser, "/me/privacy", "/me/privacy/policy/2")
    assert accepted.headers["location"] == "/me/privacy?done=accepted#policy"
    assert "You accepted it" in browser.get("/me/privacy").text
    assert "The privacy policy change" not in browser.get(first).text


def test_going_on_after_its_day_is_noted_once_and_accepts_nothing(
    house: House, open_browser: Callable[..., Browser]
) -> None:
    _publish(house, "Now.", "Shorter.")
    open_browser(house.ana)
    browser = open_browser(house.ana)
    with house.filled.database.read(house.filled.own) as t:
        said = reading.answers(t, house.ana.actor)
    assert [(one.version, one.how) for one in said] == [(2, "continued_use")]
    assert "You went on using the service after its day" in browser.get("/me/privacy").text
    assert "The privacy policy changed on" in browser.get("/me").text


def test_accepting_what_is_not_there_says_so(house: House, open_browser: Callable[..., Browser]) -> None:
    assert send(open_browser(house.ana), "/me/privacy", "/me/privacy/policy/7").status_code == 404


def test_the_access_log_has_who_asked_and_who_answered(house: House, open_browser: Callable[..., Browser]) -> None:
    request_id = _asked(open_browser(house.ana), "Everything.")
    _answer(open_browser(house.admin), request_id, state="refused", reason="Not yet.")
    with house.filled.database.read(house.filled.own) as t:
        rows = t.all(t.select(access_record).where(access_record.c.entity == request_id))
    assert [(row.actor, row.action) for row in rows] == [
        (house.ana.actor.member_id, "ask to erase"),
        (house.admin.actor.member_id, "answer refused"),
    ]


def _log_records(house: House, name: str, installations: int) -> None:
    """One record of each of so many installations."""
    with house.filled.database.write(house.filled.own) as t:
        for _ in range(installations):
            sender = str(uuid7())
            day = t.now.date().isoformat()
            t.insert(installation, installation_id=sender, secret_sha256="0" * 64, registered_on=day)
            t.insert(
                log_record,
                installation_id=sender,
                event_id=str(uuid7()),
                category="usage",
                name=name,
                time_unix_nano=1,
                record=b"",
                received=t.now_text,
            )


def test_admins_read_how_much_log_data_came_and_of_nobody(house: House, open_browser: Callable[..., Browser]) -> None:
    admin = open_browser(house.admin)
    assert "No app has sent log data lately." in admin.get("/log-data").text
    _log_records(house, "report.sent", 2)
    assert "from too few apps to show it" in admin.get("/log-data").text
    _log_records(house, "app.started", 6)
    text = admin.get("/log-data").text
    assert re.search(r"<code>app\.started</code></td><td data-label=\"Records\">5</td>", text)  # six, as their band
    assert "report.sent" not in text
    assert 'href="/log-data"' in admin.get("/rules").text
    for person in (house.ana, house.manager):
        assert open_browser(person).get("/log-data").status_code == 404
