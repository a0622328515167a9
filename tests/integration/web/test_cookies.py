"""Cookies: only declared ones, only after what they are for; theme and language by them, and without."""

import re
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie

import pytest
from httpx import Response
from litestar import Litestar

from server.web import cookies
from tests.integration.web.conftest import Browser, House, send, sign_in, token_of
from tests.integration.web.organization import PASSWORD, Person

OWN = {"Sec-Fetch-Site": "same-origin"}
NAMES = {one.stem for one in cookies.EVERY}


def set_by(answer: Response) -> set[str]:
    """The names of the cookies that an answer sets or takes away."""
    return {name for line in answer.headers.get_list("set-cookie") for name in SimpleCookie(line)}


def addresses(application: Litestar) -> Iterator[tuple[str, str]]:
    """Every method and address of the application, with something in the place of what varies."""
    for route in application.routes:
        path = re.sub(r"\{[^}]*\}", "0198c0de-0000-7000-8000-000000000000", route.path)
        for method in sorted(getattr(route, "methods", ())):
            if method not in {"HEAD", "OPTIONS"} and path != "/live":  # a stream without an end
                yield str(method), path


def test_no_answer_of_any_route_sets_an_undeclared_cookie(
    house: House, application: Litestar, open_browser: Callable[..., Browser]
) -> None:
    asked = list(addresses(application))
    assert len(asked) > 130
    seen: set[str] = set()
    for person in (None, house.ana, house.admin):
        browser = open_browser(person)
        for method, path in asked:
            for header in ({}, OWN):
                body = {"csrf": "x"} if method == "POST" else None
                seen |= set_by(browser.request(method, path, headers=header, data=body))
    assert seen <= NAMES


def test_reading_sets_no_cookie(open_browser: Callable[..., Browser]) -> None:
    browser = open_browser(None)
    for path in ("/", "/privacy", "/cookies", "/contact", "/display", "/nothing"):
        assert set_by(browser.get(path)) == set(), path


def test_the_page_lists_what_is_here(house: House, open_browser: Callable[..., Browser]) -> None:
    browser = open_browser(None)
    text = browser.get("/cookies").text
    assert all(f"<code>{name}</code>" in text for name in NAMES)
    assert text.count("Not here") == len(NAMES)
    sign_in(browser, house.ana.email, PASSWORD)
    browser.post("/display", data={"theme": "dark", "language": "ar"}, headers=OWN)
    browser.post("/display", data={"theme": "dark", "language": ""}, headers=OWN)
    assert set(browser.cookies) == {"miratag", "miratag-form", "miratag-theme"}
    text = browser.get("/cookies").text
    assert text.count("Not here") == len(NAMES) - 3
    assert "Sign out to delete it." in text


def test_deleting_one_and_all_keeps_the_sign_in(house: House, open_browser: Callable[..., Browser]) -> None:
    browser = open_browser(house.ana)
    browser.post("/display", data={"theme": "dark", "language": "en"}, headers=OWN)
    browser.post("/cookies/delete", data={"which": "miratag-theme"}, headers=OWN)
    assert set(browser.cookies) == {"miratag", "miratag-form", "miratag-language"}
    browser.post("/cookies/delete", data={"which": "all"}, headers=OWN)
    assert set(browser.cookies) == {"miratag"}
    assert browser.get("/me").status_code == 200
    send(browser, "/me", "/sign-out")
    assert set(browser.cookies) == set()


@pytest.mark.parametrize("person", ["nobody", "ana"])
def test_a_language_that_was_chosen_goes_before_what_the_browser_asks_for(
    house: House, open_browser: Callable[..., Browser], person: str
) -> None:
    whom: Person | None = house.ana if person == "ana" else None
    browser = open_browser(whom)
    path = "/me" if whom else "/"
    assert '<html lang="ar" dir="rtl">' in browser.get(path, headers={"Accept-Language": "ar"}).text
    browser.post("/display", data={"theme": "", "language": "en"}, headers=OWN)
    assert '<html lang="en" dir="ltr">' in browser.get(path, headers={"Accept-Language": "ar"}).text
    assert '<html lang="en" dir="ltr">' in browser.get("/nothing", headers={"Accept-Language": "ar"}).text
    browser.post("/display", data={"theme": "", "language": ""}, headers=OWN)
    assert '<html lang="ar" dir="rtl">' in browser.get(path, headers={"Accept-Language": "ar"}).text


