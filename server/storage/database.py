"""One database by URL, SQLite or PostgreSQL, and transactions that belong to one organization."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any, Literal, TypeVar

import msgspec
from psycopg.sql import Literal as SqlLiteral
from sqlalchemy import (
    ClauseElement,
    ColumnElement,
    Connection,
    Delete,
    Engine,
    Insert,
    Row,
    Select,
    String,
    Table,
    Update,
    bindparam,
    create_engine,
    delete,
    event,
    func,
    make_url,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.expression import BindParameter, Executable, FromClause

from rules.clock import format_utc
from server.storage import migration
from server.storage.lines import CONNECT_SECONDS, postgresql_engines
from server.storage.notices import Notice, Notices, Sending, Told
from server.storage.tables import server_fact
from server.storage.tenancy import PRE_TENANT_SCOPE, SCOPE_OPTION, check_statement

Dialect = Literal["sqlite", "postgresql"]
T = TypeVar("T")

_BEGIN_OPTION = "miratag_begin"
_SQLITE_BUSY_MS = 10_000


class DatabaseError(Exception):
    """The database cannot be served from; the message says why and what to do, for the operator."""


class Actor(msgspec.Struct, frozen=True):
    """Who asks: a member of the organization, or the operator acting for it."""

    organization_id: str
    member_id: str
    role: str
    kind: Literal["member", "operator"] = "member"


class Bound:
    """Makes statements that are bound to an organization: the named one, or with `OWN` that of each transaction that
    they are `asked` in."""

    def __init__(self, organization_id: str | BindParameter[str]) -> None:
        self._owner = organization_id

    def owns(self, table: FromClause) -> ColumnElement[bool]:
        """The condition that binds one table of a statement to this organization; each joined table needs its own."""
        return table.c.organization_id == self._owner

    def select(self, table: Table, *columns: ColumnElement[Any]) -> Select[Any]:
        """`table`'s rows of this organization: the named columns, or all."""
        return select(*(columns or (table,))).select_from(table).where(self.owns(table))


class Transaction(Bound):
    """One transaction of one organization; every statement it runs is bound to that (server.storage.tenancy)."""

    def __init__(self, connection: Connection, organization_id: str, now: datetime) -> None:
        super().__init__(organization_id)
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

    def update(self, table: Table) -> Update:
        """An update of this organization's rows; narrow it with `.where()`."""
        return update(table).where(self.owns(table))

    def delete(self, table: Table) -> Delete:
        """A deletion of this organization's rows; narrow it with `.where()`."""
        return delete(table).where(self.owns(table))

    def insert(self, table: Table, **values: Any) -> None:
        """Insert one row of this organization. Raises sqlalchemy.exc.IntegrityError when it is there already."""
        self._insert(_insertion(table), values)

    def insert_new(self, table: Table, **values: Any) -> bool:
        """Insert one row unless its key is taken; whether it was new."""
        return self._insert(_insertion_unless_there(table, self.dialect), values).first() is not None

    def _insert(self, insertion: Insert, values: dict[str, Any]) -> CursorResult[Any]:
        computed = {name: value for name, value in values.items() if isinstance(value, ClauseElement)}
        if computed:
            insertion = insertion.values(**computed)
        given = {name: value for name, value in values.items() if name not in computed}
        return self.connection.execute(insertion, {"organization_id": self.organization_id, **given})

    def insert_all(self, table: Table, rows: Iterable[dict[str, Any]]) -> None:
        """Insert many rows of the same columns, in this order. Raises sqlalchemy.exc.IntegrityError when one of them is
        there already."""
        self._insert_many(table, rows, unless_there=False)

    def insert_all_new(self, table: Table, rows: Iterable[dict[str, Any]]) -> list[Row[Any]]:
        """The same, leaving out those whose key is taken; the keys of those that were not."""
        return self._insert_many(table, rows, unless_there=True)

    def _insert_many(self, table: Table, rows: Iterable[dict[str, Any]], *, unless_there: bool) -> list[Row[Any]]:
        given = list(rows)
        if not given:
            return []
        if self.dialect == "sqlite":
            insertion = sqlite.insert(table).on_conflict_do_nothing() if unless_there else table.insert()
            bound: Any = [{"organization_id": self.organization_id, **row} for row in given]
            # Only with something to return do the rows travel in one statement.
            return list(self.connection.execute(insertion.returning(*table.primary_key.columns), bound).all())
        names = tuple(given[0])
        columns = {name: [row[name] for row in given] for name in names}
        insertion = _insertion_of_columns(table, names, unless_there=unless_there)
        return list(self.connection.execute(insertion, {OWN.key: self.organization_id, **columns}).all())

    def execute(self, statement: Executable) -> CursorResult[Any]:
        """Run a statement built from the tables. Raises TenancyError when it is not bound to the organization."""
        result = self.connection.execute(statement)
        assert isinstance(result, CursorResult)
        return result

    def asked(self, statement: Executable, **values: Any) -> CursorResult[Any]:
        """Run a statement that was built once for all transactions, with the `values` that it names; `OWN` in it is
        this organization. To build one anew each time costs more than to run it. Raises TenancyError."""
        result = self.connection.execute(statement, {OWN.key: self.organization_id, **values})
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


OWN: BindParameter[str] = bindparam("own_organization", type_=String)
"""In a statement for `Transaction.asked`: the organization of the transaction."""
WHOEVER_ASKS = Bound(OWN)
"""Makes statements for `Transaction.asked`."""


@cache
def _insertion(table: Table) -> Insert:
    return table.insert()


@cache
def _insertion_unless_there(table: Table, dialect: Dialect) -> Insert:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table).on_conflict_do_nothing().returning(*table.primary_key.columns)


