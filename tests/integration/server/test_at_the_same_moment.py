"""What must hold when two requests come at the same moment, on SQLite and on PostgreSQL."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func

from protocol.discovery import CLIENT_ID, TokenReply
from server import access
from server.accounts import enrolment, members, oauth, tokens
from server.accounts.minting import Mint, new_token
from server.problems import ProblemError
from server.storage.database import Actor, Database
from server.storage.tables import access_record, refresh_token, token_family
from tests.integration.server.test_browser_sign_in import CHALLENGE, REDIRECT, VERIFIER
from tests.postgres_cluster import binaries, running_cluster
from tests.unit.server_identity.conftest import Clock, House

_AT_ONCE = 6


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    if request.param == "sqlite":
        folder: Path = tmp_path_factory.mktemp("database")
        yield from _opened(f"sqlite:///{folder / 'server.db'}")
        return
    programs = binaries()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    with running_cluster(programs) as cluster:
        yield from _opened(cluster.url(database=cluster.fresh_database()))


def _opened(url: str) -> Iterator[Database]:
    opened = Database(url)
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture
def house(database: Database) -> House:
    return House(database, Clock(), new_token(), Mint(b"k" * 32))


@pytest.fixture
def ana(house: House) -> Actor:
    return house.add("ana@example.invalid")


def together(work: Callable[[], object]) -> list[object]:
    """Run `work` in several threads that start at the same moment; what each returned."""
    barrier = threading.Barrier(_AT_ONCE, timeout=20)

    def begin(_number: int) -> object:
        barrier.wait()
        return work()

    with ThreadPoolExecutor(_AT_ONCE) as threads:
        return list(threads.map(begin, range(_AT_ONCE)))


def test_one_refresh_token_has_one_successor(house: House, ana: Actor) -> None:
    with house.database.write(house.organization_id) as t:
        _family_id, first = tokens.open_family(t, ana.member_id, CLIENT_ID, new_token())

    def refresh() -> object:
        with house.database.write(house.organization_id) as t:
            return tokens.refresh(t, house.mint, first.refresh_token, CLIENT_ID)

    replies = together(refresh)
    assert all(isinstance(reply, TokenReply) for reply in replies), replies
    assert len({reply.refresh_token for reply in replies if isinstance(reply, TokenReply)}) == 1
    with house.database.read(house.organization_id) as t:
        assert t.scalar(t.select(refresh_token, func.count())) == 2


def test_one_enrolment_code_opens_one_family(house: House, ana: Actor) -> None:
    with house.database.write(house.organization_id) as t:
        code = enrolment.issue(t, house.operator, ana.member_id)

    def redeem() -> object:
        with house.database.write(house.organization_id) as t:
            return enrolment.redeem(t, house.mint, code, CLIENT_ID)

    replies = together(redeem)
    assert len({reply.refresh_token for reply in replies if isinstance(reply, TokenReply)}) == 1
    with house.database.read(house.organization_id) as t:
        assert t.scalar(t.select(token_family, func.count())) == 1


def test_one_authorization_code_gives_tokens_once_and_they_are_revoked(house: House, ana: Actor) -> None:
    request = oauth.AuthorizationRequest(client_id=CLIENT_ID, redirect_uri=REDIRECT, state="s", challenge=CHALLENGE)
    with house.database.write(house.organization_id) as t:
        address = oauth.grant_code(t, ana, request, "https://work.example")
    code = address.partition("code=")[2].partition("&")[0]
    redemption = oauth.CodeRedemption(code=code, redirect_uri=REDIRECT, client_id=CLIENT_ID, verifier=VERIFIER)

    def redeem() -> object:
        with house.database.write(house.organization_id) as t:
            return oauth.redeem_code(t, redemption)

    given = [reply for reply in together(redeem) if isinstance(reply, TokenReply)]
    assert len(given) == 1
    assert tokens.actor_of(house.database, given[0].access_token) is None


def test_the_access_log_is_one_chain(house: House) -> None:
    def record() -> object:
        for _ in range(5):
            with house.database.write(house.organization_id) as t:
                access.record(t, house.operator, "view", "report", "r")
        return None

    together(record)
    with house.database.read(house.organization_id) as t:
        assert t.scalar(t.select(access_record, func.count())) == _AT_ONCE * 5
        assert access.broken_at(t) is None


def test_two_admins_cannot_shut_each_other_out(house: House) -> None:
    pair = [house.add(f"{name}@example.invalid", "admin") for name in ("one", "two")]
    barrier = threading.Barrier(2, timeout=20)

    def shut_out(victim: Actor) -> int:
        barrier.wait()
        try:
            with house.database.write(house.organization_id) as t:
                members.deactivate(t, house.operator, victim.member_id)
        except ProblemError as refused:
            return refused.problem.status
        return 200

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(shut_out, pair)) == [200, 409]


def test_one_email_is_one_person(house: House) -> None:
    def add() -> object:
        try:
            house.add("ana@example.invalid")
        except ProblemError as refused:
            return refused.problem.status
        return 201

    assert sorted(map(str, together(add))) == ["201"] + ["409"] * (_AT_ONCE - 1)
