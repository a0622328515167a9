"""The small pictures that pages show, and the access log by what was opened."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the table, on PostgreSQL bound to the organization that the transaction names, and the index."""
    op.create_table(
        "rendition",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("media_id", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("small_key", sa.Text(), nullable=True),
        sa.Column("small_size", sa.Integer(), nullable=True),
        sa.Column("large_key", sa.Text(), nullable=True),
        sa.Column("large_size", sa.Integer(), nullable=True),
        sa.Column("made", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "media_id"],
            ["media.organization_id", "media.media_id"],
            name=op.f("fk_rendition_organization_id_media_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_rendition_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "media_id", name=op.f("pk_rendition")),
    )
    op.create_index("ix_access_record_entity_actor_at", "access_record", ["entity", "actor", "at"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        own = "organization_id = current_setting('miratag.organization_id', true)"
        op.execute("ALTER TABLE rendition ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE rendition FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY tenant ON rendition USING ({own}) WITH CHECK ({own})")
