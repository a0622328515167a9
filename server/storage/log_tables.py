"""The tables of log data: installations that bear no member, their records, what never came, what was erased, and what
is passed on to others."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, false

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
    Column("version", Text),
    Column("seen_on", Text),
    Column("kept_records", BigInteger, nullable=False, server_default="0"),
    Column("kept_bytes", BigInteger, nullable=False, server_default="0"),
)
"""Bears no member and no time finer than a day, so that nothing links it to one. `lowest_seq` and `highest_seq` are the
ends of the running numbers that came of it; its row is what two batches of it, or a batch and an erasure, queue at.
`version` is that of the app which sent last, `seen_on` the day. `kept_records` and `kept_bytes` count its rows of
log_record and what is in them (server.logs.room)."""

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
"""`record` is one serialised OTLP LogRecord, or empty where it is passed on instead of kept: the row then only says
that it came, so that it is not taken twice."""

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

log_relay = Table(
    "log_relay",
    _metadata,
    Column("relay_id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    schema.organization_column(),
    Column("destination", Text, nullable=False),
    _of_installation(key=False),
    Column("category", Text, nullable=False),
    Column("time_unix_nano", BigInteger, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("received", Text, nullable=False),
    Column("held_by", Text),
    Column("held_until", Text),
    Column("aside", Boolean, nullable=False, server_default=false()),
    Index("ix_log_relay_organization_destination", "organization_id", "destination", "relay_id"),
    sqlite_autoincrement=True,
)
"""Records that wait to be passed on. `held_by` is who is sending one now; it is anybody's again after `held_until`. One
that stands `aside` may be why a destination fails; while it waits for that to pass nobody holds it."""

log_relay_pause = Table(
    "log_relay_pause",
    _metadata,
    schema.organization_key(),
    Column("destination", Text, primary_key=True),
    Column("attempts", Integer, nullable=False),
    Column("until", Text, nullable=False),
    Column("suspected", Integer, nullable=False, server_default="0"),
)
"""That a destination could not take anything, and how often in a row; every replica waits until then. `suspected` is
how often it failed at what may be the fault of what was sent, since all of something arrived."""

log_relayed = Table(
    "log_relayed",
    _metadata,
    _of_installation(),
    Column("category", Text, primary_key=True),
    Column("receiver", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    schema.organization_column(),
    Column("records", Integer, nullable=False),
)
"""How many records were passed on to whom, so that an erasure can name them."""

log_relay_loss = Table(
    "log_relay_loss",
    _metadata,
    schema.organization_key(),
    Column("destination", Text, primary_key=True),
    Column("category", Text, primary_key=True),
    Column("reason", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("records", Integer, nullable=False),
)
"""Records that were to be passed on and were not taken: rejected, refused, too_large, old, or not_allowed any more."""
