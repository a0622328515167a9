"""Photos and a position that a check-in in the browser brings along, on both pages that have the form."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from httpx import Response

from server.attendance.reading import EventFilter, EventRow, list_events
from server.policy.document import issue_policy
from server.storage.tables import attendance_event, receipt
from tests.integration.web.conftest import Browser, House
from tests.integration.web.test_filing_files import PLACE, photo, stored

PAGES = {"/check-in": ("/check-in", "press", "location"), "/me/time": ("/me/time/record", "kind", "place")}


def field(page: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="([^"]*)"', page)


class Form:
    """Ana's form on one of the pages."""

    def __init__(self, house: House, browser: Browser, path: str) -> None:
        self.house, self.browser, self.path = house, browser, path
        self.shown = browser.get(path).text

    def press(self, *files: tuple[str, bytes], kind: str = "check_in", token: str = "", **typed: Any) -> Response:
        action, pressed, place = PAGES[self.path]
        hidden = {name: found[-1] for name in ("event", "operation") if (found := field(self.shown, name))}
        data = {"csrf": token or field(self.shown, "csrf")[0], **hidden, pressed: kind, place: self.house.gate}
        parts = [("photos", (name, content, "image/jpeg")) for name, content in files]
        answer = self.browser.post(action, data={**data, **typed}, files=parts or None)
        self.shown = answer.text or self.shown
        return answer

    def rows(self) -> tuple[EventRow, ...]:
        own = EventFilter(member_id=self.house.ana.actor.member_id)
        with self.house.filled.database.read(self.house.filled.own) as t:
            return tuple(reversed(list_events(t, self.house.ana.actor, own).rows))

    def columns(self) -> list[tuple[Any, ...]]:
        c = attendance_event.c
        with self.house.filled.database.read(self.house.filled.own) as t:
            rows = t.all(t.select(attendance_event, c.latitude, c.longitude, c.accuracy_m, c.position_source))
        return [tuple(row) for row in rows]


@pytest.fixture(params=sorted(PAGES))
def form(request: pytest.FixtureRequest, house: House, open_browser: Callable[..., Browser]) -> Form:
    return Form(house, open_browser(house.ana), request.param)


def test_photos_come_along_stripped_and_once(house: House, form: Form) -> None:
    first = form.shown
    assert form.press(("Anas house.jpg", photo()), ("b.jpg", photo() + b"")).status_code == 303
    form.shown = first
    assert form.press(("Anas house.jpg", photo())).status_code == 303  # the form again
    [row] = form.rows()
    assert [(one.name, one.held) for one in row.photos] == [("Photo 1.jpg", True)]
    assert PLACE not in stored(house)
    assert row.flags == ()
    with house.filled.database.read(house.filled.own) as t:
        assert t.scalar(t.select(receipt, receipt.c.revision_id)) == row.event_id


def test_a_photo_that_is_asked_for_and_missing_refuses_nothing(house: House, form: Form) -> None:
    with house.filled.database.write(house.filled.own) as t:
        issue_policy(t, house.filled.keys, photo_required=True, note_required=True)
    form.shown = form.browser.get(form.path).text
    assert "Photos, which your organization asks for" in form.shown
    assert "Note, which your organization asks for" in form.shown
    assert form.press().status_code == 303
    assert form.rows()[0].flags == ("note_missing", "photo_missing")


def test_what_cannot_be_taken_is_said_and_the_good_ones_stay(house: House, form: Form) -> None:
    answer = form.press(("good.jpg", photo()), ("notes.txt", b"no picture"), note="North <side>")
    assert answer.status_code == 422
    assert "is no picture, so nothing was recorded yet" in answer.text
    assert 'value="North &lt;side&gt;"' in answer.text
    kept = re.findall(r'name="photo" value="([^"]+)"', answer.text)
    assert len(kept) == 1
    assert form.rows() == ()
    assert form.press(photo=kept, note="North <side>").status_code == 303
    [row] = form.rows()
    assert [one.media_id for one in row.photos] == kept


def test_four_photos_are_too_many_and_nothing_is_held(house: House, form: Form) -> None:
    answer = form.press(*((f"{n}.jpg", photo()) for n in range(4)))
    assert answer.status_code == 422
    assert "takes 3 photos at most" in answer.text
    assert form.rows() == ()
    assert stored(house) == b""


def test_somebody_elses_file_does_not_come_along(house: House, form: Form) -> None:
    for other in (house.jonas, house.stranger):
        theirs = house.filled.file(other, photo(), "theirs.jpg", "image/jpeg")
        answer = form.press(photo=[theirs.media_id])
        assert answer.status_code == 422
        assert "is not here any more" in answer.text
        assert theirs.media_id not in answer.text
    assert form.rows() == ()


def test_a_position_is_kept_with_its_source(house: House, form: Form) -> None:
    assert "data-locating hidden" in form.shown
    assert field(form.shown, "latitude") == []
    form.press(latitude="38.70712", longitude="-9.13549", accuracy="25")
    assert form.columns() == [(38.70712, -9.13549, 25.0, "browser")]
    assert "The device took that position to be right within 25 m." in form.browser.get("/me").text


@pytest.mark.parametrize(
    "told",
    [{}, {"latitude": "", "longitude": "", "accuracy": ""}, {"latitude": "nan", "longitude": "1", "accuracy": "1"}]
    + [{"latitude": "1", "longitude": "1", "accuracy": one} for one in ("", "inf", "-1", "1e99", "x" * 9000)]
    + [{"latitude": "91", "longitude": "1", "accuracy": "1"}, {"latitude": "1", "longitude": "1"}],
)
def test_no_position_never_stands_in_the_way(house: House, form: Form, told: dict[str, str]) -> None:
    assert form.press(**told).status_code == 303
    assert form.columns() == [(None, None, None, None)]
    assert form.rows()[0].flags == ()


def test_only_these_pages_may_ask_the_device(form: Form) -> None:
    assert "geolocation=(self)" in form.browser.get(form.path).headers["permissions-policy"]
    assert "geolocation=()" in form.browser.get("/me").headers["permissions-policy"]


def test_a_form_of_another_page_keeps_nothing(house: House, form: Form) -> None:
    assert form.press(("a.jpg", photo()), token="x" * 43).status_code == 403
    assert form.rows() == ()
    assert stored(house) == b""
