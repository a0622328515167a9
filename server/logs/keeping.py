"""How long log data is kept: each event as the catalog promises, and what it does not know as long as the longest."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, or_

from rules.clock import format_utc
from server.storage.database import Transaction
from server.storage.log_tables import (
    installation,
    log_erasure,
    log_gap,
    log_record,
    log_relay,
    log_relay_loss,
    log_relayed,
    log_tombstone,
)
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


def gaps_over(t: Transaction) -> ColumnElement[bool]:
    """Gaps that nothing fills any more."""
    return log_gap.c.noticed_on < (t.now - LONGEST).date().isoformat()


def erasures_over(t: Transaction) -> ColumnElement[bool]:
    """Statements that nobody will ask for again: an app has asked until it had it."""
    return log_erasure.c.issued < format_utc(t.now - LONGEST)


def tombstones_over(t: Transaction) -> ColumnElement[bool]:
    """Tombstones of what no queue holds any more: an app gives its records up sooner than this."""
    return log_tombstone.c.made < format_utc(t.now - LONGEST)


def relayed_over(t: Transaction) -> ColumnElement[bool]:
    """Counts of what others had, once they must have removed it themselves by the same promise."""
    return log_relayed.c.day < (t.now - LONGEST).date().isoformat()


def relay_losses_over(t: Transaction) -> ColumnElement[bool]:
    """Counts of what could not be passed on."""
    return log_relay_loss.c.day < (t.now - LONGEST).date().isoformat()


def installations_over(t: Transaction) -> ColumnElement[bool]:
    """Installations of which nothing is here any more; one that still sends is registered anew then."""
    own = installation.c.installation_id
    kept = (
        t.select(log_record, log_record.c.event_id).where(log_record.c.installation_id == own),
        t.select(log_gap, log_gap.c.first_seq).where(log_gap.c.installation_id == own),
        t.select(log_relay, log_relay.c.relay_id).where(log_relay.c.installation_id == own),
        t.select(log_relayed, log_relayed.c.day).where(log_relayed.c.installation_id == own),
        t.select(log_erasure, log_erasure.c.erasure_id).where(log_erasure.c.installation_id == own),
    )
    over = installation.c.registered_on < (t.now - LONGEST).date().isoformat()
    return and_(over, *(~one.exists() for one in kept))
