"""What supports a check-in: only what was typed, and the network only with a grant."""

import ipaddress
import json
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from agent.api import ListLocations, SetFavourite, SetNetworkEvidence
from agent.attendance import surroundings
from agent.attendance.surroundings import Surroundings
from agent.runtime import attending, looking
from rules.networks import read_gateway
from tests.unit.agent_attendance.conftest import GATE, YARD, Office

INSIDE = Surroundings(("192.0.2.17",), ("192.0.2.1",))
OUTSIDE = Surroundings(("198.51.100.4",), ())


def allow(office: Office, *, allowed: bool = True) -> None:
    attending.carry_out(office.work, SetNetworkEvidence(account="s/m", allowed=allowed))


@pytest.fixture(autouse=True)
def around(monkeypatch: pytest.MonkeyPatch) -> list[Surroundings]:
    """Where this computer is; one entry a time that somebody looked."""
    looked: list[Surroundings] = []

    def look_around() -> Surroundings:
        looked.append(INSIDE)
        return INSIDE

    for module in (attending, looking):
        monkeypatch.setattr(module, "look_around", look_around)
    return looked


def test_the_code_travels_as_typed_and_nothing_else_does(office: Office, around: list[Surroundings]) -> None:
    event = office.body(office.record("check_in", GATE, code=" 123 456 "))
    assert (event.evidence.method, event.evidence.code) == ("hand", "123 456")
    assert event.evidence.network is None
    assert event.evidence.position is None
    assert around == [], "nobody looks at the network without a grant"
    end = office.body(office.record("check_out"))
    assert end.evidence.code is None


def test_with_a_grant_the_place_s_own_name_of_the_network_travels_and_no_address(office: Office) -> None:
    allow(office)
    assert office.body(office.record("check_in", GATE)).evidence.network == "192.0.2.0/24"
    office.record("check_out")
    assert office.body(office.record("check_in", YARD)).evidence.network is None, "a place known by none"
    allow(office, allowed=False)
    office.record("check_out")
    assert office.body(office.record("check_in", GATE)).evidence.network is None


def test_in_another_network_it_says_that_none_was_found(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attending, "look_around", lambda: OUTSIDE)
    allow(office)
    assert office.body(office.record("check_in", GATE)).evidence.network == ""


def test_favourites_come_first_then_those_used_lately(office: Office) -> None:
    office.learn("location", "bay", office.place("bay", name="Bay"))
    office.record("check_in", YARD)
    attending.carry_out(office.work, SetFavourite(account="s/m", location_id=GATE, favourite=True))
    found = looking.list_locations(office.work, ListLocations(account="s/m"))
    assert [(one.name, one.favourite, one.code_digits) for one in found.items] == [
        ("Gate 2", True, 6),
        ("Yard", False, 0),
        ("Bay", False, 0),
    ]
    assert not any(one.known_network for one in found.items)
    allow(office)
    found = looking.list_locations(office.work, ListLocations(account="s/m"))
    assert [one.name for one in found.items if one.known_network] == ["Gate 2"]
    attending.carry_out(office.work, SetFavourite(account="s/m", location_id=GATE, favourite=False))
    assert looking.list_locations(office.work, ListLocations(account="s/m")).items[0].name == "Yard"


def test_the_routers_are_read_from_the_kernel_s_tables(tmp_path: Path) -> None:
    (tmp_path / "route").write_text(
        "Iface\tDestination\tGateway\tFlags\n"
        f"eth0\t00000000\t{struct.unpack('=I', bytes([192, 0, 2, 1]))[0]:08X}\t0003\n"
        f"eth0\t{struct.unpack('=I', bytes([192, 0, 2, 0]))[0]:08X}\t00000000\t0001\n"
    )
    (tmp_path / "arp").write_text(
        "IP address HW type Flags HW address Mask Device\n192.0.2.1 0x1 0x2 02:fc:00:00:00:05 * eth0\n"
    )
    (tmp_path / "ipv6_route").write_text(
        "00000000000000000000000000000000 00 00000000000000000000000000000000 00"
        " fe800000000000000000000000000001 00000400 00000001 00000000 00000003 eth0\n"
        "fe800000000000000000000000000000 40 00000000000000000000000000000000 00"
        " 00000000000000000000000000000000 00000100 00000001 00000000 00000001 eth0\n"
    )
    assert list(surroundings._linux_gateways(tmp_path)) == ["192.0.2.1", "02:fc:00:00:00:05", "fe80::1"]
    assert list(surroundings._linux_gateways(tmp_path / "nowhere")) == []


def test_looking_around_on_this_computer_names_addresses_only() -> None:
    """In a process of its own: a datagram socket is connected, which sends nothing, and the guard of the tests cannot
    tell that from reaching out."""
    code = "import json; from agent.attendance.surroundings import look_around; print(json.dumps(look_around()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    addresses, gateways = json.loads(done.stdout)
    for address in addresses:
        ipaddress.ip_address(address)
    for gateway in gateways:
        read_gateway(gateway)
