"""OAuth through the real pages, form by form, as a browser would; on SQLite and on PostgreSQL."""

import html
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from protocol.discovery import CLIENT_ID
from tests.live_server import LiveServer
from tests.postgres_cluster import binaries, running_cluster

_TIMEOUT = 20
# The example of RFC 7636, appendix B.
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
REDIRECT = "http://127.0.0.1:49152/callback"
REQUEST = {
    "client_id": CLIENT_ID,
    "redirect_uri": REDIRECT,
    "response_type": "code",
    "state": "state-1",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}
_INPUT = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    folder = tmp_path_factory.mktemp("live")
    if request.param == "sqlite":
        with LiveServer.start(folder) as running:
            yield running
        return
    programs = binaries()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    with (
        running_cluster(programs) as cluster,
        LiveServer.start(folder, database=cluster.url(database=cluster.fresh_database())) as running,
    ):
        yield running


class Browser:
    """Cookies, and the forms of the page it is on."""

    def __init__(self, server: LiveServer) -> None:
        self.server = server
        self.session = requests.Session()

    def open(self, path: str, **params: str) -> requests.Response:
        return self.session.get(self.server.url + path, params=params, timeout=_TIMEOUT, allow_redirects=False)

    def send(self, page: requests.Response, path: str, **typed: str) -> requests.Response:
        """Submit the form of `page` with what was typed in."""
        hidden = {name: html.unescape(value) for name, value in _INPUT.findall(page.text)}
        return self.session.post(
            self.server.url + path, data={**hidden, **typed}, timeout=_TIMEOUT, allow_redirects=False
        )

    def sign_in(self, email: str, password: str, return_to: str = "") -> requests.Response:
        page = self.open("/sign-in", return_to=return_to)
        assert page.status_code == 200, page.text
        return self.send(page, "/sign-in", email=email, password=password)


def exchange(server: LiveServer, code: str, verifier: str = VERIFIER) -> requests.Response:
    form = {
        "grant_type": "authorization_code",
        "client_id": CLIENT_ID,
        "code": code,
        "redirect_uri": REDIRECT,
        "code_verifier": verifier,
    }
    return requests.post(f"{server.url}/oauth/token", data=form, timeout=_TIMEOUT)


def test_from_the_app_through_the_browser_and_back(server: LiveServer) -> None:
    browser = Browser(server)
    email, password = server.facts["worker"][0]
    sent_to_sign_in = browser.open("/oauth/authorize", **REQUEST)
    assert sent_to_sign_in.status_code == 303
    return_to = parse_qs(urlsplit(sent_to_sign_in.headers["Location"]).query)["return_to"][0]
    signed_in = browser.sign_in(email, password, return_to)
    assert signed_in.status_code == 303
    assert signed_in.headers["Location"] == return_to
    cookie = signed_in.headers["Set-Cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie

    consent = browser.open(return_to)
    assert consent.status_code == 200
    agreed = browser.send(consent, "/oauth/authorize", answer="yes")
    assert agreed.status_code == 303
    address, _, query = agreed.headers["Location"].partition("?")
    answer = parse_qs(query)
    assert address == REDIRECT
    assert answer["state"] == ["state-1"]
    assert answer["iss"] == [server.url]

    [code] = answer["code"]
    assert exchange(server, code, verifier="x" * 43).status_code == 400
    reply = exchange(server, code)
    assert reply.status_code == 200
    bearer = {"Authorization": f"Bearer {reply.json()['access_token']}"}
    me = requests.get(f"{server.url}/v1/me", headers=bearer, timeout=_TIMEOUT)
    assert me.json()["email"] == email
    assert exchange(server, code).status_code == 400
    assert requests.get(f"{server.url}/v1/me", headers=bearer, timeout=_TIMEOUT).status_code == 401


def test_declining_tells_the_app(server: LiveServer) -> None:
    browser = Browser(server)
    browser.sign_in(*server.facts["worker"][1])
    declined = browser.send(browser.open("/oauth/authorize", **REQUEST), "/oauth/authorize", answer="no")
    answer = parse_qs(urlsplit(declined.headers["Location"]).query)
    assert answer == {"error": ["access_denied"], "state": ["state-1"], "iss": [server.url]}


def test_a_request_of_another_program_is_a_page_and_no_redirect(server: LiveServer) -> None:
    browser = Browser(server)
    browser.sign_in(*server.facts["worker"][1])
    reply = browser.open("/oauth/authorize", **{**REQUEST, "redirect_uri": "https://evil.example/callback"})
    assert reply.status_code == 400
    assert "Location" not in reply.headers
    assert reply.headers["Content-Type"].startswith("text/html")


def test_a_form_of_another_site_gets_no_code(server: LiveServer) -> None:
    browser = Browser(server)
    browser.sign_in(*server.facts["worker"][1])
    forged = browser.session.post(
        f"{server.url}/oauth/authorize",
        data={**REQUEST, "answer": "yes", "csrf": "x" * 43},
        timeout=_TIMEOUT,
        allow_redirects=False,
    )
    assert forged.status_code == 403
    assert "Location" not in forged.headers


def test_guessing_is_braked_and_says_when_to_try_again(server: LiveServer) -> None:
    browser = Browser(server)
    email, password = server.facts["admin"][0]
    answers = [browser.sign_in(email, f"wrong password {number}") for number in range(6)]
    assert [answer.status_code for answer in answers] == [403] * 5 + [429]
    assert "Try again in" in answers[-1].text
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert browser.sign_in(email, password).status_code == 429, "not even the right one, for now"


def test_a_managers_sign_in_does_not_open_the_admins_pages(server: LiveServer) -> None:
    browser = Browser(server)
    assert browser.sign_in(*server.facts["manager"][0]).status_code == 303
    assert browser.open("/today").status_code == 200
    assert browser.open("/people").status_code in {403, 404}
