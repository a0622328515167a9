"""The first schema, with row level security on PostgreSQL from the first table on."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TENANT_TABLES = (
    "organization",
    "access_record",
    "installation",
    "location",
    "member",
    "member_group",
    "policy",
    "access_grant",
    "authorization_code",
    "change",
    "enrolment",
    "group_membership",
    "log_record",
    "media",
    "operation",
    "report",
    "token_family",
    "upload",
    "web_session",
    "access_token",
    "attendance_cancellation",
    "attendance_event",
    "refresh_token",
    "revision",
    "upload_part",
    "receipt",
    "revision_media",
    "revision_parent",
)
PRE_TENANT_READS = (
    "access_token",
    "authorization_code",
    "enrolment",
    "installation",
    "member",
    "organization",
    "refresh_token",
    "token_family",
    "web_session",
)


def upgrade() -> None:
    """Create every table; on PostgreSQL bind each row to the organization that the transaction names."""
    _create_tables()
    if op.get_bind().dialect.name == "postgresql":
        for table in TENANT_TABLES:
            _bind_rows(table)
        for table in PRE_TENANT_READS:
            op.execute(
                f"CREATE POLICY pre_tenant ON {table} FOR SELECT"
                " USING (current_setting('miratag.pre_tenant', true) = 'on')"
            )


def _bind_rows(table: str) -> None:
    own = "organization_id = current_setting('miratag.organization_id', true)"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON {table} USING ({own}) WITH CHECK ({own})")


def _create_tables() -> None:  # noqa: PLR0915 - one statement a table, as Alembic rendered them
    op.create_table(
        "organization",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("pk_organization")),
    )
    op.create_table(
        "server_fact",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_server_fact")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index(op.f("ix_sign_in_attempt_at"), "sign_in_attempt", ["at"], unique=False)
    op.create_index(op.f("ix_sign_in_attempt_subject"), "sign_in_attempt", ["subject"], unique=False)
    op.create_table(
        "access_record",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("entity_kind", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous_sha256", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_access_record_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "ordinal", name=op.f("pk_access_record")),
    )
    op.create_table(
        "installation",
        sa.Column("installation_id", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("secret_sha256", sa.Text(), nullable=False),
        sa.Column("registered_on", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_installation_organization_id")
        ),
        sa.PrimaryKeyConstraint("installation_id", name=op.f("pk_installation")),
    )
    op.create_index(op.f("ix_installation_organization_id"), "installation", ["organization_id"], unique=False)
    op.create_table(
        "location",
        sa.Column("location_id", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_location_organization_id")
        ),
        sa.PrimaryKeyConstraint("location_id", name=op.f("pk_location")),
    )
    op.create_index(op.f("ix_location_organization_id"), "location", ["organization_id"], unique=False)
    op.create_table(
        "member",
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("created", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_member_organization_id")
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_member")),
        sa.UniqueConstraint("organization_id", "email", name=op.f("uq_member_organization_id_email")),
    )
    op.create_index("ix_member_email", "member", ["email"], unique=False)
    op.create_index(op.f("ix_member_organization_id"), "member", ["organization_id"], unique=False)
    op.create_table(
        "member_group",
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_member_group_organization_id")
        ),
        sa.PrimaryKeyConstraint("group_id", name=op.f("pk_member_group")),
    )
    op.create_index(op.f("ix_member_group_organization_id"), "member_group", ["organization_id"], unique=False)
    op.create_table(
        "policy",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("issued", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_policy_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "version", name=op.f("pk_policy")),
    )
    op.create_table(
        "access_grant",
        sa.Column("grant_id", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=True),
        sa.Column("location_id", sa.Text(), nullable=True),
        sa.Column("created", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["member_group.group_id"], name=op.f("fk_access_grant_group_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.location_id"], name=op.f("fk_access_grant_location_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_access_grant_member_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_access_grant_organization_id")
        ),
        sa.PrimaryKeyConstraint("grant_id", name=op.f("pk_access_grant")),
    )
    op.create_index(op.f("ix_access_grant_member_id"), "access_grant", ["member_id"], unique=False)
    op.create_index(op.f("ix_access_grant_organization_id"), "access_grant", ["organization_id"], unique=False)
    op.create_table(
        "authorization_code",
        sa.Column("code_sha256", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("redirect_uri", sa.Text(), nullable=False),
        sa.Column("challenge", sa.Text(), nullable=False),
        sa.Column("expires", sa.Text(), nullable=False),
        sa.Column("family_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_authorization_code_member_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_authorization_code_organization_id")
        ),
        sa.PrimaryKeyConstraint("code_sha256", name=op.f("pk_authorization_code")),
    )
    op.create_index(
        op.f("ix_authorization_code_organization_id"), "authorization_code", ["organization_id"], unique=False
    )
    op.create_table(
        "change",
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("xid", sa.BigInteger(), nullable=False),
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_change_member_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_change_organization_id")
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_change")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_change_entity_position", "change", ["entity", "position"], unique=False)
    op.create_index(op.f("ix_change_organization_id"), "change", ["organization_id"], unique=False)
    op.create_index(
        "ix_change_organization_xid_position", "change", ["organization_id", "xid", "position"], unique=False
    )
    op.create_table(
        "enrolment",
        sa.Column("code_sha256", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("created", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=True),
        sa.Column("expires", sa.Text(), nullable=False),
        sa.Column("used", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_enrolment_member_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_enrolment_organization_id")
        ),
        sa.PrimaryKeyConstraint("code_sha256", name=op.f("pk_enrolment")),
    )
    op.create_index(op.f("ix_enrolment_organization_id"), "enrolment", ["organization_id"], unique=False)
    op.create_table(
        "group_membership",
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["member_group.group_id"], name=op.f("fk_group_membership_group_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_group_membership_member_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_group_membership_organization_id")
        ),
        sa.PrimaryKeyConstraint("group_id", "member_id", name=op.f("pk_group_membership")),
    )
    op.create_index(op.f("ix_group_membership_organization_id"), "group_membership", ["organization_id"], unique=False)
    op.create_table(
        "log_record",
        sa.Column("installation_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("time_unix_nano", sa.BigInteger(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.Column("received", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["installation_id"], ["installation.installation_id"], name=op.f("fk_log_record_installation_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_log_record_organization_id")
        ),
        sa.PrimaryKeyConstraint("installation_id", "event_id", name=op.f("pk_log_record")),
    )
    op.create_index(op.f("ix_log_record_organization_id"), "log_record", ["organization_id"], unique=False)
    op.create_table(
        "media",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("media_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("held", sa.Text(), nullable=True),
        sa.Column("upload_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_media_member_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_media_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "media_id", name=op.f("pk_media")),
    )
    op.create_index("ix_media_organization_held", "media", ["organization_id", "held"], unique=False)
    op.create_table(
        "operation",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("operation_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("body_sha256", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("received", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_operation_member_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_operation_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "operation_id", name=op.f("pk_operation")),
    )
    op.create_table(
        "report",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("location_id", sa.Text(), nullable=True),
        sa.Column("received", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["location_id"], ["location.location_id"], name=op.f("fk_report_location_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_report_member_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_report_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "instance_id", name=op.f("pk_report")),
    )
    op.create_index("ix_report_member_received", "report", ["member_id", "received"], unique=False)
    op.create_index(
        "ix_report_organization_received", "report", ["organization_id", "received", "instance_id"], unique=False
    )
    op.create_table(
        "token_family",
        sa.Column("family_id", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("created", sa.Text(), nullable=False),
        sa.Column("revoked", sa.Text(), nullable=True),
        sa.Column("revoked_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_token_family_member_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_token_family_organization_id")
        ),
        sa.PrimaryKeyConstraint("family_id", name=op.f("pk_token_family")),
    )
    op.create_index(op.f("ix_token_family_member_id"), "token_family", ["member_id"], unique=False)
    op.create_index(op.f("ix_token_family_organization_id"), "token_family", ["organization_id"], unique=False)
    op.create_table(
        "upload",
        sa.Column("upload_id", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("media_id", sa.Text(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("metadata", sa.Text(), nullable=False),
        sa.Column("created", sa.Text(), nullable=False),
        sa.Column("expires", sa.Text(), nullable=False),
        sa.Column("done", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_upload_member_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_upload_organization_id")
        ),
        sa.PrimaryKeyConstraint("upload_id", name=op.f("pk_upload")),
    )
    op.create_index(op.f("ix_upload_media_id"), "upload", ["media_id"], unique=False)
    op.create_index(op.f("ix_upload_member_id"), "upload", ["member_id"], unique=False)
    op.create_index(op.f("ix_upload_organization_id"), "upload", ["organization_id"], unique=False)
    op.create_table(
        "web_session",
        sa.Column("secret_sha256", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("csrf", sa.Text(), nullable=False),
        sa.Column("created", sa.Text(), nullable=False),
        sa.Column("last_seen", sa.Text(), nullable=False),
        sa.Column("confirmed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_web_session_member_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_web_session_organization_id")
        ),
        sa.PrimaryKeyConstraint("secret_sha256", name=op.f("pk_web_session")),
    )
    op.create_index(op.f("ix_web_session_organization_id"), "web_session", ["organization_id"], unique=False)
    op.create_table(
        "access_token",
        sa.Column("token_sha256", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("family_id", sa.Text(), nullable=False),
        sa.Column("expires", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["token_family.family_id"], name=op.f("fk_access_token_family_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_access_token_member_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_access_token_organization_id")
        ),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_access_token")),
    )
    op.create_index(op.f("ix_access_token_family_id"), "access_token", ["family_id"], unique=False)
    op.create_index(op.f("ix_access_token_organization_id"), "access_token", ["organization_id"], unique=False)
    op.create_table(
        "attendance_cancellation",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("operation_id", sa.Text(), nullable=False),
        sa.Column("cancels", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("device_utc", sa.Text(), nullable=False),
        sa.Column("offset_minutes", sa.Integer(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("boot_id", sa.Text(), nullable=False),
        sa.Column("elapsed_ms", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_utc", sa.Text(), nullable=True),
        sa.Column("confirmed_elapsed_ms", sa.BigInteger(), nullable=True),
        sa.Column("skew_ms", sa.BigInteger(), nullable=True),
        sa.Column("received", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_attendance_cancellation_member_id")),
        sa.ForeignKeyConstraint(
            ["organization_id", "operation_id"],
            ["operation.organization_id", "operation.operation_id"],
            name=op.f("fk_attendance_cancellation_organization_id_operation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.organization_id"],
            name=op.f("fk_attendance_cancellation_organization_id"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "event_id", name=op.f("pk_attendance_cancellation")),
        sa.UniqueConstraint(
            "organization_id", "operation_id", name=op.f("uq_attendance_cancellation_organization_id_operation_id")
        ),
    )
    op.create_index(op.f("ix_attendance_cancellation_cancels"), "attendance_cancellation", ["cancels"], unique=False)
    op.create_table(
        "attendance_event",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("operation_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("location_id", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("check_in_id", sa.Text(), nullable=True),
        sa.Column("supersedes", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("completed_later", sa.Boolean(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("code_verdict", sa.Text(), nullable=True),
        sa.Column("network", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("accuracy_m", sa.Float(), nullable=True),
        sa.Column("position_source", sa.Text(), nullable=True),
        sa.Column("device_utc", sa.Text(), nullable=False),
        sa.Column("offset_minutes", sa.Integer(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("boot_id", sa.Text(), nullable=False),
        sa.Column("elapsed_ms", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_utc", sa.Text(), nullable=True),
        sa.Column("confirmed_elapsed_ms", sa.BigInteger(), nullable=True),
        sa.Column("skew_ms", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("flags", sa.Text(), nullable=False),
        sa.Column("received", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.location_id"], name=op.f("fk_attendance_event_location_id")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_attendance_event_member_id")),
        sa.ForeignKeyConstraint(
            ["organization_id", "operation_id"],
            ["operation.organization_id", "operation.operation_id"],
            name=op.f("fk_attendance_event_organization_id_operation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_attendance_event_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "event_id", name=op.f("pk_attendance_event")),
        sa.UniqueConstraint(
            "organization_id", "operation_id", name=op.f("uq_attendance_event_organization_id_operation_id")
        ),
    )
    op.create_index(op.f("ix_attendance_event_check_in_id"), "attendance_event", ["check_in_id"], unique=False)
    op.create_index("ix_attendance_event_member_at", "attendance_event", ["member_id", "at"], unique=False)
    op.create_index("ix_attendance_event_organization_at", "attendance_event", ["organization_id", "at"], unique=False)
    op.create_index(op.f("ix_attendance_event_supersedes"), "attendance_event", ["supersedes"], unique=False)
    op.create_table(
        "refresh_token",
        sa.Column("token_sha256", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("family_id", sa.Text(), nullable=False),
        sa.Column("previous_sha256", sa.Text(), nullable=True),
        sa.Column("created", sa.Text(), nullable=False),
        sa.Column("first_used", sa.Text(), nullable=True),
        sa.Column("expires", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["token_family.family_id"], name=op.f("fk_refresh_token_family_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_refresh_token_organization_id")
        ),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_refresh_token")),
    )
    op.create_index(op.f("ix_refresh_token_family_id"), "refresh_token", ["family_id"], unique=False)
    op.create_index(op.f("ix_refresh_token_organization_id"), "refresh_token", ["organization_id"], unique=False)
    op.create_table(
        "revision",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("revision_id", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("operation_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("location_id", sa.Text(), nullable=True),
        sa.Column("check_in_id", sa.Text(), nullable=True),
        sa.Column("device_utc", sa.Text(), nullable=False),
        sa.Column("offset_minutes", sa.Integer(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("boot_id", sa.Text(), nullable=False),
        sa.Column("elapsed_ms", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_utc", sa.Text(), nullable=True),
        sa.Column("confirmed_elapsed_ms", sa.BigInteger(), nullable=True),
        sa.Column("skew_ms", sa.BigInteger(), nullable=True),
        sa.Column("written_at", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("received", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "instance_id"],
            ["report.organization_id", "report.instance_id"],
            name=op.f("fk_revision_organization_id_instance_id"),
        ),
        sa.ForeignKeyConstraint(["location_id"], ["location.location_id"], name=op.f("fk_revision_location_id")),
        sa.ForeignKeyConstraint(
            ["organization_id", "operation_id"],
            ["operation.organization_id", "operation.operation_id"],
            name=op.f("fk_revision_organization_id_operation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_revision_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "revision_id", name=op.f("pk_revision")),
        sa.UniqueConstraint("organization_id", "operation_id", name=op.f("uq_revision_organization_id_operation_id")),
    )
    op.create_index(op.f("ix_revision_instance_id"), "revision", ["instance_id"], unique=False)
    op.create_table(
        "upload_part",
        sa.Column("upload_id", sa.Text(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("object_key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_upload_part_organization_id")
        ),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.upload_id"], name=op.f("fk_upload_part_upload_id")),
        sa.PrimaryKeyConstraint("upload_id", "start", name=op.f("pk_upload_part")),
    )
    op.create_index(op.f("ix_upload_part_organization_id"), "upload_part", ["organization_id"], unique=False)
    op.create_table(
        "receipt",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("revision_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("payload_sha256", sa.Text(), nullable=False),
        sa.Column("issued", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f("fk_receipt_member_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_receipt_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "revision_id"],
            ["revision.organization_id", "revision.revision_id"],
            name=op.f("fk_receipt_organization_id_revision_id"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "revision_id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("member_id", "ordinal", name=op.f("uq_receipt_member_id_ordinal")),
    )
    op.create_table(
        "revision_media",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("revision_id", sa.Text(), nullable=False),
        sa.Column("media_id", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "media_id"],
            ["media.organization_id", "media.media_id"],
            name=op.f("fk_revision_media_organization_id_media_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_revision_media_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "revision_id"],
            ["revision.organization_id", "revision.revision_id"],
            name=op.f("fk_revision_media_organization_id_revision_id"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "revision_id", "media_id", name=op.f("pk_revision_media")),
    )
    op.create_index(op.f("ix_revision_media_media_id"), "revision_media", ["media_id"], unique=False)
    op.create_table(
        "revision_parent",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("revision_id", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f("fk_revision_parent_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "revision_id"],
            ["revision.organization_id", "revision.revision_id"],
            name=op.f("fk_revision_parent_organization_id_revision_id"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "revision_id", "parent_id", name=op.f("pk_revision_parent")),
    )
    op.create_index(op.f("ix_revision_parent_parent_id"), "revision_parent", ["parent_id"], unique=False)
