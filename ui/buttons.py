"""Buttons that carry an icon of ours and follow light and dark."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolButton, QWidget

from ui.theme.colours import colours
from ui.theme.icons import icon
from ui.theme.scale import ICON, PRIMARY_HEIGHT, Type, font


class PrimaryButton(QPushButton):
    """The one thing to do now: tall, in the accent colour, a native button."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setMinimumHeight(PRIMARY_HEIGHT)
        self.setFont(font(Type.STRONG))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._dye()

    def minimumSizeHint(self) -> QSize:
        """A long name may be cut by a narrow window; the window may not be widened by it."""
        return QSize(0, PRIMARY_HEIGHT)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            self._dye()

    def _dye(self) -> None:
        tokens, palette = colours(), self.palette()
        for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
            palette.setColor(group, QPalette.ColorRole.Button, tokens.accent)
            palette.setColor(group, QPalette.ColorRole.ButtonText, tokens.on_accent)
        if palette != self.palette():
            self.setPalette(palette)


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
            self.setToolTip(name)
        self._dye()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            self._dye()

    def _dye(self) -> None:
        self.setIcon(icon(self._shape, colours().text))
