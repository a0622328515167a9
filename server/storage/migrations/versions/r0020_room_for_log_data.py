"""How much is kept of each installation, counted in its row."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

_COUNT = """
UPDATE installation AS i SET
    kept_records = (SELECT count(*) FROM log_record AS r WHERE r.installation_id = i.installation_id),
    kept_bytes = (
        SELECT coalesce(sum(length(r.record)), 0) FROM log_record AS r WHERE r.installation_id = i.installation_id
    )
"""


def upgrade() -> None:
    """Widen installations, and count what is there."""
    for name in ("kept_records", "kept_bytes"):
        op.add_column("installation", sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    # Forced row level security holds for the owner too, and no organization is named here: nothing would be counted.
    if on_postgresql:
        _force_tenancy("NO FORCE")
    op.execute(_COUNT)
    if on_postgresql:
        _force_tenancy("FORCE")


def _force_tenancy(how: str) -> None:
    for table in ("installation", "log_record"):
        op.execute(f"ALTER TABLE {table} {how} ROW LEVEL SECURITY")
