"""The window as a screen reader has it: what stands there, by role and name, and where on the screen.

AT-SPI over its own bus. Finding a control this way also shows that a person who cannot see the window can find it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL

from jeepney import DBusAddress, DBusErrorResponse, Properties, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.wrappers import unwrap_msg

from tests.services.processes import running
from tests.services.session_bus import wait_for_name

LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
ACCESSIBLE = "org.a11y.atspi.Accessible"
COMPONENT = "org.a11y.atspi.Component"
TEXT = "org.a11y.atspi.Text"
ROOT = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
CHECKED, FOCUSABLE, FOCUSED, SHOWING = 4, 11, 12, 25  # of the AtspiStateType numbers
CALL_SECONDS = 10.0
LOOK_SECONDS = 20.0
BETWEEN_LOOKS_SECONDS = 0.05


@dataclass(frozen=True)
class Seen:
    """One thing on the screen. `x` and `y` are its middle, in pixels of the display; `states` a bit for each number."""

    where: tuple[str, str]
    role: str
    name: str
    x: int
    y: int
    states: int

    def has(self, state: int) -> bool:
        """Whether it is CHECKED, FOCUSABLE, FOCUSED now."""
        return bool(self.states & (1 << state))


class ScreenReader:
    """Asks the accessibility bus of one desktop."""

    def __init__(self, connection: DBusConnection) -> None:
        self._connection = connection

    def find(self, name: str, *, role: str | None = None, seconds: float = LOOK_SECONDS) -> Seen:
        """The first thing showing whose name starts with `name`; LookupError lists what there was at the deadline."""
        deadline = time.monotonic() + seconds
        while True:
            everything = self.everything()
            for seen in everything:
                if seen.name.startswith(name) and role in (None, seen.role):
                    return seen
            if time.monotonic() > deadline:
                names = [(seen.role, seen.name) for seen in everything if seen.name]
                raise LookupError(f"no {role or 'thing'} {name!r} on the screen, which shows {names}")
            time.sleep(BETWEEN_LOOKS_SECONDS)

    def everything(self) -> list[Seen]:
        """All that shows now, from the top down."""
        return list(self._below(ROOT))

    def text(self, seen: Seen) -> str:
        """What is written in a text box."""
        return str(self._call(seen.where, TEXT, "GetText", "ii", (0, -1))[0])

    def _below(self, where: tuple[str, str]) -> Iterator[Seen]:
        try:
            children = self._call(where, ACCESSIBLE, "GetChildren")[0]
            for child in children:
                states = self._call(child, ACCESSIBLE, "GetState")[0][0]
                if where == ROOT or states & (1 << SHOWING):
                    if where != ROOT:
                        yield self._describe(child, states)
                    yield from self._below(child)
        except DBusErrorResponse:
            return  # it went away while it was looked at

    def _describe(self, where: tuple[str, str], states: int) -> Seen:
        role = self._call(where, ACCESSIBLE, "GetRoleName")[0]
        address = DBusAddress(where[1], where[0], ACCESSIBLE)
        reply = self._connection.send_and_get_reply(Properties(address).get("Name"), timeout=CALL_SECONDS)
        name = unwrap_msg(reply)[0][1]
        left, top, width, height = self._call(where, COMPONENT, "GetExtents", "u", (0,))[0]
        x, y = left + width // 2, top + height // 2
        return Seen(where=where, role=role, name=name, x=x, y=y, states=states)

    def _call(
        self, where: tuple[str, str], interface: str, method: str, signature: str = "", body: tuple[object, ...] = ()
    ) -> tuple:  # type: ignore[type-arg]
        message = new_method_call(DBusAddress(where[1], where[0], interface), method, signature or None, body)
        return unwrap_msg(self._connection.send_and_get_reply(message, timeout=CALL_SECONDS))


@contextmanager
def screen_reader(env: dict[str, str]) -> Iterator[ScreenReader]:
    """A screen reader on the desktop of `env`. Programs started in the block let themselves be read."""
    launcher = next(path for path in LAUNCHERS if Path(path).exists())
    with running([launcher, "--launch-immediately"], env=env, stdout=DEVNULL, stderr=DEVNULL):
        with open_dbus_connection(env["DBUS_SESSION_BUS_ADDRESS"]) as session:
            wait_for_name(session, "org.a11y.Bus")
            ask = new_method_call(DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus"), "GetAddress")
            address = unwrap_msg(session.send_and_get_reply(ask, timeout=CALL_SECONDS))[0]
        with open_dbus_connection(address) as connection:
            yield ScreenReader(connection)
