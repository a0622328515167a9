"""How often members do what leaves something for long."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Create the table; it belongs to the server and to no organization, so it has no row rule."""
    op.create_table(
        "ration",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_ration")),
    )
