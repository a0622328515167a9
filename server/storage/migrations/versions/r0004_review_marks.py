"""The places that a manager marks when returning a report."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the table; on PostgreSQL bind each row to the organization that the transaction names."""
    op.create_table(
        "review_mark",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("review_ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "instance_id", "review_ordinal"],
            ["review.organization_id", "review.instance_id", "review.ordinal"],
            name=op.f("fk_review_mark_organization_id_instance_id_review_ordinal"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_review_mark_organization_id")
        ),
        sa.PrimaryKeyConstraint(
            "organization_id", "instance_id", "review_ordinal", "ordinal", name=op.f("pk_review_mark")
        ),
    )
    if op.get_bind().dialect.name == "postgresql":
        own = "organization_id = current_setting('miratag.organization_id', true)"
        op.execute("ALTER TABLE review_mark ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE review_mark FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY tenant ON review_mark USING ({own}) WITH CHECK ({own})")
