"""Every table of the server. Each row has its organization, but for the few that are read before one is known.

Ids are UUIDv7 text minted by whoever makes the thing; times are RFC 3339 text in UTC, so that both databases sort them
alike. Secrets (codes, tokens, session cookies) are kept as SHA-256 only.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from server.storage import (  # noqa: F401 - all of the same metadata
    attendance_tables,
    log_tables,
    place_tables,
    privacy_tables,
    schedule_tables,
    schema,
)

metadata = schema.metadata
_organization, _organization_key, _of = schema.organization_column, schema.organization_key, schema.reference
_moment = schema.moment

# -- the server itself (no organization) -------------------------------------------------------------------------

server_fact = Table(
    "server_fact", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False)
)
"""`server_id`, `feed_epoch` and the like."""

sign_in_attempt = Table(
    "sign_in_attempt",
    metadata,
    Column("attempt_id", Integer, primary_key=True),
    Column("subject", Text, nullable=False, index=True),
    Column("at", Text, nullable=False, index=True),
)
"""Failed sign-ins by hashed subject (e-mail, network prefix), for throttling; pruned after an hour."""

ration = Table("ration", metadata, Column("subject", Text, primary_key=True), Column("until", Text, nullable=False))
"""From when on nothing counts any more of what a hashed subject did (server.accounts.rationing); pruned then."""

page_count = Table(
    "page_count",
    metadata,
    Column("day", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("fields", Text, primary_key=True),
    Column("times", BigInteger, nullable=False),
)
"""How often the public pages reported an event of the catalog with these fields (JSON) on a day; of visitors that
allowed it, and nothing of any one of them."""

# -- people ------------------------------------------------------------------------------------------------------

organization = Table(
    "organization",
    metadata,
    Column("organization_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("created", Text, nullable=False),
)

member = Table(
    "member",
    metadata,
    Column("member_id", Text, primary_key=True),
    _organization(),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("password_hash", Text),
    Column("created", Text, nullable=False),
    UniqueConstraint("organization_id", "email"),
    Index("ix_member_email", "email"),
)

member_group = Table(
    "member_group",
    metadata,
    Column("group_id", Text, primary_key=True),
    _organization(),
    Column("name", Text, nullable=False),
)

group_membership = Table(
    "group_membership",
    metadata,
    Column("group_id", Text, ForeignKey("member_group.group_id"), primary_key=True),
    Column("member_id", Text, ForeignKey("member.member_id"), primary_key=True),
    _organization(),
)

access_grant = Table(
    "access_grant",
    metadata,
    Column("grant_id", Text, primary_key=True),
    _organization(),
    Column("member_id", Text, ForeignKey("member.member_id"), nullable=False, index=True),
    Column("role", Text, nullable=False),
    Column("group_id", Text, ForeignKey("member_group.group_id")),
    Column("location_id", Text, ForeignKey("location.location_id")),
    Column("created", Text, nullable=False),
)
"""Whose data a manager or admin may read: one group, one location, or (both null) the organization."""

location, location_code = place_tables.location, place_tables.location_code
screen, kiosk_worker = place_tables.screen, place_tables.kiosk_worker

# -- sign-in -----------------------------------------------------------------------------------------------------

web_session = Table(
    "web_session",
    metadata,
    Column("secret_sha256", Text, primary_key=True),
    _organization(),
    Column("member_id", Text, ForeignKey("member.member_id"), nullable=False),
    Column("csrf", Text, nullable=False),
    Column("created", Text, nullable=False),
    Column("last_seen", Text, nullable=False),
    Column("confirmed", Text, nullable=False),
)
"""`confirmed`: when the password was last given, for what asks for it again."""

authorization_code = Table(
    "authorization_code",
    metadata,
    Column("code_sha256", Text, primary_key=True),
    _organization(),
    Column("member_id", Text, ForeignKey("member.member_id"), nullable=False),
    Column("client_id", Text, nullable=False),
    Column("redirect_uri", Text, nullable=False),
    Column("challenge", Text, nullable=False),
    Column("expires", Text, nullable=False),
    Column("family_id", Text),
)
"""`family_id` is set once used: a second use revokes that family."""

token_family = Table(
    "token_family",
    metadata,
    Column("family_id", Text, primary_key=True),
    _organization(),
    Column("member_id", Text, ForeignKey("member.member_id"), nullable=False, index=True),
    Column("client_id", Text, nullable=False),
    Column("created", Text, nullable=False),
    Column("revoked", Text),
    Column("revoked_reason", Text),
)

refresh_token = Table(
    "refresh_token",
    metadata,
    Column("token_sha256", Text, primary_key=True),
    _organization(),
    Column("family_id", Text, ForeignKey("token_family.family_id"), nullable=False, index=True),
    Column("previous_sha256", Text),
    Column("created", Text, nullable=False),
    Column("first_used", Text),
    Column("expires", Text, nullable=False),
)
"""The successor of a token is derived from it by a keyed hash, so the same request gives the same successor."""

access_token = Table(
    "access_token",
    metadata,
    Column("token_sha256", Text, primary_key=True),
    _organization(),
    Column("member_id", Text, ForeignKey("member.member_id"), nullable=False),
    Column("family_id", Text, ForeignKey("token_family.family_id"), nullable=False, index=True),
    Column("expires", Text, nullable=False),
)

enrolment = Table(
    "enrolment",
    metadata,
    Column("code_sha256", Text, primary_key=True),
    _organization(),
    Column("member_id", Text, ForeignKey("member.member_id"), nullable=False),
    Column("created", Text, nullable=False),
    Column("created_by", Text),
    Column("expires", Text, nullable=False),
    Column("used", Text),
)

# -- checklists --------------------------------------------------------------------------------------------------

template = Table(
    "template",
    metadata,
    _organization_key(),
    Column("template_id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("active", Boolean, nullable=False),
)
"""`version` and `title` are those of the newest version; one that is not active is no longer offered."""

template_version = Table(
    "template_version",
    metadata,
    _organization_key(),
    Column("template_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
    Column("published", Text, nullable=False),
    Column("published_by", Text, nullable=False),
    _of("template", "template_id"),
)
"""`body` is the JSON of protocol.templates.Template, byte for byte as it is handed out; it never changes.
`published_by` is a member's id, or the operator."""

