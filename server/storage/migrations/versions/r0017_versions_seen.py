"""With which version of the app an installation last sent, and on which day."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Widen installations."""
    for name in ("version", "seen_on"):
        op.add_column("installation", sa.Column(name, sa.Text()))
