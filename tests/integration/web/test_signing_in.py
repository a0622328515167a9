"""In and out, by password and by enrolment code."""

from collections.abc import Callable

import msgspec
import pytest
from litestar.testing import TestClient

from server.accounts import enrolment
from server.application import create_application
from tests.integration.web.conftest import Browser, House, send, sign_in, token_of
from tests.integration.web.organization import PASSWORD


def test_a_worker_lands_on_their_own_work_and_a_manager_on_today(
    house: House, open_browser: Callable[..., Browser]
) -> None:
    assert sign_in(open_browser(None), house.ana.email, PASSWORD).headers["location"] == "/me"
    assert sign_in(open_browser(None), house.manager.email, PASSWORD).headers["location"] == "/today"


def test_wrong_password_and_unknown_email_read_the_same(house: House, open_browser: Callable[..., Browser]) -> None:
    browser = open_browser(None)
    wrong = sign_in(browser, house.ana.email, "not the password")
    unknown = sign_in(browser, "nobody@harbour.example.invalid", "not the password")
    assert wrong.status_code == unknown.status_code == 403
    assert wrong.text.replace(house.ana.email, "") == unknown.text.replace("nobody@harbour.example.invalid", "")
    assert "do not belong together" in wrong.text


def test_too_many_tries_are_told_with_when_to_come_back(house: House, open_browser: Callable[..., Browser]) -> None:
    browser = open_browser(None)
    answers = [sign_in(browser, house.ana.email, "guess") for _ in range(6)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) > 0
    assert "too many tries" in answers[-1].text


def test_who_is_not_signed_in_comes_back_to_the_page_asked_for(
    house: House, open_browser: Callable[..., Browser]
) -> None:
    browser = open_browser(None)
    asked = browser.get("/reports?text=door&state=received")
    assert asked.status_code == 303
    form = browser.get(asked.headers["location"])
    assert 'value="/reports?text=door&amp;state=received"' in form.text
    back = browser.post(
        "/sign-in",
        data={
            "csrf": token_of(form.text),
            "email": house.manager.email,
            "password": PASSWORD,
            "return_to": "/reports?text=door&state=received",
        },
    )
    assert back.headers["location"] == "/reports?text=door&state=received"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_nobody_is_sent_elsewhere(house: House, open_browser: Callable[..., Browser], elsewhere: str) -> None:
    answer = sign_in(open_browser(None), house.ana.email, PASSWORD, return_to=elsewhere)
    assert answer.headers["location"] == "/me"


def test_a_form_of_another_site_signs_nobody_in(house: House, open_browser: Callable[..., Browser]) -> None:
    browser = open_browser(None)
    without_its_cookie = {"email": house.ana.email, "password": PASSWORD, "csrf": "x" * 43}
    assert browser.post("/sign-in", data=without_its_cookie).status_code == 303
    assert "miratag" not in browser.cookies
    assert browser.post("/sign-in", data=without_its_cookie).status_code == 403  # with one, and another token
    assert "miratag" not in browser.cookies


def test_signing_out_ends_the_session_on_the_server(house: House, open_browser: Callable[..., Browser]) -> None:
    browser = open_browser(house.ana)
    secret = browser.cookies["miratag"]
    assert send(browser, "/me", "/sign-out").headers["location"] == "/"
    browser.cookies.set("miratag", secret)
    answer = browser.get("/me")
    assert answer.status_code == 303
    assert "because=ended" in answer.headers["location"]


def test_over_tls_the_cookie_is_secure_and_of_this_host(house: House) -> None:
    settings = msgspec.structs.replace(house.filled.settings, public_url="https://work.example.invalid")
    with TestClient(create_application(settings), base_url="https://work.example.invalid") as browser:
        browser.follow_redirects = False
        answer = sign_in(browser, house.ana.email, PASSWORD)
        cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-miratag=")
    for part in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie


def test_an_enrolment_code_sets_the_password_once(house: House, open_browser: Callable[..., Browser]) -> None:
    with house.filled.database.write(house.filled.own) as t:
        code = enrolment.issue(t, house.admin.actor, house.ana.actor.member_id)
    browser = open_browser(None)
    differing = send(browser, "/enrol", "/enrol", code=code, password="new words 12", again="other words 12")
    assert "differ" in differing.text
    short = send(browser, "/enrol", "/enrol", code=code, password="short", again="short")
    assert short.status_code == 400
    assert "10 to 200 characters" in short.text
    done = send(browser, "/enrol", "/enrol", code=code.lower(), password="new words 12", again="new words 12")
    assert done.headers["location"] == "/me"
    assert browser.get("/me").status_code == 200
    again = send(open_browser(None), "/enrol", "/enrol", code=code, password="new words 13", again="new words 13")
    assert again.status_code == 400
    assert "used already" in again.text
    assert sign_in(open_browser(None), house.ana.email, "new words 12").status_code == 303


def test_changing_the_password_needs_the_present_one_and_ends_other_browsers(
    house: House, open_browser: Callable[..., Browser]
) -> None:
    browser, other = open_browser(house.ana), open_browser(house.ana)
    wrong = send(
        browser, "/me/password", "/me/password", current="not it", password="new words 12", again="new words 12"
    )
    assert wrong.status_code == 403
    assert "not your password" in wrong.text
    done = send(
        browser, "/me/password", "/me/password", current=PASSWORD, password="new words 12", again="new words 12"
    )
    assert done.headers["location"] == "/sign-in?because=password"
    assert other.get("/me").status_code == 303
    assert sign_in(open_browser(None), house.ana.email, "new words 12").status_code == 303
