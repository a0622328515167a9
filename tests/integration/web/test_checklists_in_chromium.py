"""The editor of checklists in a real browser: made by keys alone, the focus stays where one works, the preview asks."""

import pytest

from server.demo.checklists import PUMP_ROUND
from tests.integration.web.chromium import CHROMIUM, DRIVER, Chromium
from tests.integration.web.conftest import House, sign_in_here

pytestmark = pytest.mark.skipif(
    CHROMIUM is None or DRIVER is None, reason="no browser here: apt-get install chromium chromium-driver"
)
ENTER = "\ue007"


def test_a_checklist_is_made_by_keys_alone(house: House, address: str, browser: Chromium) -> None:
    sign_in_here(browser, address, house.admin)
    browser.open(f"{address}/checklists")
    browser.fill("#title", f"Vehicle check{ENTER}")
    for number, label in enumerate(("Tyres", "Lights", "Mileage")):
        browser.wait_for(f".outline > li:nth-child({number})" if number else "#add-label")
        browser.fill("#add-label", f"{label}{ENTER}")
        browser.wait_for(f".outline > li:nth-child({number + 1})")
        browser.wait_for("#add-label:focus")
    browser.run("document.querySelector('#f0 .what a').focus()")
    browser.run(
        "document.activeElement.dispatchEvent("
        "new KeyboardEvent('keydown', { key: 'ArrowDown', altKey: true, bubbles: true }))"
    )
    browser.wait_for("#f1:target [data-step=down]:focus")
    browser.key(ENTER)
    browser.wait_for("#f2:target [data-step=up]:focus, #f2:target a:focus")
    order = "return [...document.querySelectorAll('.outline .what > a')].map((one) => one.textContent)"
    assert browser.run(order) == ["Lights", "Mileage", "Tyres"]
    browser.width(390)
    assert browser.run("return document.documentElement.scrollWidth") <= 390
    assert browser.complaints() == []


def test_what_a_kind_has_and_what_a_comparison_offers_shows_at_once(
    house: House, address: str, browser: Chromium
) -> None:
    template_id = house.filled.checklist(PUMP_ROUND).template_id
    sign_in_here(browser, address, house.admin)
    browser.open(f"{address}/checklists/{template_id}?opened=19#open")
    browser.wait_for("#label:focus")
    choose = "const one = arguments[0]; one.value = arguments[1]; one.dispatchEvent(new Event('change'));"
    assert browser.run("return document.querySelector('#choices').closest('.field').hidden")
    browser.run(choose.replace("arguments[0]", "document.querySelector('#kind')").replace("arguments[1]", "'one_of'"))
    assert not browser.run("return document.querySelector('#choices').closest('.field').hidden")
    assert browser.run("return document.querySelector('.comparisons').hidden")
    browser.run(choose.replace("arguments[0]", "document.querySelector('#joint')").replace("arguments[1]", "'all'"))
    field = "document.querySelector('[name=when_field]')"
    browser.run(choose.replace("arguments[0]", field).replace("arguments[1]", "'lamp'"))
    offered = "return [...document.querySelectorAll('#values-1 option')].map((one) => one.value)"
    assert browser.run(offered) == ["Green", "Amber", "Red"]
    browser.fill("#choices", "Yes\nNo")
    browser.fill("[name=when_value]", f"Red{ENTER}")
    browser.wait_for("#f19:target")
    line = browser.run("return document.querySelector('#f19 .what').innerText")
    assert "Choose one · 2 choices · shown when “Lamp on the control cabinet” is Red" in line
    assert browser.complaints() == []


def test_the_preview_asks_as_soon_as_something_is_answered(house: House, address: str, browser: Chromium) -> None:
    template_id = house.filled.checklist(PUMP_ROUND).template_id
    sign_in_here(browser, address, house.admin)
    browser.open(f"{address}/checklists/{template_id}/preview")
    browser.run("const one = document.querySelector('[name=\"a.seal\"][value=fail]'); one.focus(); one.click()")
    browser.wait_for("[data-into='a.leak_photo']")
    assert browser.run("return document.activeElement.name") == "a.seal"
    browser.press("See what is missing")
    browser.wait_for(".notice.bad a[href='#a-leak_photo']")
    assert browser.complaints() == []
