"""The tables of places: what they are known by, the seeds of their codes, and the screens that stand there."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Integer, Table, Text, UniqueConstraint

from server.storage import schema

_metadata = schema.metadata
_organization = schema.organization_column

location = Table(
    "location",
    _metadata,
    Column("location_id", Text, primary_key=True),
    _organization(),
    Column("name", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created", Text, nullable=False),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("radius_m", Integer),
    Column("networks", Text, nullable=False, server_default=""),
    Column("gateways", Text, nullable=False, server_default=""),
    Column("code_digits", Integer, nullable=False, server_default="0"),
)
"""`networks` and `gateways` are space-separated, in their usual form (rules.networks); `code_digits` 0: no code."""

location_code = Table(
    "location_code",
    _metadata,
    Column("code_id", Text, primary_key=True),
    _organization(),
    Column("location_id", Text, ForeignKey("location.location_id"), nullable=False, index=True),
    Column("salt", Text, nullable=False),
    Column("digits", Integer, nullable=False),
    Column("begun", Text, nullable=False),
    Column("ended", Text),
)
"""From when to when a location had one seed. The seed follows from `salt` and the server's key, and is kept nowhere.
What comes late from offline is judged by the seed of its time."""

screen = Table(
    "screen",
    _metadata,
    Column("screen_id", Text, primary_key=True),
    _organization(),
    Column("token_sha256", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("location_id", Text, ForeignKey("location.location_id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("created", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("revoked", Text),
)
"""A screen at a location that nobody is signed in at: it shows the code (`code`) or takes number and PIN (`kiosk`)."""

kiosk_worker = Table(
    "kiosk_worker",
    _metadata,
    Column("member_id", Text, ForeignKey("member.member_id"), primary_key=True),
    _organization(),
    Column("number", Text, nullable=False),
    Column("pin_hash", Text, nullable=False),
    Column("changed", Text, nullable=False),
    UniqueConstraint("organization_id", "number"),
)
"""What a person enters at a kiosk; the PIN as argon2id."""
