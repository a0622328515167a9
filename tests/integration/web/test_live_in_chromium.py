"""Open pages renew themselves in a real browser, under what the person has in hand; nothing is asked in between."""

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.integration.web.chromium import CHROMIUM, DRIVER, Chromium
from tests.integration.web.conftest import House, sign_in_here, token_of
from tests.integration.web.organization import PASSWORD
from tests.integration.web.posting import form_fields

pytestmark = pytest.mark.skipif(
    CHROMIUM is None or DRIVER is None, reason="no browser here: apt-get install chromium chromium-driver"
)
_ASKED = "performance.getEntriesByType('resource').filter((one) => one.name.includes('{}')).length"


@pytest.fixture
def ana(house: House, address: str) -> Iterator[httpx.Client]:
    """Ana, signed in in a browser of her own."""
    with httpx.Client(base_url=address, trust_env=False, timeout=20, follow_redirects=True) as client:
        fields = {"csrf": token_of(client.get("/sign-in").text), "email": house.ana.email, "password": PASSWORD}
        assert client.post("/sign-in", data=fields).status_code == 200
        yield client


def _file(client: httpx.Client, title: str) -> None:
    """Write a report in the browser's form, and send it."""
    page = client.get("/me/reports/new")
    action = re.search(r'id="filing"[^>]*action="([^"]+)"|action="([^"]+)"[^>]*id="filing"', page.text)
    assert action is not None, page.text
    fields = form_fields(page.text) | {"written": [title], "do": ["send"]}
    sent = client.post(action[1] or action[2], data=fields)
    assert sent.status_code == 200, sent.text
    assert sent.history


def _mark(browser: Chromium) -> None:
    """What a loaded page would have forgotten."""
    browser.run("window.unloaded = true")


def test_counts_change_under_the_hands_of_who_decides(
    house: House, address: str, browser: Chromium, ana: httpx.Client
) -> None:
    for number in range(3):
        house.filled.report(house.ana, f"Round {number}")
    sign_in_here(browser, address, house.manager)
    browser.open(f"{address}/reports")
    browser.wait_until(f"{_ASKED.format('/reports/counts')} === 1")
    _mark(browser)
    browser.complaints()
    for key in ("j", " ", "j"):
        browser.key(key)
    standing = "[...document.querySelectorAll('tbody tr')].map((one) => one.innerText + one.offsetTop)"
    rows = browser.run(f"return {standing}")
    focused = browser.run("return document.activeElement.value")
    _file(ana, "Just seen")
    browser.wait_until("document.querySelector('.counts strong').textContent === '4'")
    assert browser.run("return document.querySelector('[data-say]').innerText").startswith("1 new report came in.")
    assert browser.run(f"return {standing}") == rows
    assert browser.run("return document.activeElement.value") == focused
    assert browser.run("return document.querySelectorAll('[name=chosen]:checked').length") == 1
    # The focus stays in the counts as well, for they are the same links.
    browser.run("document.querySelector('.counts a').focus()")
    _file(ana, "And another")
    browser.wait_until("document.querySelector('.counts strong').textContent === '5'")
    assert browser.run("return document.activeElement === document.querySelector('.counts a')")
    assert browser.run("return window.unloaded && document.getElementById('not-live').hidden") is True
    assert browser.complaints() == []
    browser.click("[data-say] a")
    browser.wait_until("document.querySelectorAll('tbody tr').length === 5")


def test_who_is_in_shows_without_a_reload_and_nothing_is_asked_in_between(
    house: House, address: str, browser: Chromium, ana: httpx.Client
) -> None:
    sign_in_here(browser, address, house.manager)
    browser.open(f"{address}/today")
    browser.wait_until(f"{_ASKED.format('/today/in')} === 1")
    _mark(browser)
    assert "Nobody is checked in" in browser.run("return document.querySelector('[data-live]').innerText")
    page = ana.get("/check-in").text
    event = re.search(r'name="event" value="([^"]+)"', page)
    assert event is not None, page
    pressed = {"csrf": token_of(page), "event": event[1], "press": "check_in", "location": house.gate}
    assert ana.post("/check-in", data=pressed).status_code == 200
    browser.wait_until("document.querySelector('[data-live]').innerText.includes('Ana Ferreira')")
    assert "Gate 2" in browser.run("return document.querySelector('[data-live] h3').innerText")
    browser.wait_until("document.getElementById('live-said').textContent === 'In now: 1.'")
    assert browser.run("return window.unloaded") is True
    assert browser.run(f"return {_ASKED.format('/today/in')}") == 2


def test_what_needs_the_reader_and_what_just_came_show_without_a_reload(
    house: House, address: str, browser: Chromium, ana: httpx.Client
) -> None:
    sign_in_here(browser, address, house.manager)
    browser.open(f"{address}/today")
    browser.wait_until(f"{_ASKED.format('/today/new')} === 1")
    _mark(browser)
    shown = "[...document.querySelectorAll('section:not([hidden]) h2')].map((one) => one.id)"
    assert browser.run(f"return {shown}") == ["in", "new"]
    _file(ana, "The crane is stuck")
    browser.wait_until("document.querySelector('[data-live=\"/today/new\"]').innerText.includes('The crane is stuck')")
    for _ in range(2):  # the second leaves the first without an end
        house.filled.attend(house.ana, "check_in", location=house.gate)
    _file(ana, "And another")
    browser.wait_until("document.getElementById('needs').closest('section').innerText.includes('needs an end')")
    assert browser.run(f"return {shown}") == ["needs", "in", "new"]
    assert "Waiting for you: 1." in browser.run("return document.querySelector('[data-say]').dataset.say")
    assert browser.run("return window.unloaded") is True
    assert browser.complaints() == []


def test_a_page_that_nobody_sees_asks_nothing_and_catches_up(
    house: House, address: str, browser: Chromium, ana: httpx.Client
) -> None:
    sign_in_here(browser, address, house.manager)
    browser.open(f"{address}/reports")
    browser.wait_until(f"{_ASKED.format('/reports/counts')} === 1")
    seen = "Object.defineProperty(document, 'visibilityState', {{ value: '{}', configurable: true }});"
    turn = seen + "document.dispatchEvent(new Event('visibilitychange'))"
    browser.run(turn.format("hidden"))
    _file(ana, "While nobody looks")
    assert browser.run(f"return {_ASKED.format('/reports/counts')}") == 1
    browser.run(turn.format("visible"))
    browser.wait_until("document.querySelector('.counts strong').textContent === '1'")
    # It listens again as well.
    _file(ana, "While somebody looks")
    browser.wait_until("document.querySelector('.counts strong').textContent === '2'")
    assert browser.run("return document.querySelector('.came').innerText").startswith("2 new reports came in.")


def test_who_signed_out_elsewhere_is_told_that_the_page_is_old(house: House, address: str, browser: Chromium) -> None:
    sign_in_here(browser, address, house.manager)
    browser.open(f"{address}/today")
    browser.wait_until(f"{_ASKED.format('/today/in')} === 1")
    browser.run(
        "const form = document.querySelector('form[action=\"/sign-out\"]');"
        "return fetch('/sign-out', { method: 'POST', body: new URLSearchParams(new FormData(form)) }).then(() => 0)"
    )
    browser.wait_until("!document.getElementById('not-live').hidden")
