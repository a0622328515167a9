"""One of a list, or many of it: a few choices stand open, many are folded away or searched."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QRadioButton,
)

from ui.form.answer_field import AnswerField, calm
from ui.labels import TextLabel
from ui.theme.scale import S, Type, spaced

MOST_RADIOS = 5
MOST_BOXES = 12
_LIST_HEIGHT = 168
_VALUE = Qt.ItemDataRole.UserRole


class ChoiceWords(TextLabel):
    """The words of a choice, wrapped, which its button cannot do; pressing them presses the button."""

    def __init__(self, words: str, button: QAbstractButton) -> None:
        super().__init__(words)
        self._button = button

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._button.setFocus(Qt.FocusReason.MouseFocusReason)
            self._button.click()


class OneOf(AnswerField):
    """Up to MOST_RADIOS are seen at once; what was chosen can be taken back where it need not be answered."""

    def build(self) -> None:
        self.buttons: dict[str, QRadioButton] = {}
        self.combo: QComboBox | None = None
        self.clear = QPushButton(self.tr("Clear"))
        if len(self.field.choices) <= MOST_RADIOS:
            self._group = QButtonGroup(self)
            for choice in self.field.choices:
                self.buttons[choice.value] = button = QRadioButton()
                self._group.addButton(button)
                self._add(button, choice.label)
                button.toggled.connect(lambda on, value=choice.value: self._chosen(value) if on else None)
            self.part(self.clear, self.tr("Clear {label}").format(label=self.field.label))
            self.column.addWidget(self.clear, 0, Qt.AlignmentFlag.AlignLeading)
            self.clear.clicked.connect(self._clear)
        else:
            self._fold()
        self._show()

    def _add(self, button: QAbstractButton, label: str) -> None:
        row = spaced(QHBoxLayout(), gap=S)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(ChoiceWords(label, button), 1)
        self.column.addLayout(row)
        self.part(button, f"{self.field.label}: {label}")

    def _fold(self) -> None:
        self.combo = combo = QComboBox()
        calm(combo)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(12)
        combo.addItem(self.tr("Choose…"), None)
        for choice in self.field.choices:
            combo.addItem(choice.label, choice.value)
        self.part(combo)
        self.column.addWidget(combo)
        self.clear.hide()
        combo.activated.connect(lambda index: self._chosen(combo.itemData(index)))

    def _show(self) -> None:
        if self.combo is not None:
            self.combo.setCurrentIndex(max(0, self.combo.findData(self.value)))
            return
        self._group.setExclusive(False)
        for value, button in self.buttons.items():
            button.blockSignals(True)
            button.setChecked(value == self.value)
            button.blockSignals(False)
        self._group.setExclusive(True)
        self.clear.setVisible(self.value is not None and not self.field.required and not self.tools.read_only)

    def _chosen(self, value: str | None) -> None:
        self.answer(value)
        self._show()

    def _clear(self) -> None:
        self._chosen(None)
        self.begin()


class ManyOf(AnswerField):
    """Check boxes; over MOST_BOXES a list that is searched, and a line of what was chosen."""

    def build(self) -> None:
        self.boxes: dict[str, QCheckBox] = {}
        self.rows: QListWidget | None = None
        if len(self.field.choices) <= MOST_BOXES:
            for choice in self.field.choices:
                self.boxes[choice.value] = box = QCheckBox()
                box.setChecked(choice.value in self._chosen())
                line = spaced(QHBoxLayout(), gap=S)
                line.addWidget(box, 0, Qt.AlignmentFlag.AlignTop)
                line.addWidget(ChoiceWords(choice.label, box), 1)
                self.column.addLayout(line)
                self.part(box, f"{self.field.label}: {choice.label}")
                box.toggled.connect(lambda on, value=choice.value: self._switch(value, on=on))
        else:
            self._list()

    def _list(self) -> None:
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText(self.tr("Type a part of its name"))
        self.part(self.search, self.tr("Search in {label}").format(label=self.field.label))
        self.rows = QListWidget()
        self.rows.setFixedHeight(_LIST_HEIGHT)
        self.rows.setWordWrap(True)
        self.rows.setSpacing(2)
        self.part(self.rows)
        self.chosen = TextLabel(step=Type.SMALL, ink="muted")
        for choice in self.field.choices:
            item = QListWidgetItem(choice.label, self.rows)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setData(_VALUE, choice.value)
            checked = choice.value in self._chosen()
            item.setCheckState(Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked)
        for widget in (self.search, self.rows, self.chosen):
            self.column.addWidget(widget)
        self._name_chosen()
        self.search.textChanged.connect(self._narrow)
        self.rows.itemChanged.connect(
            lambda item: self._switch(item.data(_VALUE), on=item.checkState() == Qt.CheckState.Checked)
        )

    def _chosen(self) -> list[str]:
        return self.value if isinstance(self.value, list) else []

    def _switch(self, value: str, *, on: bool) -> None:
        now = {*self._chosen(), value} if on else set(self._chosen()) - {value}
        offered = [choice.value for choice in self.field.choices]
        kept = [one for one in offered if one in now] + sorted(now - set(offered))
        self.answer(kept or None)
        if self.rows is not None:
            self._name_chosen()

    def _name_chosen(self) -> None:
        labels = {choice.value: choice.label for choice in self.field.choices}
        names = ", ".join(labels.get(one, one) for one in self._chosen())
        self.chosen.show_text(self.tr("Chosen: {names}").format(names=names) if names else "")

    def _narrow(self, wished: str) -> None:
        assert self.rows is not None
        for index in range(self.rows.count()):
            item = self.rows.item(index)
            item.setHidden(wished.strip().casefold() not in item.text().casefold())
