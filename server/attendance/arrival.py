"""How an operation came here, as far as judging attendance needs it; nothing of it is kept as it is."""

import msgspec

from server.accounts.minting import Mint


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """`mint` makes the seeds of location codes (without it codes stay unchecked), `address` is what this server saw,
    `kiosk` the name of the organization's own screen that it was entered at. `on_page`: on a page of this server, so
    that the time is the server's."""

    mint: Mint | None = None
    address: str = ""
    kiosk: str = ""
    on_page: bool = False


UNTOLD = Arrival()
"""Nothing is known of the way."""
