"""That a member withdrew what they had asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Create the table, bound on PostgreSQL to the organization."""
    op.create_table(
        "ask_withdrawal",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("ask_id", sa.Text(), nullable=False),
        sa.Column("received", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_ask_withdrawal_member_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_ask_withdrawal_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "member_id", "ask_id", name=op.f("pk_ask_withdrawal")),
    )
    if op.get_bind().dialect.name == "postgresql":
        own = "organization_id = current_setting('miratag.organization_id', true)"
        op.execute("ALTER TABLE ask_withdrawal ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE ask_withdrawal FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY tenant ON ask_withdrawal USING ({own}) WITH CHECK ({own})")
