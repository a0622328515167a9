"""A plain text box that grows with what is written in it, up to a limit, and scrolls from there."""

from PySide6.QtCore import QEvent, QMimeData, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy

from ui.theme.colours import colours


class GrowingBox(QPlainTextEdit):
    """As tall as its text. Tab leaves it. Pictures and files that are pasted or dropped are handed on, not inserted."""

    files_given = Signal(QMimeData)

    def __init__(self, *, least_lines: int, most_lines: int) -> None:
        super().__init__()
        self._least, self._most = least_lines, most_lines
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._lean()
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        self._grow()

    def setPlaceholderText(self, text: str) -> None:
        """What to write here, while it is empty."""
        # Qt leaves it a margin at the left side only (6.11).
        super().setPlaceholderText(f"\N{NO-BREAK SPACE}{text}" if self.isRightToLeft() else text)

    def event(self, event: QEvent) -> bool:
        """Native styles paint no frame that shows where the keyboard is; lines have one."""
        done = super().event(event)
        if event.type() == QEvent.Type.Paint and self.hasFocus() and self.frameShape() != QFrame.Shape.NoFrame:
            painter = QPainter(self)
            painter.setPen(QPen(colours().accent, self.frameWidth() + 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        return done

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change of the layout's direction."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._lean()

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

    def _lean(self) -> None:
        """Lines stand on the layout's side; which way each runs is up to its own words."""
        side = Qt.AlignmentFlag.AlignRight if self.isRightToLeft() else Qt.AlignmentFlag.AlignLeft
        option = self.document().defaultTextOption()
        option.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute)
        self.document().setDefaultTextOption(option)

    def _grow(self) -> None:
        written = int(self.document().size().height())
        lines = min(max(written, self._least), self._most)
        fits = written <= self._most
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if fits else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(policy)
        margins = self.contentsMargins()
        around = 2 * (self.frameWidth() + int(self.document().documentMargin())) + margins.top() + margins.bottom()
        wanted = lines * self.fontMetrics().lineSpacing() + around + 2
        if wanted != self.height() or wanted != self.maximumHeight():
            self.setFixedHeight(wanted)


def carries_files(source: QMimeData) -> bool:
    """Whether this is a picture or local files, and not text (an office program offers text with a picture of it)."""
    if any(url.isLocalFile() for url in source.urls()):
        return True
    return source.hasImage() and not source.hasText()
