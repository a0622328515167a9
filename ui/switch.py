"""A check box whose words wrap where they have no room, and can be read also where it is locked."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter

from ui.theme.colours import colours
from ui.theme.scale import XS


class Switch(QCheckBox):
    """Painted here, since no native one wraps; locked, its words are muted, not faint: they have to be read.

    `turned` carries what a press chose. Whoever hears it may hold the switch until that is done: nothing turns it
    meanwhile, and the keyboard stays on it. Of a disabled one Qt would put the keyboard on the next, and a second press
    would turn that.
    """

    turned = Signal(bool)

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self._held = False
        self.clicked.connect(self._pressed)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def held(self) -> bool:
        """Whether what was chosen is being carried out."""
        return self._held

    def hold(self) -> None:
        """Until `let_go`."""
        self._held = True
        self.update()

    def let_go(self) -> None:
        """It can be turned again."""
        self._held = False
        self.update()

    def nextCheckState(self) -> None:
        if not self._held:
            super().nextCheckState()

    def heightForWidth(self, width: int) -> int:
        words = QRect(0, 0, max(width - self._beside(), 1), 1_000_000)
        wrapped = self.fontMetrics().boundingRect(words, self._flags(), self.text()).height()
        return max(wrapped + 2 * XS, self._line())

    def sizeHint(self) -> QSize:
        wide = self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, self.text()).width()
        return QSize(wide + self._beside() + XS, self._line())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._beside(), self._line())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionButton()
        self.initStyleOption(option)
        option.rect = QRect(0, 0, self.width(), self._line())  # the box stands beside the first line
        option.rect = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        painter.drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorCheckBox, option)
        words = QRect(self._beside(), XS, self.width() - self._beside(), self.height() - XS)
        words = QStyle.visualRect(self.layoutDirection(), self.rect(), words)
        tokens = colours()
        painter.setPen(tokens.text if self.isEnabled() and not self._held else tokens.muted)
        side = QStyle.visualAlignment(self.layoutDirection(), Qt.AlignmentFlag.AlignLeft)
        painter.drawText(words, int(side | Qt.AlignmentFlag.AlignTop) | self._flags(), self.text())
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(tokens.accent, 1))
            held = painter.boundingRect(words, int(side | Qt.AlignmentFlag.AlignTop) | self._flags(), self.text())
            painter.drawRoundedRect(held.adjusted(-XS, -XS, XS, XS) & self.rect().adjusted(0, 0, -1, -1), 3, 3)

    def _pressed(self, checked: bool) -> None:
        if not self._held:
            self.turned.emit(checked)

    def _beside(self) -> int:
        style = self.style()
        box = style.pixelMetric(QStyle.PixelMetric.PM_IndicatorWidth, None, self)
        return int(box + style.pixelMetric(QStyle.PixelMetric.PM_CheckBoxLabelSpacing, None, self)) + XS

    def _line(self) -> int:
        box = self.style().pixelMetric(QStyle.PixelMetric.PM_IndicatorHeight, None, self)
        return int(max(self.fontMetrics().height(), box) + 2 * XS)

    def _flags(self) -> int:
        return int(Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextShowMnemonic)
