"""Signed statements: the one format for receipts, policy documents and key endorsements (DSSE style, Ed25519)."""

from typing import Literal

import msgspec

RECEIPT = "urn:miratag:statement:receipt:1"
POLICY = "urn:miratag:statement:policy:1"
KEY = "urn:miratag:statement:key:1"
ERASURE = "urn:miratag:statement:erasure:1"
"""Log data was erased (protocol.privacy.LogErasurePayload)."""
ERASURE_ANSWER = "urn:miratag:statement:erasure-answer:1"
"""How a request to erase a member's data ended (protocol.privacy.ErasureAnswerPayload)."""


class SignedStatement(msgspec.Struct, frozen=True, kw_only=True):
    """`payload` is base64 of the exact signed bytes; `signature` base64 of Ed25519 over the DSSE v1 pre-authentication
    encoding of (`type`, payload bytes); `kid` names the key, the first 16 hex digits of SHA-256 of the public key."""

    type: str
    kid: str
    payload: str
    signature: str


class PublicKey(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An Ed25519 public key, raw 32 bytes in base64; `endorsement` is a KEY statement by the key it follows."""

    kid: str
    key: str
    endorsement: SignedStatement | None = None


class KeyPayload(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of a KEY statement: the key that the signer endorses as its successor."""

    kid: str
    key: str


class ReceiptPayload(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of a RECEIPT: the server holds this revision and every hash of its manifest.

    `operation_digest` is hex SHA-256 of salt bytes followed by the operation's body bytes; `salt` is base64.
    `previous` is hex SHA-256 of the payload of this member's previous receipt, or empty; `access_head` the head of the
    organization's access log at that time, or empty.
    """

    organization_id: str
    member_id: str
    instance_id: str
    revision_id: str
    operation_id: str
    salt: str
    operation_digest: str
    media: tuple[str, ...]
    received: str
    previous: str
    access_head: str


class TelemetryPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """Which categories of log data the organization allows at all. It can only lower; it grants nothing."""

    diagnostics: bool = True
    usage: bool = True
    third_party: bool = True


class PolicyPayload(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of a POLICY statement; `version` only grows, a lower one is ignored.

    `photo_max_edge`: pixels of the longer side that photos are made smaller to when they are attached, 0 for as they
    are. `edit_hours`: how long after a report was written its author may send another version unasked; a returned
    report may be corrected at any time. `keep_days`: how long after the receipt pictures of a report, and files fetched
    again, stay on its author's computer; its text stays.

    Of attendance: a session that is open `open_after_shift_hours` after the end of its shift, or `open_session_hours`
    after its start where it belongs to none, needs an end from its person. `remind_checked_in_hours` after a check-in
    an app reminds that it is open (0: never). `correct_hours` after an event its author may correct it without asking
    (0: never); what is corrected later is kept and shown as late. `report_day` says which day a session over midnight
    counts for (rules.timesheets): `whole`, the one it began on, or HH:MM, split where days begin. `note_required`,
    `photo_required`: a check-in asks for a note, for a photo; one without is kept and marked.
    """

    organization_id: str
    version: int
    issued: str
    telemetry: TelemetryPolicy = TelemetryPolicy()
    keep_days: int = 90
    max_media_bytes: int = 2 * 1024**3
    open_session_hours: int = 16
    photo_max_edge: int = 0
    edit_hours: int = 168
    open_after_shift_hours: int = 4
    remind_checked_in_hours: int = 10
    correct_hours: int = 24
    report_day: str = "whole"
    note_required: bool = False
    photo_required: bool = False
    statement: Literal["policy"] = "policy"
