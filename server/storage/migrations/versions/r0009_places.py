"""What locations are known by, their codes and screens, what is entered at kiosks, and what is made of evidence."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_PRE_TENANT = ("screen",)


def upgrade() -> None:
    """Create the tables, bound on PostgreSQL to the organization that the transaction names; widen the two others."""
    _widen()
    _create_tables()
    if op.get_bind().dialect.name == "postgresql":
        own = "organization_id = current_setting('miratag.organization_id', true)"
        for table in ("location_code", "screen", "kiosk_worker"):
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY tenant ON {table} USING ({own}) WITH CHECK ({own})")
        for table in _PRE_TENANT:
            op.execute(
                f"CREATE POLICY pre_tenant ON {table} FOR SELECT"
                " USING (current_setting('miratag.pre_tenant', true) = 'on')"
            )


def _widen() -> None:
    for name, kind in (("latitude", sa.Float()), ("longitude", sa.Float()), ("radius_m", sa.Integer())):
        op.add_column("location", sa.Column(name, kind))
    for name in ("networks", "gateways"):
        op.add_column("location", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("location", sa.Column("code_digits", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("attendance_event", sa.Column("code_step", sa.BigInteger()))
    for name in ("code_network", "network_verdict", "address_verdict", "fence", "kiosk"):
        op.add_column("attendance_event", sa.Column(name, sa.Text()))
    op.add_column("attendance_event", sa.Column("look", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_attendance_event_location_at", "attendance_event", ["location_id", "at"])
    op.create_index("ix_attendance_event_organization_look_at", "attendance_event", ["organization_id", "look", "at"])


def _create_tables() -> None:
    op.create_table(
        "location_code",
        sa.Column("code_id", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("location_id", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("digits", sa.Integer(), nullable=False),
        sa.Column("begun", sa.Text(), nullable=False),
        sa.Column("ended", sa.Text()),
        _of_organization("location_code"),
        sa.ForeignKeyConstraint(["location_id"], ["location.location_id"], name=op.f("fk_location_code_location_id")),
        sa.PrimaryKeyConstraint("code_id", name=op.f("pk_location_code")),
    )
    op.create_table(
        "screen",
        sa.Column("screen_id", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("token_sha256", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("location_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("revoked", sa.Text()),
        _of_organization("screen"),
        sa.ForeignKeyConstraint(["location_id"], ["location.location_id"], name=op.f("fk_screen_location_id")),
        sa.PrimaryKeyConstraint("screen_id", name=op.f("pk_screen")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_screen_token_sha256")),
    )
    op.create_table(
        "kiosk_worker",
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("pin_hash", sa.Text(), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        _of_organization("kiosk_worker"),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_kiosk_worker_member_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_kiosk_worker")),
        sa.UniqueConstraint("organization_id", "number", name=op.f("uq_kiosk_worker_organization_id_number")),
    )
    for table, column in (
        ("location_code", "organization_id"),
        ("location_code", "location_id"),
        ("screen", "organization_id"),
        ("screen", "location_id"),
        ("kiosk_worker", "organization_id"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _of_organization(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organization_id"], ["organization.organization_id"], name=op.f(f"fk_{table}_organization_id")
    )
