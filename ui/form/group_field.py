"""A repeating group: rows that are added, removed and put in another order."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from protocol.templates import Field
from rules.templates.filling import first_row
from rules.templates.values import MAX_ROWS
from ui import wording
from ui.buttons import IconButton, MenuButton
from ui.card import Card
from ui.form.answer_field import AnswerField, Tools
from ui.labels import TextLabel
from ui.theme.scale import M, S, Type, spaced

Make = Callable[[Field, dict[str, Any], Tools, Callable[[], str]], AnswerField]


class Row(Card):
    """One row; its fields are built one by one by whoever asks."""

    def __init__(self, slot: dict[str, Any]) -> None:
        super().__init__()
        self.slot = slot
        self.is_placed = False
        self.fields: list[AnswerField] = []
        self.title = TextLabel(step=Type.STRONG)
        self.up = IconButton("up", self.tr("Move up"))
        self.down = IconButton("down", self.tr("Move down"))
        self.remove = IconButton("remove", self.tr("Remove"))
        top = spaced(QHBoxLayout(), gap=S)
        top.addWidget(self.title, 1)
        for button in (self.up, self.down, self.remove):
            top.addWidget(button)
        self.column.addLayout(top)
        self.column.setSpacing(M)


class Group(AnswerField):
    """The rows stand in `slot` as a list of objects, which the fields of each row write into."""

    rows_changed = Signal()
    """A row came, went or moved: paths are others now."""
    wished = Signal(object)
    """A job that builds one field of a row; whoever hears it runs it soon."""
    made = Signal(object)
    """An AnswerField of a row that was just built."""
    begun = Signal(str)
    """The path of the first field of a row that was added: whoever hears it goes there."""

    def __init__(self, of: Field, slot: dict[str, Any], tools: Tools, make: Make) -> None:
        self._make = make
        self.rows: list[Row] = []
        super().__init__(of, slot, tools)

    def build(self) -> None:
        holder = QWidget()
        self._rows = spaced(QVBoxLayout(holder), gap=S)
        self.add = MenuButton("add")
        self.add.setFlat(False)
        self.add.setText(self.tr("Add {label}").format(label=self.field.label.replace("&", "&&")))
        self.part(self.add, self.tr("Add {label}").format(label=self.field.label))
        self.column.addWidget(holder)
        self.column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeading)
        self.add.clicked.connect(self.add_row)

    def begin_rows(self) -> None:
        """Show the rows there are; call once whoever builds them listens."""
        given = self.value if isinstance(self.value, list) else []
        for slot in given:
            if isinstance(slot, dict):
                self._put(Row(slot))
        self._number()

    def add_row(self) -> None:
        """Another row, with the defaults of its fields."""
        rows = self.value if isinstance(self.value, list) else []
        slot = first_row(self.field)
        row = Row(slot)
        self._put(row)
        self._number()
        self.rows_changed.emit()
        self.answer([*rows, slot])
        self.wished.emit(lambda: self.begun.emit(row.fields[0].path) if row in self.rows and row.fields else None)

    @property
    def busy(self) -> bool:
        return any(one.busy for row in self.rows for one in row.fields)

    def every(self) -> list[AnswerField]:
        return [self, *(one for row in self.rows for one in row.fields)]

    def set_read_only(self) -> None:
        self.add.hide()

    def _put(self, row: Row) -> None:
        self.rows.append(row)
        row.up.clicked.connect(lambda: self._move(row, -1))
        row.down.clicked.connect(lambda: self._move(row, 1))
        row.remove.clicked.connect(lambda: self._remove(row))
        for child in self.field.fields:
            self.wished.emit(partial(self._build_in, row, child))
        self.wished.emit(partial(self._place, row))

    def _place(self, row: Row) -> None:
        """Into the layout, once all its fields are there: laid out once."""
        if row in self.rows:
            row.is_placed = True
            before = self.rows[: self.rows.index(row)]
            self._rows.insertWidget(sum(one.is_placed for one in before), row)
            row.show()

    def _build_in(self, row: Row, child: Field) -> None:
        if row not in self.rows:
            return
        made = self._make(child, row.slot, self.tools, lambda: f"{self.field.field}[{self.rows.index(row)}]")
        row.fields.append(made)
        row.column.addWidget(made)
        made.changed.connect(self.changed)
        made.kept.connect(self.kept)
        self.made.emit(made)

    def _move(self, row: Row, by: int) -> None:
        index = self.rows.index(row)
        self.rows.insert(index + by, self.rows.pop(index))
        self._rows.removeWidget(row)
        self._rows.insertWidget(index + by, row)
        button = row.up if by < 0 else row.down
        self._number()
        (button if button.isEnabled() else row.down if by < 0 else row.up).setFocus()
        self._tell()

    def _remove(self, row: Row) -> None:
        index = self.rows.index(row)
        self.rows.remove(row)
        self._rows.removeWidget(row)
        row.hide()
        row.deleteLater()
        self._number()
        after = self.rows[min(index, len(self.rows) - 1)].remove if self.rows else self.add
        after.setFocus()
        self._tell()
        self.kept.emit()

    def _tell(self) -> None:
        self.rows_changed.emit()
        self.answer([row.slot for row in self.rows] or None)

    def _number(self) -> None:
        count, label = len(self.rows), self.field.label
        for index, row in enumerate(self.rows):
            words = self.tr("{label} {number} of {count}").format(
                label=label, number=wording.number(index + 1), count=wording.number(count)
            )
            row.title.setText(words)
            row.up.setEnabled(index > 0)
            row.down.setEnabled(index + 1 < count)
            for button, what in (
                (row.up, self.tr("Move up")),
                (row.down, self.tr("Move down")),
                (row.remove, self.tr("Remove")),
            ):
                button.setAccessibleName(f"{what}: {words}")
                button.setVisible(not self.tools.read_only and (button is row.remove or count > 1))
        most = MAX_ROWS if self.field.most is None else int(self.field.most)
        self.add.setEnabled(count < most)
