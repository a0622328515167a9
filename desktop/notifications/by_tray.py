"""Hints as a message at the tray icon, for systems without a notification service of their own to call."""

from collections.abc import Callable

from desktop.notifications.port import NoticePage
from desktop.tray.port import TrayPort


class TrayNotifications:
    """`opened(page, activation token)` is called on a click; there is no token here."""

    def __init__(self, tray: TrayPort, opened: Callable[[NoticePage, str], None]) -> None:
        self._tray, self._opened = tray, opened

    def show(self, title: str, text: str, page: NoticePage) -> None:
        self._tray.say(title, text, lambda: self._opened(page, ""))

    def close(self) -> None:
        """Nothing is held."""
