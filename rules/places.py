"""Where a position lies: inside a place, outside it, or nobody can tell."""

import math

from protocol.changes import Fence, LocationView
from protocol.operations import Position

LEAST_RADIUS_M, MOST_RADIUS_M = 10, 100_000
_EARTH_M = 6_371_008.8
BARELY_EXACT_M = 0.5
"""An accuracy below this is no accuracy: no device knows its place as well, and those that say 0 do not know it."""


def fence(place: LocationView, position: Position) -> Fence | None:
    """Whether the whole circle that the device may be in lies inside the place, or outside; None where the location has
    no place on the map."""
    if place.latitude is None or place.longitude is None or place.radius_m is None:
        return None
    if is_zero(position) or position.accuracy_m < BARELY_EXACT_M:
        return "cannot_tell"
    away = distance_m(place.latitude, place.longitude, position.latitude, position.longitude)
    if away + position.accuracy_m <= place.radius_m:
        return "inside"
    return "outside" if away - position.accuracy_m > place.radius_m else "cannot_tell"


def is_zero(position: Position) -> bool:
    """Whether it is the point that devices give when they have none."""
    return position.latitude == 0 and position.longitude == 0


def distance_m(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Metres between two points (degrees) over a ball as large as Earth; right to half a percent."""
    first, second = math.radians(latitude), math.radians(other_latitude)
    across = math.sin((second - first) / 2) ** 2
    along = math.sin(math.radians(other_longitude - longitude) / 2) ** 2
    return 2 * _EARTH_M * math.asin(min(1.0, math.sqrt(across + math.cos(first) * math.cos(second) * along)))
