"""Links from pages and sheets: they open a window, prefilled or as it is, whatever is written in them."""

import unicodedata
from urllib.parse import quote
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agent.api import OpenWindow
from desktop.links import MOST_LETTERS, MOST_TEXT, window_of_link

PLACE = "018f0c8e-5d2a-7c11-9a5e-0123456789ab"
OTHER = "018f0c8e-5d2a-7c11-9a5e-ba9876543210"


@pytest.mark.parametrize(
    ("link", "window"),
    [
        ("miratag://report?text=Crane%20inspected", OpenWindow(page="report", text="Crane inspected")),
        ("miratag://check-in", OpenWindow(page="check_in")),
        ("MIRATAG://Check-In", OpenWindow(page="check_in")),
        (f"miratag://check-in?location={PLACE}", OpenWindow(page="check_in", location_id=PLACE)),
        (f"miratag:check-in?location={PLACE}", OpenWindow(page="check_in", location_id=PLACE)),
        (
            f"miratag://check-in?location={PLACE}&code=123456",
            OpenWindow(page="check_in", location_id=PLACE, code="123456"),
        ),
        ("miratag://timesheet", OpenWindow(page="timesheet")),
        ("miratag:privacy", OpenWindow(page="privacy")),
        ("miratag://", OpenWindow()),
    ],
)
def test_what_is_of_the_known_shape_opens_its_page(link: str, window: OpenWindow) -> None:
    assert window_of_link(link) == window


@pytest.mark.parametrize(
    ("link", "window"),
    [
        ("miratag://delete-everything?text=x", OpenWindow()),
        ("miratag://check-in?text=x", OpenWindow(page="check_in")),
        ("miratag://check-in?location=../../etc/passwd", OpenWindow(page="check_in")),
        (f"miratag://check-in?location={PLACE.upper()}", OpenWindow(page="check_in")),
        (f"miratag://check-in?location={{{PLACE}}}", OpenWindow(page="check_in")),
        (f"miratag://check-in?location=urn:uuid:{PLACE}", OpenWindow(page="check_in")),
        (f"miratag://check-in?location={PLACE}&location={OTHER}", OpenWindow(page="check_in")),
        ("miratag://check-in?code=123456", OpenWindow(page="check_in")),
        (f"miratag://check-in?location={PLACE}&code=12345a", OpenWindow(page="check_in", location_id=PLACE)),
        (
            f"miratag://check-in?location={PLACE}&code=%D9%A1%D9%A2%D9%A3%D9%A4%D9%A5%D9%A6",
            OpenWindow(page="check_in", location_id=PLACE),
        ),
        ("miratag://user@report?text=x", OpenWindow()),
        ("miratag://report:80?text=x", OpenWindow()),
        ("miratag://[", OpenWindow()),
        ("miratag://report?text=%ff", OpenWindow()),
        ("miratag://report?" + "a=1&" * 50, OpenWindow()),
        ("miratag://report?text=" + "x" * MOST_LETTERS, OpenWindow()),
        ("miratag://report?text=a%E2%80%AEb%00c%0Ad", OpenWindow(page="report", text="abc\nd")),
    ],
)
def test_what_is_not_is_left_out(link: str, window: OpenWindow) -> None:
    assert window_of_link(link) == window


@given(
    link=st.one_of(
        st.text(max_size=300).map("miratag:".__add__),
        st.tuples(
            st.sampled_from(["check-in", "report", "timesheet", "main", "check_in", ""]),
            st.lists(st.tuples(st.sampled_from(["location", "code", "text", "page", "item"]), st.text(max_size=60))),
        ).map(lambda made: f"miratag://{made[0]}?" + "&".join(f"{name}={quote(value)}" for name, value in made[1])),
    )
)
@example(link="miratag://check-in?location=%00")
@example(link="miratag:\ud800")
def test_no_link_raises_or_fills_what_nobody_could_have_chosen(link: str) -> None:
    window = window_of_link(link)
    assert window.item_id == window.activation_token == ""
    assert len(window.text) <= MOST_TEXT
    assert not any(unicodedata.category(one) == "Cf" for one in window.text)
    assert not window.text or window.page == "report"
    assert not window.location_id or (window.page == "check_in" and str(UUID(window.location_id)) == window.location_id)
    assert not window.code or (window.location_id and window.code.isascii() and window.code.isdigit())
