"""What a reply to a batch means: the table of the OTLP/HTTP specification, made stricter where silence would lose.

Only a 200 that is an OTLP reply counts as received. What is not in the table is tried again until the record's age
bound counts it as lost: unknown never drops, and never counts as success.
"""

import os
from collections.abc import Mapping
from datetime import datetime

import msgspec

from protocol.privacy import VERDICTS_HEADER
from rules.retrying import pause_ceiling, retry_after
from telemetry import verdicts
from telemetry.tally import Loss

MAX_REPLY_BYTES = 64 * 1024


class Answered(msgspec.Struct, frozen=True):
    """The server answered; header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Unanswered(msgspec.Struct, frozen=True):
    """No reply came. `began`: bytes may have left, so the batch may have arrived. `floor_seconds`: how long the server
    wished not to be asked, in reply to what had to be asked first."""

    began: bool = True
    floor_seconds: float = 0.0


class Received(msgspec.Struct, frozen=True):
    """The server has the batch, but for `rejected` records that it will never take. `reasons` has one item a record,
    None for one that was kept; it is empty where the server only counted."""

    rejected: int = 0
    reasons: tuple[Loss | None, ...] = ()


class Again(msgspec.Struct, frozen=True):
    """Send the same bytes later, not before `floor_seconds`. `uncertain`: this attempt may have arrived."""

    floor_seconds: float = 0.0
    uncertain: bool = False


class Smaller(msgspec.Struct, frozen=True):
    """Halve it: too large. A single record goes aside."""


class Bisect(msgspec.Struct, frozen=True):
    """Halve it to find the record that the server cannot read; that one goes aside."""


class Unknown(msgspec.Struct, frozen=True):
    """The server does not know this installation: register it, then send the same bytes again."""


Verdict = Received | Again | Smaller | Bisect | Unknown

_PAUSING = frozenset({429, 502, 503, 504})
_FINAL: Mapping[int, Verdict] = {400: Bisect(), 401: Unknown(), 413: Smaller()}


def judge(outcome: Answered | Unanswered, now: datetime, records: int) -> Verdict:
    """The verdict on one attempt to send so many records."""
    if isinstance(outcome, Unanswered):
        return Again(floor_seconds=outcome.floor_seconds, uncertain=outcome.began)
    if outcome.status == 200:
        return _success(outcome, records)
    if outcome.status in _PAUSING:
        return Again(floor_seconds=floor_seconds(outcome, now))
    return _FINAL.get(outcome.status, Again(uncertain=outcome.status >= 500))


def goes_on(verdict: Verdict | None) -> bool:
    """Whether the next batch may follow at once; None is the verdict on one that was withdrawn."""
    return isinstance(verdict, Received | Smaller | Bisect)


def floor_seconds(outcome: Answered | Unanswered, now: datetime) -> float:
    """How long the server wished not to be asked again; 0 where it said nothing of it."""
    if isinstance(outcome, Unanswered):
        return outcome.floor_seconds
    return retry_after(outcome.headers.get("retry-after"), now) or 0.0


def pause(attempts: int, floor_seconds: float = 0.0) -> float:
    """Seconds to wait after so many failures in a row: random below a ceiling that doubles, never less than the server
    asked for."""
    chance = int.from_bytes(os.urandom(7), "big") / 2**56
    return max(chance * pause_ceiling(attempts), floor_seconds)


def _success(answer: Answered, records: int) -> Verdict:
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-protobuf":
        return Again(uncertain=True)  # a captive portal says 200 too
    rejected = _rejected(answer.body) if answer.body else 0  # protobuf need not load for a reply that tells nothing
    if rejected is None:
        return Again(uncertain=True)
    reasons = verdicts.read(answer.headers.get(VERDICTS_HEADER.lower()), records)
    if reasons is not None:
        return Received(sum(reason is not None for reason in reasons), reasons)
    return Received(min(rejected, records))


def _rejected(body: bytes) -> int | None:
    """How many records an OTLP reply says were not kept; None for what is no such reply."""
    from google.protobuf.message import DecodeError
    from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse

    try:
        reply = ExportLogsServiceResponse.FromString(body)
    except DecodeError:
        return None
    rejected: int = reply.partial_success.rejected_log_records
    return max(rejected, 0)
