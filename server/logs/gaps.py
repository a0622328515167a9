"""Running numbers that never came: what lies between those that did, until it comes late.

A gap is not always a fault: what a person withdrew, or what their computer had no room for, leaves one too. It is
counted per installation and day, and says nothing of what was in it.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Row

from server.logs.installations import unknown
from server.storage.database import Transaction
from server.storage.log_tables import installation, log_gap


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
    """That these came. `known` is the installation's row, locked."""
    lowest, highest = known.lowest_seq, known.highest_seq
    day = t.now.date().isoformat()
    for first, last in _runs(numbers):
        if highest is None or lowest is None:
            lowest, highest = first, last
            continue
        if first > highest + 1:
            _insert(t, known.installation_id, [(highest + 1, first - 1)], day)
        elif last < lowest - 1:
            _insert(t, known.installation_id, [(last + 1, lowest - 1)], day)
        elif first <= highest and last >= lowest:
            _fill(t, known.installation_id, first, last)
        lowest, highest = min(lowest, first), max(highest, last)
    if (lowest, highest) != (known.lowest_seq, known.highest_seq):
        own = installation.c.installation_id == known.installation_id
        t.execute(t.update(installation).where(own).values(lowest_seq=lowest, highest_seq=highest))


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The numbers as runs without a hole, in order."""
    run: tuple[int, int] | None = None
    for number in sorted(set(numbers)):
        if run is not None and number == run[1] + 1:
            run = (run[0], number)
            continue
        if run is not None:
            yield run
        run = (number, number)
    if run is not None:
        yield run


def _fill(t: Transaction, installation_id: str, first: int, last: int) -> None:
    """Close what these numbers close, and leave what remains before and after them open since when it was."""
    own = log_gap.c.installation_id == installation_id
    touched = t.all(t.select(log_gap).where(own, log_gap.c.first_seq <= last, log_gap.c.last_seq >= first))
    for gap in touched:
        t.execute(t.delete(log_gap).where(own, log_gap.c.first_seq == gap.first_seq))
        left = [(gap.first_seq, first - 1), (last + 1, gap.last_seq)]
        _insert(t, installation_id, [one for one in left if one[0] <= one[1]], gap.noticed_on)


def _insert(t: Transaction, installation_id: str, missing: list[tuple[int, int]], day: str) -> None:
    t.insert_all(
        log_gap,
        (
            {"installation_id": installation_id, "first_seq": first, "last_seq": last, "noticed_on": day}
            for first, last in missing
        ),
    )
