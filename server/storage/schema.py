"""What every table is made with: the one MetaData, and the columns and references that recur."""

from sqlalchemy import BigInteger, Column, ForeignKey, ForeignKeyConstraint, Integer, MetaData, Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def organization_column() -> Column[str]:
    """Whose row it is, where the server mints the id."""
    return Column("organization_id", Text, ForeignKey("organization.organization_id"), nullable=False, index=True)


def organization_key() -> Column[str]:
    """The first column of the key where devices mint the id: an id taken in one organization is free in another, so
    nobody learns of, blocks or points at a row of a neighbour."""
    return Column("organization_id", Text, ForeignKey("organization.organization_id"), primary_key=True)


def reference(table: str, column: str) -> ForeignKeyConstraint:
    """A reference to a row of the same organization."""
    return ForeignKeyConstraint(["organization_id", column], [f"{table}.organization_id", f"{table}.{column}"])


def moment() -> list[Column[object]]:
    """The columns of protocol.moment.Moment, from the first table on."""
    return [
        Column("device_utc", Text, nullable=False),
        Column("offset_minutes", Integer, nullable=False),
        Column("zone", Text, nullable=False),
        Column("boot_id", Text, nullable=False),
        Column("elapsed_ms", BigInteger, nullable=False),
        Column("confirmed_utc", Text),
        Column("confirmed_elapsed_ms", BigInteger),
        Column("skew_ms", BigInteger),
    ]
