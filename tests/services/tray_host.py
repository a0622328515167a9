"""A real StatusNotifier tray host without a window: it sees the icon's item and presses it as a panel would."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from dbus_fast import BusType, Message, MessageType, PropertyAccess, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusBool, DBusInt32, DBusSignature, DBusStr
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

WATCHER = "org.kde.StatusNotifierWatcher"
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"
SECONDS = 20.0
BETWEEN_LOOKS_SECONDS = 0.05

T = TypeVar("T")
Strings = Annotated[list[str], DBusSignature("as")]


class _Watcher(ServiceInterface):
    """What a panel owns: programs register their icons here."""

    def __init__(self, registered: Callable[[str], None]) -> None:
        super().__init__(WATCHER)
        self._items: list[str] = []
        self._registered = registered

    @dbus_method()
    def RegisterStatusNotifierItem(self, service: DBusStr) -> None:
        self._items.append(service)
        self.StatusNotifierItemRegistered(service)
        self._registered(service)

    @dbus_method()
    def RegisterStatusNotifierHost(self, service: DBusStr) -> None:
        self.StatusNotifierHostRegistered()

    @dbus_property(access=PropertyAccess.READ)
    def RegisteredStatusNotifierItems(self) -> Strings:
        return self._items

    @dbus_property(access=PropertyAccess.READ)
    def IsStatusNotifierHostRegistered(self) -> DBusBool:
        return True

    @dbus_property(access=PropertyAccess.READ)
    def ProtocolVersion(self) -> DBusInt32:
        return 0

    @dbus_signal()
    def StatusNotifierItemRegistered(self, service: str) -> DBusStr:
        return service

    @dbus_signal()
    def StatusNotifierHostRegistered(self) -> None:
        return None


@dataclass(frozen=True)
class MenuEntry:
    """One line of the tray menu; `path` are the labels of the submenus it lies in."""

    id: int
    label: str
    enabled: bool
    path: tuple[str, ...]


class TrayHost:
    """Called from the test's thread; the bus lives on a thread of its own."""

    def __init__(self, loop: asyncio.AbstractEventLoop, bus: MessageBus) -> None:
        self._loop = loop
        self._bus = bus
        self._arrived = asyncio.Event()
        self._item = ""

    def registered(self, service: str) -> None:
        """The watcher's word that an icon came; the newest one is the one that is asked."""
        self._item = service
        self._arrived.set()

    def wait_for_item(self, *, seconds: float = SECONDS) -> None:
        """Return once a program has put its icon into the tray; TimeoutError otherwise."""
        self._do(asyncio.wait_for(self._wait(), seconds))

    def properties(self) -> dict[str, Any]:
        """What the item says of itself: Title, Status, IconName, ToolTip, …"""
        reply = self._call("/StatusNotifierItem", "org.freedesktop.DBus.Properties", "GetAll", "s", [ITEM])
        return {name: value.value for name, value in reply[0].items()}

    def activate(self) -> None:
        """A click with the main button."""
        self._call("/StatusNotifierItem", ITEM, "Activate", "ii", [0, 0])

    def menu(self) -> list[MenuEntry]:
        """Every visible entry, in order; separators left out."""
        path = self.properties()["Menu"]
        self._call(path, MENU, "AboutToShow", "i", [0])
        layout = self._call(path, MENU, "GetLayout", "iias", [0, -1, []])
        return list(_entries(layout[1], ()))

    def press(self, label: str) -> None:
        """Choose the entry whose label starts with `label`; LookupError names what there is instead."""
        entries = self.menu()
        entry = next((entry for entry in entries if entry.label.startswith(label)), None)
        if entry is None:
            raise LookupError(f"no {label!r} in the menu, which has {[entry.label for entry in entries]}")
        self._call(self.properties()["Menu"], MENU, "Event", "isvu", [entry.id, "clicked", Variant("s", ""), 0])

    def wait_for_entry(self, label: str, *, seconds: float = SECONDS) -> None:
        """Return once the menu has an enabled entry whose label starts with `label`; LookupError at the deadline."""
        deadline = time.monotonic() + seconds
        while not any(entry.enabled and entry.label.startswith(label) for entry in self.menu()):
            if time.monotonic() > deadline:
                raise LookupError(f"no {label!r} in the menu, which has {[entry.label for entry in self.menu()]}")
            time.sleep(BETWEEN_LOOKS_SECONDS)

    async def _wait(self) -> None:
        await self._arrived.wait()

    def _call(self, path: str, interface: str, member: str, signature: str, body: list[Any]) -> list[Any]:
        message = Message(
            destination=self._item, path=path, interface=interface, member=member, signature=signature, body=body
        )
        reply = self._do(asyncio.wait_for(self._bus.call(message), SECONDS))
        assert reply is not None
        if reply.message_type is MessageType.ERROR:
            raise RuntimeError(f"{member}: {reply.error_name}: {reply.body}")
        return reply.body

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


def _entries(node: list[Any], path: tuple[str, ...]) -> Iterator[MenuEntry]:
    identity, properties, children = node
    values = {name: value.value for name, value in properties.items()}
    label = str(values.get("label", "")).replace("_", "")
    if identity != 0 and values.get("visible", True) and values.get("type") != "separator":
        yield MenuEntry(id=identity, label=label, enabled=bool(values.get("enabled", True)), path=path)
    for child in children:
        yield from _entries(child.value, (*path, label) if label else path)


@contextmanager
def tray_host(bus_address: str) -> Iterator[TrayHost]:
    """A tray on the bus while the block runs."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="tray host")
    thread.start()

    async def open_tray() -> tuple[MessageBus, TrayHost]:
        bus = await MessageBus(bus_address=bus_address, bus_type=BusType.SESSION).connect()
        host = TrayHost(loop, bus)
        bus.export("/StatusNotifierWatcher", _Watcher(host.registered))
        await bus.request_name(WATCHER)
        return bus, host

    async def close_tray(bus: MessageBus) -> None:
        bus.disconnect()
        await bus.wait_for_disconnect()

    try:
        bus, host = asyncio.run_coroutine_threadsafe(open_tray(), loop).result(SECONDS)
        try:
            yield host
        finally:
            asyncio.run_coroutine_threadsafe(close_tray(bus), loop).result(SECONDS)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(SECONDS)
        loop.close()
