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


def test_a_condition_in_a_condition_is_made_without_a_new_page(house: House, address: str, browser: Chromium) -> None:
    template_id = house.filled.checklist(PUMP_ROUND).template_id
    sign_in_here(browser, address, house.admin)
    browser.open(f"{address}/checklists/{template_id}?opened=19#open")
    browser.wait_for("#label:focus")
    browser.run("window.same = true; document.querySelector('#hint').value = 'Typed before'")
    choose = "const one = document.querySelector({!r}); one.value = {!r}; one.dispatchEvent(new Event('change'))"
    browser.run(choose.format("#joint", "all"))
    browser.run(choose.format("[data-path='1']", "lamp"))
    browser.fill("[name=when_value]", "Red")
    browser.press("Add a group")
    browser.wait_for("[name=when_joint][data-path='3']:focus")
    assert browser.run("return document.querySelector('[name=when_value]').value") == "Red"
    for path, field, value in (("3.1", "floor_dry", "Fail"), ("3.2", "guards", "Fail")):
        browser.run(choose.format(f"[data-path='{path}']", field))
        browser.fill(f"[list='values-{path}']", value)
    assert "Fail" in browser.run("return document.getElementById('values-3.1').innerHTML")
    browser.run("document.querySelector('[value=\"when:row:3\"]').click()")
    browser.wait_for("[data-path='3.3']:focus")
    browser.run("document.querySelector('[value=\"when:remove:3.3\"]').click()")
    browser.wait_until("!document.querySelector('[data-path=\"3.3\"]')")
    browser.wait_for("[data-path='3']:focus")
    assert browser.run("return window.same && document.querySelector('#hint').value") == "Typed before"
    browser.fill("#hint", ENTER)  # saves, and does not add a comparison
    browser.wait_for("#f19:target")
    line = browser.run("return document.querySelector('#f19 .what').innerText")
    either = "(“Floor dry, no oil” is Fail or “Guards in place” is Fail)"
    assert f"shown when “Lamp on the control cabinet” is Red and {either}" in line
    for width in (195, 390, 1280):
        browser.width(width)
        browser.open(f"{address}/checklists/{template_id}?opened=19#open")
        assert browser.run("return document.documentElement.scrollWidth") <= width, width
    assert browser.complaints() == []


def test_a_field_is_dragged_to_its_place(house: House, address: str, browser: Chromium) -> None:
    template_id = house.filled.checklist(PUMP_ROUND).template_id
    sign_in_here(browser, address, house.admin)
    browser.command("Emulation.setDeviceMetricsOverride", width=1280, height=2400, deviceScaleFactor=1, mobile=False)
    browser.open(f"{address}/checklists/{template_id}")
    order = "return [...document.querySelectorAll('.outline .what > a')].map((one) => one.textContent)"
    before = browser.run(order)
    browser.drag("#f19 .grip", "#f0", down=0.25)
    browser.wait_for("#f0:target")
    assert browser.run(order) == [before[19], *before[:19], before[20]]
    browser.drag("#f0 .grip", "#f19", down=0.75)
    browser.wait_for("#f19:target")
    assert browser.run(order) == before
    browser.drag("#f1 .grip", "#f20", down=0.75)  # with what it holds
    browser.wait_for("#f16:target")
    assert browser.run(order) == [before[0], *before[6:], *before[1:6]]
    browser.drag("#f0 .grip", "#f16", down=0.75)  # into it, as the first
    browser.wait_until("document.querySelector('#f16')?.className === 'depth-1'")
    address_before = browser.run("return location.href")
    browser.drag("#f15 .grip", "#f16", down=0.5)  # not into itself
    assert browser.run("return location.href") == address_before
    assert browser.complaints() == []
