"""The identity plane through a real server process: enrolment, refresh, revocation, deactivation, crashes."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from protocol.discovery import CLIENT_ID, DISCOVERY_PATH, ENROLMENT_GRANT
from tests.live_server import LiveServer

_TIMEOUT = 20


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with LiveServer.start(tmp_path_factory.mktemp("live")) as running:
        yield running


def token(server: LiveServer, **form: str) -> requests.Response:
    return requests.post(f"{server.url}/oauth/token", data={"client_id": CLIENT_ID, **form}, timeout=_TIMEOUT)


def enrolled(server: LiveServer, email: str) -> dict[str, str]:
    reply = token(server, grant_type=ENROLMENT_GRANT, code=server.enrol(email))
    assert reply.status_code == 200, reply.text
    return reply.json()


def me(server: LiveServer, access_token: str) -> requests.Response:
    return requests.get(f"{server.url}/v1/me", headers={"Authorization": f"Bearer {access_token}"}, timeout=_TIMEOUT)


def test_an_enrolment_code_signs_its_person_in(server: LiveServer) -> None:
    email, _ = server.facts["worker"][0]
    answer = me(server, enrolled(server, email)["access_token"])
    assert answer.status_code == 200
    assert answer.json()["email"] == email
    assert answer.json()["role"] == "worker"
    discovered = requests.get(server.url + DISCOVERY_PATH, timeout=_TIMEOUT).json()
    assert answer.json()["server_id"] == discovered["server_id"]
    assert discovered["issuer"] == server.url
    assert discovered["operator"]["name"]


def test_a_sign_in_survives_a_kill_between_any_two_requests(server: LiveServer) -> None:
    email, _ = server.facts["worker"][1]
    code = server.enrol(email)
    first = token(server, grant_type=ENROLMENT_GRANT, code=code).json()
    server.restart()
    repeated = token(server, grant_type=ENROLMENT_GRANT, code=code).json()
    assert repeated["refresh_token"] == first["refresh_token"], "a lost reply can be asked for again"
    rotated = token(server, grant_type="refresh_token", refresh_token=first["refresh_token"]).json()
    server.restart()
    again = token(server, grant_type="refresh_token", refresh_token=first["refresh_token"]).json()
    assert again["refresh_token"] == rotated["refresh_token"]
    assert me(server, again["access_token"]).status_code == 200
    assert token(server, grant_type=ENROLMENT_GRANT, code=code).status_code == 400, "the code is worth nothing now"


def test_a_stolen_refresh_token_ends_the_family(server: LiveServer) -> None:
    signed_in = enrolled(server, server.facts["worker"][0][0])
    one = token(server, grant_type="refresh_token", refresh_token=signed_in["refresh_token"]).json()
    two = token(server, grant_type="refresh_token", refresh_token=one["refresh_token"]).json()
    theft = token(server, grant_type="refresh_token", refresh_token=signed_in["refresh_token"])
    assert theft.status_code == 400
    assert theft.json()["error"] == "invalid_grant"
    assert theft.headers["Cache-Control"] == "no-store"
    ended = me(server, two["access_token"])
    assert ended.status_code == 401
    assert ended.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert ended.headers["Content-Type"].startswith("application/problem+json")
    assert token(server, grant_type="refresh_token", refresh_token=two["refresh_token"]).status_code == 400


def test_revoking_is_always_200_and_ends_the_sign_in(server: LiveServer) -> None:
    signed_in = enrolled(server, server.facts["worker"][0][0])
    for value in ("unknown", signed_in["refresh_token"], signed_in["refresh_token"]):
        assert requests.post(f"{server.url}/oauth/revoke", data={"token": value}, timeout=_TIMEOUT).status_code == 200
    assert me(server, signed_in["access_token"]).status_code == 401
    assert token(server, grant_type="refresh_token", refresh_token=signed_in["refresh_token"]).status_code == 400


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "unsupported_grant_type"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "client_id": "another"}, "invalid_client"),
        ({"grant_type": "refresh_token", "refresh_token": "x" * 5000}, "invalid_grant"),
        ({"grant_type": ENROLMENT_GRANT, "code": "AAAA"}, "invalid_grant"),
        ({"grant_type": "authorization_code", "code": "\0"}, "invalid_grant"),
        ({"grant_type": ["refresh_token", "refresh_token"]}, "invalid_request"),
    ],
)
def test_the_token_endpoint_refuses_in_oauths_own_words(server: LiveServer, form: dict[str, str], error: str) -> None:
    reply = requests.post(f"{server.url}/oauth/token", data={"client_id": CLIENT_ID, **form}, timeout=_TIMEOUT)
    assert reply.status_code == 400
    assert reply.json()["error"] == error


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/nothing", 404), ("DELETE", "/v1/me", 405), ("GET", "/v1/me", 401), ("GET", "/health/nothing", 404)],
)
def test_refusals_of_the_api_are_problems(server: LiveServer, method: str, path: str, status: int) -> None:
    reply = requests.request(method, server.url + path, timeout=_TIMEOUT)
    assert reply.status_code == status
    assert reply.headers["Content-Type"].startswith("application/problem+json")
    assert reply.json()["status"] == status
    assert reply.json()["detail"].endswith(".")


def test_a_page_that_is_not_there_is_a_page(server: LiveServer) -> None:
    reply = requests.get(f"{server.url}/nowhere", timeout=_TIMEOUT)
    assert reply.status_code == 404
    assert reply.headers["Content-Type"].startswith("text/html")


def test_every_answer_bears_the_security_headers(server: LiveServer) -> None:
    for path in ("/", "/v1/me", "/nowhere", DISCOVERY_PATH, "/schema/openapi.json"):
        headers = requests.get(server.url + path, timeout=_TIMEOUT).headers
        assert "default-src 'self'" in headers["Content-Security-Policy"], path
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert "Strict-Transport-Security" not in headers, "plain loopback cannot promise TLS"


def test_the_request_log_holds_no_address_and_no_query(server: LiveServer) -> None:
    requests.get(f"{server.url}/health/live?code=SECRETCODE", timeout=_TIMEOUT)
    log = (server.data / "logs" / "requests.log").read_text(encoding="utf-8")
    assert "GET /health/live 200" in log
    assert "127.0.0.0/24" in log
    assert "127.0.0.1" not in log
    assert "SECRETCODE" not in log


def test_the_request_log_holds_no_token_of_a_screen(server: LiveServer) -> None:
    for path in ("/screen/TOKEN", "/screen/TOKEN/code", "/kiosk/TOKEN", "/kiosk/TOKEN/press"):
        requests.get(server.url + path, timeout=_TIMEOUT)
    log = (server.data / "logs" / "requests.log").read_text(encoding="utf-8")
    assert log.count("GET /screen/\\u2026 404") == 2
    assert log.count("GET /kiosk/\\u2026") == 2
    assert "TOKEN" not in log


def test_sigterm_is_a_clean_end(tmp_path: Path) -> None:
    with LiveServer.start(tmp_path) as server:
        assert requests.get(f"{server.url}/health/ready", timeout=_TIMEOUT).status_code == 200
        assert server.stop() == 0
        assert server.errors() == ""


def test_open_pages_do_not_hold_up_the_end(tmp_path: Path) -> None:
    with LiveServer.start(tmp_path) as server, requests.Session() as browser:
        token = re.search(r'name="csrf" value="([^"]+)"', browser.get(f"{server.url}/sign-in", timeout=_TIMEOUT).text)
        assert token is not None
        email, password = server.facts["manager"][0]
        fields = {"csrf": token[1], "email": email, "password": password}
        assert browser.post(f"{server.url}/sign-in", data=fields, timeout=_TIMEOUT).status_code == 200
        streams = [browser.get(f"{server.url}/live", stream=True, timeout=_TIMEOUT) for _ in range(3)]
        lines = [one.iter_lines(chunk_size=1) for one in streams]
        assert {next(one) for one in lines} == {b": open"}
        assert server.stop() == 0
        # Ended by the server in order, not cut off when its patience was over.
        assert {line for one in lines for line in one if line and not line.startswith(b"retry:")} == set()
        assert server.errors() == ""
        assert "GET /live 200" in (server.data / "logs" / "requests.log").read_text(encoding="utf-8")
