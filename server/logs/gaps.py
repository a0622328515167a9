"""Running numbers that never came: what lies between those that did, until it comes late.

A gap is not always a fault: what a person withdrew, or what their computer had no room for, leaves one too. It is
counted per installation and day, and says nothing of what was in it.

What one batch costs is bounded, whatever numbers it bears: of more than MAX_PIECES gaps the last are kept as one, in
which then also numbers stand that came; and no more than MAX_FILLED that were open are looked at. How many are kept is
bounded too (server.logs.room).
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Row

from server.logs import room
from server.logs.installations import unknown
from server.storage.database import Transaction
from server.storage.log_tables import installation, log_gap

MAX_PIECES = 100
MAX_FILLED = 500

_Span = tuple[int, int]
"""From the first number to the last, both included."""


def lock_installation(t: Transaction, installation_id: str) -> Row[Any]:
    """Its row. Two batches of one installation, or a batch and an erasure, come one after the other from here on.
    Raises a 401 problem where it has been removed meanwhile."""
    own = installation.c.installation_id == installation_id
    found = t.first(t.select(installation).where(own).with_for_update())
    if found is None:
        raise unknown()
    return found


def note_version(t: Transaction, known: Row[Any], version: str) -> None:
    """With which version of the app a batch came (empty: it did not say), and on which day. `known` is the row."""
    told = {"version": version or known.version, "seen_on": t.now.date().isoformat()}
    if told != {"version": known.version, "seen_on": known.seen_on}:
        own = installation.c.installation_id == known.installation_id
        t.execute(t.update(installation).where(own).values(**told))


def note_numbers(t: Transaction, known: Row[Any], numbers: Iterable[int]) -> None:
    """That these came. `known` is the installation's row, locked. Raises a 429 problem where no more gaps are kept."""
    came = list(_runs(numbers))
    if not came:
        return
    first, last = came[0][0], came[-1][1]
    lowest = first if known.lowest_seq is None else known.lowest_seq
    highest = first if known.highest_seq is None else known.highest_seq
    day = t.now.date().isoformat()
    beyond = [(span, day) for span in ((first, lowest - 1), (highest + 1, last)) if span[0] <= span[1]]
    _replace(t, known.installation_id, [*_open(t, known.installation_id, first, last), *beyond], came)
    if (min(lowest, first), max(highest, last)) != (known.lowest_seq, known.highest_seq):
        own = installation.c.installation_id == known.installation_id
        ends = {"lowest_seq": min(lowest, first), "highest_seq": max(highest, last)}
        t.execute(t.update(installation).where(own).values(**ends))


def _runs(numbers: Iterable[int]) -> Iterator[_Span]:
    """The numbers as runs without a hole, in order."""
    run: _Span | None = None
    for number in sorted(set(numbers)):
        if run is not None and number == run[1] + 1:
            run = (run[0], number)
            continue
        if run is not None:
            yield run
        run = (number, number)
    if run is not None:
        yield run


def _open(t: Transaction, installation_id: str, first: int, last: int) -> list[tuple[_Span, str]]:
    """The gaps that these numbers may close, and since when each is open."""
    c = log_gap.c
    touched = t.select(log_gap).where(c.installation_id == installation_id, c.first_seq <= last, c.last_seq >= first)
    found = t.all(touched.order_by(c.first_seq).limit(MAX_FILLED))
    return [((gap.first_seq, gap.last_seq), gap.noticed_on) for gap in found]


def _replace(t: Transaction, installation_id: str, spans: Iterable[tuple[_Span, str]], came: Sequence[_Span]) -> None:
    """Keep of these spans what did not come."""
    changed: list[int] = []
    rows: list[dict[str, object]] = []
    for span, day in spans:
        pieces = _bounded(list(_without(span, came)), MAX_PIECES - len(rows))
        if pieces == [span]:
            continue
        changed.append(span[0])
        rows += [
            {"installation_id": installation_id, "first_seq": first, "last_seq": last, "noticed_on": day}
            for first, last in pieces
        ]
    if rows:
        room.check_gaps(t, installation_id)
    own = log_gap.c.installation_id == installation_id
    if changed:
        t.execute(t.delete(log_gap).where(own, log_gap.c.first_seq.in_(changed)))
    t.insert_all(log_gap, rows)


def _without(span: _Span, came: Sequence[_Span]) -> Iterator[_Span]:
    """What is left of `span`, in order."""
    first, last = span
    for run in came[bisect_left(came, first, key=lambda one: one[1]) :]:
        if run[0] > last:
            break
        if run[0] > first:
            yield (first, run[0] - 1)
        first = run[1] + 1
    if first <= last:
        yield (first, last)


def _bounded(pieces: list[_Span], room: int) -> list[_Span]:
    """At most `room` pieces, or one: the last ones as one."""
    most = max(room, 1)
    return pieces if len(pieces) <= most else [*pieces[: most - 1], (pieces[most - 1][0], pieces[-1][1])]
