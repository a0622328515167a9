"""When this computer is locked or goes to sleep, as the desktop and logind say. A thread waits for their signals, from
the moment that somebody wants to hear them; it asks nothing."""

import logging
import queue
import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jeepney import Message

_log = logging.getLogger(__name__)

_SECONDS = 2.0
_SAVERS = ("org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver")
_LOGIND = "org.freedesktop.login1"


class Leaving:
    """Calls `left` on a thread of its own each time, until closed."""

    def __init__(self, left: Callable[[], None]) -> None:
        self._left = left
        self._closed = False
        self._heard: queue.Queue[Message | None] = queue.Queue()
        self._thread = threading.Thread(target=self._serve, name="leaving", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """No call begins after this. Not waited for: a bus that hangs must not hold up the end of the program."""
        self._closed = True
        self._heard.put(None)

    def _serve(self) -> None:
        with ExitStack() as buses:
            for bus, rules in (("SESSION", _locked()), ("SYSTEM", _sleeps())):
                self._listen(buses, bus, rules)
            while (signal := self._heard.get()) is not None and not self._closed:
                if signal.body and signal.body[0] is True:
                    self._left()

    def _listen(self, buses: ExitStack, bus: str, rules: list[object]) -> None:
        from jeepney import message_bus
        from jeepney.io.threading import open_dbus_router

        try:
            router = buses.enter_context(open_dbus_router(bus=bus))
            for rule in rules:
                buses.enter_context(router.filter(rule, queue=self._heard))
                router.send_and_get_reply(message_bus.AddMatch(rule), timeout=_SECONDS)
        except (OSError, TimeoutError, KeyError, ValueError) as error:
            # Without that bus nothing is heard from it; what is asked when a session's end is due still is.
            _log.info("nothing is heard of leaving on the %s bus: %s", bus.lower(), type(error).__name__)


def _locked() -> list[object]:
    from jeepney import MatchRule

    return [MatchRule(type="signal", interface=one, member="ActiveChanged") for one in _SAVERS]


def _sleeps() -> list[object]:
    from jeepney import MatchRule

    return [MatchRule(type="signal", interface=f"{_LOGIND}.Manager", member="PrepareForSleep")]