template_draft = Table(
    "template_draft",
    metadata,
    _organization_key(),
    Column("template_id", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("base", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("previous", LargeBinary),
    Column("changed", Text, nullable=False),
    Column("changed_by", Text, nullable=False),
)
"""What admins are editing; `number` moves by compare-and-set only, `base` is the version it was begun from (0: none),
`previous` the body before the last change. A template that was never published is here alone."""

# -- work --------------------------------------------------------------------------------------------------------

operation = Table(
    "operation",
    metadata,
    _organization_key(),
    Column("operation_id", Text, primary_key=True),
    Column("member_id", Text, ForeignKey("member.member_id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("entity", Text, nullable=False),
    Column("body_sha256", Text, nullable=False),
    Column("body", LargeBinary),
    Column("outcome", Text, nullable=False),
    Column("received", Text, nullable=False),
)
"""`body` holds the exact bytes that came; erasure empties it and its digest."""

report = Table(
    "report",
    metadata,
    _organization_key(),
    Column("instance_id", Text, primary_key=True),
    Column("member_id", Text, ForeignKey("member.member_id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("location_id", Text, ForeignKey("location.location_id")),
    Column("template_id", Text),
    Column("received", Text, nullable=False),
    Index("ix_report_organization_received", "organization_id", "received", "instance_id"),
    Index("ix_report_member_received", "member_id", "received", "instance_id"),
    Index("ix_report_location_received", "location_id", "received", "instance_id"),
    Index("ix_report_organization_state", "organization_id", "state", "received", "instance_id"),
    Index("ix_report_organization_title", "organization_id", "title", "instance_id"),
    Index("ix_report_template_received", "template_id", "received"),
)

revision = Table(
    "revision",
    metadata,
    _organization_key(),
    Column("revision_id", Text, primary_key=True),
    Column("instance_id", Text, nullable=False, index=True),
    Column("operation_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("location_id", Text, ForeignKey("location.location_id")),
    Column("check_in_id", Text),
    Column("template_id", Text),
    Column("template_version", Integer),
    Column("answers", Text),
    Column("answer_words", Text),
    *_moment(),
    Column("written_at", Text, nullable=False),
    Column("grade", Text, nullable=False),
    Column("received", Text, nullable=False),
    _of("report", "instance_id"),
    _of("operation", "operation_id"),
    UniqueConstraint("organization_id", "operation_id"),
)
"""`answers` is JSON of those that were asked for, `answer_words` what they read as, for searching; all of them, as they
came, are in the operation."""

revision_parent = Table(
    "revision_parent",
    metadata,
    _organization_key(),
    Column("revision_id", Text, primary_key=True),
    Column("parent_id", Text, primary_key=True, index=True),
    _of("revision", "revision_id"),
)

review = Table(
    "review",
    metadata,
    _organization_key(),
    Column("instance_id", Text, primary_key=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("review_id", Text, nullable=False, unique=True),
    Column("revision_id", Text, nullable=False),
    Column("member_id", Text, ForeignKey("member.member_id"), nullable=False),
    Column("decision", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("at", Text, nullable=False),
    _of("report", "instance_id"),
    _of("revision", "revision_id"),
)
"""What managers decided, append-only; `ordinal` numbers a report's decisions from 1, `member_id` is who decided."""

review_mark = Table(
    "review_mark",
    metadata,
    _organization_key(),
    Column("instance_id", Text, primary_key=True),
    Column("review_ordinal", Integer, primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("path", Text, nullable=False),
    Column("words", Text, nullable=False),
    ForeignKeyConstraint(
        ["organization_id", "instance_id", "review_ordinal"],
        ["review.organization_id", "review.instance_id", "review.ordinal"],
    ),
)
"""The places that a decision wants corrected; `path` as in protocol.changes.Mark."""

report_comment = Table(
    "report_comment",
    metadata,
    _organization_key(),
    Column("comment_id", Text, primary_key=True),
    Column("instance_id", Text, nullable=False),
    Column("member_id", Text, ForeignKey("member.member_id"), nullable=False),
    Column("operation_id", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("grade", Text, nullable=False),
    Column("received", Text, nullable=False),
    _of("report", "instance_id"),
    _of("operation", "operation_id"),
    UniqueConstraint("organization_id", "operation_id"),
    Index("ix_report_comment_instance_id_at", "instance_id", "at"),
)
"""Append-only; `member_id` wrote it. The device's own readings of its moment are in the operation."""

media = Table(
    "media",
    metadata,
    _organization_key(),
    Column("media_id", Text, primary_key=True),
    Column("member_id", Text, ForeignKey("member.member_id"), nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("held", Text),
    Column("upload_id", Text),
    Index("ix_media_organization_held", "organization_id", "held"),
)
"""One file, announced by a manifest or by an upload, whichever came first; `held` once its hash was verified."""

rendition = Table(
    "rendition",
    metadata,
    _organization_key(),
    Column("media_id", Text, primary_key=True),
    Column("width", Integer),
    Column("height", Integer),
    Column("small_key", Text),
    Column("small_size", Integer),
    Column("large_key", Text),
    Column("large_size", Integer),
    Column("made", Text, nullable=False),
    _of("media", "media_id"),
)
"""The JPEGs that pages show of a picture; no keys where the file cannot be shown, so that it is not tried again."""

revision_media = Table(
    "revision_media",
    metadata,
    _organization_key(),
    Column("revision_id", Text, primary_key=True),
    Column("media_id", Text, primary_key=True, index=True),
    Column("ordinal", Integer, nullable=False),
    Column("name", Text, nullable=False),
    _of("revision", "revision_id"),
    _of("media", "media_id"),
)

upload = Table(
    "upload",
    metadata,
    Column("upload_id", Text, primary_key=True),
    _organization(),
    Column("member_id", Text, ForeignKey("member.member_id"), nullable=False, index=True),
    Column("media_id", Text, nullable=False, index=True),
    Column("length", BigInteger, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("sha256", Text),
    Column("metadata", Text, nullable=False),
    Column("created", Text, nullable=False),
    Column("expires", Text, nullable=False),
    Column("done", Text),
)
"""A tus upload; `offset` moves by compare-and-set only."""

upload_part = Table(
    "upload_part",
    metadata,
    Column("upload_id", Text, ForeignKey("upload.upload_id"), primary_key=True),
    Column("start", BigInteger, primary_key=True),
    _organization(),
    Column("size", BigInteger, nullable=False),
    Column("object_key", Text, nullable=False),
)

receipt = Table(
    "receipt",
    metadata,
    _organization_key(),
    Column("revision_id", Text, primary_key=True),
    Column("member_id", Text, ForeignKey("member.member_id"), nullable=False),
    Column("ordinal", BigInteger, nullable=False),
    Column("statement", Text, nullable=False),
    Column("payload_sha256", Text, nullable=False),
    Column("issued", Text, nullable=False),
    UniqueConstraint("member_id", "ordinal"),
)
"""`ordinal` numbers one member's receipts from 1; each names the hash of the one before. `revision_id` is that of a
revision, or of an attendance event with pictures. Erasure empties the statement, whose hash the next one names."""

attendance_event = Table(
    "attendance_event",
    metadata,
    _organization_key(),
    Column("event_id", Text, primary_key=True),
    Column("member_id", Text, ForeignKey("member.member_id"), nullable=False),
    Column("operation_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("location_id", Text, ForeignKey("location.location_id")),
    Column("note", Text, nullable=False),
    Column("check_in_id", Text, index=True),
    Column("supersedes", Text, index=True),
    Column("reason", Text, nullable=False),
    Column("completed_later", Boolean, nullable=False),
    Column("method", Text, nullable=False),
    Column("code", Text),
    Column("code_verdict", Text),
    Column("network", Text),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("accuracy_m", Float),
    Column("position_source", Text),
    Column("code_step", BigInteger),
    Column("code_network", Text),
    Column("network_verdict", Text),
    Column("address_verdict", Text),
    Column("fence", Text),
    Column("kiosk", Text),
    Column("look", Boolean, nullable=False, server_default=false()),
    Column("photos", Integer, nullable=False, server_default="0"),
    *_moment(),
    Column("at", Text, nullable=False),
    Column("grade", Text, nullable=False),
    Column("flags", Text, nullable=False),
    Column("recorded_by", Text),
    Column("correct_hours", Integer),
    Column("held", Text),
    Column("received", Text, nullable=False),
    Index("ix_attendance_event_organization_member_at", "organization_id", "member_id", "at"),
    Index("ix_attendance_event_organization_at", "organization_id", "at"),
    Index("ix_attendance_event_location_at", "location_id", "at"),
    Index("ix_attendance_event_organization_look_at", "organization_id", "look", "at"),
    _of("operation", "operation_id"),
    UniqueConstraint("organization_id", "operation_id"),
)
"""Append-only. `flags` is space-separated stable names, `look`: a person should look and none has
(server.attendance.looking); `photos` how many
rows of event_media it has; `recorded_by` the
manager who entered it, if not its member; `correct_hours` of a correction the policy's when it came; `held` as in
attendance_tables.held_entry.

`code_verdict` is as in protocol.changes, `code_step` the step that a right code was of. `code_network` tells, blinded
under that very step, whether two uses of one code came from one network; it links nothing else. `kiosk` is the name of
the screen that it was entered at."""

attendance_cancellation = Table(
    "attendance_cancellation",
    metadata,
    _organization_key(),
    Column("event_id", Text, primary_key=True),
    Column("member_id", Text, ForeignKey("member.member_id"), nullable=False),
    Column("operation_id", Text, nullable=False),
    Column("cancels", Text, nullable=False, index=True),
    Column("reason", Text, nullable=False),
    *_moment(),
    Column("recorded_by", Text),
    Column("held", Text),
    Column("received", Text, nullable=False),
    _of("operation", "operation_id"),
    UniqueConstraint("organization_id", "operation_id"),
)

# -- what goes back ----------------------------------------------------------------------------------------------

change = Table(
    "change",
    metadata,
    Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("xid", BigInteger, nullable=False),
    _organization(),
    Column("member_id", Text, ForeignKey("member.member_id")),
    Column("kind", Text, nullable=False),
    Column("entity", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", Text, nullable=False),
    Index("ix_change_organization_xid_position", "organization_id", "xid", "position"),
    Index("ix_change_organization_member_xid_position", "organization_id", "member_id", "xid", "position"),
    Index("ix_change_entity_position", "entity", "position"),
    sqlite_autoincrement=True,
)
"""The change feed, for one member or (null) every member of the organization, ordered by (xid, position).

`xid` is PostgreSQL's 64-bit transaction id; a reader stops before the oldest transaction still running, so that a
commit that comes late is never skipped. On SQLite, whose writers queue, it is 0.
"""

policy = Table(
    "policy",
    metadata,
    Column("organization_id", Text, ForeignKey("organization.organization_id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("statement", Text, nullable=False),
    Column("issued", Text, nullable=False),
)

access_record = Table(
    "access_record",
    metadata,
    Column("organization_id", Text, ForeignKey("organization.organization_id"), primary_key=True),
    Column("ordinal", BigInteger, primary_key=True),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("entity_kind", Text, nullable=False),
    Column("entity", Text, nullable=False),
    Column("subject_id", Text),
    Column("purpose", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("previous_sha256", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Index("ix_access_record_entity_actor_at", "entity", "actor", "at"),
)
"""Who opened, viewed, exported or changed what, hash-chained per organization; `actor_kind` is member or operator."""

# -- log data ----------------------------------------------------------------------------------------------------

installation, log_record = log_tables.installation, log_tables.log_record

PRE_TENANT = frozenset({"page_count", "policy_text", "ration", "server_fact", "sign_in_attempt"})
"""Tables without an organization; every other is under row level security on PostgreSQL."""

PRE_TENANT_READS = frozenset(
    {
        "access_token",
        "authorization_code",
        "enrolment",
        "installation",
        "member",
        "organization",
        "refresh_token",
        "screen",
        "token_family",
        "web_session",
    }
)
"""The tables with an organization that may also be read (only read) to find out which organization it is."""
