"""A device's moment as columns."""

from typing import Any

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
