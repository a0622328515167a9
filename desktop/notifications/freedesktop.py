"""Hints through org.freedesktop.Notifications, with a click that reaches us.

Qt's own message has no action and replaces nothing, and QtDBus cannot send the service's unsigned numbers from Python.
This is a D-Bus client on its own two threads; they exist from the first hint on.
"""

import logging
import queue
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from desktop.notifications.port import NoticePage

if TYPE_CHECKING:
    from jeepney import Message
    from jeepney.io.threading import DBusRouter

_log = logging.getLogger(__name__)

_INTERFACE = "org.freedesktop.Notifications"
_SECONDS = 5.0


class FreedesktopNotifications:
    """`opened(page, activation token)` is called on a thread of ours when the person clicks."""

    def __init__(self, opened: Callable[[NoticePage, str], None]) -> None:
        self._opened = opened
        self._jobs: queue.Queue[tuple[str, str, NoticePage] | Message | None] = queue.Queue()
        self._thread: threading.Thread | None = None
        self._shown: tuple[int, NoticePage] = (0, "main")
        self._token = ""

    def show(self, title: str, text: str, page: NoticePage) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="notifications", daemon=True)
            self._thread.start()
        self._jobs.put((title, text, page))

    def close(self) -> None:
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join(1)
            self._thread = None

    def _serve(self) -> None:
        """Requests and signals come through one queue, so nothing waits for two things."""
        from jeepney.io.threading import open_dbus_router

        try:
            with open_dbus_router(bus="SESSION") as router:
                self._listen(router)
                while (job := self._jobs.get()) is not None:
                    if isinstance(job, tuple):
                        self._notify(router, *job)
                    else:
                        self._hear(job)
        except (OSError, KeyError, ValueError) as error:
            # No session bus, or one that went away: a hint is only a hint, and the window says the same.
            _log.info("no notifications: %s", type(error).__name__)
            self._drain()

    def _drain(self) -> None:
        while self._jobs.get() is not None:
            continue

    def _listen(self, router: "DBusRouter") -> None:
        from jeepney import MatchRule, message_bus

        rule = MatchRule(type="signal", interface=_INTERFACE, path="/org/freedesktop/Notifications")
        router.filter(rule, queue=self._jobs)
        router.send_and_get_reply(message_bus.AddMatch(rule), timeout=_SECONDS)

    def _notify(self, router: "DBusRouter", title: str, text: str, page: NoticePage) -> None:
        from jeepney import DBusAddress, DBusErrorResponse, MessageType, new_method_call

        address = DBusAddress("/org/freedesktop/Notifications", bus_name=_INTERFACE, interface=_INTERFACE)
        hints = {"desktop-entry": ("s", "miratag")}
        body = ("Miratag", self._shown[0], "miratag", title, text, ["default", ""], hints, -1)
        try:
            reply = router.send_and_get_reply(
                new_method_call(address, "Notify", "susssasa{sv}i", body), timeout=_SECONDS
            )
        except (TimeoutError, DBusErrorResponse) as error:
            _log.info("a hint was not shown: %s", type(error).__name__)
            return
        if reply.header.message_type is MessageType.method_return:
            self._shown = (reply.body[0], page)

    def _hear(self, signal: "Message") -> None:
        from jeepney import HeaderFields

        name = signal.header.fields.get(HeaderFields.member)
        number = signal.body[0] if signal.body else 0
        if number != self._shown[0]:
            return
        if name == "ActivationToken":
            self._token = str(signal.body[1])
        elif name == "ActionInvoked":
            token, self._token = self._token, ""
            self._opened(self._shown[1], token)
        elif name == "NotificationClosed":
            self._shown = (0, self._shown[1])
