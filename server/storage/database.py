"""One database by URL, SQLite or PostgreSQL, and transactions that belong to one organization."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Engine,
    Insert,
    Row,
    Select,
    Table,
    Update,
    create_engine,
    delete,
    event,
    make_url,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.expression import Executable, FromClause

from rules.clock import format_utc
from server.storage import migration
from server.storage.notices import Notice, Notices, Sending, Told
from server.storage.tables import server_fact
from server.storage.tenancy import PRE_TENANT_SCOPE, SCOPE_OPTION, check_statement

Dialect = Literal["sqlite", "postgresql"]
T = TypeVar("T")

_BEGIN_OPTION = "miratag_begin"
_SQLITE_BUSY_MS = 10_000
_CONNECT_SECONDS = 10
_STATEMENT_MS = 60_000
_IDLE_MS = 300_000
"""How long a transaction may wait for us between two statements: longer than whoever takes an export may for a piece
(server.outgoing), so that PostgreSQL ends only what was forgotten."""


class DatabaseError(Exception):
    """The database cannot be served from; the message says why and what to do, for the operator."""


class Actor(msgspec.Struct, frozen=True):
    """Who asks: a member of the organization, or the operator acting for it."""

    organization_id: str
    member_id: str
    role: str
    kind: Literal["member", "operator"] = "member"


class Transaction:
    """One transaction of one organization; every statement it runs is bound to that (server.storage.tenancy)."""

    def __init__(self, connection: Connection, organization_id: str, now: datetime) -> None:
        self.connection = connection
        self.organization_id = organization_id
        self.now = now
        self.now_text = format_utc(now)
        self.dialect: Dialect = "postgresql" if connection.dialect.name == "postgresql" else "sqlite"
        self._read: dict[Hashable, Any] = {}
        self.notices: set[Notice] = set()
        """What is told of this transaction once it has committed."""

    def once(self, what: Hashable, read: Callable[[], T]) -> T:
        """What `read` answered when it was first asked for in this transaction; None is asked for again. Only for what
        may be a transaction old: never for what is about to be written."""
        known: T | None = self._read.get(what)
        if known is None:
            known = self._read[what] = read()
        return known

    def owns(self, table: FromClause) -> ColumnElement[bool]:
        """The condition that binds one table of a statement to this organization; each joined table needs its own."""
        return table.c.organization_id == self.organization_id

    def select(self, table: Table, *columns: ColumnElement[Any]) -> Select[Any]:
        """`table`'s rows of this organization: the named columns, or all."""
        return select(*(columns or (table,))).select_from(table).where(self.owns(table))

    def update(self, table: Table) -> Update:
        """An update of this organization's rows; narrow it with `.where()`."""
        return update(table).where(self.owns(table))

    def delete(self, table: Table) -> Delete:
        """A deletion of this organization's rows; narrow it with `.where()`."""
        return delete(table).where(self.owns(table))

    def insert(self, table: Table, **values: Any) -> None:
        """Insert one row of this organization. Raises sqlalchemy.exc.IntegrityError when it is there already."""
        self.connection.execute(table.insert().values(organization_id=self.organization_id, **values))

    def insert_new(self, table: Table, **values: Any) -> bool:
        """Insert one row unless its key is taken; whether it was new."""
        dialect = postgresql if self.dialect == "postgresql" else sqlite
        statement = dialect.insert(table).values(organization_id=self.organization_id, **values)
        kept = statement.on_conflict_do_nothing().returning(*table.primary_key.columns)
        return self.connection.execute(kept).first() is not None

    def insert_all(self, table: Table, rows: Iterable[dict[str, Any]]) -> None:
        """Insert many rows of the same columns, in this order. Raises sqlalchemy.exc.IntegrityError when one of them is
        there already."""
        self._insert_many(table.insert(), table, rows)

    def insert_all_new(self, table: Table, rows: Iterable[dict[str, Any]]) -> None:
        """The same, leaving out those whose key is taken."""
        dialect = postgresql if self.dialect == "postgresql" else sqlite
        self._insert_many(dialect.insert(table).on_conflict_do_nothing(), table, rows)

    def _insert_many(self, insertion: Insert, table: Table, rows: Iterable[dict[str, Any]]) -> None:
        bound = [{"organization_id": self.organization_id, **row} for row in rows]
        if bound:
            # What is returned nobody needs: only with it do the rows travel in one statement.
            self.connection.execute(insertion.returning(*table.primary_key.columns), bound)

    def execute(self, statement: Executable) -> CursorResult[Any]:
        """Run a statement built from the tables. Raises TenancyError when it is not bound to the organization."""
        result = self.connection.execute(statement)
        assert isinstance(result, CursorResult)
        return result

    def all(self, statement: Executable) -> list[Row[Any]]:
        """Every row of the answer."""
        return list(self.connection.execute(statement).all())

    def first(self, statement: Executable) -> Row[Any] | None:
        """The first row of the answer, if any."""
        return self.connection.execute(statement).first()

    def scalar(self, statement: Executable) -> Any:
        """The first column of the first row, or None."""
        return self.connection.execute(statement).scalar()

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What fails inside is undone alone; the error goes on to the caller."""
        try:
            with self.connection.begin_nested():
                yield
        except BaseException:
            self._read.clear()  # it may have been read of what is undone now
            raise


class Database:
    """The tables behind one URL. Thread-safe; each transaction has a connection of its own.

    `clock` answers aware UTC; tests give their own.
    """

    def __init__(self, url: str, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._engine = _engine(url)
        self._facts: dict[str, str] = {}
        self.notices = Notices()
        """Who is told of commits: on SQLite of those of this very object, on PostgreSQL of all that
        server.storage.hearing hears."""
        self.sending = Sending()

    @property
    def dialect(self) -> Dialect:
        """Which of the two databases this is."""
        return "postgresql" if self._engine.dialect.name == "postgresql" else "sqlite"

    def now(self) -> datetime:
        """The server's time, aware UTC."""
        return self._clock()

    def migrate(self) -> None:
        """Bring the schema up to date. Raises DatabaseError: a newer schema, or a role that row rules do not bind."""
        with self._engine.connect() as connection:
            connection.execution_options(**{_BEGIN_OPTION: "BEGIN IMMEDIATE"})
            with connection.begin():
                try:
                    migration.refuse_exempt_role(connection)
                    migration.upgrade(connection)
                except migration.SchemaError as error:
                    raise DatabaseError(str(error)) from None

    @contextmanager
    def write(self, organization_id: str) -> Iterator[Transaction]:
        """A transaction that commits when the block ends and rolls back when it raises."""
        options = {SCOPE_OPTION: organization_id, _BEGIN_OPTION: "BEGIN IMMEDIATE"}
        with self._begun(options, "organization_id", organization_id) as connection:
            transaction = Transaction(connection, organization_id, self._clock())
            yield transaction
            later = self._send_with_commit(transaction)
        if self.dialect == "postgresql":
            self.sending.owe(later)
        else:
            for _, notice in later:
                self.notices.tell(organization_id, notice)

    def send_owed(self) -> None:
        """Tell other processes what was committed here without their being told. PostgreSQL only."""
        owed = self.sending.take()
        if not owed:
            return
        try:
            with self._engine.connect() as connection, connection.begin():
                for told in owed:
                    _send(connection, told)
        except SQLAlchemyError:
            self.sending.owe(owed)
            raise

    @contextmanager
    def read(self, organization_id: str) -> Iterator[Transaction]:
        """A read-only transaction that sees one moment throughout."""
        options = {SCOPE_OPTION: organization_id, **self._read_only()}
        with self._begun(options, "organization_id", organization_id) as connection:
            yield Transaction(connection, organization_id, self._clock())

    @contextmanager
    def pre_tenant(self) -> Iterator[Connection]:
        """Read-only, only of tables.PRE_TENANT_READS, only to find out whose request it is."""
        options = {SCOPE_OPTION: PRE_TENANT_SCOPE, **self._read_only()}
        with self._begun(options, "pre_tenant", "on") as connection:
            yield connection

    @contextmanager
    def server_wide(self) -> Iterator[Connection]:
        """A transaction on the tables without an organization (tables.PRE_TENANT); PostgreSQL shows no other rows."""
        with self._engine.connect() as connection:
            connection.execution_options(**{_BEGIN_OPTION: "BEGIN IMMEDIATE"})
            with connection.begin():
                yield connection

    def fact(self, name: str) -> str:
        """A fact of this server that never changes: `server_id`, `feed_epoch`. Raises KeyError."""
        if name not in self._facts:
            with self.pre_tenant() as connection:
                rows = connection.execute(select(server_fact.c.name, server_fact.c.value)).all()
            self._facts = {row.name: row.value for row in rows}
        return self._facts[name]

    def ready(self) -> bool:
        """Whether the database answers and bears exactly this program's schema."""
        try:
            with self._engine.connect() as connection:
                return migration.is_current(connection)
        except SQLAlchemyError:
            return False

    def connect_arguments(self) -> dict[str, Any]:
        """How another connection of the driver to the same database is opened; with the password."""
        _, arguments = self._engine.dialect.create_connect_args(self._engine.url)
        return {**arguments, "connect_timeout": _CONNECT_SECONDS}

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def _send_with_commit(self, t: Transaction) -> list[Told]:
        """What of the transaction's notices is not delivered by its commit itself."""
        later = []
        for told in [(t.organization_id, notice) for notice in t.notices]:
            if t.dialect == "postgresql" and self.sending.at_once(told):
                _send(t.connection, told)
            else:
                later.append(told)
        return later

    def _read_only(self) -> dict[str, Any]:
        if self.dialect == "postgresql":
            return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        return {_BEGIN_OPTION: "BEGIN"}

    @contextmanager
    def _begun(self, options: dict[str, Any], setting: str, value: str) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            connection.execution_options(**options)
            with connection.begin():
                if self.dialect == "postgresql":
                    connection.exec_driver_sql("SELECT set_config(%s, %s, true)", (f"miratag.{setting}", value))
                yield connection


