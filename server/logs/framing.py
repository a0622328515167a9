"""Where the records stand in an ExportLogsServiceRequest, found without reading any of them.

protobuf would make an object of everything in a batch before anybody can count it, and of two bytes some hundred: here
only the frames are walked, with bounds, so that records can be read one after the other.
"""

from collections.abc import Iterator
from typing import NamedTuple

_RESOURCE_LOGS = 1
_RESOURCE, _SCOPE_LOGS = 1, 2
_LOG_RECORDS = 2
"""The numbers of the fields that lead to the records: opentelemetry/proto/logs/v1/logs.proto."""

_VARINT, _EIGHT_BYTES, _BYTES, _GROUP, _END_OF_GROUP, _FOUR_BYTES = range(6)
_OTHER_FIELDS = 8
"""For each record that may be in a batch, of fields that are none: its group may have some, and there may be unknown
ones."""
_MAX_TAG = 2**32 - 1
_MAX_LENGTH = 2**31 - 1


class MalformedError(Exception):
    """This is no such request."""


class TooManyError(Exception):
    """More records, groups of them, or other fields than allowed."""


class Span(NamedTuple):
    """Bytes from `start` to `end` (excluded) of a batch."""

    start: int
    end: int


class Group(NamedTuple):
    """The records of one resource. `resource` is more than one span where it was sent in pieces, which belong together
    as one message."""

    resource: list[Span]
    records: list[Span]


def groups(batch: bytes, most: int) -> list[Group]:
    """The records by resource, in order. Raises MalformedError; TooManyError with over `most` records, or as many
    groups of them."""
    walk = _Walk(batch, most * _OTHER_FIELDS)
    found: list[Group] = []
    records = scopes = 0
    for number, of_resource in walk.messages(Span(0, len(batch))):
        if number != _RESOURCE_LOGS:
            continue
        group = Group([], [])
        found.append(group)
        for inner, span in walk.messages(of_resource):
            if inner == _RESOURCE:
                group.resource.append(span)
            elif inner == _SCOPE_LOGS:
                scopes += 1
                group.records.extend(one for field, one in walk.messages(span) if field == _LOG_RECORDS)
                if max(len(found), scopes, records + len(group.records)) > most:
                    raise TooManyError
        records += len(group.records)
        if len(found) > most:
            raise TooManyError
    return found


class _Walk:
    """Over one batch; `fields` is how many there may be."""

    def __init__(self, batch: bytes, fields: int) -> None:
        self._batch = batch
        self._left = fields

    def messages(self, within: Span) -> Iterator[tuple[int, Span]]:
        """Number and content of each field of bytes, of which messages are one kind."""
        at, open_groups = within.start, list[int]()
        while at < within.end:
            self._left -= 1
            if self._left < 0:
                raise TooManyError
            tag, at = self._varint(at, within.end, _MAX_TAG)
            number, kind = tag >> 3, tag & 7
            if number == 0:
                raise MalformedError
            if kind == _GROUP:
                open_groups.append(number)
            elif kind == _END_OF_GROUP:
                if not open_groups or open_groups.pop() != number:
                    raise MalformedError
            else:
                start, at = self._value(kind, at, within.end)
                if kind == _BYTES and not open_groups:
                    yield number, Span(start, at)
        if open_groups:
            raise MalformedError

    def _value(self, kind: int, at: int, end: int) -> tuple[int, int]:
        """Where the content of a value begins and ends."""
        if kind == _VARINT:
            return at, self._varint(at, end, 2**64 - 1)[1]
        if kind == _BYTES:
            length, at = self._varint(at, end, _MAX_LENGTH)
        elif kind in {_EIGHT_BYTES, _FOUR_BYTES}:
            length = 8 if kind == _EIGHT_BYTES else 4
        else:
            raise MalformedError
        if length > end - at:
            raise MalformedError
        return at, at + length

    def _varint(self, at: int, end: int, most: int) -> tuple[int, int]:
        """A number of 7 bits a byte, the lowest first, and where it ends."""
        value = 0
        for place in range(at, min(end, at + 10)):
            byte = self._batch[place]
            value |= (byte & 0x7F) << 7 * (place - at)
            if byte < 0x80:
                if value > most:
                    raise MalformedError
                return value, place + 1
        raise MalformedError
