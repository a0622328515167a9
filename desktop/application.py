"""The window program from its first moment: Qt, the icon, and only then everything else, loaded on a thread.

Until the icon shows, nothing is imported that it does not need; `python -m bench start` measures it. While the rest
loads, the event loop is free: a panel that asks for the icon gets it at once.
"""

import logging
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QMenu

import desktop.plain_import  # noqa: F401 - before anything else of ours
from desktop.process import end, log_qt, route_exceptions, watch_signals
from desktop.tray.qt_tray import QtTray
from ui.theme import icons, pixmap_cache
from ui.translations import install_translations

if TYPE_CHECKING:
    from agent.api import OpenWindow
    from agent.control.hosting import ClosableAgent
    from desktop.tray_program import TrayProgram

_log = logging.getLogger(__name__)

_PANEL_ASKS_MS = 30


def run(
    profile_path: Path,
    *,
    agent_factory: "Callable[[], ClosableAgent]",
    wish: "OpenWindow | None" = None,
    arguments: list[str] | None = None,
) -> int:
    """Run the tray app for the profile at `profile_path` until it is quit; the process's exit code.

    `agent_factory` is called once, on a thread, after the icon shows. `wish` is the window to open with the start, as a
    link asks for it; nothing in it is committed. `arguments` are Qt's own, as of `-reverse`.
    """
    _log.info("the window starts for profile %s", profile_path.name)
    qInstallMessageHandler(log_qt)
    application = QApplication([sys.argv[0], *(arguments or [])])
    application.setApplicationName("miratag")
    application.setApplicationDisplayName("Miratag")
    application.setDesktopFileName("miratag")
    application.setQuitOnLastWindowClosed(False)
    pixmap_cache.let_go()
    install_translations(application)
    start = _Start(QtTray(application), agent_factory, wish)
    application.commitDataRequest.connect(start.end_soon)
    try:
        code = application.exec()
    finally:
        start.close()
        icons.forget()
        qInstallMessageHandler(None)
    if start.failure is not None:
        raise start.failure
    return code


class _Start(QObject):
    """Shows the icon when made, and turns into the program as soon as that is loaded."""

    _loaded = Signal()

    def __init__(self, tray: QtTray, agent_factory: "Callable[[], ClosableAgent]", wish: "OpenWindow | None") -> None:
        super().__init__()
        self.failure: Exception | None = None
        self._tray, self._factory, self._wish = tray, agent_factory, wish
        self._program: TrayProgram | None = None
        self._restore: list[Callable[[], None]] = []
        self._menu = QMenu()
        self._menu.addAction(self.tr("&Quit"), end)
        tray.set_state("out", self.tr("Miratag is starting"))
        tray.show(self._menu, self._opened_early)
        self._loaded.connect(self._begin)
        self._loader = threading.Thread(target=self._load, name="load", daemon=True)
        # Not before the panel has had the time to ask for icon and words: the two threads would take turns at Python's
        # lock, and whoever looks would see the icon later, and the rest no sooner.
        QTimer.singleShot(_PANEL_ASKS_MS, self, self._loader.start)

    def close(self) -> None:
        """The program in its order, or what there was of it."""
        if self._loader.ident is not None:
            self._loader.join()
        if self._program is not None:
            self._program.close()
        for undo in self._restore:
            undo()
        self._tray.close()

    @Slot()
    def end_soon(self) -> None:
        """The desktop session ends, and waits until this returns."""
        QTimer.singleShot(0, end)

    def _load(self) -> None:
        try:
            import desktop.tray_program  # noqa: F401 - loaded here, used in `_begin`
        except Exception as error:  # noqa: BLE001 - whatever it is, `run` raises it instead of sitting there mute
            self.failure = error
        self._loaded.emit()

    @Slot()
    def _begin(self) -> None:
        if self.failure is not None:
            QApplication.exit(1)
            return
        from desktop.tray_program import TrayProgram

        QApplication.setWindowIcon(icons.tray_icon("in"))
        self._program = TrayProgram(self._tray, self._factory, self._menu)
        self._restore = [watch_signals(self), route_exceptions(self._program.complain)]
        self._program.start(self._wish)

    def _opened_early(self) -> None:
        """A click before the program is there opens its window once it is."""
        from agent.api import OpenWindow

        self._wish = self._wish or OpenWindow()
