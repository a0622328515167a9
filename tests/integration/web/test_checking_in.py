"""Checking in and out in a browser: a link fills in and presses nothing, a form that comes twice is one event."""

import re
from collections.abc import Callable

import pytest
from httpx import Response

from rules.evidence import NEEDS_A_LOOK
from server.accounts.minting import Mint
from server.attendance.reading import EventFilter, EventRow, list_events
from server.locations import codes
from server.policy.document import issue_policy
from tests.integration.web.conftest import Browser, House, send, token_of


class Page:
    """Ana at the page."""

    def __init__(self, house: House, browser: Browser) -> None:
        self.house, self.browser = house, browser

    def press(self, what: str, **typed: str) -> Response:
        """Press a button of the page as it is now."""
        page = self.browser.get("/check-in").text
        event = re.search(r'name="event" value="([^"]+)"', page)
        assert event is not None
        assert f'value="{what}"' in page
        data = {"csrf": token_of(page), "event": event[1], "press": what, **typed}
        return self.browser.post("/check-in", data=data)

    def rows(self) -> tuple[EventRow, ...]:
        """What was recorded of her, oldest first."""
        own = EventFilter(member_id=self.house.ana.actor.member_id)
        with self.house.filled.database.read(self.house.filled.own) as t:
            return tuple(reversed(list_events(t, self.house.ana.actor, own).rows))


@pytest.fixture
def page(house: House, open_browser: Callable[..., Browser]) -> Page:
    return Page(house, open_browser(house.ana))


def test_a_day_in_the_browser(house: House, page: Page) -> None:
    done = page.press("check_in", location=house.gate, note="North side")
    assert done.status_code == 303
    answer = page.browser.get(done.headers["location"]).text
    assert "Check-in" in answer
    assert "Chosen by hand. The time is this server" in answer
    assert "Undo" in answer
    assert "You are checked in at Gate 2" in answer
    for what in ("break_start", "break_end", "check_out"):
        assert page.press(what).status_code == 303
    rows = page.rows()
    assert [row.kind for row in rows] == ["check_in", "break_start", "break_end", "check_out"]
    assert {row.check_in_id for row in rows[1:]} == {rows[0].event_id}
    assert {(row.grade, row.method, row.flags) for row in rows} == {("server", "hand", ())}
    assert rows[0].note == "North side"
    assert "You are not checked in." in page.browser.get("/check-in").text


def test_a_link_fills_in_and_presses_nothing(house: House, page: Page, open_browser: Callable[..., Browser]) -> None:
    link = f"/check-in?location={house.gate}&code=123456"
    shown = page.browser.get(link).text
    assert re.search(rf'value="{house.gate}" checked', shown)
    assert 'value="123456"' in shown
    assert page.rows() == ()
    nobody = open_browser(None).get(link)
    assert nobody.status_code == 303
    assert "return_to=%2Fcheck-in%3Flocation%3D" in nobody.headers["location"]


def test_the_code_of_the_screen_is_judged(house: House, page: Page) -> None:
    with house.filled.database.write(house.filled.own) as t:
        codes.turn_on(t, house.admin.actor, house.gate, 6)
        shown = codes.current_code(t, Mint.load(house.filled.settings.token_key), house.gate)
    assert shown is not None
    page.press("check_in", location=house.gate, code=f"{shown.code[:3]} {shown.code[3:]}")
    answer = page.browser.get(page.press("check_in", location=house.gate, code="1").headers["location"]).text
    assert [row.evidence.code for row in page.rows()] == ["right", "wrong"]
    assert "A location code was entered that this location did not have." in answer


def test_a_form_that_comes_twice_is_one_event(house: House, page: Page) -> None:
    shown = page.browser.get("/check-in").text
    event = re.findall(r'name="event" value="([^"]+)"', shown)[0]
    data = {"csrf": token_of(shown), "event": event, "press": "check_in", "location": house.gate}
    assert page.browser.post("/check-in", data=data).status_code == 303
    assert page.browser.post("/check-in", data=data).status_code == 303
    assert len(page.rows()) == 1


def test_nowhere_is_asked_about_and_elsewhere_needs_a_note(house: House, page: Page) -> None:
    for typed in ({}, {"location": "elsewhere"}, {"location": "' OR 1"}):
        refused = page.press("check_in", **typed)
        assert refused.status_code == 400
        assert "Nothing was recorded yet." in refused.text
    assert page.press("check_in", location="elsewhere", note="Customs").status_code == 303
    [row] = page.rows()
    assert (row.location_id, row.note, row.flags) == (None, "Customs", ())
    unknown = page.press("check_in", location="0195d2f0-0000-7000-8000-000000000002")
    assert unknown.status_code == 422
    assert "not known to your organization" in unknown.text


def test_undo_within_a_minute_and_only_ones_own(house: House, page: Page, open_browser: Callable[..., Browser]) -> None:
    page.press("check_in", location=house.gate)
    [row] = page.rows()
    others = send(open_browser(house.jonas), "/check-in", "/check-in/undo", event=row.event_id)
    assert others.headers["location"].endswith("kept")
    assert not page.rows()[0].cancelled
    assert send(page.browser, "/check-in", "/check-in/undo", event=row.event_id).headers["location"].endswith("undone")
    assert page.rows()[0].cancelled
    assert send(page.browser, "/check-in", "/check-in/undo", event=row.event_id).headers["location"].endswith("kept")


def test_a_second_check_in_is_never_refused(house: House, page: Page) -> None:
    yard = house.filled.location("Yard")
    page.press("check_in", location=house.gate)
    assert page.press("check_in", location=yard).status_code == 303
    assert [row.needs_end for row in page.rows()] == [True, False]


def test_what_the_organization_asks_for_is_said_and_marked(house: House, page: Page) -> None:
    with house.filled.database.write(house.filled.own) as t:
        issue_policy(t, house.filled.keys, note_required=True, photo_required=True)
    shown = page.browser.get("/check-in").text
    assert "Note, which your organization asks for" in shown
    assert "Photos, which your organization asks for" in shown
    page.press("check_in", location=house.gate)
    assert set(page.rows()[0].flags) == {"note_missing", "photo_missing"} <= NEEDS_A_LOOK


def test_places_are_found_by_words(house: House, page: Page) -> None:
    house.filled.location("Depot North", address="Kai 4")
    assert "Depot North" in page.browser.get("/check-in?find=kai+north").text
    assert "No location has these words" in page.browser.get("/check-in?find=moon").text


def test_only_ones_own_form_counts(house: House, page: Page) -> None:
    answer = page.browser.post("/check-in", data={"csrf": "x", "press": "check_in", "location": house.gate})
    assert answer.status_code == 403
    assert page.rows() == ()
