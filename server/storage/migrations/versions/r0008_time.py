"""Corrections that are asked for, closed days, shifts and holidays."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_TABLES = ("attendance_ask", "attendance_closing", "held_entry", "shift", "shift_group", "shift_member", "holiday")


def upgrade() -> None:
    """Create the tables, bound on PostgreSQL to the organization that the transaction names; widen attendance."""
    _widen()
    _attendance()
    _shifts()
    for table, column in (
        ("attendance_closing", "organization_id"),
        ("shift", "organization_id"),
        ("shift_group", "organization_id"),
        ("shift_member", "organization_id"),
        ("holiday", "organization_id"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    if op.get_bind().dialect.name == "postgresql":
        own = "organization_id = current_setting('miratag.organization_id', true)"
        for table in _TABLES:
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY tenant ON {table} USING ({own}) WITH CHECK ({own})")


def _widen() -> None:
    op.add_column("attendance_event", sa.Column("recorded_by", sa.Text()))
    op.add_column("attendance_event", sa.Column("correct_hours", sa.Integer()))
    op.add_column("attendance_event", sa.Column("held", sa.Text()))
    op.add_column("attendance_cancellation", sa.Column("recorded_by", sa.Text()))
    op.add_column("attendance_cancellation", sa.Column("held", sa.Text()))


def _attendance() -> None:
    op.create_table(
        "attendance_ask",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("ask_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("operation_id", sa.Text(), nullable=False),
        sa.Column("wants", sa.Text(), nullable=False),
        sa.Column("supersedes", sa.Text()),
        sa.Column("kind", sa.Text()),
        sa.Column("at", sa.Text()),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("location_id", sa.Text()),
        sa.Column("note", sa.Text()),
        sa.Column("check_in_id", sa.Text()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("received", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text()),
        sa.Column("decided", sa.Text()),
        sa.Column("words", sa.Text(), nullable=False),
        _to("attendance_ask", "organization_id", "organization"),
        _to("attendance_ask", "member_id", "member"),
        _to("attendance_ask", "location_id", "location"),
        _to("attendance_ask", "decided_by", "member", "member_id"),
        sa.ForeignKeyConstraint(
            ["organization_id", "operation_id"],
            ["operation.organization_id", "operation.operation_id"],
            name=op.f("fk_attendance_ask_organization_id_operation_id"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "ask_id", name=op.f("pk_attendance_ask")),
    )
    op.create_index("ix_attendance_ask_organization_state", "attendance_ask", ["organization_id", "state", "received"])
    op.create_index("ix_attendance_ask_member_received", "attendance_ask", ["member_id", "received"])
    op.create_table(
        "attendance_closing",
        sa.Column("closing_id", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Text()),
        sa.Column("first_day", sa.Text(), nullable=False),
        sa.Column("last_day", sa.Text(), nullable=False),
        sa.Column("closed", sa.Text(), nullable=False),
        sa.Column("closed_by", sa.Text(), nullable=False),
        sa.Column("reopened", sa.Text()),
        sa.Column("reopened_by", sa.Text()),
        _to("attendance_closing", "organization_id", "organization"),
        _to("attendance_closing", "group_id", "member_group"),
        sa.PrimaryKeyConstraint("closing_id", name=op.f("pk_attendance_closing")),
    )
    op.create_index(
        "ix_attendance_closing_organization_last_day", "attendance_closing", ["organization_id", "last_day"]
    )
    op.create_table(
        "held_entry",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("undoes", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("received", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text()),
        sa.Column("decided", sa.Text()),
        sa.Column("words", sa.Text(), nullable=False),
        _to("held_entry", "organization_id", "organization"),
        _to("held_entry", "member_id", "member"),
        _to("held_entry", "decided_by", "member", "member_id"),
        sa.PrimaryKeyConstraint("organization_id", "event_id", name=op.f("pk_held_entry")),
    )
    op.create_index("ix_held_entry_organization_state", "held_entry", ["organization_id", "state", "received"])


def _shifts() -> None:
    op.create_table(
        "shift",
        sa.Column("shift_id", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("start", sa.Text(), nullable=False),
        sa.Column("end", sa.Text(), nullable=False),
        sa.Column("weekdays", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Text(), nullable=False),
        sa.Column("valid_to", sa.Text()),
        sa.Column("grace_minutes", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Text()),
        sa.Column("on_holidays", sa.Boolean(), nullable=False),
        sa.Column("everybody", sa.Boolean(), nullable=False),
        sa.Column("created", sa.Text(), nullable=False),
        _to("shift", "organization_id", "organization"),
        _to("shift", "location_id", "location"),
        sa.PrimaryKeyConstraint("shift_id", name=op.f("pk_shift")),
    )
    for table, column, target in (
        ("shift_group", "group_id", "member_group"),
        ("shift_member", "member_id", "member"),
    ):
        op.create_table(
            table,
            sa.Column("shift_id", sa.Text(), nullable=False),
            sa.Column(column, sa.Text(), nullable=False),
            sa.Column("organization_id", sa.Text(), nullable=False),
            _to(table, "shift_id", "shift"),
            _to(table, column, target),
            _to(table, "organization_id", "organization"),
            sa.PrimaryKeyConstraint("shift_id", column, name=op.f(f"pk_{table}")),
        )
    op.create_table(
        "holiday",
        sa.Column("holiday_id", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("location_id", sa.Text()),
        _to("holiday", "organization_id", "organization"),
        _to("holiday", "location_id", "location"),
        sa.PrimaryKeyConstraint("holiday_id", name=op.f("pk_holiday")),
    )


def _to(table: str, column: str, target: str, key: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.{key or column}"], name=op.f(f"fk_{table}_{column}"))
