"""A device's moment as columns, and back."""

from typing import Any

from sqlalchemy import Row

from protocol.moment import Moment


def moment_columns(moment: Moment) -> dict[str, Any]:
    """The columns that keep every reading of the moment."""
    return {
        "device_utc": moment.utc,
        "offset_minutes": moment.offset_minutes,
        "zone": moment.zone,
        "boot_id": moment.boot_id,
        "elapsed_ms": moment.elapsed_ms,
        "confirmed_utc": moment.confirmed_utc,
        "confirmed_elapsed_ms": moment.confirmed_elapsed_ms,
        "skew_ms": moment.skew_ms,
    }


def moment_of(row: Row[Any]) -> Moment:
    """The moment that `moment_columns` kept."""
    return Moment(
        utc=row.device_utc,
        offset_minutes=row.offset_minutes,
        zone=row.zone,
        boot_id=row.boot_id,
        elapsed_ms=row.elapsed_ms,
        confirmed_utc=row.confirmed_utc,
        confirmed_elapsed_ms=row.confirmed_elapsed_ms,
        skew_ms=row.skew_ms,
    )
