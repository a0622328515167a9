"""One server, two organizations: what a token of one opens of the other (nothing), and what no token opens."""

import re
from collections.abc import Iterator

import pytest
import requests
from uuid6 import uuid7

from protocol.changes import LOCATION
from protocol.discovery import CLIENT_ID, ENROLMENT_GRANT
from server.accounts import enrolment, members
from server.founding import operator_of, organizations
from server.locations import places
from server.storage.database import Actor, Database
from server.storage.tables import organization
from tests.live_server import LiveServer

_TIMEOUT = 20


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with LiveServer.start(tmp_path_factory.mktemp("live")) as running:
        yield running


@pytest.fixture(scope="module")
def database(server: LiveServer) -> Iterator[Database]:
    """The tables of the running server, opened beside it."""
    opened = Database(f"sqlite:///{server.data / 'miratag.db'}")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def neighbour(database: Database) -> Actor:
    """A worker of a second organization, which has one location of its own."""
    organization_id = str(uuid7())
    operator = operator_of(organization_id)
    with database.write(organization_id) as t:
        t.insert(organization, name="Neighbours", created=t.now_text)
        places.add(t, operator, name="Next door", zone="Europe/Vienna")
        member_id = members.add(t, operator, members.NewMember(name="Nina", email="nina@example.invalid"))
    return Actor(organization_id, member_id, "worker")


def access_token(server: LiveServer, code: str) -> str:
    form = {"grant_type": ENROLMENT_GRANT, "client_id": CLIENT_ID, "code": code}
    reply = requests.post(f"{server.url}/oauth/token", data=form, timeout=_TIMEOUT)
    assert reply.status_code == 200, reply.text
    return str(reply.json()["access_token"])


@pytest.fixture(scope="module")
def neighbours_token(server: LiveServer, database: Database, neighbour: Actor) -> str:
    with database.write(neighbour.organization_id) as t:
        code = enrolment.issue(t, operator_of(neighbour.organization_id), neighbour.member_id)
    return access_token(server, code)


def test_each_pulls_its_own_locations(server: LiveServer, neighbours_token: str) -> None:
    ours = access_token(server, server.enrol(server.facts["worker"][0][0]))

    def names(token: str) -> set[str]:
        reply = requests.post(
            f"{server.url}/v1/sync", json={}, headers={"Authorization": f"Bearer {token}"}, timeout=_TIMEOUT
        )
        assert reply.status_code == 200
        return {change["body"]["name"] for change in reply.json()["changes"] if change["kind"] == LOCATION}

    assert names(neighbours_token) == {"Next door"}
    assert names(ours) == set(server.locations)


def test_a_token_tells_its_own_organization(server: LiveServer, neighbours_token: str) -> None:
    headers = {"Authorization": f"Bearer {neighbours_token}"}
    me = requests.get(f"{server.url}/v1/me", headers=headers, timeout=_TIMEOUT).json()
    assert me["organization"] == "Neighbours"
    assert me["name"] == "Nina"


def test_deactivation_reaches_a_running_server_at_once(
    server: LiveServer, database: Database, neighbour: Actor
) -> None:
    operator = operator_of(neighbour.organization_id)
    with database.write(neighbour.organization_id) as t:
        other = members.add(t, operator, members.NewMember(name="Otto", email="otto@example.invalid"))
        code = enrolment.issue(t, operator, other)
    headers = {"Authorization": f"Bearer {access_token(server, code)}"}
    assert requests.get(f"{server.url}/v1/me", headers=headers, timeout=_TIMEOUT).status_code == 200
    with database.write(neighbour.organization_id) as t:
        members.deactivate(t, operator, other)
    assert requests.get(f"{server.url}/v1/me", headers=headers, timeout=_TIMEOUT).status_code == 401


def test_no_path_of_the_api_answers_without_a_sign_in(server: LiveServer) -> None:
    paths = requests.get(f"{server.url}/schema/openapi.json", timeout=_TIMEOUT).json()["paths"]
    tried = 0
    for path, methods in paths.items():
        for method in set(methods) & {"get", "post", "put", "patch", "delete", "head"}:
            if not path.startswith("/v1/"):
                continue
            address = server.url + re.sub(r"\{\w+\}", "1", path)
            for authorization in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Basic eDp4"}):
                reply = requests.request(
                    method, address, headers={"Tus-Resumable": "1.0.0", **authorization}, timeout=_TIMEOUT
                )
                assert reply.status_code == 401, f"{method} {path} answered {reply.status_code}"
                assert reply.headers["WWW-Authenticate"].startswith("Bearer"), path
                tried += 1
    assert tried >= 3 * 8


def test_there_are_two(database: Database, neighbour: Actor) -> None:
    assert neighbour.organization_id in organizations(database)
    assert len(organizations(database)) == 2
