"""The tray program on a real display and bus: a tray host that comes late, and a notification that is clicked."""

import asyncio
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import Annotated, Any

import pytest
from dbus_fast import BusType
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusInt32, DBusSignature, DBusStr, DBusUInt32
from dbus_fast.service import ServiceInterface, dbus_method, dbus_signal

from desktop.notifications.freedesktop import FreedesktopNotifications
from tests.services.desktop_session import desktop_session
from tests.services.session_bus import session_bus
from tests.services.tray_host import tray_host

pytestmark = pytest.mark.system

PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QSystemTrayIcon
from tests.ui.fake_agent import FakeAgent
from desktop import application, tray_program

def factory():
    agent = FakeAgent(Path(sys.argv[1]))
    agent.change("snapshot", "locations", last_location_id="loc-0", last_location="Gate 2")
    return agent

attach = tray_program.TrayProgram._attach
def attached(program, agent):
    attach(program, agent)
    print("tray", QSystemTrayIcon.isSystemTrayAvailable(), flush=True)
tray_program.TrayProgram._attach = attached
sys.exit(application.run(Path(sys.argv[1]), agent_factory=factory))
"""


def test_a_tray_host_that_starts_after_the_program_gets_the_icon(tmp_path: Path) -> None:
    with desktop_session(tmp_path, tray=False, keyring=False) as desktop:
        env = desktop.env | {"PYTHONPATH": str(Path(__file__).parents[2])}
        with subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(tmp_path)], env=env, stdout=subprocess.PIPE
        ) as program:
            try:
                assert program.stdout is not None
                assert program.stdout.readline() == b"tray False\n"
                with tray_host(env["DBUS_SESSION_BUS_ADDRESS"]) as host:
                    host.wait_for_item()
                    assert host.properties()["ToolTip"][2] == "Not checked in"
                    host.press("Check in Ana at Gate 2")
                    host.wait_for_entry("Check out Ana")
                    host.press("Quit")
                    assert program.wait(20) == 0
            finally:
                program.kill()


class Notifications(ServiceInterface):
    """A notification service that the test presses."""

    def __init__(self) -> None:
        super().__init__("org.freedesktop.Notifications")
        self.shown: queue.Queue[tuple[str, int, list[str]]] = queue.Queue()

    @dbus_method()
    def Notify(  # noqa: PLR0917 - as many as the specification has
        self,
        app: DBusStr,
        replaces: DBusUInt32,
        icon: DBusStr,
        title: DBusStr,
        text: DBusStr,
        actions: Annotated[list[str], DBusSignature("as")],
        hints: Annotated[dict[str, Any], DBusSignature("a{sv}")],
        expires: DBusInt32,
    ) -> DBusUInt32:
        self.shown.put((title, replaces, actions))
        return replaces or 7

    @dbus_signal()
    def ActivationToken(self, number: int, token: str) -> Annotated[tuple[int, str], DBusSignature("us")]:
        return number, token

    @dbus_signal()
    def ActionInvoked(self, number: int, action: str) -> Annotated[tuple[int, str], DBusSignature("us")]:
        return number, action


def test_a_click_on_a_notification_opens_the_page_it_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    service, ready, done = Notifications(), threading.Event(), threading.Event()
    loop = asyncio.new_event_loop()

    async def serve(address: str) -> None:
        bus = await MessageBus(bus_address=address, bus_type=BusType.SESSION).connect()
        bus.export("/org/freedesktop/Notifications", service)
        await bus.request_name("org.freedesktop.Notifications")
        ready.set()
        await loop.run_in_executor(None, done.wait)
        bus.disconnect()
        await bus.wait_for_disconnect()

    with session_bus(tmp_path) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        thread = threading.Thread(target=lambda: loop.run_until_complete(serve(address)))
        thread.start()
        assert ready.wait(10)
        clicks: queue.Queue[tuple[str, str]] = queue.Queue()
        notices = FreedesktopNotifications(lambda page, token: clicks.put((page, token)))
        try:
            notices.show("1 item needs you", "Open Miratag to see why.", "main")
            assert service.shown.get(timeout=10) == ("1 item needs you", 0, ["default", ""])
            notices.show("2 items need you", "Open Miratag to see why.", "privacy")
            assert service.shown.get(timeout=10) == ("2 items need you", 7, ["default", ""])
            loop.call_soon_threadsafe(service.ActionInvoked, 99, "default")
            loop.call_soon_threadsafe(service.ActivationToken, 7, "token-1")
            loop.call_soon_threadsafe(service.ActionInvoked, 7, "default")
            assert clicks.get(timeout=10) == ("privacy", "token-1")
            assert clicks.empty()
        finally:
            notices.close()
            done.set()
            thread.join(10)
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()


def test_without_a_bus_a_hint_is_only_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={os.devnull}/none")
    notices = FreedesktopNotifications(lambda page, token: None)
    notices.show("1 item needs you", "Open Miratag to see why.", "main")
    thread = notices._thread
    notices.close()
    assert thread is not None
    assert not thread.is_alive()
