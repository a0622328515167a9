"""A working week of one installation's events, the same in every run: bench/telemetry/corpus.jsonl.

One line is `[milliseconds since the one before, name, fields]`. Half are rounds of sync, a third attendance and
reports, a tenth errors with frames, as a seeded draw made them once.
"""

import itertools
from collections.abc import Iterator
from pathlib import Path

import msgspec

from telemetry.catalog import EVENTS, Event, parse
from telemetry.queue import Offer

BEGINNING_NS = 1_780_000_000 * 1_000_000_000
_FILE = Path(__file__).with_name("corpus.jsonl")


def offers() -> list[Offer]:
    """Every event of it with its time."""
    lines = [
        msgspec.json.decode(line, type=tuple[int, str, dict[str, str | int]])
        for line in _FILE.read_bytes().splitlines()
    ]
    times = itertools.accumulate((gap * 1_000_000 for gap, _, _ in lines), initial=BEGINNING_NS)
    return [Offer(parse(EVENTS, name, fields), time) for (_, name, fields), time in zip(lines, times, strict=False)]


def events(count: int) -> Iterator[Event]:
    """So many of its events, from the beginning again where it ends; each time the errors bear other lines, so that no
    text of them is met twice."""
    known = [offer.event for offer in offers()]
    for number in range(count):
        yield fresh(known[number % len(known)], number)


def fresh(event: Event, number: int) -> Event:
    """The event, its texts marked by a number."""
    texts = {
        field.name: f"{getattr(event, field.name)} | agent.sync.loop:Loop.run:{number}"
        for field in event.declaration.fields
        if field.kind == "text" and getattr(event, field.name)
    }
    return msgspec.structs.replace(event, **texts) if texts else event
