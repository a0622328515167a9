"""A GeoClue2 of the tests: owns the real one's name on a private bus and answers as it is told to.

    python -m tests.services.location_service BEHAVIOUR [LATITUDE LONGITUDE ACCURACY]

`known` has a position at once, `later` tells of it by a signal, `denied` refuses to start, `never` says nothing, and
`silent` does not even answer. It writes a line once it is on the bus, and one for each call.
"""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import PIPE, Popen
from typing import Annotated, Any

from dbus_fast import BusType, DBusError, PropertyAccess
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusBool, DBusDouble, DBusObjectPath, DBusSignature, DBusStr, DBusUInt32
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

from tests.services.processes import read_line, running

NAME = "org.freedesktop.GeoClue2"
MANAGER = "/org/freedesktop/GeoClue2/Manager"
CLIENT = "/org/freedesktop/GeoClue2/Client/1"
LOCATION = "/org/freedesktop/GeoClue2/Client/1/Location/0"
Paths = Annotated[list[str], DBusSignature("oo")]


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class Location(ServiceInterface):
    def __init__(self, values: list[float]) -> None:
        super().__init__(f"{NAME}.Location")
        self._values = values

    @dbus_property(access=PropertyAccess.READ)
    def Latitude(self) -> DBusDouble:
        return self._values[0]

    @dbus_property(access=PropertyAccess.READ)
    def Longitude(self) -> DBusDouble:
        return self._values[1]

    @dbus_property(access=PropertyAccess.READ)
    def Accuracy(self) -> DBusDouble:
        return self._values[2]


class Client(ServiceInterface):
    def __init__(self, behaviour: str) -> None:
        super().__init__(f"{NAME}.Client")
        self._behaviour, self._desktop, self._level = behaviour, "", 0

    @dbus_property()
    def DesktopId(self) -> DBusStr:
        return self._desktop

    @DesktopId.setter
    def DesktopId_setter(self, desktop: DBusStr) -> None:
        self._desktop = desktop

    @dbus_property()
    def RequestedAccuracyLevel(self) -> DBusUInt32:
        return self._level

    @RequestedAccuracyLevel.setter
    def RequestedAccuracyLevel_setter(self, level: DBusUInt32) -> None:
        self._level = level

    @dbus_property(access=PropertyAccess.READ)
    def Active(self) -> DBusBool:
        return True

    @dbus_property(access=PropertyAccess.READ)
    def Location(self) -> DBusObjectPath:
        return LOCATION if self._behaviour == "known" else "/"

    @dbus_method()
    async def Start(self) -> None:
        tell(f"start {self._desktop} {self._level}")
        if self._behaviour == "denied" or not self._desktop:
            raise DBusError("org.freedesktop.DBus.Error.AccessDenied", f"'{self._desktop}' disallowed")
        if self._behaviour == "silent":
            await asyncio.Event().wait()
        if self._behaviour == "later":
            asyncio.get_running_loop().call_later(0.2, self.LocationUpdated, "/", LOCATION)

    @dbus_signal()
    def LocationUpdated(self, old: str, new: str) -> Paths:
        return [old, new]


class Manager(ServiceInterface):
    def __init__(self) -> None:
        super().__init__(f"{NAME}.Manager")

    @dbus_method()
    def CreateClient(self) -> DBusObjectPath:
        return CLIENT

    @dbus_method()
    def DeleteClient(self, client: DBusObjectPath) -> None:
        tell(f"delete {client}")


async def serve(behaviour: str, values: list[float]) -> None:
    bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
    bus.export(MANAGER, Manager())
    bus.export(CLIENT, Client(behaviour))
    bus.export(LOCATION, Location(values))
    await bus.request_name(NAME)
    tell("ready")
    await bus.wait_for_disconnect()


@contextmanager
def location_service(env: dict[str, str], behaviour: str, *values: float) -> Iterator[Popen[bytes]]:
    """On the system bus that `env` names (DBUS_SYSTEM_BUS_ADDRESS); its output has a line for each call."""
    given: list[Any] = [sys.executable, "-m", "tests.services.location_service", behaviour, *map(str, values)]
    with running(given, env=env, stdout=PIPE) as process:
        assert process.stdout is not None
        assert read_line(process.stdout.fileno()) == "ready"
        yield process


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], [float(one) for one in sys.argv[2:]] or [38.7223, -9.1393, 24.6]))
