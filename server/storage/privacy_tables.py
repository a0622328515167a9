"""The tables of policy texts and what members say to them, and of members' requests to erase what is held of them."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from server.storage import schema

_metadata = schema.metadata

policy_text = Table(
    "policy_text",
    _metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("changes", Text, nullable=False),
    Column("published", Text, nullable=False),
    Column("effective", Text, nullable=False),
)
"""The operator's privacy policy in its versions, which anybody may read: it is of the server, and of no organization.
A version never changes."""

policy_answer = Table(
    "policy_answer",
    _metadata,
    Column("member_id", Text, ForeignKey("member.member_id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("how", Text, primary_key=True),
    schema.organization_column(),
    Column("at", Text, nullable=False),
)
"""`how`: accepted, or continued_use after the version was in force; the first of each stays."""

erasure_request = Table(
    "erasure_request",
    _metadata,
    schema.organization_key(),
    Column("request_id", Text, primary_key=True),
    Column("member_id", Text, ForeignKey("member.member_id"), nullable=False, index=True),
    Column("wish", Text, nullable=False),
    Column("asked", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("until", Text),
    Column("reason", Text, nullable=False),
    Column("answered", Text),
    Column("answered_by", Text),
    Column("statement", Text),
    Index("ix_erasure_request_organization_state", "organization_id", "state", "asked"),
)
"""`state` as in protocol.privacy; `statement` is the latest answer as JSON of a SignedStatement."""
