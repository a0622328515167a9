"""Where GeoClue says this computer is (org.freedesktop.GeoClue2 on the system bus).

https://www.freedesktop.org/software/geoclue/docs/. GeoClue asks the person or the administrator itself whether this
program may know; a no, a service that is not there and one that finds nothing in time look the same from here.
"""

import logging
import math
import time
from typing import TYPE_CHECKING, Any

from protocol.operations import Position

if TYPE_CHECKING:
    from jeepney.io.blocking import DBusConnection

_log = logging.getLogger(__name__)

SOURCE = "geoclue"
_SERVICE = "org.freedesktop.GeoClue2"
_MANAGER = "/org/freedesktop/GeoClue2/Manager"
_DESKTOP_ID = "miratag"
_EXACT = 8  # GCLUE_ACCURACY_LEVEL_EXACT
_NOWHERE = "/"
_LEAST_SECONDS = 0.05


def find(seconds: float) -> Position | None:
    """Ask once, for at most `seconds`; None where nothing is told."""
    from jeepney.io.blocking import open_dbus_connection
    from jeepney.wrappers import DBusErrorResponse

    deadline = time.monotonic() + seconds
    try:
        with open_dbus_connection(bus="SYSTEM") as connection:
            return _Client(connection, deadline).find()
    except DBusErrorResponse as error:  # such as AccessDenied: the person said no, or nobody can be asked
        _log.info("no position: %s", error.name)
    except (OSError, TimeoutError, KeyError, ValueError, TypeError, IndexError) as error:  # no bus, or strange answers
        _log.info("no position: %s", type(error).__name__)
    return None


class _Client:
    """One question; everything in it ends by the deadline (time.monotonic)."""

    def __init__(self, connection: "DBusConnection", deadline: float) -> None:
        self._connection, self._deadline = connection, deadline

    def find(self) -> Position | None:
        client = str(self._call(_MANAGER, "Manager", "CreateClient")[0])
        try:
            return self._ask(client)
        finally:
            self._leave(client)

    def _ask(self, client: str) -> Position | None:
        from jeepney import MatchRule, message_bus

        self._set(client, "DesktopId", ("s", _DESKTOP_ID))
        self._set(client, "RequestedAccuracyLevel", ("u", _EXACT))
        rule = MatchRule(type="signal", interface=f"{_SERVICE}.Client", member="LocationUpdated", path=client)
        with self._connection.filter(rule) as updates:
            self._reply(message_bus.AddMatch(rule))
            self._call(client, "Client", "Start")
            where = str(self._get(client, "Client", "Location"))
            if where == _NOWHERE:
                where = str(self._connection.recv_until_filtered(updates, timeout=self._left()).body[1])
        return self._position(where)

    def _position(self, where: str) -> Position | None:
        values = [float(self._get(where, "Location", name)) for name in ("Latitude", "Longitude", "Accuracy")]
        latitude, longitude, accuracy = values
        if not all(map(math.isfinite, values)) or abs(latitude) > 90 or abs(longitude) > 180 or accuracy < 0:
            return None
        return Position(latitude=latitude, longitude=longitude, accuracy_m=accuracy, source=SOURCE)

    def _leave(self, client: str) -> None:
        """Not waited for: whatever it answers, the connection ends, and with it the client."""
        from jeepney import DBusAddress, new_method_call

        address = DBusAddress(_MANAGER, bus_name=_SERVICE, interface=f"{_SERVICE}.Manager")
        self._connection.send(new_method_call(address, "DeleteClient", "o", (client,)))

    def _call(self, path: str, interface: str, method: str) -> tuple[Any, ...]:
        from jeepney import DBusAddress, new_method_call

        address = DBusAddress(path, bus_name=_SERVICE, interface=f"{_SERVICE}.{interface}")
        return self._reply(new_method_call(address, method))

    def _get(self, path: str, interface: str, name: str) -> Any:
        from jeepney import DBusAddress, Properties

        address = DBusAddress(path, bus_name=_SERVICE, interface=f"{_SERVICE}.{interface}")
        return self._reply(Properties(address).get(name))[0][1]

    def _set(self, client: str, name: str, value: tuple[str, Any]) -> None:
        from jeepney import DBusAddress, Properties

        address = DBusAddress(client, bus_name=_SERVICE, interface=f"{_SERVICE}.Client")
        self._reply(Properties(address).set(name, *value))

    def _reply(self, message: Any) -> tuple[Any, ...]:
        from jeepney.wrappers import unwrap_msg

        answer: tuple[Any, ...] = unwrap_msg(self._connection.send_and_get_reply(message, timeout=self._left()))
        return answer

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left < _LEAST_SECONDS:
            raise TimeoutError
        return left
