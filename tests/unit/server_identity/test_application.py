"""The wired application: limits, headers, and that a fault of ours tells the caller nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from litestar.testing import TestClient

from protocol.problems import CONTENT_TYPE
from server.application import MAX_BODY, create_application
from server.founding import found
from server.settings import Settings, Written

CANARY = "canary-7d41"


@pytest.fixture
def made(tmp_path: Path) -> Settings:
    return found(tmp_path / "server", Written(), "Harbour")


@pytest.fixture
def client(made: Settings) -> Iterator[TestClient]:
    with TestClient(create_application(made), raise_server_exceptions=False) as opened:
        yield opened


def test_a_fault_of_ours_is_a_problem_without_detail(
    made: Settings, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(sqlite3.connect(made.data / "miratag.db")) as broken:
        broken.execute("ALTER TABLE access_token RENAME TO elsewhere")
        broken.execute("ALTER TABLE web_session RENAME TO elsewhere_too")
    reply = client.get("/v1/me", headers={"Authorization": f"Bearer {CANARY}"})
    assert reply.status_code == 500
    assert reply.headers["Content-Type"].startswith(CONTENT_TYPE)
    assert "access_token" not in reply.text
    assert "Traceback" not in reply.text
    assert "access_token" in caplog.text, "the operator can see why"
    assert CANARY not in caplog.text

    client.cookies.set("miratag", CANARY)
    page = client.get("/me")
    assert page.status_code == 500
    assert page.headers["Content-Type"].startswith("text/html")
    assert "web_session" not in page.text
    assert CANARY not in caplog.text


def test_what_is_too_large_is_refused_with_a_problem(client: TestClient) -> None:
    reply = client.post("/oauth/token", data={"grant_type": "x" * (MAX_BODY + 1)})
    assert reply.status_code == 413
    assert reply.headers["Content-Type"].startswith(CONTENT_TYPE)
    assert "smaller" in reply.json()["detail"]


def test_not_ready_until_the_schema_is_this_programs(made: Settings, client: TestClient) -> None:
    assert client.get("/health/ready").status_code == 200
    with closing(sqlite3.connect(made.data / "miratag.db")) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
        other.commit()
    reply = client.get("/health/ready")
    assert reply.status_code == 503
    assert reply.headers["Retry-After"]
    assert client.get("/health/live").status_code == 200


def test_behind_tls_cookies_and_headers_hold_browsers_to_it(made: Settings) -> None:
    public = msgspec.structs.replace(made, public_url="https://work.example")
    with TestClient(create_application(public), base_url="https://work.example") as client:
        page = client.get("/sign-in")
        discovered = client.get("/.well-known/miratag").json()
    assert page.headers["Strict-Transport-Security"].startswith("max-age=")
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("__Host-")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert discovered["token_endpoint"] == "https://work.example/oauth/token"


def test_metadata_agrees_with_discovery(client: TestClient) -> None:
    metadata = client.get("/.well-known/oauth-authorization-server").json()
    discovered = client.get("/.well-known/miratag").json()
    for name in ("issuer", "authorization_endpoint", "token_endpoint", "revocation_endpoint"):
        assert metadata[name] == discovered[name]
    assert metadata["code_challenge_methods_supported"] == ["S256"]
    assert metadata["authorization_response_iss_parameter_supported"] is True


def test_the_document_of_the_api_has_no_page_and_names_who_may_ask(client: TestClient) -> None:
    document = client.get("/schema/openapi.json").json()
    assert {"/v1/me", "/v1/sync", "/oauth/token", "/health/ready"} <= set(document["paths"])
    assert not {"/sign-in", "/people"} & set(document["paths"])
    assert document["paths"]["/v1/me"]["get"]["security"] == [{"member": []}]
    assert "security" not in document["paths"]["/health/live"]["get"]


def test_the_api_is_described_without_scripts_from_elsewhere(client: TestClient) -> None:
    for path in ("/schema", "/schema/swagger", "/schema/redoc", "/schema/elements"):
        assert "<script" not in client.get(path).text
