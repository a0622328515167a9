"""Labels that take any text as it is: never markup, wrapped or shortened, in a colour token."""

import re
from typing import Literal

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle

from ui.theme.colours import colours
from ui.theme.scale import Type, font
from ui.tool_tip import plain_tip

Ink = Literal["text", "muted", "accent", "good", "warn", "bad"]


class TextLabel(QLabel):
    """Plain text in one step of the type scale and one colour token, wrapped."""

    def __init__(self, text: str = "", *, step: Type = Type.BODY, ink: Ink = "text") -> None:
        super().__init__(text)
        self._ink: Ink = ink
        self._step = step
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setFont(font(step))
        self._dye()
        self._lean()

    def show_text(self, text: str) -> None:
        """Set the text; without any, take no room."""
        if text != self.text():
            self.setText(text)
        self.setVisible(bool(text))

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change between light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            self._dye()
        elif event.type() == QEvent.Type.LayoutDirectionChange:
            self._lean()

    def _lean(self) -> None:
        """Stand on the layout's side, whatever direction the text itself has: lines of a column stay one column."""
        if not self.alignment() & Qt.AlignmentFlag.AlignHCenter:
            side = Qt.AlignmentFlag.AlignRight if self.isRightToLeft() else Qt.AlignmentFlag.AlignLeft
            upright = self.alignment() & Qt.AlignmentFlag.AlignVertical_Mask
            self.setAlignment(upright | side | Qt.AlignmentFlag.AlignAbsolute)

    def _dye(self) -> None:
        palette = self.palette()
        wanted = getattr(colours(), self._ink)
        if palette.color(QPalette.ColorRole.WindowText) != wanted:
            palette.setColor(QPalette.ColorRole.WindowText, wanted)
            self.setPalette(palette)


def readable_label(text: str = "", *, step: Type = Type.BODY, ink: Ink = "text") -> TextLabel:
    """One whose text can be marked and copied, by keyboard too."""
    label = TextLabel(text, step=step, ink=ink)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return label


class SpanLabel(TextLabel):
    """One line where there is room for it, and as many as it takes where there is not."""

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 2, self.fontMetrics().height() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().height() + 2)


class LineLabel(TextLabel):
    """One line that is shortened with an ellipsis where there is no room; the whole text is its tool tip then."""

    def __init__(self, text: str = "", *, step: Type = Type.BODY, ink: Ink = "text") -> None:
        super().__init__(text, step=step, ink=ink)
        self.setWordWrap(False)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().height() + 2)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.fontMetrics().height() + 2)

    def setText(self, text: str) -> None:
        super().setText(text)
        self._explain()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._explain()

    def _explain(self) -> None:
        short = self.fontMetrics().horizontalAdvance(self.text()) > self.width()
        self.setToolTip(plain_tip(self.text()) if short else "")

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        align = QStyle.visualAlignment(self.layoutDirection(), self.alignment())
        painter.drawText(self.contentsRect(), align, shown)


class BreakingLabel(TextLabel):
    """One whose words are broken where a line has no room for them: addresses, checksums, text of others."""

    _GAPS = str.maketrans({one: f"{one}\N{ZERO WIDTH SPACE}" for one in "./:@-_"})
    """Where an address is broken rather than within a name."""
    _LONG = re.compile(r"[!-~]{16}(?=[!-~])")
    """Of letters that are joined in writing none is parted from the next."""

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        room = QRect(0, 0, max(width, 1), 1_000_000)
        return self.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, self._gapped()).height() + 2

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().height() + 2)

    def sizeHint(self) -> QSize:
        width = min(self.fontMetrics().horizontalAdvance(self.text()) + 2, 400)
        return QSize(width, self.heightForWidth(width))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)  # each text runs as it is written
        flags = int(self.alignment()) | int(Qt.TextFlag.TextWordWrap)
        painter.drawText(self.contentsRect(), flags, self._gapped())

    def _gapped(self) -> str:
        return self._LONG.sub(lambda found: f"{found[0]}\N{ZERO WIDTH SPACE}", self.text().translate(self._GAPS))
