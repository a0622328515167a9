"""The tables of schedules: shifts, whom they are for, and holidays."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, Table, Text

from server.storage import schema

_metadata = schema.metadata

shift = Table(
    "shift",
    _metadata,
    Column("shift_id", Text, primary_key=True),
    schema.organization_column(),
    Column("name", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("start", Text, nullable=False),
    Column("end", Text, nullable=False),
    Column("weekdays", Text, nullable=False),
    Column("valid_from", Text, nullable=False),
    Column("valid_to", Text),
    Column("grace_minutes", Integer, nullable=False),
    Column("location_id", Text, ForeignKey("location.location_id")),
    Column("on_holidays", Boolean, nullable=False),
    Column("everybody", Boolean, nullable=False),
    Column("created", Text, nullable=False),
)
"""As protocol.schedule.Shift has it; `weekdays` are digits (`12345`). For `everybody`, or for those named below."""

shift_group = Table(
    "shift_group",
    _metadata,
    Column("shift_id", Text, ForeignKey("shift.shift_id"), primary_key=True),
    Column("group_id", Text, ForeignKey("member_group.group_id"), primary_key=True),
    schema.organization_column(),
)

shift_member = Table(
    "shift_member",
    _metadata,
    Column("shift_id", Text, ForeignKey("shift.shift_id"), primary_key=True),
    Column("member_id", Text, ForeignKey("member.member_id"), primary_key=True),
    schema.organization_column(),
)

holiday = Table(
    "holiday",
    _metadata,
    Column("holiday_id", Text, primary_key=True),
    schema.organization_column(),
    Column("day", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("location_id", Text, ForeignKey("location.location_id")),
)
