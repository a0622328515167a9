"""Locations by id, for the names and time zones of what happened there."""

import msgspec

from protocol.changes import LocationView
from server.locations import places
from server.storage.database import Transaction


class Places(msgspec.Struct, frozen=True):
    """Every location of the organization."""

    by_id: dict[str, LocationView]

    @classmethod
    def of(cls, t: Transaction) -> "Places":
        """Read them."""
        return cls({one.location_id: one for one in places.list_all(t)})

    def zone(self, location_id: str | None, otherwise: str = "UTC") -> str:
        """The location's time zone, or `otherwise` for elsewhere."""
        found = self.by_id.get(location_id or "")
        return found.zone if found else otherwise

    def choices(self) -> list[LocationView]:
        """All of them by name, also those that are closed: work was done there."""
        return list(self.by_id.values())
