"""A line that opens what stands beneath it, and closes it again."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from ui.theme.scale import Type, font


class Opener(QToolButton):
    """Closed at first. The arrow says which, and a screen reader that it is pressed."""

    def __init__(self, words: str, body: QWidget) -> None:
        super().__init__()
        self._body = body
        self.setAutoRaise(True)
        self.setCheckable(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFont(font(Type.BODY))
        self.setText(words)
        self.toggled.connect(self._open)
        self._open(False)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._open(self.isChecked())

    def _open(self, opened: bool) -> None:
        aside = Qt.ArrowType.LeftArrow if self.isRightToLeft() else Qt.ArrowType.RightArrow
        self.setArrowType(Qt.ArrowType.DownArrow if opened else aside)
        self._body.setVisible(opened)
