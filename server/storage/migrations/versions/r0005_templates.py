"""Checklists in their versions, and the answers of reports."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create both tables, bound on PostgreSQL to the organization that the transaction names; reports get answers."""
    _create_tables()
    for name in ("template_id", "answers", "answer_words"):
        op.add_column("revision", sa.Column(name, sa.Text()))
    op.add_column("revision", sa.Column("template_version", sa.Integer()))
    op.add_column("report", sa.Column("template_id", sa.Text()))
    op.create_index("ix_report_template_received", "report", ["template_id", "received"])
    if op.get_bind().dialect.name == "postgresql":
        own = "organization_id = current_setting('miratag.organization_id', true)"
        for table in ("template", "template_version"):
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY tenant ON {table} USING ({own}) WITH CHECK ({own})")


def _create_tables() -> None:
    op.create_table(
        "template",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("template_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_template_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "template_id", name=op.f("pk_template")),
    )
    op.create_table(
        "template_version",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("template_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("published", sa.Text(), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "template_id"],
            ["template.organization_id", "template.template_id"],
            name=op.f("fk_template_version_organization_id_template_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_template_version_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "template_id", "version", name=op.f("pk_template_version")),
    )
