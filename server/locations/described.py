"""What an admin types of a place, read into the columns of a location, with a sentence for what cannot be read."""

import math
import re
from collections.abc import Callable

import msgspec

from rules.networks import read_gateway, read_range
from rules.places import LEAST_RADIUS_M, MOST_RADIUS_M
from rules.sentence import Sentence
from server.problems import ProblemError, problem

MOST_NETWORKS = 20
_NUMBER = r"[+-]?\d{1,3}(?:\.\d{1,12})?"
_SPOT = re.compile(rf"\(?\s*({_NUMBER})°?\s*[,; ]\s*({_NUMBER})°?\s*\)?", re.ASCII)


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What a place is known by, as typed: `spot` latitude and longitude, `radius` metres, a range or gateway a line."""

    spot: str = ""
    radius: str = ""
    networks: str = ""
    gateways: str = ""

    def columns(self) -> dict[str, object]:
        """The columns of `location` that follow. Raises ProblemError, naming the field."""
        latitude, longitude = _spot(self.spot.strip())
        return {
            "latitude": latitude,
            "longitude": longitude,
            "radius_m": _radius(self.radius.strip(), needed=latitude is not None),
            "networks": _each(self.networks, read_range, "networks", _BAD_RANGE),
            "gateways": _each(self.gateways, read_gateway, "gateways", _BAD_GATEWAY),
        }


_BAD_RANGE = Sentence(
    "“%(text)s” is not a range of addresses. Write one on each line, like 192.0.2.0/24 or 2001:db8:7::/48; it may not "
    "be every address there is."
)
_BAD_GATEWAY = Sentence(
    "“%(text)s” is not the address of a router. Write one on each line, like 192.168.1.1, or its hardware address like "
    "00:1b:44:11:3a:b7."
)


def _spot(text: str) -> tuple[float | None, float | None]:
    if not text:
        return None, None
    match = _SPOT.fullmatch(text)
    latitude, longitude = (float(match[1]), float(match[2])) if match else (math.nan, math.nan)
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise _bad(
            "spot",
            "No place on the map",
            Sentence(
                "“%(text)s” is not a place on the map. Give latitude and longitude in degrees, like 38.7223, -9.1393, "
                "as a map copies them.",
                text=text[:60],
            ),
        )
    if latitude == 0 and longitude == 0:
        raise _bad(
            "spot",
            "No place on the map",
            Sentence("0, 0 is a place in the sea that stands for none. Give where the location is, or nothing."),
        )
    return latitude, longitude


def _radius(text: str, *, needed: bool) -> int | None:
    if not text and not needed:
        return None
    radius = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
    if not needed:
        raise _bad(
            "spot",
            "No place on the map",
            Sentence("A radius needs the place on the map that it is around. Give latitude and longitude too."),
        )
    if not LEAST_RADIUS_M <= radius <= MOST_RADIUS_M:
        raise _bad(
            "radius",
            "No such radius",
            Sentence(
                "The radius is a whole number of metres from %(least)d to %(most)d, as far as people work from that "
                "place. Phones are often wrong by 20 metres.",
                least=LEAST_RADIUS_M,
                most=MOST_RADIUS_M,
            ),
        )
    return radius


def _each(text: str, read: Callable[[str], str], field: str, bad: Sentence) -> str:
    found: dict[str, None] = {}
    for one in re.split(r"[\s,;]+", text.strip()):
        if not one:
            continue
        try:
            found[read(one)] = None
        except ValueError:
            raise _bad(field, "Address not understood", bad.filled(text=one[:60])) from None
    if len(found) > MOST_NETWORKS:
        detail = Sentence(
            "These are %(count)d; %(most)d is the most. Leave some out.", count=len(found), most=MOST_NETWORKS
        )
        raise _bad(field, "Too many", detail)
    return " ".join(found)


def _bad(field: str, title: str, detail: Sentence) -> ProblemError:
    return problem("bad-place", 400, title, detail, field=field)
