"""The migrations make exactly the tables that the program speaks of, from nothing and from every earlier schema."""

from collections.abc import Iterator
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.engine import Connection

from server.storage import migration
from server.storage.database import Database
from server.storage.tables import metadata


@pytest.fixture
def connection(empty_database_url: str) -> Iterator[Connection]:
    engine = create_engine(empty_database_url)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def differences(connection: Connection) -> Any:
    return compare_metadata(MigrationContext.configure(connection), metadata)


def test_from_nothing_and_from_the_first_schema(empty_database_url: str, connection: Connection) -> None:
    with connection.begin():
        command.upgrade(migration._config(connection), "0001")
    with connection.begin():
        assert not migration.is_current(connection)
        assert differences(connection) != []
    database = Database(empty_database_url)
    database.migrate()
    database.close()
    with connection.begin():
        assert migration.is_current(connection)
        assert differences(connection) == []
