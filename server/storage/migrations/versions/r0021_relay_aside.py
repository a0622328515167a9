"""What waits to be passed on by itself, since it may be why a destination fails."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Widen the queue and its pauses."""
    op.add_column("log_relay", sa.Column("aside", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("log_relay_pause", sa.Column("suspected", sa.Integer(), nullable=False, server_default="0"))
