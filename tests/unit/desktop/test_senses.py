"""Where the computer is, asked of a location service on a private bus: told, late, refused, silent or absent."""

import contextlib
import os
import queue
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from jeepney import DBusAddress, new_signal
from jeepney.io.blocking import open_dbus_connection

from agent.attendance.senses import Senses
from desktop.senses import (
    geoclue,
    idle_elsewhere,
    idle_on_linux,
    leaving_on_linux,
    macos,
    senses_of_this_system,
    windows,
)
from protocol.operations import Position
from tests.services.display import virtual_display
from tests.services.idle_monitor import idle_monitor
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
    assert senses_of_this_system("linux") == Senses(geoclue.find, idle_on_linux.idle_seconds, leaving_on_linux.Leaving)
    assert senses_of_this_system("win32") == Senses(windows.find, idle_elsewhere.on_windows)
    assert senses_of_this_system("darwin") == Senses(macos.find, idle_elsewhere.on_macos)
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


@pytest.fixture
def desktop_bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """A private bus that stands for the session's."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    with tempfile.TemporaryDirectory(prefix="mt") as folder, session_bus(Path(folder)) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield dict(os.environ)


def test_gnome_says_for_how_long_nobody_used_it(desktop_bus: dict[str, str]) -> None:
    assert idle_on_linux.idle_seconds() is None, "nobody to ask"
    with idle_monitor(desktop_bus, 754_321):
        assert idle_on_linux.idle_seconds() == pytest.approx(754.321)


def test_x11_says_for_how_long_nobody_used_it(desktop_bus: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    with virtual_display() as display:
        monkeypatch.setenv("DISPLAY", display)
        first = idle_on_linux.idle_seconds()
        assert first is not None
        deadline = time.monotonic() + 10
        while (later := idle_on_linux.idle_seconds()) is not None and later <= first:
            assert time.monotonic() < deadline, "time goes on and nobody presses anything"
        monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
        assert idle_on_linux.idle_seconds() is None, "there X11 sees a part of the input only"
        monkeypatch.delenv("WAYLAND_DISPLAY")
    assert idle_on_linux.idle_seconds() is None, "the display has gone"


@pytest.mark.parametrize(
    ("interface", "member"),
    [
        ("org.freedesktop.ScreenSaver", "ActiveChanged"),
        ("org.gnome.ScreenSaver", "ActiveChanged"),
        ("org.freedesktop.login1.Manager", "PrepareForSleep"),
    ],
)
def test_a_lock_and_a_sleep_are_heard_and_a_return_is_not(
    bus: dict[str, str], desktop_bus: dict[str, str], interface: str, member: str
) -> None:
    heard: queue.Queue[bool] = queue.Queue()
    watching = leaving_on_linux.Leaving(lambda: heard.put(True))
    sleeps = member == "PrepareForSleep"
    path = "/org/freedesktop/login1" if sleeps else f"/{interface.replace('.', '/')}"
    emitter = DBusAddress(path, interface=interface)

    def heard_of(values: list[bool], seconds: float) -> int:
        for value in values:
            connection.send(new_signal(emitter, member, "b", (value,)))
        times = 0
        with contextlib.suppress(queue.Empty):
            while heard.get(timeout=seconds):
                times += 1
        return times

    try:
        with open_dbus_connection(bus="SYSTEM" if sleeps else "SESSION") as connection:
            deadline = time.monotonic() + 10
            while not heard_of([True], 0.2):  # it may not listen yet
                assert time.monotonic() < deadline
            assert heard_of([False, True, False, True, False], 0.5) == 2
            watching.close()
            assert heard_of([True], 0.2) == 0
    finally:
        watching.close()


def test_without_a_bus_nothing_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS"):
        monkeypatch.setenv(name, "unix:path=/nonexistent/bus")
    watching = leaving_on_linux.Leaving(lambda: None)
    watching.close()
    watching._thread.join(10)
    assert not watching._thread.is_alive()


def test_what_ioreg_says_is_read() -> None:
    said = '    | |   "HIDIdleTime" = 754321000000\n    | |   "HIDParameters" = {...}\n'
    assert idle_elsewhere.read_ioreg(said) == pytest.approx(754.321)
    assert idle_elsewhere.read_ioreg("") is None
