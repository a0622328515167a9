"""OTLP batches: unpacked within bounds, each record kept once, what is not wanted told back to its sender."""

import zlib
from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

import msgspec
from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from sqlalchemy import Row

from protocol.privacy import MAX_VERDICTS, VerdictLetter
from protocol.statements import TelemetryPolicy
from server.logs import framing, passing, room
from server.logs.erasing import erased_before
from server.logs.framing import Group, Span
from server.logs.gaps import lock_installation, note_numbers, note_version
from server.logs.installations import Installation
from server.logs.judging import MAX_RECORD, TOO_LARGE, Unwanted, Wanted, is_ours, judge, version_of
from server.policy.document import policy_payload
from server.problems import ProblemError, problem
from server.relaying.setting_up import Routes
from server.storage.database import Database, Transaction

MAX_BODY = 4 * 1024 * 1024
"""Of a batch as it travels, in bytes."""
MAX_UNPACKED = 20 * 1024 * 1024
MAX_RECORDS = 5_000
"""In one batch, and as many groups of them: empty ones weigh next to nothing, and each is held against the catalog."""
MAX_MEMBERS = 64
"""Of a gzip body. After each the rest is copied, and nobody who sends in good faith makes more than a few."""
_NOBODY = Routes()


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What is answered: `reply` an ExportLogsServiceResponse, `verdicts` as protocol.privacy.VERDICTS_HEADER has them,
    empty where there are none or too many to say. `waiting`: something is to be passed on now."""

    reply: bytes
    verdicts: str
    waiting: bool = False


def unpack(body: bytes, encoding: str) -> bytes:
    """The batch's own bytes. Raises a problem: 413 over the bounds, 415 another encoding, 400 broken gzip or over
    MAX_MEMBERS members of it."""
    if len(body) > MAX_BODY:
        raise _too_large(MAX_BODY)
    if encoding in {"", "identity"}:
        return body
    if encoding != "gzip":
        detail = "Batches of log data are sent plain or as gzip. Set the sender to one of these."
        raise problem("bad-encoding", 415, "Unsupported Media Type", detail, field="Content-Encoding")
    unpacked = bytearray()
    for _ in range(MAX_MEMBERS):
        member = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            unpacked += member.decompress(body, MAX_UNPACKED + 1 - len(unpacked))
        except zlib.error:
            raise _unreadable() from None
        if len(unpacked) > MAX_UNPACKED:
            raise _too_large(MAX_UNPACKED)
        if not member.eof:
            raise _unreadable()
        body = member.unused_data
        if not body:
            return bytes(unpacked)
    raise _unreadable()


def keep_batch(
    database: Database, sender: Installation, batch: bytes, routes: Routes = _NOBODY, *, private: bool = False
) -> Kept:
    """Keep the records of an ExportLogsServiceRequest, each once, or let them wait to be passed on where `routes` say
    so. One that came before counts as kept; one that the installation had erased is not kept again. `private`: the
    sender wishes that nothing goes to third parties (Global Privacy Control), also not what still waits, and that holds
    whatever becomes of the batch. Raises a 400 problem when the batch is none, a 413 when it has over MAX_RECORDS
    records, a 429 when there is no room for it (server.logs.room), a 503 when no more can wait."""
    try:
        return _keep_batch(database, sender, batch, routes, private=private)
    except ProblemError:
        if private:
            with database.write(sender.organization_id) as t:
                lock_installation(t, sender.installation_id)
                passing.withdraw(t, sender, routes)
        raise


def _keep_batch(database: Database, sender: Installation, batch: bytes, routes: Routes, *, private: bool) -> Kept:
    found = _groups(batch)
    with database.read(sender.organization_id) as t:
        allowed, today, full = policy_payload(t).telemetry, t.now.date(), room.is_full(t)
    if private or not routes.third_party:
        allowed = msgspec.structs.replace(allowed, third_party=False)
    # Before the database is held for writing: others wait for that, and what is judged may be much.
    all_judged: list[Wanted | Unwanted] = []
    version = ""
    for group in found:
        resource = _resource(batch, group)
        version = version or version_of(resource)
        ours = is_ours(resource)
        all_judged += (_judged(batch, one, allowed, today, ours=ours) for one in group.records)
    with database.write(sender.organization_id) as t:
        known = lock_installation(t, sender.installation_id)
        if private:
            passing.withdraw(t, sender, routes)
        judged = erased_before(t, sender.installation_id, all_judged)
        verdicts, waiting = _keep(t, known, sender, judged, routes, full=full)
        note_version(t, known, version)
        note_numbers(t, known, (one.seq for one in judged if one.seq is not None))
    return Kept(reply=_reply(judged), verdicts=run_lengths(verdicts), waiting=waiting)


def run_lengths(verdicts: Sequence[VerdictLetter]) -> str:
    """The verdicts as protocol.privacy.VERDICTS_HEADER has them; empty where that would be too long, or of nothing."""
    text = "".join(f"{sum(1 for _ in run)}{letter}" for letter, run in groupby(verdicts))
    return text if len(text) <= MAX_VERDICTS else ""


def _groups(batch: bytes) -> list[Group]:
    try:
        return framing.groups(batch, MAX_RECORDS)
    except framing.MalformedError:
        raise _unreadable() from None
    except framing.TooManyError:
        raise _too_large(MAX_RECORDS, "records") from None


def _resource(batch: bytes, group: Group) -> Resource:
    """Who a group of records is from."""
    if sum(end - start for start, end in group.resource) > MAX_RECORD:
        raise _too_large(MAX_RECORD)
    try:
        resource: Resource = Resource.FromString(b"".join(batch[start:end] for start, end in group.resource))
    except DecodeError:
        raise _unreadable() from None
    return resource


def _judged(batch: bytes, one: Span, allowed: TelemetryPolicy, today: date, *, ours: bool) -> Wanted | Unwanted:
    """A record is read only now, and only if it is not too large: of two bytes protobuf makes a hundred."""
    if one.end - one.start > MAX_RECORD:
        return TOO_LARGE
    try:
        record = LogRecord.FromString(batch[one.start : one.end])
    except DecodeError:
        raise _unreadable() from None
    return judge(record, allowed, today, ours=ours)


def _keep(
    t: Transaction,
    known: Row[Any],
    sender: Installation,
    judged: Sequence[Wanted | Unwanted],
    routes: Routes,
    *,
    full: bool,
) -> tuple[list[VerdictLetter], bool]:
    """The verdicts, and whether something waits now to be passed on."""
    wanted = {one.event_id: one for one in judged if isinstance(one, Wanted)}
    rows = [_row(t, sender, one, passed_on=routes.of(one.category) is not None) for one in wanted.values()]
    new = room.put_away(t, known, rows, full=full)
    waiting = passing.let_wait(t, sender, [one for one in wanted.values() if one.event_id in new], routes)
    verdicts: list[VerdictLetter] = []
    for one in judged:
        if isinstance(one, Unwanted):
            verdicts.append(one.verdict)
        else:
            verdicts.append("k" if one.event_id in new else "d")
            new.discard(one.event_id)  # the same id again in this very batch is a duplicate of it
    return verdicts, waiting


def _row(t: Transaction, sender: Installation, one: Wanted, *, passed_on: bool) -> dict[str, Any]:
    return {
        "installation_id": sender.installation_id,
        "event_id": one.event_id,
        "category": one.category,
        "name": one.name,
        "time_unix_nano": one.time_unix_nano,
        "record": b"" if passed_on else one.record,
        "received": t.now_text,
    }


def _reply(judged: Sequence[Wanted | Unwanted]) -> bytes:
    """OTLP's own answer, which any exporter understands: how many were not kept, and why."""
    refused = Counter(one.reason for one in judged if isinstance(one, Unwanted))
    answer = ExportLogsServiceResponse()
    if refused:
        answer.partial_success.rejected_log_records = sum(refused.values())
        answer.partial_success.error_message = "; ".join(f"{count} {reason}" for reason, count in refused.items())
    serialised: bytes = answer.SerializeToString()
    return serialised


def _too_large(limit: int, of: str = "bytes") -> ProblemError:
    detail = f"The batch is over {limit} {of}. Send fewer records at once."
    return problem("batch-too-large", 413, "Content Too Large", detail, limit=limit)


def _unreadable() -> ProblemError:
    detail = "The batch is not an OTLP request in protobuf. Set the sender to OTLP over HTTP with protobuf."
    return problem("bad-batch", 400, "Bad Request", detail)
