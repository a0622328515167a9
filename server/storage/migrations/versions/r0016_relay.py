"""Log data that is passed on: what waits, pauses, and how much was passed on or not taken."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_TABLES = ("log_relay", "log_relay_pause", "log_relayed", "log_relay_loss")


def upgrade() -> None:
    """Create the tables, bound on PostgreSQL to the organization that the transaction names."""
    _create_queue()
    _create_counts()
    if op.get_bind().dialect.name == "postgresql":
        own = "organization_id = current_setting('miratag.organization_id', true)"
        for table in _TABLES:
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY tenant ON {table} USING ({own}) WITH CHECK ({own})")


def _create_queue() -> None:
    op.create_table(
        "log_relay",
        sa.Column(
            "relay_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        *_texts("organization_id", "destination", "installation_id", "category"),
        sa.Column("time_unix_nano", sa.BigInteger(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        *_texts("received"),
        sa.Column("held_by", sa.Text()),
        sa.Column("held_until", sa.Text()),
        *_references("log_relay"),
        sa.PrimaryKeyConstraint("relay_id", name=op.f("pk_log_relay")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_log_relay_organization_id"), "log_relay", ["organization_id"])
    op.create_index(op.f("ix_log_relay_installation_id"), "log_relay", ["installation_id"])
    op.create_index(
        "ix_log_relay_organization_destination", "log_relay", ["organization_id", "destination", "relay_id"]
    )
    op.create_table(
        "log_relay_pause",
        *_texts("organization_id", "destination"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        *_texts("until"),
        _of_organization("log_relay_pause"),
        sa.PrimaryKeyConstraint("organization_id", "destination", name=op.f("pk_log_relay_pause")),
    )


def _create_counts() -> None:
    op.create_table(
        "log_relayed",
        *_texts("installation_id", "category", "receiver", "day", "organization_id"),
        sa.Column("records", sa.Integer(), nullable=False),
        *_references("log_relayed"),
        sa.PrimaryKeyConstraint("installation_id", "category", "receiver", "day", name=op.f("pk_log_relayed")),
    )
    op.create_index(op.f("ix_log_relayed_organization_id"), "log_relayed", ["organization_id"])
    op.create_table(
        "log_relay_loss",
        *_texts("organization_id", "destination", "category", "reason", "day"),
        sa.Column("records", sa.Integer(), nullable=False),
        _of_organization("log_relay_loss"),
        sa.PrimaryKeyConstraint(
            "organization_id", "destination", "category", "reason", "day", name=op.f("pk_log_relay_loss")
        ),
    )


def _texts(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.Text(), nullable=False) for name in names)


def _references(table: str) -> tuple[sa.ForeignKeyConstraint, ...]:
    installation = sa.ForeignKeyConstraint(
        ["installation_id"], ["installation.installation_id"], name=op.f(f"fk_{table}_installation_id")
    )
    return (installation, _of_organization(table))


def _of_organization(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organization_id"], ["organization.organization_id"], name=op.f(f"fk_{table}_organization_id")
    )
