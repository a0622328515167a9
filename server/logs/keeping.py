"""How long log data is kept: each event as the catalog promises, and what it does not know as long as the longest."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, or_

from rules.clock import format_utc
from server.storage.database import Transaction
from server.storage.tables import installation, log_record
from telemetry.catalog import EVENTS

LONGEST = timedelta(days=max(event.retention_days for event in EVENTS.values()))


def records_over(t: Transaction) -> ColumnElement[bool]:
    """The records whose time is over."""
    names: dict[int, list[str]] = {}
    for name, event in EVENTS.items():
        names.setdefault(event.retention_days, []).append(name)
    return or_(
        log_record.c.received < format_utc(t.now - LONGEST),
        *(
            and_(log_record.c.name.in_(those), log_record.c.received < format_utc(t.now - timedelta(days=days)))
            for days, those in names.items()
        ),
    )


def installations_over(t: Transaction) -> ColumnElement[bool]:
    """Installations of which nothing is here any more; one that still sends is registered anew then."""
    kept = t.select(log_record, log_record.c.event_id).where(
        log_record.c.installation_id == installation.c.installation_id
    )
    return and_(installation.c.registered_on < (t.now - LONGEST).date().isoformat(), ~kept.exists())
