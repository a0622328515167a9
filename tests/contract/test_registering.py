"""How often one member may make installations known, and that nothing leads from them to what they made known."""

import hashlib
import threading

import msgspec
import pytest
from sqlalchemy import select

from protocol.discovery import InstallationRequest
from server import housekeeping
from server.accounts import rationing
from server.accounts.minting import Mint
from server.problems import ProblemError
from server.storage.database import Actor, Database
from server.storage.log_tables import installation
from server.storage.objects import Objects
from server.storage.tables import ration
from tests.contract.conftest import Clock, House, new_id
from tests.contract.in_process_server import InProcessServer

MINT = Mint(bytes(32))


def _tries(database: Database, actor: Actor, times: int) -> list[ProblemError]:
    refused = []
    for _ in range(times):
        try:
            rationing.begin_registration(database, MINT, actor)
        except ProblemError as error:
            refused.append(error)
    return refused


def _rows(database: Database) -> list[tuple[str, str]]:
    with database.server_wide() as connection:
        return [(row.subject, row.until) for row in connection.execute(select(ration))]


def test_a_member_without_end_is_told_when_and_leaves_no_more_rows(live: InProcessServer, house: House) -> None:
    def ask(actor: Actor) -> tuple[int, str | None]:
        wanted = InstallationRequest(installation_id=new_id(), secret_sha256=hashlib.sha256(b"s").hexdigest())
        with live.session(actor) as session:
            reply = session.post(f"{live.url}/v1/installations", msgspec.json.encode(wanted), timeout=20)
        return reply.status_code, reply.headers.get("Retry-After")

    assert {ask(house.ana) for _ in range(rationing.REGISTRATIONS)} == {(201, None)}
    status, wait = ask(house.ana)
    assert status == 429
    assert 0 < int(wait or 0) <= rationing.ONE_MORE.total_seconds()
    assert ask(house.ben) == (201, None)
    with live.database.read(house.organization_id) as t:
        assert len(t.all(t.select(installation))) == rationing.REGISTRATIONS + 1
    for subject, _ in _rows(live.database):
        assert house.ana.member_id not in subject
        assert house.organization_id not in subject


def test_one_more_each_quarter_of_an_hour(database: Database, house: House, clock: Clock) -> None:
    assert _tries(database, house.ana, rationing.REGISTRATIONS) == []
    for _ in range(3):
        refused = _tries(database, house.ana, 2)
        assert [(one.problem.status, one.headers["Retry-After"]) for one in refused] == [(429, "900")] * 2
        clock.forward(minutes=14)
        assert [one.headers["Retry-After"] for one in _tries(database, house.ana, 1)] == ["60"]
        clock.forward(minutes=1)
        assert _tries(database, house.ana, 1) == []
    clock.forward(hours=8)
    assert len(_tries(database, house.ana, rationing.REGISTRATIONS + 1)) == 1


def test_what_is_kept_is_one_moment_that_goes_once_it_is_past(
    database: Database, house: House, clock: Clock, tmp_path: object
) -> None:
    _tries(database, house.ana, 2)
    assert [until for _, until in _rows(database)] == ["2026-03-02T08:30:00.000Z"]
    clock.forward(minutes=10)
    _tries(database, house.ben, 1)
    clock.forward(minutes=15)
    _tries(database, house.manager, 1)
    assert sorted(until for _, until in _rows(database)) == ["2026-03-02T08:30:00.000Z", "2026-03-02T08:40:00.000Z"]
    clock.forward(minutes=15)
    housekeeping.tidy(database, Objects(f"file://{tmp_path}/media"))
    assert _rows(database) == []


def test_those_at_the_same_moment_all_count(database: Database, house: House) -> None:
    _tries(database, house.ana, rationing.REGISTRATIONS - 3)
    refused: list[ProblemError] = []
    start = threading.Barrier(6)

    def ask() -> None:
        start.wait(10)
        refused.extend(_tries(database, house.ana, 1))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert len(refused) == 3


@pytest.mark.parametrize("name", ["ana", "ben"])
def test_another_organization_has_rations_of_its_own(database: Database, house: House, name: str) -> None:
    actor: Actor = getattr(house, name)
    _tries(database, actor, rationing.REGISTRATIONS)
    elsewhere = Actor(new_id(), actor.member_id, actor.role)
    assert _tries(database, elsewhere, 1) == []
