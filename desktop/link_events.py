"""Links as macOS brings them: an event to the program that runs, not the argument of another start."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QFileOpenEvent

from agent.api import OpenWindow
from desktop.links import window_of_link


class LinkEvents(QObject):
    """`opened` is called with the window that a link asks for, while this is alive."""

    def __init__(self, opened: Callable[[OpenWindow], None], parent: QObject) -> None:
        super().__init__(parent)
        self._opened = opened
        application = QCoreApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's own name
        if event.type() == QEvent.Type.FileOpen and isinstance(event, QFileOpenEvent):
            self._opened(window_of_link(event.url().toString()))
            return True
        return super().eventFilter(watched, event)
