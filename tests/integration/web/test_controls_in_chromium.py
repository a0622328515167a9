"""Every control of the pages about reports and checklists has a name for a screen reader, and Tab reaches it."""

from datetime import timedelta

import pytest

from server.demo.checklists import PUMP_ROUND
from tests.integration.web.chromium import CHROMIUM, DRIVER, Chromium
from tests.integration.web.conftest import House, sign_in_here
from tests.integration.web.organization import Person
from tests.integration.web.test_filing_checklists import EVERY, returned
from tests.picture_files import jpeg

pytestmark = pytest.mark.skipif(
    CHROMIUM is None or DRIVER is None, reason="no browser here: apt-get install chromium chromium-driver"
)
TAB = "\ue004"
NAMELESS = {"RootWebArea", "generic", "main", "dialog", "group"}
"""Roles of what may have the focus without being a control: where a page begins, what a link leads to."""
REACHABLE = """
const shown = (one) => one.checkVisibility() && !one.disabled;
const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, video[controls]")];
window.expected = all.filter((one) => shown(one) && one.tabIndex >= 0 && !(one.type === "radio" && !isStop(one)));
function isStop(radio) {  // of radio buttons of one name the chosen one, or the first
  const group = all.filter((one) => one.type === "radio" && one.name === radio.name && one.form === radio.form);
  return radio === (group.find((one) => one.checked) || group[0]);
}
window.reached = new Set();
document.addEventListener("focusin", (event) => window.reached.add(event.target));
return window.expected.length;
"""


@pytest.fixture
def pages(house: House) -> list[tuple[Person, str]]:
    """The pages, with whom they are for."""
    filled, ana = house.filled, house.ana
    pump, every = filled.checklist(PUMP_ROUND), filled.checklist(EVERY)
    photo = filled.file(ana, jpeg(40, 30), "gate.jpg", "image/jpeg")
    film = filled.file(ana, b"not really a film", "crane.mp4", "video/mp4")
    answers = {"short": "word", "seal": {"result": "fail", "note": "drips"}, "pumps": [{"name": "One"}]}
    answers |= {"photos": [photo.media_id]}
    report, first = filled.report(ana, "Round", "All of it", files=(photo, film), filled=(every, answers))
    again, sent = filled.report(ana, "Round 2", files=(), filled=(every, answers | {"photos": []}))
    returned(house, again, sent, short="Which word?")
    filled.report(ana, "Round, corrected", revises=(report, (first,)), ago=timedelta(minutes=-1))
    written = [(ana, f"me/reports/new?template={every.template_id}"), (ana, f"reports/{again}/edit"), (ana, "me")]
    read = ["reports", f"reports/{report}", f"reports/{report}/versions", "reports/export"]
    made = ["rules", "checklists"] + [f"checklists/{pump.template_id}{more}" for more in ("?opened=5#open", "/preview")]
    return [*written, *((house.manager, one) for one in read), *((house.admin, one) for one in made)]


def test_every_control_is_named_and_reached_by_tab(
    house: House, address: str, browser: Chromium, pages: list[tuple[Person, str]]
) -> None:
    who = None
    for person, path in pages:
        if person is not who:
            browser.command("Network.clearBrowserCookies")
            sign_in_here(browser, address, person)
            who = person
        browser.open(f"{address}/{path}")
        controls = [
            (one["role"]["value"], one.get("name", {}).get("value", "").strip())
            for one in browser.tree()
            if one["role"]["value"] not in NAMELESS
            and any(each["name"] == "focusable" and each["value"]["value"] for each in one.get("properties", ()))
        ]
        assert len(controls) > 8, path
        assert [role for role, name in controls if not name] == [], path
        for _ in range(int(browser.run(REACHABLE)) + 25):  # parts of a date, the controls of a film
            browser.key(TAB)
        missed = "return window.expected.filter((one) => !window.reached.has(one)).map((one) => one.outerHTML)"
        assert browser.run(missed) == [], path