def _send(connection: Connection, told: Told) -> None:
    """Delivered at the commit, and only if there is one."""
    organization_id, notice = told
    connection.exec_driver_sql("SELECT pg_notify(%s, %s)", (notice.value, organization_id))


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    # Parameters are hidden from errors, and so from logs: they are what people wrote.
    if parsed.drivername == "postgresql+psycopg":
        engine = create_engine(
            parsed,
            hide_parameters=True,
            pool_pre_ping=True,
            pool_size=10,
            max_overflow=30,
            connect_args={
                "connect_timeout": _CONNECT_SECONDS,
                "options": f"-c statement_timeout={_STATEMENT_MS} -c idle_in_transaction_session_timeout={_IDLE_MS}",
            },
        )
    elif parsed.drivername in {"sqlite", "sqlite+pysqlite"} and parsed.database not in {None, "", ":memory:"}:
        engine = create_engine(parsed, pool_size=10, max_overflow=30, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        raise DatabaseError(
            "The database address must begin with sqlite:///PATH or postgresql+psycopg://. Give one of these."
        )
    event.listen(engine, "before_execute", check_statement)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own BEGIN would come late and deferred; ours is sent by _begin_sqlite.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={_SQLITE_BUSY_MS}"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN_OPTION, "BEGIN"))
