"""Protobuf's wire format, as far as log data needs it to write: numbers, texts, fields, and attributes of OTLP.

To build protobuf's own messages takes longer than all else that is done for a record, and to load them costs 20 ms and
5 MiB in a program that may send nothing today. Tests hold every byte against protobuf itself.
"""

import functools

_VARINT, _SIZED = 0, 2
"""How a field is written: as one number, or as so many bytes."""
_TEXT = b"\x0a"
_FLAG = b"\x10"
_WHOLE = b"\x18"
"""The kinds of an AnyValue: the fields 1, 2 and 3."""

_BYTES = tuple(bytes((value,)) for value in range(256))
_CACHED_SIZES = 512


def varint(number: int) -> bytes:
    """A whole number from -2^63 to 2^64 - 1, seven bits a byte, the lowest first."""
    rest = number & 0xFFFF_FFFF_FFFF_FFFF
    if rest < 0x80:
        return _BYTES[rest]
    out = bytearray()
    while rest > 0x7F:
        out.append(rest & 0x7F | 0x80)
        rest >>= 7
    out.append(rest)
    return bytes(out)


@functools.lru_cache(4 * _CACHED_SIZES)
def head(number: int, size: int) -> bytes:
    """What stands before the `size` bytes of field `number`."""
    return varint(number << 3 | _SIZED) + varint(size)


def field(number: int, content: bytes) -> bytes:
    """One field of bytes, a text or another message."""
    return head(number, len(content)) + content


def number_field(number: int, value: int) -> bytes:
    """One field with a whole number."""
    return varint(number << 3 | _VARINT) + varint(value)


def fixed_field(number: int, value: int) -> bytes:
    """One field with a whole number from 0 to 2^64 - 1 in eight bytes."""
    return varint(number << 3 | 1) + value.to_bytes(8, "little")


def utf8(text: str) -> bytes:
    """What cannot be written, half of a surrogate pair, becomes a question mark."""
    return text.encode("utf-8", "replace")


class Attribute:
    """Writes a KeyValue of one key as field `number` of the message that holds it; its key is put together once."""

    __slots__ = ("_head", "_key", "_number")

    def __init__(self, key: str, number: int) -> None:
        self._key = field(1, utf8(key))
        self._number = number
        self._head = functools.lru_cache(_CACHED_SIZES)(self._put_together)

    def text(self, value: str) -> bytes:
        """With a text."""
        content = utf8(value)
        size = varint(len(content))
        return self._head(len(content) + len(size), _TEXT) + size + content

    def whole(self, value: int) -> bytes:
        """With a whole number."""
        content = varint(value)
        return self._head(len(content), _WHOLE) + content

    def flag(self, value: bool) -> bytes:
        """With yes or no."""
        return self._head(1, _FLAG) + _BYTES[value]

    def _put_together(self, size: int, kind: bytes) -> bytes:
        value = head(2, size + 1) + kind
        return head(self._number, len(self._key) + len(value) + size) + self._key + value