def test_the_theme_is_that_of_the_system_until_one_is_chosen(open_browser: Callable[..., Browser]) -> None:
    browser = open_browser(None)
    media = re.compile(r'dark\.css[^"]*" media="([^"]*)"')
    assert media.findall(browser.get("/").text) == ["screen and (prefers-color-scheme: dark)"]
    browser.post("/display", data={"theme": "dark"}, headers=OWN)
    assert media.findall(browser.get("/").text) == ["screen"]
    browser.post("/display", data={"theme": "light"}, headers=OWN)
    assert "dark.css" not in browser.get("/").text


def test_blocked_cookies_last_no_longer_than_the_window(open_browser: Callable[..., Browser]) -> None:
    browser = open_browser(None)
    lasting = browser.post("/display", data={"theme": "dark"}, headers=OWN)
    assert "Max-Age=31536000" in lasting.headers["set-cookie"]
    blocked = browser.post("/cookies/lasting", data={"lasting": "no"}, headers=OWN)
    assert set_by(blocked) == {"miratag-theme", "miratag-choices"}
    later = browser.post("/display", data={"theme": "light"}, headers=OWN)
    for answer in (blocked, later):
        assert "Max-Age" not in "".join(answer.headers.get_list("set-cookie"))
    assert "until the browser closes" in browser.get("/display").text
    assert "dark.css" not in browser.get("/").text


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
def test_another_website_chooses_nothing(open_browser: Callable[..., Browser], headers: dict[str, str]) -> None:
    browser = open_browser(None)
    for path in ("/display", "/cookies/delete", "/cookies/lasting"):
        answer = browser.post(path, data={"theme": "dark", "lasting": "no", "which": "all"}, headers=headers)
        assert answer.status_code == 403, path
        assert set_by(answer) == set()


def test_a_browser_that_says_only_where_a_form_came_from_may_choose(
    house: House, open_browser: Callable[..., Browser]
) -> None:
    answer = open_browser(None).post(
        "/display", data={"theme": "dark"}, headers={"Origin": house.filled.settings.public_url}
    )
    assert answer.status_code == 303


@pytest.mark.parametrize("form", ["/sign-in", "/enrol"])
def test_a_browser_that_refuses_cookies_is_told_what_to_switch_on(
    house: House, open_browser: Callable[..., Browser], form: str
) -> None:
    browser = open_browser(None)
    browser.get(form)
    browser.cookies.clear()
    answer = browser.post(form, data={"csrf": "x" * 43, "email": house.ana.email, "password": PASSWORD})
    assert answer.status_code == 303
    assert set_by(answer) == {"miratag-form"}
    browser.cookies.clear()  # it brings none back
    page = browser.get(answer.headers["location"])
    assert page.status_code == 403
    assert "<h1>Cookies are off</h1>" in page.text
    assert "<code>miratag-form</code>" in page.text
    assert set_by(page) == set()


def test_a_browser_that_was_closed_meanwhile_gets_the_form_again_and_goes_on(
    house: House, open_browser: Callable[..., Browser]
) -> None:
    browser = open_browser(None)
    form = {"csrf": "x" * 43, "email": house.ana.email, "password": PASSWORD, "return_to": "/me/time?day=2026-11-02"}
    again = browser.get(browser.post("/sign-in", data=form).headers["location"])
    assert again.status_code == 200
    assert "The browser was closed since" in again.text
    assert PASSWORD not in again.text
    done = browser.post("/sign-in", data=form | {"csrf": token_of(again.text)})
    assert done.headers["location"] == "/me/time?day=2026-11-02"


def test_without_cookies_a_form_leads_nowhere_else(open_browser: Callable[..., Browser]) -> None:
    answer = open_browser(None).post("/sign-in", data={"csrf": "x", "return_to": "https://evil.example"})
    assert answer.headers["location"] == "/sign-in?because=cookies"
