"""A migrated SQLite database with one organization, under a clock that tests move."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.accounts import members
from server.accounts.minting import Mint
from server.storage.database import Actor, Database
from server.storage.tables import organization
from tests.migrated import migrated_file


class Clock:
    """What time it is for the server."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        """Let time pass: `hours=2`…"""
        self.now += timedelta(**span)


class House:
    """One organization, its operator, and a quick way to add people."""

    def __init__(self, database: Database, clock: Clock, organization_id: str, mint: Mint) -> None:
        self.database = database
        self.clock = clock
        self.mint = mint
        self.organization_id = organization_id
        self.operator = Actor(organization_id, "operator", "operator", "operator")
        with database.write(organization_id) as t:
            t.insert(organization, name=f"House {organization_id}", created=t.now_text)

    def add(
        self, email: str, role: str = "worker", *, groups: tuple[str, ...] = (), password: str | None = None
    ) -> Actor:
        """Add a person; them as an actor."""
        new = members.NewMember(
            name=email.partition("@")[0].title(), email=email, role=role, group_ids=groups, password=password
        )
        with self.database.write(self.organization_id) as t:
            member_id = members.add(t, self.operator, new)
        return Actor(self.organization_id, member_id, role)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(tmp_path: Path, clock: Clock) -> Iterator[Database]:
    opened = Database(migrated_file(tmp_path / "server.db"), clock)
    yield opened
    opened.close()


@pytest.fixture
def house(database: Database, clock: Clock) -> House:
    return House(database, clock, "organization-a", Mint(b"k" * 32))


@pytest.fixture
def other_house(database: Database, clock: Clock) -> House:
    return House(database, clock, "organization-b", Mint(b"k" * 32))
