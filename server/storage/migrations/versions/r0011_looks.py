"""That a manager looked at an entry; entries that need an end or wait for a decision want a look too."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_WAITING = """
UPDATE attendance_event AS e SET look = true WHERE NOT look AND (e.held = 'waiting' OR EXISTS (
    SELECT 1 FROM attendance_cancellation c WHERE c.organization_id = e.organization_id
    AND c.cancels = e.event_id AND c.member_id = e.member_id AND c.held = 'waiting'))
"""

_WITHOUT_END = """
WITH stands AS (
    SELECT s.* FROM attendance_event s WHERE s.kind IN ('check_in', 'check_out') AND s.supersedes IS NULL
    AND (s.held IS NULL OR s.held = 'accepted') AND NOT EXISTS (
        SELECT 1 FROM attendance_cancellation c WHERE c.organization_id = s.organization_id
        AND c.cancels = s.event_id AND c.member_id = s.member_id AND (c.held IS NULL OR c.held = 'accepted')))
UPDATE attendance_event AS e SET look = true WHERE NOT look AND e.kind = 'check_in' AND EXISTS (
    SELECT 1 FROM stands i WHERE i.organization_id = e.organization_id AND i.event_id = e.event_id
) AND EXISTS (
    SELECT 1 FROM stands n WHERE n.organization_id = e.organization_id AND n.member_id = e.member_id
    AND n.kind = 'check_in' AND (n.at > e.at OR (n.at = e.at AND n.event_id > e.event_id))
) AND NOT EXISTS (
    SELECT 1 FROM stands o WHERE o.organization_id = e.organization_id AND o.member_id = e.member_id
    AND o.kind = 'check_out' AND o.check_in_id = e.event_id)
"""
"""A session with a later one beside it and no end."""

_UNDONE = """
UPDATE attendance_event AS e SET look = false WHERE look AND EXISTS (
    SELECT 1 FROM attendance_cancellation c WHERE c.organization_id = e.organization_id
    AND c.cancels = e.event_id AND c.member_id = e.member_id AND (c.held IS NULL OR c.held = 'accepted'))
"""


def upgrade() -> None:
    """Create the table, bound on PostgreSQL to the organization, and mark what is there already."""
    op.create_table(
        "attendance_look",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("look_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("looked", sa.Text(), nullable=False),
        sa.Column("looked_by", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Text()),
        sa.Column("withdrawn_by", sa.Text()),
        sa.ForeignKeyConstraint(
            ["organization_id", "event_id"],
            ["attendance_event.organization_id", "attendance_event.event_id"],
            name=op.f("fk_attendance_look_organization_id_event_id"),
        ),
        sa.ForeignKeyConstraint(["looked_by"], ["member.member_id"], name=op.f("fk_attendance_look_looked_by")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["member.member_id"], name=op.f("fk_attendance_look_withdrawn_by")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_attendance_look_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "look_id", name=op.f("pk_attendance_look")),
    )
    op.create_index(op.f("ix_attendance_look_event_id"), "attendance_look", ["event_id"])
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    # Forced row level security holds for the owner too, and no organization is named here: nothing would be marked.
    if on_postgresql:
        _force_tenancy("NO FORCE")
    for step in (_WAITING, _WITHOUT_END, _UNDONE):
        op.execute(step)
    if on_postgresql:
        _force_tenancy("FORCE")
        own = "organization_id = current_setting('miratag.organization_id', true)"
        op.execute("ALTER TABLE attendance_look ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE attendance_look FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY tenant ON attendance_look USING ({own}) WITH CHECK ({own})")


def _force_tenancy(how: str) -> None:
    for table in ("attendance_event", "attendance_cancellation"):
        op.execute(f"ALTER TABLE {table} {how} ROW LEVEL SECURITY")
