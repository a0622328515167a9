"""What is asked of one member is found by the organization and the member, also while PostgreSQL knows nothing yet of
how full the tables are: with an index on less it read all that the organization had that day."""

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Change the indexes."""
    columns = ["organization_id", "member_id", "at"]
    op.create_index("ix_attendance_event_organization_member_at", "attendance_event", columns)
    op.drop_index("ix_attendance_event_member_at", "attendance_event")
    columns = ["organization_id", "member_id", "xid", "position"]
    op.create_index("ix_change_organization_member_xid_position", "change", columns)
