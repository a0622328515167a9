"""The page that lets the desktop app in."""

import base64
import hashlib
from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.integration.web.conftest import Browser, House, send, token_of
from tests.integration.web.organization import PASSWORD

VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASKED = {
    "client_id": "miratag-desktop",
    "redirect_uri": "http://127.0.0.1:49152/callback",
    "response_type": "code",
    "state": "the state & more",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}
ADDRESS = f"/oauth/authorize?{urlencode(ASKED)}"


def test_from_the_app_to_the_token(house: House, open_browser: Callable[..., Browser]) -> None:
    browser = open_browser(None)
    to_sign_in = browser.get(ADDRESS)
    assert to_sign_in.status_code == 303
    form = browser.get(to_sign_in.headers["location"])
    back_to = form.text.split('name="return_to" value="')[1].split('"')[0].replace("&amp;", "&")
    signed_in = browser.post(
        "/sign-in",
        data={"csrf": token_of(form.text), "email": house.ana.email, "password": PASSWORD, "return_to": back_to},
    )
    assert signed_in.headers["location"] == ADDRESS
    question = browser.get(ADDRESS)
    assert "Sign in to the app on this computer as Ana Ferreira?" in question.text
    assert "form-action 'self' http://127.0.0.1:49152" in question.headers["content-security-policy"]
    answer = browser.post("/oauth/authorize", data={**ASKED, "csrf": token_of(question.text), "answer": "yes"})
    assert answer.status_code == 303
    there = urlsplit(answer.headers["location"])
    assert f"{there.scheme}://{there.netloc}{there.path}" == ASKED["redirect_uri"]
    given = parse_qs(there.query)
    assert given["state"] == [ASKED["state"]]
    assert given["iss"] == [house.filled.settings.public_url]
    token = browser.post(
        "/oauth/token",
        data={
            "grant_type": "authorization_code",
            "code": given["code"][0],
            "redirect_uri": ASKED["redirect_uri"],
            "client_id": ASKED["client_id"],
            "code_verifier": VERIFIER,
        },
    )
    assert token.status_code == 200, token.text
    me = browser.get("/v1/me", headers={"Authorization": f"Bearer {token.json()['access_token']}"})
    assert me.json()["name"] == "Ana Ferreira"


def test_no_is_told_to_the_app(house: House, open_browser: Callable[..., Browser]) -> None:
    browser = open_browser(house.ana)
    answer = send(browser, ADDRESS, "/oauth/authorize", **ASKED, answer="no")
    assert parse_qs(urlsplit(answer.headers["location"]).query)["error"] == ["access_denied"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": "another"},
        {"redirect_uri": "https://evil.example/callback"},
        {"redirect_uri": "http://127.0.0.1.evil.example:1/callback"},
        {"redirect_uri": "http://localhost:49152/callback"},
        {"redirect_uri": "http://127.0.0.1:49152/elsewhere"},
        {"redirect_uri": "http://127.0.0.1:49152/callback;form-action *"},
        {"response_type": "token"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
        {"state": ""},
    ],
)
def test_a_request_of_another_program_ends_on_a_page(
    house: House, open_browser: Callable[..., Browser], wrong: dict[str, str]
) -> None:
    for browser in (open_browser(None), open_browser(house.ana)):
        answer = browser.get(f"/oauth/authorize?{urlencode({**ASKED, **wrong})}")
        assert answer.status_code == 400
        assert "location" not in answer.headers
        assert "start signing in again" in answer.text
    posted = send(browser, ADDRESS, "/oauth/authorize", **{**ASKED, **wrong}, answer="yes")
    assert posted.status_code == 400


def test_without_the_token_of_the_page_no_code_is_given(house: House, open_browser: Callable[..., Browser]) -> None:
    answer = open_browser(house.ana).post("/oauth/authorize", data={**ASKED, "answer": "yes", "csrf": "guess"})
    assert answer.status_code == 403
    assert "location" not in answer.headers
