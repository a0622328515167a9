"""The pages in Arabic, one language that runs from right to left, in a real browser and at the width of a phone."""

import unicodedata
from datetime import timedelta

import pytest

from installer import translations
from server.locations import codes, screens
from tests.integration.web.chromium import CHROMIUM, DRIVER, Chromium
from tests.integration.web.conftest import House
from tests.integration.web.organization import PASSWORD, Person
from tests.picture_files import jpeg

pytestmark = pytest.mark.skipif(
    CHROMIUM is None or DRIVER is None, reason="no browser here: apt-get install chromium chromium-driver"
)
_TEXTS = """
const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
const found = [];
while (walk.nextNode()) {
  const around = walk.currentNode.parentElement;
  if (["SCRIPT", "STYLE"].includes(around.tagName) || around.closest(".policy")) continue; // the operator's own words
  found.push(walk.currentNode.data.trim());
}
for (const name of ["title", "alt", "placeholder", "aria-label", "data-label"]) {
  for (const one of document.querySelectorAll(`[${name}]`)) found.push(one.getAttribute(name));
}
return found.filter((text) => text);
"""
_SHAPE = """
const page = document.documentElement;
return [page.lang, page.dir, page.scrollWidth <= page.clientWidth, getComputedStyle(document.body).direction];
"""


def in_arabic(browser: Chromium, address: str, person: Person | None = None) -> None:
    """Ask for Arabic from now on, and sign in."""
    browser.command("Network.enable")
    browser.command("Network.setExtraHTTPHeaders", headers={"Accept-Language": "ar-EG, ar;q=0.9, en;q=0.5"})
    if person is not None:
        browser.open(f"{address}/sign-in")
        browser.fill("#email", person.email)
        browser.fill("#password", PASSWORD)
        browser.press("تسجيل الدخول")
        browser.wait_for(".who form")


def fill(house: House) -> list[tuple[Person | None, str]]:
    """An organization with something on every page; who looks at which pages."""
    house.filled.attend(house.ana, "check_in", location=house.gate, ago=timedelta(hours=20))
    late_one = house.filled.attend(house.ana, "check_in", location=house.gate, ago=timedelta(hours=3))
    house.filled.attend(house.jonas, "check_in", note="في المخزن", ago=timedelta(minutes=70))
    photos = tuple(house.filled.file(house.ana, jpeg(), f"photo {n}.jpg", "image/jpeg") for n in range(2))
    late = house.filled.file(house.ana, jpeg(), "late.jpg", "image/jpeg", held=False)
    text = "الحبل مقطوع عند Gate 2 منذ 07:58.\nCrane 4 (serial 77-120) stands still."
    crane, first = house.filled.report(house.ana, "الرافعة 4 متوقفة", text, location=house.gate, files=photos)
    house.filled.report(house.ana, "Crane 4 stands still", text, location=house.gate, revises=(crane, (first,)))
    house.filled.report(house.ana, "Lamp at gate 2 is out", "Since seven.", files=(late,))
    with house.filled.database.write(house.filled.own) as t:
        codes.turn_on(t, house.admin.actor, house.gate, 6)
        code, kiosk = (screens.make(t, house.admin.actor, house.gate, kind, "الباب") for kind in ("code", "kiosk"))
    public = (
        "/",
        "/sign-in",
        "/enrol",
        "/privacy",
        "/cookies",
        "/contact",
        "/display",
        "/privacy/policy/1",
        "/nowhere",
    )
    everybody = [(None, path) for path in (*public, f"/screen/{code}", f"/kiosk/{kiosk}")]
    own = [
        (house.ana, path)
        for path in (
            *("/me", "/me/password", "/me/privacy", "/me/reports/new", "/attendance", f"/reports/{crane}/edit"),
            *("/me/time", "/me/time?view=month", "/me/time/ask", f"/me/time/ask?event={late_one}", "/me/time/export"),
            *("/check-in", f"/check-in?location={house.gate}&code=123456", "/check-in?find=zzz"),
        )
    ]
    others = [
        (house.admin, path)
        for path in (
            *(
                "/today",
                "/reports",
                "/reports?words=zzz",
                "/reports/export",
                "/attendance",
                "/rules",
                "/erasure",
                "/log-data",
                "/locations",
                "/checklists",
            ),
            *("/attendance/timesheets", f"/attendance/timesheets/{house.ana.actor.member_id}", "/attendance/export"),
            *("/attendance/corrections", "/attendance/closings", "/shifts"),
            *(f"/locations/{house.gate}", f"/locations/{house.gate}/sheet"),
            *("/people", f"/people/{house.manager.actor.member_id}", f"/reports/{crane}", f"/reports/{crane}/versions"),
        )
    ]
    return [*everybody, *own, *others]


def english() -> set[str]:
    """Every English text that the pages have an Arabic one for."""
    texts = translations.page_texts(translations.PAGES / "ar" / "LC_MESSAGES" / "miratag.po")
    return {str(text.id) for text in texts if text.id and isinstance(text.id, str) and text.string not in ("", text.id)}


@pytest.mark.parametrize("who", ["nobody", "worker", "admin"])
def test_every_page_runs_from_right_to_left_fits_a_phone_and_is_all_arabic(
    house: House, address: str, browser: Chromium, who: str
) -> None:
    person = {"nobody": None, "worker": house.ana, "admin": house.admin}[who]
    pages = [path for whose, path in fill(house) if whose is person]
    in_arabic(browser, address, person)
    sources = english()
    for path in pages:
        browser.open(f"{address}{path}")
        browser.width(390)
        assert browser.run(_SHAPE) == ["ar", "rtl", True, "rtl"], path
        texts = browser.run(_TEXTS)
        assert sorted(set(texts) & sources) == [], path
        headings = browser.run("return [...document.querySelectorAll('h1')].map((one) => one.innerText)")
        assert len(headings) == 1, path
        assert any(unicodedata.bidirectional(letter) == "AL" for letter in "".join(texts)), path
    assert [line for line in browser.complaints() if "404" not in line] == []


def test_what_people_wrote_keeps_its_own_direction(house: House, address: str, browser: Chromium) -> None:
    crane = next(path for _, path in fill(house) if path.endswith("/versions")).removesuffix("/versions")
    in_arabic(browser, address, house.admin)
    browser.open(f"{address}{crane}")
    title = "const one = getComputedStyle(document.querySelector('h1')); return [one.direction, one.textAlign]"
    assert browser.run(title) == ["ltr", "right"]  # an English title, on the side of the page
    text = "return getComputedStyle(document.querySelector('.written')).unicodeBidi"
    assert browser.run(text) == "plaintext"
    browser.open(f"{address}/reports")
    wrote = "[...document.querySelectorAll('tbody th a, td bdi')]"
    cells = f"return {wrote}.map((one) => getComputedStyle(one).unicodeBidi)"
    assert set(browser.run(cells)) == {"isolate"}
    browser.width(390)  # where cells are lines of a card
    sides = f"return {wrote}.map((one) => getComputedStyle(one).textAlign)"
    assert set(browser.run(sides)) == {"right"}


def test_what_is_not_there_is_said_in_arabic(house: House, address: str, browser: Chromium) -> None:
    in_arabic(browser, address, house.ana)
    browser.open(f"{address}/reports/nothing")
    assert "لا يوجد هنا" in browser.run("return document.querySelector('main').innerText")
