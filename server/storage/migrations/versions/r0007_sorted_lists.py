"""Every order of the list of reports has its index."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make them; the one by member is made anew to end in what tells two reports of one moment apart."""
    op.drop_index("ix_report_member_received", "report")
    op.create_index("ix_report_member_received", "report", ["member_id", "received", "instance_id"])
    op.create_index("ix_report_location_received", "report", ["location_id", "received", "instance_id"])
    op.create_index("ix_report_organization_state", "report", ["organization_id", "state", "received", "instance_id"])
    op.create_index("ix_report_organization_title", "report", ["organization_id", "title", "instance_id"])
