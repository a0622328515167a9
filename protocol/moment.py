"""When something happened, as the device saw it: every reading needed to judge the time later."""

import msgspec


class Moment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One instant on a device.

    `utc` is the device's own clock: RFC 3339 with milliseconds and `Z`. `elapsed_ms` is milliseconds since boot on a
    clock that counts sleep, and only means something together with the `boot_id` it was read under. The `confirmed_*`
    pair is the last server time this device heard *within the same boot* and the `elapsed_ms` at which it heard it;
    both are absent when there was no contact since boot. `skew_ms` is device time minus server time at that contact.
    """

    utc: str
    offset_minutes: int
    zone: str
    boot_id: str
    elapsed_ms: int
    confirmed_utc: str | None = None
    confirmed_elapsed_ms: int | None = None
    skew_ms: int | None = None
