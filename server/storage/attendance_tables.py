"""The tables of what becomes of attendance later: corrections asked for, closed days, what came into them."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from server.storage import schema

_metadata = schema.metadata

event_media = Table(
    "event_media",
    _metadata,
    schema.organization_key(),
    Column("event_id", Text, primary_key=True),
    Column("media_id", Text, primary_key=True, index=True),
    Column("ordinal", Integer, nullable=False),
    Column("name", Text, nullable=False),
    schema.reference("attendance_event", "event_id"),
    schema.reference("media", "media_id"),
)
"""The pictures of an attendance event, as revision_media has those of a report."""

attendance_ask = Table(
    "attendance_ask",
    _metadata,
    schema.organization_key(),
    Column("ask_id", Text, primary_key=True),
    Column("member_id", Text, ForeignKey("member.member_id"), nullable=False),
    Column("operation_id", Text, nullable=False),
    Column("wants", Text, nullable=False),
    Column("supersedes", Text),
    Column("kind", Text),
    Column("at", Text),
    Column("zone", Text, nullable=False),
    Column("location_id", Text, ForeignKey("location.location_id")),
    Column("note", Text),
    Column("check_in_id", Text),
    Column("reason", Text, nullable=False),
    Column("asked", Text, nullable=False),
    Column("received", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("decided_by", Text, ForeignKey("member.member_id")),
    Column("decided", Text),
    Column("words", Text, nullable=False),
    schema.reference("operation", "operation_id"),
    Index("ix_attendance_ask_organization_state", "organization_id", "state", "received"),
    Index("ix_attendance_ask_member_received", "member_id", "received"),
)
"""As protocol.operations.AttendanceAsk has it; `state` asked, approved, refused or withdrawn. The event that is kept
for an approved one bears its id."""

ask_withdrawal = Table(
    "ask_withdrawal",
    _metadata,
    schema.organization_key(),
    Column("member_id", Text, ForeignKey("member.member_id"), primary_key=True),
    Column("ask_id", Text, primary_key=True),
    Column("received", Text, nullable=False),
)
"""That a member does not want any more what they asked for; it may come before the ask itself."""

attendance_closing = Table(
    "attendance_closing",
    _metadata,
    Column("closing_id", Text, primary_key=True),
    schema.organization_column(),
    Column("group_id", Text, ForeignKey("member_group.group_id")),
    Column("first_day", Text, nullable=False),
    Column("last_day", Text, nullable=False),
    Column("closed", Text, nullable=False),
    Column("closed_by", Text, nullable=False),
    Column("reopened", Text),
    Column("reopened_by", Text),
    Index("ix_attendance_closing_organization_last_day", "organization_id", "last_day"),
)
"""Days (YYYY-MM-DD, both included) that are closed, of one group or (null) of everybody, until `reopened`."""

held_entry = Table(
    "held_entry",
    _metadata,
    schema.organization_key(),
    Column("event_id", Text, primary_key=True),
    Column("member_id", Text, ForeignKey("member.member_id"), nullable=False),
    Column("undoes", Text),
    Column("state", Text, nullable=False),
    Column("received", Text, nullable=False),
    Column("decided_by", Text, ForeignKey("member.member_id")),
    Column("decided", Text),
    Column("words", Text, nullable=False),
    Index("ix_held_entry_organization_state", "organization_id", "state", "received"),
)
"""An event, or (`undoes` is set) an undo, that came into a closed day: waiting, accepted or left_out. The same state
stands as `held` with the event or the undo itself, for whatever reads those."""

attendance_look = Table(
    "attendance_look",
    _metadata,
    schema.organization_key(),
    Column("look_id", Text, primary_key=True),
    Column("event_id", Text, nullable=False, index=True),
    Column("looked", Text, nullable=False),
    Column("looked_by", Text, ForeignKey("member.member_id"), nullable=False),
    Column("words", Text, nullable=False),
    Column("withdrawn", Text),
    Column("withdrawn_by", Text, ForeignKey("member.member_id")),
    schema.reference("attendance_event", "event_id"),
)
"""That a manager looked at an event and is done with it, until `withdrawn`."""
