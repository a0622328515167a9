"""How much log data is kept of one installation and of one organization: bounded, and counted in the installation's
row, since to count what is kept with every batch would cost more the more there is.

Whatever puts records away or takes them out goes through here, so that the numbers are those of the rows.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, func, tuple_

from server.logs.keeping import records_over
from server.problems import ProblemError, problem
from server.storage.database import Transaction
from server.storage.log_tables import installation, log_gap, log_record

MOST_RECORDS = 200_000
"""Of one installation: as many as four full queues of an app bear (telemetry.queue.Bounds). One that works as it should
has a tenth of that when its oldest go."""
MOST_BYTES = 80 * 1024**2
"""Of their content, likewise."""
MOST_GAPS = 10_000
"""Of one installation."""
MOST_BYTES_OF_ALL = 20 * 1024**3
"""Of one organization. It is not counted to the byte: batches that come together may go over it together."""
AGAIN_SECONDS = 6 * 3600
"""Nothing makes room before housekeeping comes round, but an erasure."""


def is_full(t: Transaction) -> bool:
    """Whether nothing more is kept of the whole organization."""
    return int(t.scalar(t.select(installation, func.sum(installation.c.kept_bytes))) or 0) >= MOST_BYTES_OF_ALL


def put_away(t: Transaction, known: Row[Any], rows: Sequence[dict[str, Any]], *, full: bool) -> set[str]:
    """Keep these rows of log_record that are not here; the ids of those that were not. `known` is the installation's
    row, locked; `full` says that its organization has no room.

    Raises a 429 problem where there is no room for them all: nothing of the batch was accepted then, and whoever sent
    it keeps it, or counts what it cannot keep itself.
    """
    new = {row.event_id for row in t.insert_all_new(log_record, rows)}
    if not new:
        return new
    records = known.kept_records + len(new)
    size = known.kept_bytes + sum(len(row["record"]) for row in rows if row["event_id"] in new)
    if full or records > MOST_RECORDS or size > MOST_BYTES:
        raise _no_room()
    own = installation.c.installation_id == known.installation_id
    t.execute(t.update(installation).where(own).values(kept_records=records, kept_bytes=size))
    return new


def check_gaps(t: Transaction, installation_id: str) -> None:
    """Raises the same 429 problem for an installation whose numbers have more holes than are kept."""
    if (t.scalar(t.select(log_gap, func.count()).where(log_gap.c.installation_id == installation_id)) or 0) > MOST_GAPS:
        raise _no_room()


def take_out(t: Transaction, installation_id: str, *which: ColumnElement[bool]) -> Counter[str]:
    """Remove records of one installation, which the caller holds; how many with content there were, by category."""
    c = log_record.c
    these = (c.installation_id == installation_id, *which)
    kept: Counter[str] = Counter()
    has_content = (func.length(c.record) > 0).label("has_content")
    records, size = func.count().label("records"), func.sum(func.length(c.record)).label("size")
    found = t.all(
        t.select(log_record, c.category, has_content, records, size).where(*these).group_by(c.category, has_content)
    )
    for row in found:
        kept[row.category] += row.records if row.has_content else 0
    t.execute(t.delete(log_record).where(*these))
    _note_gone(t, installation_id, sum(row.records for row in found), sum(int(row.size) for row in found))
    return kept


def drop_over(t: Transaction, most: int) -> int:
    """Remove records whose time is over; how many of at most `most`."""
    c = log_record.c
    keys = [tuple(row) for row in t.all(t.select(log_record, *_KEY).where(records_over(t)).limit(most))]
    if not keys:
        return 0
    # As batches and erasures do: the installations first, or the two would wait for each other.
    held = t.select(installation, installation.c.installation_id).where(
        installation.c.installation_id.in_({installation_id for installation_id, _ in keys})
    )
    t.all(held.order_by(installation.c.installation_id).with_for_update())
    gone = t.delete(log_record).where(tuple_(*_KEY).in_(keys))
    records: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for row in t.all(gone.returning(c.installation_id, func.length(c.record).label("size"))):
        records[row.installation_id] += 1
        sizes[row.installation_id] += row.size
    for installation_id, count in records.items():
        _note_gone(t, installation_id, count, sizes[installation_id])
    return len(keys)


_KEY = tuple(log_record.primary_key.columns)


def _note_gone(t: Transaction, installation_id: str, records: int, size: int) -> None:
    c = installation.c
    gone = {"kept_records": c.kept_records - records, "kept_bytes": c.kept_bytes - size}
    t.execute(t.update(installation).where(c.installation_id == installation_id).values(**gone))


def _no_room() -> ProblemError:
    detail = (
        "As much log data as may be kept is kept here already. What waits on the device can be sent once older records "
        "have been removed."
    )
    again = {"Retry-After": str(AGAIN_SECONDS)}
    return problem("log-data-full", 429, "Too Many Requests", detail, headers=again)
