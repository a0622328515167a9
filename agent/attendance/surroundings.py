"""The networks this computer is in, as it sees them itself: its own addresses and those of its routers.

Nothing is sent; asked only where the person allowed it.
"""

import ipaddress
import logging
import re
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_log = logging.getLogger(__name__)

# Addresses for documentation (RFC 5737, RFC 3849): nobody has them. Connecting a datagram socket sends nothing; it only
# makes the system say from which of its own addresses it would.
_NOBODY = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
_SECONDS = 2.0
_ROUTE_UP_GATEWAY = 0x3
_MAC_GATEWAY = re.compile(r"gateway: (\S+)")


class Surroundings(NamedTuple):
    """`addresses` are this computer's own, `gateways` those of its routers: IP and, where known, hardware addresses."""

    addresses: tuple[str, ...]
    gateways: tuple[str, ...]


def look_around() -> Surroundings:
    """What can be told without asking anybody; empty without a network."""
    try:
        gateways = tuple(_gateways())
    except (OSError, subprocess.SubprocessError, ValueError, struct.error) as error:
        _log.info("the routers of this computer cannot be told: %s", error)
        gateways = ()
    return Surroundings(tuple(_own_addresses()), gateways)


def _own_addresses() -> Iterator[str]:
    for family, nobody in _NOBODY:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((nobody, 9))
                yield str(probe.getsockname()[0]).partition("%")[0]
        except OSError:
            continue  # no way out in this family


def _gateways(system: str = sys.platform) -> Iterator[str]:
    if system == "linux":
        return _linux_gateways(Path("/proc/net"))
    return _windows_gateways() if system == "win32" else _mac_gateways()


def _linux_gateways(proc: Path) -> Iterator[str]:
    """From the kernel's tables: `route` (IPv4, in the byte order of this machine), `arp` for hardware addresses, and
    `ipv6_route`."""
    found = []
    for line in _lines(proc / "route")[1:]:
        parts = line.split()
        if len(parts) > 3 and parts[1] == "00000000" and int(parts[3], 16) & _ROUTE_UP_GATEWAY == _ROUTE_UP_GATEWAY:
            found.append(socket.inet_ntoa(struct.pack("=I", int(parts[2], 16))))
    hardware = {parts[0]: parts[3] for line in _lines(proc / "arp")[1:] if len(parts := line.split()) > 3}
    for address in dict.fromkeys(found):
        yield address
        if address in hardware:
            yield hardware[address]
    for line in _lines(proc / "ipv6_route"):
        parts = line.split()
        if len(parts) > 8 and parts[1] == "00" and int(parts[8], 16) & _ROUTE_UP_GATEWAY == _ROUTE_UP_GATEWAY:
            yield str(ipaddress.IPv6Address(bytes.fromhex(parts[4])))


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii").splitlines()
    except FileNotFoundError:  # a kernel without that family
        return []


def _windows_gateways() -> Iterator[str]:
    """GetBestRoute of iphlpapi: the next hop to nobody. Written after its documentation; not run so far."""
    import ctypes

    class Row(ctypes.Structure):
        """MIB_IPFORWARDROW: fourteen 32-bit words, of which the fourth is the next hop in network order."""

        _fields_ = [("words", ctypes.c_uint32 * 14)]

    row = Row()
    nobody = struct.unpack("=I", socket.inet_aton(_NOBODY[0][1]))[0]
    if ctypes.windll.iphlpapi.GetBestRoute(nobody, 0, ctypes.byref(row)) == 0:  # type: ignore[attr-defined]
        hop = socket.inet_ntoa(struct.pack("=I", row.words[3]))
        if hop != "0.0.0.0":  # noqa: S104 # compared, not bound
            yield hop


def _mac_gateways() -> Iterator[str]:
    """route(8) says it in words. Written after its manual; not run so far."""
    done = subprocess.run(
        ["/sbin/route", "-n", "get", "default"], capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    found = _MAC_GATEWAY.search(done.stdout)
    if found is not None:
        yield found[1].partition("%")[0]
