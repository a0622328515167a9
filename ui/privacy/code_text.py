"""Text of a machine as it is: marked and copied, broken anywhere, as tall as it is long up to a limit."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QTextOption

from ui.growing_box import GrowingBox
from ui.theme.scale import Type, font


class CodeText(GrowingBox):
    """`name` is what a screen reader says it is. It runs left to right in every language."""

    def __init__(self, name: str, *, most_lines: int = 12) -> None:
        super().__init__(least_lines=1, most_lines=most_lines)
        self.setReadOnly(True)
        self.setAccessibleName(name)
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        fixed.setPointSizeF(font(Type.SMALL).pointSizeF())  # it grows with the text around it
        self.setFont(fixed)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )

    def show_text(self, text: str) -> None:
        """Set the text; without any, take no room."""
        if text != self.toPlainText():
            self.setPlainText(text)
        self.setVisible(bool(text))
