"""A fence never says more than the position can tell, and a network is known only where it is written down."""

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.changes import LocationView
from protocol.operations import Position
from rules.networks import found_network, in_ranges, judge_address, judge_network, read_gateway, read_range
from rules.places import distance_m, fence

GATE = LocationView(
    location_id="g", name="Gate 2", zone="UTC", latitude=38.7, longitude=-9.14, radius_m=100,
    networks=("10.4.0.0/16", "2001:db8:7::/48"), gateways=("192.168.1.1", "00:1b:44:11:3a:b7"),
)  # fmt: skip


def position(north_m: float, accuracy_m: float) -> Position:
    return Position(latitude=38.7 + north_m / 111_195, longitude=-9.14, accuracy_m=accuracy_m, source="gps")


@pytest.mark.parametrize(
    ("north_m", "accuracy_m", "lies"),
    [
        (0, 10, "inside"), (80, 10, "inside"), (95, 10, "cannot_tell"), (105, 10, "cannot_tell"), (130, 10, "outside"),
        (0, 150, "cannot_tell"), (5000, 3000, "outside"), (0, 0, "cannot_tell"), (5000, 0, "cannot_tell"),
    ],
)  # fmt: skip
def test_the_fence(north_m: float, accuracy_m: float, lies: str) -> None:
    assert fence(GATE, position(north_m, accuracy_m)) == lies


def test_zero_tells_nothing_even_where_it_would_be_near() -> None:
    null_island = msgspec.structs.replace(GATE, latitude=0.0, longitude=0.0)
    assert fence(null_island, Position(latitude=0, longitude=0, accuracy_m=5, source="gps")) == "cannot_tell"


def test_a_place_without_a_spot_on_the_map_says_nothing() -> None:
    assert fence(LocationView(location_id="g", name="x", zone="UTC"), position(0, 5)) is None


@given(st.floats(-89, 89), st.floats(-180, 180), st.floats(0, 40_000), st.floats(0, 2 * math.pi), st.floats(1, 5000))
def test_who_is_truly_inside_is_never_called_outside(
    latitude: float, longitude: float, off_m: float, way: float, accuracy_m: float
) -> None:
    """The true spot lies within the accuracy of what the device says; the fence is right about it or cannot tell."""
    place = msgspec.structs.replace(GATE, latitude=latitude, longitude=longitude, radius_m=500)
    said = Position(
        latitude=max(-90, min(90, latitude + off_m * math.cos(way) / 111_195)),
        longitude=(longitude + off_m * math.sin(way) / 111_195 + 180) % 360 - 180,
        accuracy_m=accuracy_m,
        source="gps",
    )
    away = distance_m(latitude, longitude, said.latitude, said.longitude)
    could_be_inside, could_be_outside = away - accuracy_m <= 500, away + accuracy_m > 500
    lies = fence(place, said)
    assert lies != "outside" or not could_be_inside
    assert lies != "inside" or not could_be_outside


def test_distances_over_the_date_line() -> None:
    assert distance_m(0, 179.9995, 0, -179.9995) == pytest.approx(111.2, rel=0.01)


@pytest.mark.parametrize("text", ["0.0.0.0/0", "::/0", "10.0.0.0/33", "gate", "", "10.0.0"])
def test_no_range(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whose words differ, and are shown to nobody
        read_range(text)


def test_ranges_and_gateways_have_one_form() -> None:
    assert read_range(" 10.4.7.9/16 ") == "10.4.0.0/16"
    assert read_range("2001:DB8::1") == "2001:db8::1/128"
    assert read_gateway("00-1B-44-11-3A-B7") == "00:1b:44:11:3a:b7"
    assert read_gateway("FE80::1") == "fe80::1"
    with pytest.raises(ValueError):  # noqa: PT011
        read_gateway("router.local")


def test_a_device_tells_what_is_written_down_and_nothing_of_its_own() -> None:
    assert found_network(GATE, ["10.4.3.2"], []) == "10.4.0.0/16"
    assert found_network(GATE, ["10.9.3.2"], ["00-1B-44-11-3A-B7", "odd"]) == "00:1b:44:11:3a:b7"
    assert found_network(GATE, ["172.16.0.1"], ["10.0.0.1"]) == ""
    assert judge_network(GATE, "10.4.0.0/16") == "known"
    assert judge_network(GATE, "") == judge_network(GATE, "10.4.3.2") == "other"
    assert judge_network(LocationView(location_id="g", name="x", zone="UTC"), "10.4.0.0/16") is None


def test_an_address_from_outside_tells_nothing_of_private_ranges() -> None:
    private = msgspec.structs.replace(GATE, networks=("10.4.0.0/16",))
    public = msgspec.structs.replace(GATE, networks=("10.4.0.0/16", "8.8.4.0/24"))
    assert judge_address(private, "10.4.9.9") == "known"
    assert judge_address(private, "8.8.8.8") is None
    assert judge_address(public, "8.8.8.8") == "other"
    assert judge_address(public, "::ffff:8.8.4.4") == "known"
    assert judge_address(public, "") is None
    assert not in_ranges("testclient", ["10.0.0.0/8"])
