"""Where the computer is, asked of a location service on a private bus: told, late, refused, silent or absent."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.attendance.senses import Senses
from desktop.senses import geoclue, macos, senses_of_this_system, windows
from protocol.operations import Position
from tests.services.location_service import CLIENT, location_service
from tests.services.processes import read_line
from tests.services.session_bus import session_bus

HERE = Position(latitude=38.7223, longitude=-9.1393, accuracy_m=24.6, source="geoclue")


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """A private bus that stands for the system's."""
    with tempfile.TemporaryDirectory(prefix="mt") as folder, session_bus(Path(folder)) as address:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        yield dict(os.environ)


@pytest.mark.parametrize("behaviour", ["known", "later"])
def test_a_position_is_told_once_and_the_service_is_left(bus: dict[str, str], behaviour: str) -> None:
    with location_service(bus, behaviour) as service:
        assert geoclue.find(5) == HERE
        assert service.stdout is not None
        assert read_line(service.stdout.fileno()) == "start miratag 8"
        assert read_line(service.stdout.fileno()) == f"delete {CLIENT}"


@pytest.mark.parametrize("behaviour", ["denied", "never", "silent"])
def test_refused_or_not_told_in_time_reads_like_nothing(bus: dict[str, str], behaviour: str) -> None:
    with location_service(bus, behaviour):
        began = time.monotonic()
        assert geoclue.find(0.6) is None
        assert time.monotonic() - began < 5


@pytest.mark.parametrize("values", [(91.0, 0.0, 5.0), (0.0, 181.0, 5.0), (1.0, 1.0, -1.0), (float("nan"), 0.0, 5.0)])
def test_what_cannot_be_on_earth_is_nothing(bus: dict[str, str], values: tuple[float, ...]) -> None:
    with location_service(bus, "known", *values):
        assert geoclue.find(5) is None


def test_without_the_service_or_the_bus_there_is_none(bus: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert geoclue.find(2) is None
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    assert geoclue.find(2) is None


def test_each_system_has_its_way_and_another_none() -> None:
    assert senses_of_this_system("linux").position is geoclue.find
    assert senses_of_this_system("win32").position is windows.find
    assert senses_of_this_system("darwin").position is macos.find
    assert senses_of_this_system("plan9") == Senses()


def test_what_windows_says_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    said = ["38.7223 -9.1393 24.6\r\n", "", "no numbers", "NaN 0 0"]
    monkeypatch.setenv("SYSTEMROOT", "C:\\Windows")

    def run(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        assert "FromSeconds(2)" in command[-1]
        assert options["timeout"] == 3
        return subprocess.CompletedProcess(command, 0, said.pop(0), "")

    monkeypatch.setattr(subprocess, "run", run)
    assert windows.find(3) == Position(latitude=38.7223, longitude=-9.1393, accuracy_m=24.6, source="windows")
    assert [windows.find(3) for _ in range(3)] == [None] * 3
    monkeypatch.delenv("SYSTEMROOT")
    assert windows.find(3) is None
    assert macos.find(1) is None, "this is no macOS"
