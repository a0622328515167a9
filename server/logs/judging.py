"""What becomes of one log record before it is kept: whether the catalog declares it, and whether it may be here at all.

A record of our own program is held against the catalog, field by field: anything that is not declared, of another kind,
or longer than declared, and the record is not kept. So is a record whose event is declared for another category, or no
longer. One is ours when its resource says so, or when it bears any attribute of our envelope; a stranger's exporter,
which an organization pointed here itself, may send what it likes, which counts as diagnostics.
"""

import datetime
import re
import uuid
from collections.abc import Mapping

import msgspec
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.resource.v1.resource_pb2 import Resource

from protocol.privacy import VerdictLetter
from protocol.statements import TelemetryPolicy
from telemetry.catalog import EVENTS, Declaration, Scalar, WrongFieldsError, attributes, parse

MAX_RECORD = 256 * 1024
MAX_TEXT = 200
MAX_SEQ = 2**40
"""No program makes so many records; what lies between two numbers is counted, and the count must stay a number."""
_MAX_NS = 2**63
_SERVICE = "miratag"
_VERSION = re.compile(r"[0-9]{1,5}(\.[0-9]{1,5}){0,3}([a-z]{1,4}[0-9]{0,5}|\.dev[0-9]{1,5})?")
_STRANGERS_CATEGORY = "diagnostics"
_EVENT_ID, _SEQ, _CATEGORY = "event.id", "event.seq", "consent.category"
_WHOLE = frozenset({_SEQ, "consent.epoch", "event.version"})
_ENVELOPE = _WHOLE | {_EVENT_ID, _CATEGORY}
_KINDS = frozenset({"string_value", "int_value", "bool_value"})

_MALFORMED = "malformed, with an id, number or time that cannot be kept"
_UNDECLARED = "of an event or with a field that the catalog does not declare, or no longer"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A record that may be kept; `seq` is None where it bears none."""

    event_id: str
    seq: int | None
    category: str
    name: str
    time_unix_nano: int
    record: bytes


class Unwanted(msgspec.Struct, frozen=True, kw_only=True):
    """A record that is not kept; `reason` is for whoever set the sender up."""

    verdict: VerdictLetter
    reason: str
    seq: int | None = None


TOO_LARGE = Unwanted(verdict="l", reason="too large")


def is_ours(resource: Resource) -> bool:
    """Whether a resource says that our own program sends."""
    return any(one.key == "service.name" and one.value.string_value == _SERVICE for one in resource.attributes)


def version_of(resource: Resource) -> str:
    """The version of our own program that sends, empty where it says none that looks like one."""
    for one in resource.attributes if is_ours(resource) else ():
        if one.key == "service.version" and _VERSION.fullmatch(one.value.string_value):
            return str(one.value.string_value)
    return ""


def judge(record: LogRecord, allowed: TelemetryPolicy, today: datetime.date, *, ours: bool) -> Wanted | Unwanted:
    """`ours` by its resource; `today` is the server's day, which an event may have expired by."""
    if record.ByteSize() > MAX_RECORD:
        return TOO_LARGE
    if len(record.event_name) > MAX_TEXT or "\x00" in record.event_name or _time(record) >= _MAX_NS:
        return Unwanted(verdict="m", reason=_MALFORMED)
    if ours or any(attribute.key in _ENVELOPE for attribute in record.attributes):
        return _judge_ours(record, allowed, today)
    if not getattr(allowed, _STRANGERS_CATEGORY):
        return _not_allowed(_STRANGERS_CATEGORY, None)
    return Wanted(
        event_id=str(uuid.uuid4()),
        seq=None,
        category=_STRANGERS_CATEGORY,
        name=record.event_name,
        time_unix_nano=_time(record),
        record=record.SerializeToString(),
    )


def _judge_ours(record: LogRecord, allowed: TelemetryPolicy, today: datetime.date) -> Wanted | Unwanted:
    values = _values(record)
    if values is None or not _envelope_fits(values):
        return Unwanted(verdict="m", reason=_MALFORMED)
    seq, category = values[_SEQ], values[_CATEGORY]
    assert isinstance(seq, int)
    fields = {key: value for key, value in values.items() if key not in _ENVELOPE}
    declaration = EVENTS.get(record.event_name)
    if (
        declaration is None
        or declaration.category != category
        or declaration.expires <= today
        or _bears_more(record)
        or not _fits(declaration, fields)
    ):
        return Unwanted(verdict="u", reason=_UNDECLARED, seq=seq)
    if not getattr(allowed, declaration.category):
        return _not_allowed(declaration.category, seq)
    record.DiscardUnknownFields()
    return Wanted(
        event_id=str(values[_EVENT_ID]),
        seq=seq,
        category=declaration.category,
        name=record.event_name,
        time_unix_nano=_time(record),
        record=record.SerializeToString(),
    )


def _values(record: LogRecord) -> dict[str, Scalar] | None:
    """The attributes by key; None where one is neither text, number nor flag, or comes twice."""
    values: dict[str, Scalar] = {}
    for attribute in record.attributes:
        kind = attribute.value.WhichOneof("value")
        if kind not in _KINDS or attribute.key in values:
            return None
        values[attribute.key] = getattr(attribute.value, kind)
    return values


def _envelope_fits(values: Mapping[str, Scalar]) -> bool:
    """Id, running number and category are there, whole numbers are whole, and no text is beyond what can be kept."""
    event_id, category = values.get(_EVENT_ID), values.get(_CATEGORY)
    if not isinstance(event_id, str) or not 0 < len(event_id) <= MAX_TEXT or "\x00" in event_id:
        return False
    if not isinstance(category, str) or _SEQ not in values:
        return False
    wholes = [values[key] for key in _WHOLE if key in values]
    return all(isinstance(one, int) and not isinstance(one, bool) and 0 <= one < MAX_SEQ for one in wholes)


def _bears_more(record: LogRecord) -> bool:
    """Whether it says anything outside its attributes that our program never says there."""
    return bool(record.HasField("body") or record.severity_text or record.trace_id or record.span_id)


def _fits(declaration: Declaration, fields: Mapping[str, Scalar]) -> bool:
    """Whether these are fields of the event, exactly as it would be recorded."""
    try:
        recorded = attributes(parse(EVENTS, declaration.name, fields))
    except WrongFieldsError:
        return False
    return all(recorded[name] == value for name, value in fields.items())


def _not_allowed(category: str, seq: int | None) -> Unwanted:
    return Unwanted(verdict="c", reason=f"of the category {category}, which is not allowed here", seq=seq)


def _time(record: LogRecord) -> int:
    return int(record.time_unix_nano or record.observed_time_unix_nano)
