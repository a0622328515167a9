"""The rounded surface that a group of controls stands on."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.theme.colours import colours
from ui.theme.scale import M, S, spaced

_RADIUS = 8


class Card(QFrame):
    """A surface with a thin outline; `notice` tints it. Its layout is `column`."""

    def __init__(self, parent: QWidget | None = None, *, notice: bool = False) -> None:
        super().__init__(parent)
        self._notice = notice
        self.column = spaced(QVBoxLayout(self), margins=M, gap=S)

    def set_notice(self, *, notice: bool) -> None:
        """Tint it, or no longer."""
        if notice != self._notice:
            self._notice = notice
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(tokens.outline, 1))
        painter.setBrush(tokens.notice if self._notice else tokens.card)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
