"""JSON: one array, an entry on each line, so that a program may read it whole and a person or `grep` line by line."""

from collections.abc import Iterable, Iterator

import msgspec

_PIECE = 64 * 1024


def write_json(entries: Iterable[msgspec.Struct]) -> Iterator[bytes]:
    """The file in pieces of about 64 KiB."""
    encoder = msgspec.json.Encoder()
    held = bytearray(b"[")
    between = b"\n"
    for one in entries:
        held += between + encoder.encode(one)
        between = b",\n"
        if len(held) >= _PIECE:
            yield bytes(held)
            held.clear()
    yield bytes(held) + b"\n]\n"
