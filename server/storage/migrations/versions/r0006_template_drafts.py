"""Drafts of checklists."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the table; on PostgreSQL bind each row to the organization that the transaction names."""
    op.create_table(
        "template_draft",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("template_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=True),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_template_draft_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "template_id", name=op.f("pk_template_draft")),
    )
    if op.get_bind().dialect.name == "postgresql":
        own = "organization_id = current_setting('miratag.organization_id', true)"
        op.execute("ALTER TABLE template_draft ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE template_draft FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY tenant ON template_draft USING ({own}) WITH CHECK ({own})")
