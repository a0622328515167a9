"""Policy texts in their versions, what members say to them, and requests to erase what is held of a member."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Create the tables; on PostgreSQL those of members are bound to the organization that the transaction names. The
    texts are the server's own and public."""
    op.create_table(
        "policy_text",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("title", "text", "changes", "published", "effective")
        ),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_policy_text")),
    )
    op.create_table(
        "policy_answer",
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        *_references("policy_answer"),
        sa.PrimaryKeyConstraint("member_id", "version", "how", name=op.f("pk_policy_answer")),
    )
    op.create_index(op.f("ix_policy_answer_organization_id"), "policy_answer", ["organization_id"])
    op.create_table(
        "erasure_request",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("member_id", "wish", "asked", "state")),
        sa.Column("until", sa.Text()),
        sa.Column("reason", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text()) for name in ("answered", "answered_by", "statement")),
        *_references("erasure_request"),
        sa.PrimaryKeyConstraint("organization_id", "request_id", name=op.f("pk_erasure_request")),
    )
    op.create_index(op.f("ix_erasure_request_member_id"), "erasure_request", ["member_id"])
    op.create_index("ix_erasure_request_organization_state", "erasure_request", ["organization_id", "state", "asked"])
    if op.get_bind().dialect.name == "postgresql":
        own = "organization_id = current_setting('miratag.organization_id', true)"
        for table in ("policy_answer", "erasure_request"):
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY tenant ON {table} USING ({own}) WITH CHECK ({own})")


def _references(table: str) -> tuple[sa.ForeignKeyConstraint, ...]:
    return (
        sa.ForeignKeyConstraint(["member_id"], ["member.member_id"], name=op.f(f"fk_{table}_member_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.organization_id"], name=op.f(f"fk_{table}_organization_id")
        ),
    )
