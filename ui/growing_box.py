"""A plain text box that grows with what is written in it, up to a limit, and scrolls from there."""

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy


class GrowingBox(QPlainTextEdit):
    """As tall as its text. Tab leaves it. Pictures and files that are pasted or dropped are handed on, not inserted."""

    files_given = Signal(QMimeData)

    def __init__(self, *, least_lines: int, most_lines: int) -> None:
        super().__init__()
        self._least, self._most = least_lines, most_lines
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        self._grow()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasImage() or source.hasUrls() or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        if carries_files(source):
            self.files_given.emit(source)
        else:
            super().insertFromMimeData(source)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._grow()

    def _grow(self) -> None:
        lines = min(max(int(self.document().size().height()), self._least), self._most)
        margins = self.contentsMargins()
        around = 2 * (self.frameWidth() + int(self.document().documentMargin())) + margins.top() + margins.bottom()
        wanted = lines * self.fontMetrics().lineSpacing() + around
        if wanted != self.height() or wanted != self.maximumHeight():
            self.setFixedHeight(wanted)


def carries_files(source: QMimeData) -> bool:
    """Whether this is a picture or local files, and not text (an office program offers text with a picture of it)."""
    if any(url.isLocalFile() for url in source.urls()):
        return True
    return source.hasImage() and not source.hasText()
