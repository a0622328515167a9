"""Saying where the device is, in a real browser: pressed for once, shown before it is sent, and never in the way."""

import os
from pathlib import Path

import pytest

from server.storage.tables import attendance_event
from tests.integration.web.chromium import CHROMIUM, DRIVER, Chromium
from tests.integration.web.conftest import House, sign_in_here

pytestmark = pytest.mark.skipif(None in {CHROMIUM, DRIVER}, reason="apt-get install chromium chromium-driver")

_SAID = "document.querySelector('[data-said]').textContent"
_FIELDS = "document.getElementsByName('latitude').length"
_ANSWERS = {
    "denied": "no({code: 1, message: 'User denied Geolocation'})",
    "unavailable": "no({code: 2, message: 'Position unavailable'})",
    "timeout": "no({code: 3, message: 'Timeout expired'})",
    "told": "yes({coords: {latitude: 38.7071234, longitude: -9.13549, accuracy: 24.2}})",
}


def device(browser: Chromium, answer: str) -> None:
    """What the device says when it is asked, and how often it was."""
    browser.run(
        "window.asked = 0; navigator.geolocation.getCurrentPosition ="
        f" (yes, no) => {{ window.asked += 1; setTimeout(() => {_ANSWERS[answer]}); }};"
    )


@pytest.mark.parametrize("path", ["/check-in", "/me/time"])
def test_where_the_device_is_is_said_once_and_may_be_left_out(
    house: House, address: str, browser: Chromium, path: str
) -> None:
    sign_in_here(browser, address, house.ana)
    browser.open(address + path)
    sentences = set()
    for answer in ("denied", "unavailable", "timeout"):
        device(browser, answer)
        assert browser.run(f"return {_FIELDS}") == 0
        browser.press("Say where this device is")
        browser.wait_until(f"{_SAID}.includes('does not say where it is')")
        sentences.add(browser.run(f"return {_SAID}"))
        assert browser.run(f"return [{_FIELDS}, window.asked]") == [0, 1]
    assert len(sentences) == 1
    device(browser, "told")
    browser.press("Say where this device is")
    browser.wait_until(f"{_SAID}.includes('latitude 38.70712, longitude -9.13549, right within 25 m')")
    browser.press("Leave it out")
    assert browser.run(f"return [{_FIELDS}, {_SAID}]") == [0, ""]
    browser.press("Say where this device is")
    browser.wait_until(f"{_FIELDS} === 1")
    shots = os.environ.get("SHOTS")
    if shots:
        browser.screenshot(Path(shots) / f"{path.replace('/', '_')}.png")
        browser.width(360)
        browser.screenshot(Path(shots) / f"{path.replace('/', '_')}-360.png")
    if path == "/check-in":
        browser.click(f"input[value='{house.gate}'], input[value='elsewhere']")
        browser.fill("#note", "North side")
    browser.press("Check in Ana Ferreira")
    browser.wait_until("document.body.textContent.includes('Undo')")
    c = attendance_event.c
    with house.filled.database.read(house.filled.own) as t:
        [row] = t.all(t.select(attendance_event, c.latitude, c.longitude, c.accuracy_m, c.position_source))
    assert tuple(row) == (38.70712, -9.13549, 25.0, "browser")
    assert browser.complaints() == []
