"""The networks that a location is known by: ranges of addresses and gateways, and whether a device is in one."""

import ipaddress
import re
from collections.abc import Iterable, Sequence
from typing import Literal

from protocol.changes import LocationView

Network = Literal["known", "other"]

_HARDWARE = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}")


def read_range(text: str) -> str:
    """An address range in its usual form, from CIDR or a lone address. Raises ValueError: it is none, or it is every
    address there is."""
    network = ipaddress.ip_network(text.strip(), strict=False)
    if network.prefixlen == 0:
        raise ValueError(f"{text!r} is every address there is")
    return str(network)


def read_gateway(text: str) -> str:
    """A router's address in its usual form: IP, or a hardware address. Raises ValueError when it is neither."""
    plain = text.strip().lower().replace("-", ":")
    return plain if _HARDWARE.fullmatch(plain) else str(ipaddress.ip_address(plain))


def in_ranges(address: str, ranges: Iterable[str]) -> bool:
    """Whether an address lies in one of these ranges; what is no address lies in none."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return any((mapped or found) in ipaddress.ip_network(one) for one in ranges)


def found_network(place: LocationView, addresses: Sequence[str], gateways: Sequence[str]) -> str:
    """For a device: which of the place's gateways or ranges it is in, as the place names it; empty for none.

    `addresses` are the device's own, `gateways` those of its routers (IP or hardware addresses).
    """
    near = {read for one in gateways if (read := _or_empty(one))}
    for gateway in place.gateways:
        if gateway in near:
            return gateway
    return next((one for one in place.networks if any(in_ranges(own, [one]) for own in addresses)), "")


def judge_network(place: LocationView, told: str) -> Network | None:
    """For the server: whether what a device told is a network of the place; None where the place is known by none."""
    if not place.networks and not place.gateways:
        return None
    return "known" if told in (*place.networks, *place.gateways) else "other"


def judge_address(place: LocationView, address: str) -> Network | None:
    """For the server: whether the address that it saw is of the place. None where that tells nothing: the place is
    known by no range, or by none that could be seen from outside while the address is not the place's."""
    if in_ranges(address, place.networks):
        return "known"
    public = any(ipaddress.ip_network(one).is_global for one in place.networks)
    return "other" if public and address else None


def _or_empty(gateway: str) -> str:
    try:
        return read_gateway(gateway)
    except ValueError:
        return ""
