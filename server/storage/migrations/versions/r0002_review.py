"""Decisions about reports, and comments on them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create both tables; on PostgreSQL bind each row to the organization that the transaction names."""
    _create_tables()
    if op.get_bind().dialect.name == "postgresql":
        own = "organization_id = current_setting('miratag.organization_id', true)"
        for table in ("review", "report_comment"):
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY tenant ON {table} USING ({own}) WITH CHECK ({own})")


def _create_tables() -> None:
    op.create_table(
        "review",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("review_id", sa.Text(), nullable=False),
        sa.Column("revision_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_review_member_id")),
        sa.ForeignKeyConstraint(
            ["organization_id", "instance_id"],
            ["report.organization_id", "report.instance_id"],
            name=op.f("fk_review_organization_id_instance_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "revision_id"],
            ["revision.organization_id", "revision.revision_id"],
            name=op.f("fk_review_organization_id_revision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_review_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "instance_id", "ordinal", name=op.f("pk_review")),
        sa.UniqueConstraint("review_id", name=op.f("uq_review_review_id")),
    )
    op.create_table(
        "report_comment",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("comment_id", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("operation_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("received", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_report_comment_member_id")),
        sa.ForeignKeyConstraint(
            ["organization_id", "instance_id"],
            ["report.organization_id", "report.instance_id"],
            name=op.f("fk_report_comment_organization_id_instance_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "operation_id"],
            ["operation.organization_id", "operation.operation_id"],
            name=op.f("fk_report_comment_organization_id_operation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_report_comment_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "comment_id", name=op.f("pk_report_comment")),
        sa.UniqueConstraint(
            "organization_id", "operation_id", name=op.f("uq_report_comment_organization_id_operation_id")
        ),
    )
    op.create_index("ix_report_comment_instance_id_at", "report_comment", ["instance_id", "at"], unique=False)
