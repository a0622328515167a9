"""Of log data: running numbers that did not come, what was erased, and what is not taken again."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Create the tables, bound on PostgreSQL to the organization that the transaction names; widen installations."""
    for name in ("lowest_seq", "highest_seq"):
        op.add_column("installation", sa.Column(name, sa.BigInteger()))
    op.create_table(
        "log_gap",
        sa.Column("installation_id", sa.Text(), nullable=False),
        sa.Column("first_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("noticed_on", sa.Text(), nullable=False),
        _of_installation("log_gap"),
        _of_organization("log_gap"),
        sa.PrimaryKeyConstraint("installation_id", "first_seq", name=op.f("pk_log_gap")),
    )
    op.create_index(op.f("ix_log_gap_organization_id"), "log_gap", ["organization_id"])
    op.create_table(
        "log_erasure",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("erasure_id", sa.Text(), nullable=False),
        sa.Column("installation_id", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("issued", sa.Text(), nullable=False),
        _of_installation("log_erasure"),
        _of_organization("log_erasure"),
        sa.PrimaryKeyConstraint("organization_id", "erasure_id", name=op.f("pk_log_erasure")),
    )
    op.create_index(op.f("ix_log_erasure_installation_id"), "log_erasure", ["installation_id"])
    op.create_table(
        "log_tombstone",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("installation_sha256", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("before_unix_nano", sa.BigInteger(), nullable=False),
        sa.Column("last_seq", sa.BigInteger()),
        sa.Column("made", sa.Text(), nullable=False),
        _of_organization("log_tombstone"),
        sa.PrimaryKeyConstraint("organization_id", "installation_sha256", "category", name=op.f("pk_log_tombstone")),
    )
    op.create_index("ix_log_tombstone_made", "log_tombstone", ["made"])
    if op.get_bind().dialect.name == "postgresql":
        own = "organization_id = current_setting('miratag.organization_id', true)"
        for table in ("log_gap", "log_erasure", "log_tombstone"):
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY tenant ON {table} USING ({own}) WITH CHECK ({own})")


def _of_organization(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organization_id"], ["organization.organization_id"], name=op.f(f"fk_{table}_organization_id")
    )


def _of_installation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["installation_id"], ["installation.installation_id"], name=op.f(f"fk_{table}_installation_id")
    )
