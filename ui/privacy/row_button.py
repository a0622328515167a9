"""A row that leads to a page: its name, one line about it that wraps, and an arrow."""

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QVBoxLayout

from ui.labels import TextLabel
from ui.theme.colours import colours, mixed
from ui.theme.icons import pixmap
from ui.theme.scale import ICON, XS, M, S, Type, spaced


class RowButton(QPushButton):
    """As tall as its line needs at the width it has. A screen reader says both the name and the line."""

    def __init__(self, name: str, line: str = "") -> None:
        super().__init__()
        self.setFlat(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.name = TextLabel(name, step=Type.STRONG)
        self.line = TextLabel(step=Type.SMALL, ink="muted")
        column = spaced(QVBoxLayout(self), gap=XS)
        for label in (self.name, self.line):
            label.setForegroundRole(QPalette.ColorRole.WindowText)  # a button would set them in its own ink
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(label)
        self._fit()
        self.show_line(line)

    def show_line(self, line: str) -> None:
        """What is said beneath the name."""
        self.line.show_text(line)
        self.setAccessibleName(f"{self.name.text()}. {line}" if line else self.name.text())

    def sizeHint(self) -> QSize:
        """What stands in it decides, not a text of its own."""
        layout = self.layout()
        return layout.totalSizeHint() if layout is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A row opens with Return as rows of lists do; whether a button does is for each desktop to say."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens, area = colours(), QRectF(self.rect())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isDown() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(mixed(tokens.text, tokens.card, 0.12 if self.isDown() else 0.06))
            painter.drawRoundedRect(area, 6, 6)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(tokens.accent, 2))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 5, 5)
        shape = "back" if self.isRightToLeft() else "forward"
        box = QRect(self.width() - S - ICON, (self.height() - ICON) // 2, ICON, ICON)
        box = QStyle.visualRect(self.layoutDirection(), self.rect(), box)
        painter.drawPixmap(box.topLeft(), pixmap(shape, tokens.muted, ICON, self.devicePixelRatioF()))

    def _fit(self) -> None:
        layout = self.layout()
        before, after = (S * 2 + ICON, M) if self.isRightToLeft() else (M, S * 2 + ICON)
        if layout is not None:
            layout.setContentsMargins(before, S, after, S)
