"""The same tests on SQLite and on a real PostgreSQL; an organization with people and places to start from."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from uuid6 import uuid7

from rules.clock import format_utc
from server.storage.database import Actor, Database
from server.storage.tables import location, member, organization
from tests.contract.in_process_server import InProcessServer, serving
from tests.migrated import migrated_file
from tests.postgres_cluster import Cluster, binaries, running_cluster
from tests.quick_hashes import quick_hashes


class Clock:
    """A clock that a test turns by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **passed: float) -> None:
        """Let time pass, e.g. `hours=2`."""
        self.now += timedelta(**passed)


class House(msgspec.Struct, frozen=True):
    """One organization with two workers, a manager, an admin and two places, one of them no longer in use."""

    organization_id: str
    ana: Actor
    ben: Actor
    manager: Actor
    admin: Actor
    gate: str
    closed: str


@pytest.fixture(scope="session", autouse=True)
def pins_cost_little() -> Iterator[None]:
    """They are guessed here again and again."""
    with quick_hashes():
        yield


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """One PostgreSQL for the whole run. Where none is installed, the tests on it are skipped, not passed."""
    programs = binaries()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    with running_cluster(programs) as started:
        yield started


@pytest.fixture
def clock() -> Clock:
    """Starts at 2026-03-02 08:00 UTC."""
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated database of either kind."""
    if request.param == "sqlite":
        yield migrated_file(tmp_path / "server.db")
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name = cluster.migrated_database()
    yield cluster.url(database=name)
    cluster.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of either kind with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'server.db'}"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name = cluster.fresh_database()
    yield cluster.url(database=name)
    cluster.drop(name)


@pytest.fixture
def database(database_url: str, clock: Clock) -> Iterator[Database]:
    """The database, opened."""
    opened = Database(database_url, clock)
    yield opened
    opened.close()


@pytest.fixture
def build_house(database: Database) -> Callable[[str], House]:
    """Makes another organization by name."""
    return lambda name: _house(database, name)


@pytest.fixture
def house(build_house: Callable[[str], House]) -> House:
    """The organization that most tests are about."""
    return build_house("Harbour Works")


@pytest.fixture
def live(tmp_path: Path, database: Database, database_url: str) -> Iterator[InProcessServer]:
    """The whole application over the test's database."""
    with serving(tmp_path / "data", database_url) as server:
        yield server


def new_id() -> str:
    """An id as clients mint it."""
    return str(uuid7())


def _house(database: Database, name: str) -> House:
    organization_id = new_id()
    created = format_utc(datetime(2026, 1, 1, tzinfo=UTC))
    actors = {}
    with database.write(organization_id) as t:
        t.insert(organization, name=name, created=created)
        for first, role in (("ana", "worker"), ("ben", "worker"), ("manager", "manager"), ("admin", "admin")):
            actors[first] = Actor(organization_id, new_id(), role)
            t.insert(
                member,
                member_id=actors[first].member_id,
                name=first.title(),
                email=f"{first}@{organization_id}.invalid",
                role=role,
                active=True,
                created=created,
            )
        places = {"Gate 2": new_id(), "Old yard": new_id()}
        for place, location_id in places.items():
            t.insert(
                location,
                location_id=location_id,
                name=place,
                zone="Europe/Lisbon",
                address="",
                active=place == "Gate 2",
                created=created,
            )
    return House(
        organization_id,
        actors["ana"],
        actors["ben"],
        actors["manager"],
        actors["admin"],
        places["Gate 2"],
        places["Old yard"],
    )
