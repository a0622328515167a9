"""The tray by Qt: StatusNotifierItem or XEmbed on Linux, the notification area and the menu bar elsewhere."""

import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from ui.theme.icons import TrayShape, tray_icon

_WATCHER = "org.kde.StatusNotifierWatcher"


class QtTray(QObject):
    """One icon. It is made anew when a tray host appears after us.

    WORKAROUND: an icon made before a StatusNotifierWatcher is on the bus falls back to XEmbed and never registers with
    a watcher that comes later (seen with Qt 6.12); at login that is the usual order.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._icon: QSystemTrayIcon | None = None
        self._opened: Callable[[], None] = lambda: None
        self._clicked: Callable[[], None] = lambda: None
        self._shape: TrayShape = "out"
        self._tooltip = ""
        self._watcher: QObject | None = None

    def available(self) -> bool:
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show(self, menu: QMenu, opened: Callable[[], None]) -> None:
        self._opened = opened
        if self._icon is not None and menu is self._menu:
            return
        self._menu: QMenu = menu
        self._make()
        if sys.platform == "linux":
            QTimer.singleShot(0, self, self._watch)

    def set_state(self, shape: TrayShape, tooltip: str) -> None:
        if (shape, tooltip) == (self._shape, self._tooltip):
            return
        self._shape, self._tooltip = shape, tooltip
        if self._icon is not None:
            self._icon.setIcon(tray_icon(shape))
            self._icon.setToolTip(tooltip)

    def say(self, title: str, text: str, clicked: Callable[[], None]) -> None:
        self._clicked = clicked
        if self._icon is not None and self._icon.supportsMessages():
            self._icon.showMessage(title, text, tray_icon(self._shape))

    def close(self) -> None:
        if self._icon is not None:
            self._icon.hide()
            self._icon.deleteLater()
            self._icon = None

    def _make(self) -> None:
        self.close()
        self._icon = QSystemTrayIcon(tray_icon(self._shape), self)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._activated)
        self._icon.messageClicked.connect(self._message_clicked)
        self._icon.show()
        self._icon.setToolTip(self._tooltip)

    def _watch(self) -> None:
        """Hear of a tray host that starts, without asking again and again."""
        from PySide6.QtDBus import QDBusConnection, QDBusServiceWatcher

        bus = QDBusConnection.sessionBus()
        if not bus.isConnected():
            return
        mode = QDBusServiceWatcher.WatchModeFlag.WatchForRegistration
        watcher = QDBusServiceWatcher(_WATCHER, bus, mode, self)
        watcher.serviceRegistered.connect(self._host_appeared)
        self._watcher = watcher

    def _host_appeared(self, _service: str) -> None:
        if self._icon is not None:
            self._make()

    def _message_clicked(self) -> None:
        self._clicked()

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self._opened()
