"""What the public pages count of visitors that allowed it."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Create the table; it belongs to the server and to no organization, so it has no row rule."""
    op.create_table(
        "page_count",
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("times", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "name", "fields", name=op.f("pk_page_count")),
    )
