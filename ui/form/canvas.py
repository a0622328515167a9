"""A sheet to sign or draw on, by mouse, pen or finger."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QTabletEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.colours import colours
from ui.theme.scale import M, font
from ui.theme.scale import Type as Step

SHEET = QSize(900, 360)
_INK, _PAPER = QColor("#101010"), QColor("#ffffff")
_WIDTH, _TEXT_HEIGHT = 5.0, 110


class Canvas(QWidget):
    """`drawn` after each stroke. The sheet has one size, whatever the window's: it is always paper, dark on white."""

    drawn = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.image = self._empty()
        self._last: QPointF | None = None
        self._pressure = 0.5
        self.is_empty = True
        self.setCursor(Qt.CursorShape.CrossCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)
        self.setMaximumWidth(SHEET.width() // 2)
        self._fit()

    def clear(self) -> None:
        """An empty sheet."""
        self.image, self.is_empty = self._empty(), True
        self.update()

    def show_image(self, image: QImage) -> None:
        """What was drawn before."""
        if not image.isNull():
            self.clear()
            painter = QPainter(self.image)
            fitted = image.size().scaled(SHEET, Qt.AspectRatioMode.KeepAspectRatio)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(
                QRectF(
                    (SHEET.width() - fitted.width()) / 2,
                    (SHEET.height() - fitted.height()) / 2,
                    fitted.width(),
                    fitted.height(),
                ),
                image,
            )
            painter.end()
            self.is_empty = False
            self.update()

    def write(self, name: str) -> None:
        """A name that was typed, in the place of one that was drawn."""
        self.clear()
        if name.strip():
            painter = QPainter(self.image)
            painter.setPen(_INK)
            letters = QFont(font(Step.BODY))
            letters.setItalic(True)
            letters.setPixelSize(_TEXT_HEIGHT)
            painter.setFont(letters)
            wide = painter.fontMetrics().horizontalAdvance(name)
            room = SHEET.width() - 4 * M
            if wide > room:
                letters.setPixelSize(max(12, _TEXT_HEIGHT * room // wide))
                painter.setFont(letters)
            painter.drawText(self.image.rect(), Qt.AlignmentFlag.AlignCenter, name)
            painter.end()
            self.is_empty = False
            self.update()

    def sizeHint(self) -> QSize:
        return SHEET / 2

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, tokens = QPainter(self), colours()
        if self.is_empty:
            painter.fillRect(self.rect(), _PAPER)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(self.rect()), self.image)
        if self.is_empty:  # a line to sign on
            level = self.height() * 0.78
            painter.setPen(QPen(QColor("#9a9a9a"), 1))
            painter.drawLine(QPointF(M, level), QPointF(self.width() - M, level))
        painter.setPen(QPen(tokens.accent if self.hasFocus() else tokens.outline, 1))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._begin(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._go(event.position(), 0.5)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._end(event.position())

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen draws thinner and thicker."""
        kind = event.type()
        if kind == QTabletEvent.Type.TabletPress:
            self._begin(event.position())
        elif kind == QTabletEvent.Type.TabletMove:
            self._go(event.position(), event.pressure())
        elif kind == QTabletEvent.Type.TabletRelease:
            self._end(event.position())
        event.accept()

    def _begin(self, at: QPointF) -> None:
        if self.isEnabled():
            self._last = at
            self._go(at + QPointF(0.1, 0), 0.5)

    def _go(self, at: QPointF, pressure: float) -> None:
        if self._last is None:
            return
        scale = SHEET.width() / max(1, self.width())
        painter = QPainter(self.image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = _WIDTH * (0.5 + pressure)
        painter.setPen(QPen(_INK, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.drawLine(self._last * scale, at * scale)
        painter.end()
        self._last, self.is_empty = at, False
        self.update()

    def _end(self, at: QPointF) -> None:
        if self._last is not None:
            self._go(at, 0.5)
            self._last = None
            self.drawn.emit()

    def _fit(self) -> None:
        wanted = round(self.width() * SHEET.height() / SHEET.width())
        if wanted != self.height():
            self.setFixedHeight(max(60, wanted))

    @staticmethod
    def _empty() -> QImage:
        image = QImage(SHEET, QImage.Format.Format_RGB32)
        image.fill(_PAPER)
        return image
