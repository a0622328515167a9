"""Pictures of attendance events, and receipts for those."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create the table, bound on PostgreSQL to the organization; a receipt may be for what is no revision."""
    op.create_table(
        "event_media",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("media_id", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "event_id"],
            ["attendance_event.organization_id", "attendance_event.event_id"],
            name=op.f("fk_event_media_organization_id_event_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "media_id"],
            ["media.organization_id", "media.media_id"],
            name=op.f("fk_event_media_organization_id_media_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_event_media_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "event_id", "media_id", name=op.f("pk_event_media")),
    )
    op.add_column("attendance_event", sa.Column("photos", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(op.f("ix_event_media_media_id"), "event_media", ["media_id"])
    if op.get_bind().dialect.name == "postgresql":
        own = "organization_id = current_setting('miratag.organization_id', true)"
        op.execute("ALTER TABLE event_media ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE event_media FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY tenant ON event_media USING ({own}) WITH CHECK ({own})")
    with op.batch_alter_table("receipt") as batch:
        batch.drop_constraint("fk_receipt_organization_id_revision_id", type_="foreignkey")
