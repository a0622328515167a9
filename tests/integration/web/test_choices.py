"""What nobody needs: asked only where there is something to ask, never done before a yes, undone by a no."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date

import msgspec
import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from server.application import furnish
from server.logs.visits import Counted, counted
from server.settings import Pages
from server.storage.tables import metadata
from server.web import analytics
from tests.integration.web.conftest import Browser, House, sign_in
from tests.integration.web.organization import PASSWORD
from tests.integration.web.test_cookies import OWN, set_by

BOTH = Pages(count_visits=True, analytics_id="G-ABC1234567")
VIEW = [{"name": "page.viewed", "fields": {"page": "home", "scripts": True}}]
NOTICE = "May these pages do more than you need?"


@pytest.fixture
def open_at(house: House, application: Litestar) -> Iterator[Callable[[Pages], Browser]]:
    """A browser at a server whose operator wants this of the public pages."""
    opened: list[Browser] = []

    def open_with(pages: Pages) -> Browser:
        furnish(application, msgspec.structs.replace(house.filled.settings, pages=pages))
        browser: Browser = TestClient(application)
        browser.follow_redirects = False
        if opened:
            browser.blocking_portal = opened[0].blocking_portal
        else:
            browser.__enter__()
        opened.append(browser)
        return browser

    yield open_with
    if opened:
        opened[0].__exit__(None, None, None)


def numbers(house: House) -> list[Counted]:
    """What was counted."""
    return counted(house.filled.database, date.min)


def answer(browser: Browser, **said: str) -> Response:
    """Answer the question, as its form does."""
    return browser.post("/cookies/choices", data=said, headers=OWN)


def report(browser: Browser, content: object = VIEW, **headers: str) -> Response:
    """What the script sends."""
    return browser.post("/beacon.gif", content=json.dumps(content), headers=headers)


def test_with_nothing_to_choose_nobody_is_asked(open_at: Callable[[Pages], Browser]) -> None:
    browser = open_at(Pages())
    for path in ("/", "/privacy", "/sign-in"):
        assert NOTICE not in browser.get(path).text, path
    assert "What you can allow" not in browser.get("/cookies").text


def test_the_question_stands_in_the_page_and_weighs_both_answers_alike(open_at: Callable[[Pages], Browser]) -> None:
    text = open_at(BOTH).get("/privacy").text
    assert NOTICE in text
    assert "<h1>Privacy</h1>" in text
    buttons = re.findall(r'<button class="([^"]*)" type="submit" name="answer" value="(\w+)">', text)
    assert [value for _, value in buttons] == ["needed", "allow"]
    assert len({look for look, _ in buttons}) == 1


@pytest.mark.parametrize(
    ("said", "kept"), [("needed", "visits:no|analytics:no"), ("allow", "visits:yes|analytics:yes")]
)
def test_an_answer_lasts_and_leads_back(open_at: Callable[[Pages], Browser], said: str, kept: str) -> None:
    browser = open_at(BOTH)
    there = "/sign-in?return_to=/me/time"
    assert f'name="return_to" value="{there}"' in browser.get(there).text
    answered = answer(browser, answer=said, return_to=there)
    assert answered.headers["location"] == there
    assert browser.cookies["miratag-choices"] == kept
    assert "Max-Age=15552000" in answered.headers["set-cookie"]
    assert NOTICE not in browser.get("/").text


def test_what_is_new_is_asked_once_more_and_what_was_said_stays(open_at: Callable[[Pages], Browser]) -> None:
    browser = open_at(Pages(count_visits=True))
    answer(browser, answer="needed")
    later = open_at(BOTH)
    later.cookies.update(browser.cookies)
    assert NOTICE in later.get("/").text
    answer(later, analytics="yes")
    assert later.cookies["miratag-choices"] == "visits:no|analytics:yes"
    assert NOTICE not in later.get("/").text


def test_an_answer_leads_to_no_other_website(open_at: Callable[[Pages], Browser]) -> None:
    assert answer(open_at(BOTH), answer="allow", return_to="//evil.example").headers["location"].startswith("/cookies")


@pytest.mark.parametrize(("header", "name"), [("Sec-GPC", "Global Privacy Control"), ("DNT", "Do Not Track")])
def test_a_browser_that_asks_not_to_be_tracked_is_asked_nothing_and_told_why(
    house: House, open_at: Callable[[Pages], Browser], header: str, name: str
) -> None:
    browser = open_at(BOTH)
    answer(browser, answer="allow")
    browser.headers[header] = "1"
    text = browser.get("/").text
    assert NOTICE not in text
    assert "visits.js" not in text
    assert "<iframe" not in text
    assert name in browser.get("/cookies").text
    report(browser)
    browser.get("/beacon.gif?page=home")
    assert numbers(house) == []
    assert browser.get("/analytics?page=home").status_code == 404


@pytest.mark.parametrize("said", ["nothing", "needed", "others"])
def test_without_a_yes_nothing_is_counted_and_nothing_is_set(
    house: House, open_at: Callable[[Pages], Browser], said: str
) -> None:
    browser = open_at(BOTH)
    if said != "nothing":
        answer(browser, **({"answer": "needed"} if said == "needed" else {"visits": "no", "analytics": "yes"}))
    assert "visits.js" not in browser.get("/").text
    assert "/beacon.gif" not in browser.get("/").text
    for answered in (report(browser), browser.get("/beacon.gif?page=home")):
        assert set_by(answered) == set()
        assert answered.status_code in {200, 204}
    assert numbers(house) == []


def test_with_a_yes_numbers_go_up_and_a_no_ends_it(house: House, open_at: Callable[[Pages], Browser]) -> None:
    browser = open_at(BOTH)
    answer(browser, answer="allow")
    text = browser.get("/").text
    assert "visits.js" in text
    assert 'data-page="home"' in text
    assert '<noscript><img class="visually-hidden" src="/beacon.gif?page=home"' in text
    timing = {"name": "page.timing", "fields": {"page": "home", "load_ms": 700}}
    for answered in (report(browser, [*VIEW, timing]), report(browser), browser.get("/beacon.gif?page=contact")):
        assert set_by(answered) == set()
    today = house.filled.database.now().date()
    assert [(one.day, one.name, dict(one.fields), one.times) for one in numbers(house)] == [
        (today, "page.timing", {"load_ms": 512, "page": "home"}, 1),
        (today, "page.viewed", {"page": "contact", "scripts": False}, 1),
        (today, "page.viewed", {"page": "home", "scripts": True}, 2),
    ]
    answer(browser, answer="needed")
    report(browser)
    assert "visits.js" not in browser.get("/").text
    assert sum(one.times for one in numbers(house)) == 4


@pytest.mark.parametrize(
    "content",
    [
        {"name": "page.viewed"},
        [{"name": "page.viewed", "fields": {"page": "/reports/0198c0de", "scripts": True}}],
        [{"name": "page.viewed", "fields": {"page": "home", "scripts": True, "member": "ana"}}],
        [{"name": "app.started", "fields": {"surface": "tray"}}],
        [{"name": "page.timing", "fields": {"page": "home", "load_ms": "ana@example.invalid"}}],
        VIEW * 5,
    ],
)
def test_what_the_catalog_does_not_declare_is_not_counted(
    house: House, open_at: Callable[[Pages], Browser], content: object
) -> None:
    browser = open_at(BOTH)
    answer(browser, answer="allow")
    assert report(browser, content).status_code == 400
    assert browser.get("/beacon.gif?page=/reports/0198c0de").status_code == 400
    assert browser.post("/beacon.gif", content=b"\xff\x00").status_code == 400
    assert browser.post("/beacon.gif", content=b" " * 4000).status_code == 413
    assert numbers(house) == []


def test_a_sign_in_and_what_is_counted_never_meet(house: House, open_at: Callable[[Pages], Browser]) -> None:
    """Neither in a request that is counted, nor in a row: no page of work reports, and a request with the cookie of a
    sign-in, even of one that ended, counts nothing."""
    browser = open_at(BOTH)
    answer(browser, answer="allow")
    sign_in(browser, house.ana.email, PASSWORD)
    for path in ("/me", "/privacy", "/cookies", "/nothing"):
        text = browser.get(path).text
        assert "visits.js" not in text, path
        assert "<iframe" not in text, path
        assert NOTICE not in text, path
    report(browser)
    browser.get("/beacon.gif?page=home")
    assert browser.get("/analytics?page=home").status_code == 404
    browser.cookies.set("miratag", "of a sign-in that ended")
    report(browser)
    assert "visits.js" not in browser.get("/").text
    assert numbers(house) == []
    columns = {column.name for column in metadata.tables["page_count"].columns}
    assert columns == {"day", "name", "fields", "times"}


def test_only_the_frame_names_the_tags_hosts_and_only_after_a_yes(open_at: Callable[[Pages], Browser]) -> None:
    browser = open_at(BOTH)
    assert browser.get("/analytics?page=home").status_code == 404
    plain = browser.get("/").headers["content-security-policy"]
    answer(browser, answer="allow")
    page = browser.get("/")
    assert page.headers["content-security-policy"] == plain
    assert "google" not in plain
    assert 'src="/analytics?page=home" sandbox="allow-scripts"' in page.text
    frame = browser.get("/analytics?page=home")
    assert frame.headers["content-security-policy"] == analytics.POLICY
    assert frame.headers["content-security-policy"].endswith("sandbox allow-scripts")
    assert set_by(frame) == set()
    for path in ("/sign-in", "/enrol", "/nothing"):
        assert "<iframe" not in browser.get(path).text, path
    for kind in ("sign_in", "me", "home&page=reports"):
        assert browser.get(f"/analytics?page={kind}").status_code == 404, kind
    answer(browser, analytics="no", visits="yes")
    assert "<iframe" not in browser.get("/").text
    assert browser.get("/analytics?page=home").status_code == 404


def test_the_page_of_cookies_shows_what_stands_and_changes_it(open_at: Callable[[Pages], Browser]) -> None:
    browser = open_at(BOTH)
    text = browser.get("/cookies").text
    assert NOTICE not in text
    assert re.findall(r'name="(visits|analytics)" value="(\w+)" checked', text) == [
        ("visits", "no"),
        ("analytics", "no"),
    ]
    answer(browser, visits="yes", analytics="no")
    text = browser.get("/cookies").text
    assert re.findall(r'name="(visits|analytics)" value="(\w+)" checked', text) == [
        ("visits", "yes"),
        ("analytics", "no"),
    ]
    assert "<code>page.timing</code>" in text
    assert "90 days" in text
    assert browser.get("/.well-known/gpc.json").json()["gpc"] is True
