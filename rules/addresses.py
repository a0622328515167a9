"""Addresses of servers: what is this computer, and what is the same server."""

import ipaddress
from urllib.parse import urlsplit

_PORTS = {"https": 443, "http": 80}


def is_loopback(host: str) -> bool:
    """Whether `host`, a name or an address without brackets, is this computer."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def same_origin(url: str, other: str) -> bool:
    """Whether both are of one scheme, host and port. An address that cannot be read is of no origin."""
    try:
        found = _origin(url)
        return bool(found[1]) and found == _origin(other)
    except ValueError:
        return False


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or _PORTS.get(parts.scheme)
