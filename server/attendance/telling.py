"""What is told of the evidence of a kept event."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from protocol.changes import EvidenceView
from rules.clock import parse_utc

COLUMNS = (
    "code_verdict",
    "network_verdict",
    "address_verdict",
    "fence",
    "accuracy_m",
    "position_source",
    "kiosk",
    "method",
    "skew_ms",
)
"""Of `attendance_event`: what `evidence_of` reads, beside `at` and `received`."""


def evidence_of(row: Row[Any]) -> EvidenceView:
    """What is told of a kept event's evidence; `row` has COLUMNS, `at` and `received`."""
    waited = parse_utc(row.received) - parse_utc(row.at)
    return EvidenceView(
        method=row.method,
        code=row.code_verdict,
        network=row.network_verdict,
        address=row.address_verdict,
        fence=row.fence,
        accuracy_m=None if row.accuracy_m is None else round(row.accuracy_m),
        source=row.position_source or "",
        waited_ms=max(0, waited // timedelta(milliseconds=1)),
        skew_ms=row.skew_ms,
        kiosk=row.kiosk or "",
    )
