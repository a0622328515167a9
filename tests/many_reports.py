"""Many reports at once, straight into the tables: for tests of what happens when there are many of them."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from rules.clock import format_utc
from server.reports.listing import STATES
from server.storage.database import Actor, Database
from server.storage.tables import operation, receipt, report, revision

_BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
_AT_ONCE = 2000


def fill(
    database: Database,
    organization_id: str,
    authors: list[Actor],
    places: list[str | None],
    number: int,
    *,
    first: int = 0,
) -> None:
    """`number` reports in turn of these authors, places and states, a minute apart, each with a receipt; `first` is the
    number of those made before."""
    for start in range(first, first + number, _AT_ONCE):
        rows = [_rows(authors, places, at) for at in range(start, min(first + number, start + _AT_ONCE))]
        with database.write(organization_id) as t:
            for table, values in zip((operation, report, revision, receipt), zip(*rows, strict=True), strict=True):
                t.connection.execute(table.insert(), [{"organization_id": organization_id, **row} for row in values])


def _rows(authors: list[Actor], places: list[str | None], at: int) -> Iterator[dict[str, Any]]:
    instance_id, revision_id, operation_id = (str(uuid.UUID(int=at * 3 + kind + (7 << 76))) for kind in range(3))
    author = authors[at % len(authors)].member_id
    place = places[at % len(places)]
    received = format_utc(_BEGIN + timedelta(minutes=at))
    title = f"Round {at}: all lights along the quay"
    yield {
        "operation_id": operation_id,
        "member_id": author,
        "kind": "report.revise",
        "entity": instance_id,
        "body_sha256": "0" * 64,
        "body": b"{}",
        "outcome": "accepted",
        "received": received,
    }
    yield {
        "instance_id": instance_id,
        "member_id": author,
        "state": STATES[at * 7 % 5],
        "title": title,
        "location_id": place,
        "received": received,
    }
    yield {
        "revision_id": revision_id,
        "instance_id": instance_id,
        "operation_id": operation_id,
        "title": title,
        "text": f"Lamp {at} flickers.\nReplaced the tube; the ladder is back in the shed. "
        + "Nothing else to see. " * 8,
        "location_id": place,
        "device_utc": received,
        "offset_minutes": 60,
        "zone": "Europe/Vienna",
        "boot_id": "b",
        "elapsed_ms": 1,
        "written_at": received,
        "grade": "confirmed",
        "received": received,
    }
    yield {
        "revision_id": revision_id,
        "member_id": author,
        "ordinal": at + 1,
        "statement": "{}",
        "payload_sha256": f"{at:064x}",
        "issued": received,
    }
