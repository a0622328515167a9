"""A field for the code that a location shows: digits in two groups, however they were typed or pasted."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from rules.location_code import typed_code

_MOST = 16
"""Of what is pasted by mistake, no more than this stays to be seen."""


class CodeField(QLineEdit):
    """Shows `123 456` while one types it. `digits` is how many the code of the place has."""

    def __init__(self) -> None:
        super().__init__()
        self.digits = 0
        self.setAccessibleName(self.tr("Code shown at the location"))
        # Mirrored, the second group would stand before the first.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly | Qt.InputMethodHint.ImhNoPredictiveText)
        self.textEdited.connect(self._regroup)

    @property
    def code(self) -> str:
        """What was typed, as the digits 0 to 9 without gaps; anything else that was typed stays in it."""
        return typed_code(self.text())

    @property
    def complete(self) -> bool:
        """Whether this can be a code of the place."""
        return len(self.code) == self.digits and self.code.isdecimal()

    def expect(self, digits: int) -> None:
        """A place whose code has so many digits; another number empties the field."""
        if digits != self.digits:
            self.digits = digits
            self.clear()
        shown = grouped("0" * digits, digits)
        self.setPlaceholderText(shown)
        self.setMinimumWidth(QFontMetrics(self.font()).horizontalAdvance(shown) + 40)

    def fill(self, code: str) -> None:
        """As if it were typed."""
        self.setText(grouped(code, self.digits))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Deleting goes through the gap, which is no digit."""
        at, text = self.cursorPosition(), self.text()
        if not self.hasSelectedText():
            if event.key() == Qt.Key.Key_Backspace and text[at - 1 : at] == " ":
                self.setCursorPosition(at - 1)
            elif event.key() == Qt.Key.Key_Delete and text[at : at + 1] == " ":
                self.setCursorPosition(at + 1)
        super().keyPressEvent(event)

    def _regroup(self, text: str) -> None:
        """The cursor stays behind the digit that it was behind."""
        before = len(typed_code(text[: self.cursorPosition()]))
        shown = grouped(typed_code(text)[:_MOST], self.digits)
        if shown != text:
            self.setText(shown)
            half = self.digits // 2
            self.setCursorPosition(min(len(shown), before + (1 if half and before > half else 0)))


def grouped(code: str, digits: int) -> str:
    """The code in two halves, as it is shown at the location."""
    half = digits // 2
    return f"{code[:half]} {code[half:]}" if half and len(code) > half else code
