"""The tables of log data: installations that bear no member, their records, what never came, what was erased."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, Table, Text

from server.storage import schema

_metadata = schema.metadata


def _of_installation(*, key: bool = True) -> Column[str]:
    column = ForeignKey("installation.installation_id")
    return Column("installation_id", Text, column, primary_key=key, nullable=False, index=not key)


installation = Table(
    "installation",
    _metadata,
    Column("installation_id", Text, primary_key=True),
    schema.organization_column(),
    Column("secret_sha256", Text, nullable=False),
    Column("registered_on", Text, nullable=False),
    Column("lowest_seq", BigInteger),
    Column("highest_seq", BigInteger),
)
"""Bears no member and no time finer than a day, so that nothing links it to one. `lowest_seq` and `highest_seq` are the
ends of the running numbers that came of it; its row is what two batches of it, or a batch and an erasure, queue at."""

log_record = Table(
    "log_record",
    _metadata,
    _of_installation(),
    Column("event_id", Text, primary_key=True),
    schema.organization_column(),
    Column("category", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("time_unix_nano", BigInteger, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("received", Text, nullable=False),
)
"""`record` is one serialised OTLP LogRecord."""

log_gap = Table(
    "log_gap",
    _metadata,
    _of_installation(),
    Column("first_seq", BigInteger, primary_key=True, autoincrement=False),
    schema.organization_column(),
    Column("last_seq", BigInteger, nullable=False),
    Column("noticed_on", Text, nullable=False),
)
"""Running numbers, both included, between others that came, which have not come themselves; `noticed_on` is a day."""

log_erasure = Table(
    "log_erasure",
    _metadata,
    schema.organization_key(),
    Column("erasure_id", Text, primary_key=True),
    _of_installation(key=False),
    Column("statement", Text, nullable=False),
    Column("issued", Text, nullable=False),
)
"""What was said when log data was erased (JSON of a SignedStatement), to say the same again when asked again."""

log_tombstone = Table(
    "log_tombstone",
    _metadata,
    schema.organization_key(),
    Column("installation_sha256", Text, primary_key=True),
    Column("category", Text, primary_key=True),
    Column("before_unix_nano", BigInteger, nullable=False),
    Column("last_seq", BigInteger),
    Column("made", Text, nullable=False),
    Index("ix_log_tombstone_made", "made"),
)
"""What is not taken again of an installation: records of the category with an earlier time, or a running number up to
`last_seq`. Of the id only the hash is kept."""