@cache
def _insertion_of_columns(table: Table, names: tuple[str, ...], *, unless_there: bool) -> Insert:
    """Inserts rows that are given column by column, as arrays. However many they are it is the same statement: one that
    names each value is read by the driver anew each time, which takes longer than all else about it."""
    arrays = [bindparam(name, type_=postgresql.ARRAY(table.c[name].type)) for name in names]
    given = func.unnest(*arrays).table_valued(*names, with_ordinality="place").render_derived("given")
    rows = select(OWN, *(given.c[name] for name in names)).order_by(given.c.place)
    insertion = postgresql.insert(table).from_select(["organization_id", *names], rows)
    unless = insertion.on_conflict_do_nothing() if unless_there else insertion
    return unless.returning(*table.primary_key.columns)


class Database:
    """The tables behind one URL. Thread-safe; each transaction has a connection of its own.

    `clock` answers aware UTC; tests give their own.
    """

    def __init__(self, url: str, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._engine, self._pre_tenant_engine = _engines(url)
        self._facts: dict[str, str] = {}
        self.notices = Notices()
        """Who is told of commits: on SQLite of those of this very object, on PostgreSQL of all that
        server.storage.hearing hears."""
        self.sending = Sending()
        self.governed: set[str] = set()
        """Organizations that were seen to have a policy (server.policy)."""

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
            connection.execution_options(**self._writing(None))
            with connection.begin():
                try:
                    migration.refuse_exempt_role(connection)
                    migration.upgrade(connection)
                except migration.SchemaError as error:
                    raise DatabaseError(str(error)) from None

    @contextmanager
    def write(self, organization_id: str) -> Iterator[Transaction]:
        """A transaction that commits when the block ends and rolls back when it raises."""
        with self._begun({SCOPE_OPTION: organization_id, **self._writing(organization_id)}) as connection:
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
        with self._begun({SCOPE_OPTION: organization_id, **self._reading(organization_id)}) as connection:
            yield Transaction(connection, organization_id, self._clock())

    @contextmanager
    def pre_tenant(self) -> Iterator[Connection]:
        """Read-only, only of tables.PRE_TENANT_READS, only to find out whose request it is. On PostgreSQL each
        statement sees a moment of its own."""
        with self._pre_tenant_engine.connect() as connection:
            connection.execution_options(**{SCOPE_OPTION: PRE_TENANT_SCOPE})
            with connection.begin():
                yield connection

    @contextmanager
    def server_wide(self) -> Iterator[Connection]:
        """A transaction on the tables without an organization (tables.PRE_TENANT); PostgreSQL shows no other rows."""
        with self._engine.connect() as connection:
            connection.execution_options(**self._writing(None))
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
        return {**arguments, "connect_timeout": CONNECT_SECONDS}

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()
        self._pre_tenant_engine.dispose()

    def _send_with_commit(self, t: Transaction) -> list[Told]:
        """What of the transaction's notices is not delivered by its commit itself."""
        later = []
        for told in [(t.organization_id, notice) for notice in t.notices]:
            if t.dialect == "postgresql" and self.sending.at_once(told):
                _send(t.connection, told)
            else:
                later.append(told)
        return later

    def _writing(self, organization_id: str | None) -> dict[str, Any]:
        if self.dialect == "sqlite":
            return {_BEGIN_OPTION: "BEGIN IMMEDIATE"}
        return {_BEGIN_OPTION: "BEGIN" + _bound_to(organization_id)}

    def _reading(self, organization_id: str) -> dict[str, Any]:
        if self.dialect == "sqlite":
            return {_BEGIN_OPTION: "BEGIN"}
        return {_BEGIN_OPTION: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" + _bound_to(organization_id)}

    @contextmanager
    def _begun(self, options: dict[str, Any]) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            connection.execution_options(**options)
            with connection.begin():
                yield connection


def _send(connection: Connection, told: Told) -> None:
    """Delivered at the commit, and only if there is one."""
    organization_id, notice = told
    connection.exec_driver_sql("SELECT pg_notify(%s, %s)", (notice.value, organization_id))


def _bound_to(organization_id: str | None) -> str:
    """What tells PostgreSQL's row rules the organization, sent along with BEGIN: one more way there and back costs
    as much as a small statement."""
    if organization_id is None:
        return ""
    value = SqlLiteral(organization_id).as_string().replace("%", "%%")
    return f"; SELECT set_config('miratag.organization_id', {value}, true)"


def _engines(url: str) -> tuple[Engine, Engine]:
    """The engine, and the one for reading before the organization is known; for SQLite they are the same."""
    parsed = make_url(url)
    # Parameters are hidden from errors, and so from logs: they are what people wrote.
    if parsed.drivername == "postgresql+psycopg":
        engine, pre_tenant = postgresql_engines(parsed)
        event.listen(engine, "begin", _send_begin)
    elif parsed.drivername in {"sqlite", "sqlite+pysqlite"} and parsed.database not in {None, "", ":memory:"}:
        engine = pre_tenant = create_engine(parsed, pool_size=10, max_overflow=30, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _send_begin)
    else:
        raise DatabaseError(
            "The database address must begin with sqlite:///PATH or postgresql+psycopg://. Give one of these."
        )
    for one in {engine, pre_tenant}:
        event.listen(one, "before_execute", check_statement)
    return engine, pre_tenant


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own BEGIN would come late and deferred; ours is sent by _send_begin.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={_SQLITE_BUSY_MS}"):
        connection.execute(f"PRAGMA {pragma}").close()


def _send_begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN_OPTION, "BEGIN"))
