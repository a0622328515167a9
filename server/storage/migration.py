"""The schema's version: brought up to date at the start of serving, and never downwards."""

import uuid
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, select

from server.storage.tables import server_fact

_LOCK = 0x4D495241
"""PostgreSQL's advisory lock that lets one of several starting replicas migrate."""


class SchemaError(Exception):
    """The database cannot be used as it is; the message says why and what to do."""


def upgrade(connection: Connection) -> None:
    """Run the missing migrations inside the caller's transaction. Raises SchemaError when the schema is newer."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
    config = _config(connection)
    known = {revision.revision for revision in ScriptDirectory.from_config(config).walk_revisions()}
    found = _found(connection)
    if found is not None and found not in known:
        raise SchemaError(
            f"The database was written by a newer Miratag server (schema {found}). "
            "Start that version again, or restore a backup made with this one. Nothing was changed."
        )
    command.upgrade(config, "head")
    _ensure_facts(connection)


def is_current(connection: Connection) -> bool:
    """Whether the schema is exactly this program's."""
    return _found(connection) == ScriptDirectory.from_config(_config(connection)).get_current_head()


def refuse_exempt_role(connection: Connection) -> None:
    """Raise SchemaError for a PostgreSQL role that row level security does not bind."""
    if connection.dialect.name != "postgresql":
        return
    exempt = connection.exec_driver_sql(
        "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    ).scalar()
    if exempt:
        raise SchemaError(
            "The PostgreSQL role is a superuser or has BYPASSRLS, so one organization could read another's rows. "
            "Create a plain role that owns the database, and give its address instead."
        )


def _found(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _ensure_facts(connection: Connection) -> None:
    present = set(connection.execute(select(server_fact.c.name)).scalars())
    for name in sorted({"server_id", "feed_epoch"} - present):
        connection.execute(server_fact.insert().values(name=name, value=uuid.uuid4().hex))
