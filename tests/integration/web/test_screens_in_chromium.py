"""A code screen and a kiosk in a real browser: by touch, over a lost network, and without anybody at them."""

import pytest

from server.accounts import pins
from server.attendance.reading import EventFilter, list_events
from server.locations import codes, screens
from server.storage.database import Transaction
from tests.integration.web.chromium import CHROMIUM, DRIVER, Chromium
from tests.integration.web.conftest import House

pytestmark = pytest.mark.skipif(None in {CHROMIUM, DRIVER}, reason="apt-get install chromium chromium-driver")

_CODE = "document.querySelector('.code') && document.querySelector('.code').getAttribute('aria-label')"
_ASK = "document.dispatchEvent(new Event('visibilitychange'))"


def made(house: House, kind: str) -> str:
    """The path of a new screen at Gate 2."""
    with house.filled.database.write(house.filled.own) as t:
        token = screens.make(t, house.admin.actor, house.gate, kind, "Door")
    return f"/{'screen' if kind == 'code' else 'kiosk'}/{token}"


def renewed(house: House, digits: int) -> None:
    """Another seed, so that the next answer is another code."""
    with house.filled.database.write(house.filled.own) as t:
        codes.turn_on(t, house.admin.actor, house.gate, digits)


def test_the_code_renews_itself_and_says_when_it_cannot(house: House, address: str, browser: Chromium) -> None:
    renewed(house, 6)
    path = made(house, "code")
    browser.open(address + path)
    first = browser.run(f"return {_CODE}")
    assert len(first) == 6
    renewed(house, 8)
    browser.run(_ASK)
    browser.wait_until(f"({_CODE} || '').length === 8")
    browser.command("Network.enable")
    lost = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    browser.command("Network.emulateNetworkConditions", **lost)
    browser.run(_ASK)
    browser.wait_until("!document.getElementById('lost').hidden")
    browser.complaints()
    browser.command("Network.emulateNetworkConditions", **(lost | {"offline": False}))
    browser.wait_until("document.getElementById('lost').hidden && document.querySelector('.code')")

    def take_back(t: Transaction) -> None:
        [one] = screens.list_of(t, house.gate)
        screens.take_back(t, house.admin.actor, one.screen_id)

    with house.filled.database.write(house.filled.own) as t:
        take_back(t)
    browser.run(_ASK)
    browser.wait_until("!document.getElementById('gone').hidden && !document.querySelector('.code')")


def test_the_next_code_comes_when_its_step_begins(house: House, address: str, browser: Chromium) -> None:
    renewed(house, 6)
    browser.open(address + made(house, "code"))
    source = browser.run("return document.getElementById('shown').dataset.source")
    left = browser.run("return Number(document.querySelector('[data-ends-in]').dataset.endsIn)")
    assert 0 < left <= 30_000
    asked = f"performance.getEntriesByType('resource').filter(one => one.name.endsWith({source!r})).length"
    assert browser.run(f"return {asked}") == 0
    before = browser.run(f"return {_CODE}")
    browser.wait_until(f"performance.now() > {left - 10_000}")
    browser.wait_until(f"{_CODE} !== {before!r}")
    assert browser.run(f"return {asked}") == 1


@pytest.mark.parametrize("size", [(1024, 768), (768, 1024), (512, 384), (360, 640)])
def test_screens_fit_and_keep_to_their_policy(
    house: House, address: str, browser: Chromium, size: tuple[int, int]
) -> None:
    renewed(house, 8)
    metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False}
    browser.command("Emulation.setDeviceMetricsOverride", **metrics)
    for kind in ("code", "kiosk"):
        browser.open(address + made(house, kind))
        assert browser.run("return document.documentElement.scrollWidth") <= size[0], kind
        asked = browser.run("return performance.getEntriesByType('resource').map(entry => entry.name)")
        assert [name for name in asked if not name.startswith(address)] == []
        assert browser.complaints() == []
    heights = browser.run(
        "return [...document.querySelectorAll('.key')].map(one => one.getBoundingClientRect().height)"
    )
    assert min(heights) >= 48


def test_checking_in_at_a_kiosk_by_touch_alone(house: House, address: str, browser: Chromium) -> None:
    with house.filled.database.write(house.filled.own) as t:
        pins.give(t, house.admin.actor, house.ana.actor.member_id, "7", "4096")
    browser.open(address + made(house, "kiosk"))
    for key in ("8", "back", "7", "next", *"4096"):
        browser.click(f'[data-key="{key}"]')
    browser.press("Go on")
    browser.wait_for(".presses")
    lost = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    browser.command("Network.enable")
    browser.command("Network.emulateNetworkConditions", **lost)
    browser.press("Check in here")
    browser.wait_until("!document.getElementById('lost').hidden")
    browser.command("Network.emulateNetworkConditions", **(lost | {"offline": False}))
    browser.press("Check in here")
    browser.wait_for(".tick")
    assert browser.run("return document.querySelector('h1').innerText") == "Ana Ferreira, you are checked in."
    browser.click("a.button")
    browser.wait_for("#who")
    assert browser.run("return document.getElementById('number').value + document.getElementById('pin').value") == ""
    with house.filled.database.read(house.filled.own) as t:
        [row] = list_events(t, house.ana.actor, EventFilter(member_id=house.ana.actor.member_id)).rows
    assert (row.kind, row.method) == ("check_in", "kiosk")
