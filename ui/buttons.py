"""Buttons that carry an icon of ours and follow light and dark."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPaintEvent, QPen, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QPushButton,
    QRadioButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QToolButton,
    QWidget,
)

from ui.theme.colours import colours, mixed
from ui.theme.icons import icon
from ui.theme.scale import ICON, PRIMARY_HEIGHT, XS, L, S, Type, font
from ui.tool_tip import plain_tip

_MIRRORED = {"back": "forward"}


class PrimaryButton(QPushButton):
    """The one thing to do now: tall, in the accent colour.

    Painted here: native styles shade a coloured button so far that its words cannot be read (Fusion lightens it below
    3:1) or ignore the colour.
    """

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setMinimumHeight(PRIMARY_HEIGHT)
        self.setFont(font(Type.STRONG))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """A long name may be cut by a narrow window; the window may not be widened by it."""
        return QSize(0, PRIMARY_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens, area = colours(), QRectF(self.rect())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._ground())
        painter.drawRoundedRect(area, 6, 6)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(tokens.on_accent, 2))
            painter.drawRoundedRect(area.adjusted(3, 3, -3, -3), 4, 4)
        painter.setPen(tokens.on_accent if self.isEnabled() else tokens.muted)
        painter.setFont(self.font())
        words = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideMiddle, self.width() - 2 * S, Qt.TextFlag.TextShowMnemonic
        )
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextShowMnemonic, words)

    def _ground(self) -> QColor:
        tokens = colours()
        if not self.isEnabled():
            return tokens.outline
        if self.isDown() or self.underMouse():
            return mixed(tokens.accent, tokens.on_accent, 1.12 if self.isDown() else 1.06)
        return tokens.accent


class ShortButton(QPushButton):
    """A flat native button whose words are cut with an ellipsis where large type leaves no room for them."""

    def __init__(self) -> None:
        super().__init__()
        self.setFlat(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, self.text()).width()
        return QSize(words + self._around() + XS, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(ICON + 3 * L, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionButton()
        self.initStyleOption(option)
        option.text = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.width() - self._around(), Qt.TextFlag.TextShowMnemonic
        )
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)

    def _around(self) -> int:
        """Width beside the words: margins, icon, the menu's arrow."""
        icon_wide = ICON + S if not self.icon().isNull() else 0
        return S + icon_wide + (L if self.menu() is not None else 0)


class ShortRadio(QRadioButton):
    """One whose words are cut with an ellipsis where there is no room; all of them are its tool tip then."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(ICON + 3 * L, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        words = self.text().replace("&&", "&")
        self.setToolTip(plain_tip(words) if self.sizeHint().width() > self.width() else "")

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionButton()
        self.initStyleOption(option)
        room = self.style().subElementRect(QStyle.SubElement.SE_RadioButtonContents, option, self).width()
        option.text = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, room, Qt.TextFlag.TextShowMnemonic
        )
        painter.drawControl(QStyle.ControlElement.CE_RadioButton, option)


class MenuButton(ShortButton):
    """Opens its menu, and has an icon."""

    def __init__(self, shape: str) -> None:
        super().__init__()
        self._shape = shape
        self.setIconSize(QSize(ICON, ICON))
        self._dye()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            self._dye()

    def _dye(self) -> None:
        self.setIcon(icon(self._shape, colours().text))


class IconButton(QToolButton):
    """A flat button with an icon; `name` is what a screen reader and the tool tip say when there is no text."""

    def __init__(self, shape: str, name: str, *, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shape = shape
        self.setAutoRaise(True)
        self.setIconSize(QSize(ICON, ICON))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if text:
            self.setText(text)
            self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        else:
            self.setAccessibleName(name)
            self.setToolTip(plain_tip(name))
        self._dye()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.ApplicationPaletteChange, QEvent.Type.LayoutDirectionChange):
            self._dye()

    def _dye(self) -> None:
        shape = _MIRRORED.get(self._shape, self._shape) if self.isRightToLeft() else self._shape
        self.setIcon(icon(shape, colours().text))


def on_ctrl_return(button: QPushButton, area: QWidget, do: Callable[[], None]) -> None:
    """Ctrl+Return, on either Enter, does in `area` what the button does, which says so."""
    for keys in ("Ctrl+Return", "Ctrl+Enter"):
        QShortcut(QKeySequence(keys), area, context=Qt.ShortcutContext.WidgetWithChildrenShortcut).activated.connect(do)
    shown = QKeySequence(Qt.Modifier.CTRL | Qt.Key.Key_Return)
    button.setToolTip(shown.toString(QKeySequence.SequenceFormat.NativeText))
