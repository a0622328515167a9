"""The sync envelope, `POST /v1/sync`: operations go up, results and changes come down."""

from typing import Literal

import msgspec

from protocol.problems import Problem

MAX_OPERATIONS = 100
MAX_REQUEST_BYTES = 1024 * 1024

Outcome = Literal["accepted", "duplicate", "conflict", "rejected", "unsupported"]


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to keep. `id` and `entity` are UUIDv7 text; `body` is decoded per `kind`, after the envelope."""

    id: str
    kind: str
    entity: str
    body: msgspec.Raw


class SyncRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`cursor` is the opaque text of the last reply, absent for a full pull."""

    operations: tuple[Operation, ...] = ()
    cursor: str | None = None


class OperationResult(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """accepted, duplicate and conflict mean *kept*; rejected carries the reason; unsupported asks for an update."""

    id: str
    outcome: Outcome
    problem: Problem | None = None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What became true of `entity`; bodies are in protocol.changes, an unknown kind is kept raw for later."""

    kind: str
    entity: str
    body: msgspec.Raw


class SyncResponse(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`results` in the order of the operations. `more`: ask again at once. `reset`: `cursor` was of another epoch or
    pruned; forget what the feed taught and apply this reply as the start of a full pull. `server_time` is RFC 3339."""

    results: tuple[OperationResult, ...] = ()
    changes: tuple[Change, ...] = ()
    cursor: str
    more: bool = False
    reset: bool = False
    server_time: str
