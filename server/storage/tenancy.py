"""Every statement of a transaction names its organization, on either database; one that does not is never sent.

PostgreSQL enforces the same with row level security. SQLite has none, so here it is the statement itself that is read,
before it runs. It is a net under the callers, who bind with Transaction.select, .insert, .update, .delete and .owns.
"""

from collections.abc import Hashable, Iterator
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.cache_key import HasCacheKey
from sqlalchemy.sql.dml import Delete, Insert, Update
from sqlalchemy.sql.elements import BinaryExpression
from sqlalchemy.sql.expression import Alias, ColumnClause, Executable, FromClause, Join, Select, TextClause

from server.storage.tables import PRE_TENANT, PRE_TENANT_READS

SCOPE_OPTION = "miratag_scope"
PRE_TENANT_SCOPE = "before a tenant is known"


_MOST_SHAPES = 1000
_bound_shapes: set[Hashable] = set()
"""Statements that were found bound. Reading one takes longer than everything else about a small statement, and the same
few hundred come again and again, with other values."""


class TenancyError(Exception):
    """A statement that would read or write beyond one organization. Always a fault of ours, never of a request."""


def check_statement(
    connection: Connection,
    statement: Executable,
    multiparams: Any,
    params: Any,
    execution_options: Any,  # noqa: ARG001 - the signature of SQLAlchemy's before_execute
) -> None:
    """The `before_execute` listener: raises TenancyError when the statement is not bound to the connection's scope."""
    scope = connection.get_execution_options().get(SCOPE_OPTION)
    if scope is None:
        return
    if isinstance(statement, TextClause):
        raise TenancyError("Plain SQL cannot be checked for its organization; build the statement from the tables.")
    if scope == PRE_TENANT_SCOPE:
        _check_pre_tenant(statement)
    elif isinstance(statement, Insert):
        _check_insert(statement, scope, [*multiparams, params])
    else:
        _check_bound(statement)


def _check_pre_tenant(statement: Executable) -> None:
    if isinstance(statement, Insert | Update | Delete):
        raise TenancyError("Before the organization is known nothing may be written.")
    for name in _tenant_tables(statement):
        if name.partition(" ")[0] not in PRE_TENANT_READS:
            raise TenancyError(f"The table {name} may not be read before the organization is known.")


def _check_insert(statement: Insert, organization_id: str, parameters: list[Any]) -> None:
    if statement.table.name in PRE_TENANT:
        return
    rows = list(_rows(parameters))
    if isinstance(statement._post_values_clause, postgresql.dml.OnConflictDoUpdate | sqlite.dml.OnConflictDoUpdate):
        raise TenancyError("A row that is there is changed by an update, which names its organization.")
    if statement.select is not None:
        _check_bound(statement.select)
        # Of another statement: what is bound at the place of the organization in that.
        place = [getattr(name, "name", name) for name in statement._select_names or ()].index("organization_id")
        owner = list(statement.select.selected_columns)[place]
        given = [row.get(getattr(owner, "key", "")) for row in rows if row]
    else:
        given = [row["organization_id"] for row in rows if "organization_id" in row]
    values: Any = statement._values or {}
    for column, value in values.items():
        if getattr(column, "name", column) == "organization_id":
            given.append(getattr(value, "value", value))
    if not given or any(value != organization_id for value in given):
        raise TenancyError(f"A row of {statement.table.name} must be inserted for the transaction's organization.")


def _rows(parameters: list[Any]) -> Iterator[dict[str, Any]]:
    for parameter in parameters:
        if isinstance(parameter, dict):
            yield parameter
        elif isinstance(parameter, list | tuple):
            yield from _rows(list(parameter))


def _check_bound(statement: Executable) -> None:
    shape = _shape(statement)
    if shape is not None and shape in _bound_shapes:
        return
    missing = _tenant_tables(statement) - _bound_tables(statement)
    if missing:
        raise TenancyError(f"The statement reads {', '.join(sorted(missing))} without naming the organization.")
    if shape is not None:
        if len(_bound_shapes) >= _MOST_SHAPES:
            _bound_shapes.clear()
        _bound_shapes.add(shape)


def _shape(statement: Executable) -> Hashable | None:
    """Everything about the statement but the values bound in it, which is what SQLAlchemy keeps its compiled text by;
    None where it cannot tell."""
    key = statement._generate_cache_key() if isinstance(statement, HasCacheKey) else None
    return None if key is None else key.key


def _tenant_tables(statement: Executable) -> set[str]:
    names: set[str] = set()
    for element in visitors.iterate(statement):  # type: ignore[arg-type]
        if isinstance(element, Select):
            for source in element.get_final_froms():
                names |= set(_named(source))
        elif isinstance(element, Update | Delete):
            names |= set(_named(element.table))
    return names


def _named(source: FromClause) -> Iterator[str]:
    if isinstance(source, Join):
        yield from _named(source.left)
        yield from _named(source.right)
    elif isinstance(source, Alias) and isinstance(source.element, Table):
        yield f"{source.element.name} {source.name}"
    elif isinstance(source, Table) and source.name not in PRE_TENANT:
        yield source.name


def _bound_tables(statement: Executable) -> set[str]:
    bound: set[str] = set()
    for element in visitors.iterate(statement):  # type: ignore[arg-type]
        if isinstance(element, BinaryExpression) and element.operator is operators.eq:
            for side in (element.left, element.right):
                if isinstance(side, ColumnClause) and side.name == "organization_id" and side.table is not None:
                    bound |= set(_named(side.table))
    return bound
