"""Words and numbers that are typed."""

from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from protocol.templates import INTEGER
from ui.form.answer_field import AnswerField
from ui.form.words import number, read_number
from ui.growing_box import GrowingBox
from ui.labels import TextLabel
from ui.theme.scale import S, spaced

_NUMBER_WIDTH = 160


class ShortText(AnswerField):
    """One line."""

    def build(self) -> None:
        self.line = QLineEdit(self.value if isinstance(self.value, str) else "")
        self.line.setCursorPosition(0)
        self.part(self.line)
        self.column.addWidget(self.line)
        self.line.textEdited.connect(lambda text: self.answer(text or None))

    def set_read_only(self) -> None:
        self.line.setReadOnly(True)


class LongText(AnswerField):
    """A box that grows."""

    def build(self) -> None:
        self.box = GrowingBox(least_lines=2, most_lines=12)
        self.box.setPlainText(self.value if isinstance(self.value, str) else "")
        self.part(self.box)
        self.column.addWidget(self.box)
        self.box.textChanged.connect(lambda: self.answer(self.box.toPlainText() or None))

    def set_read_only(self) -> None:
        self.box.setReadOnly(True)


class Number(AnswerField):
    """A number with its unit. What is typed and is none stays as it was typed, and is told of."""

    def build(self) -> None:
        self.line = QLineEdit(self._shown())
        self.line.setMaximumWidth(_NUMBER_WIDTH)
        self.part(self.line, f"{self.field.label}, {self.field.unit}" if self.field.unit else "")
        row = spaced(QHBoxLayout(), gap=S)
        row.addWidget(self.line, 1)
        if self.field.unit:
            unit = TextLabel(self.field.unit, ink="muted")
            unit.setWordWrap(False)
            row.addWidget(unit)
        row.addStretch(1)
        self.column.addLayout(row)
        self.line.textEdited.connect(self._typed)
        self.line.editingFinished.connect(lambda: self.line.setText(self._shown()))

    def _shown(self) -> str:
        value = self.value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return number(int(value) if self.field.kind == INTEGER else value)
        return value if isinstance(value, str) else ""

    def _typed(self, text: str) -> None:
        found = read_number(text, whole=self.field.kind == INTEGER)
        self.answer((text.strip() or None) if found is None else found)

    def set_read_only(self) -> None:
        self.line.setReadOnly(True)
