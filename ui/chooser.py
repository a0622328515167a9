"""A dialog to choose one of many in: a list, and a search that narrows it."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from agent.api import Query
from ui.bridge import AgentBridge
from ui.labels import TextLabel
from ui.theme.scale import L, S, spaced

_SEARCH_PAUSE_MS = 200
AS_LISTED = Qt.ItemDataRole.UserRole


class Chooser(QDialog):
    """What was found for other words than those that stand in the search is never taken: Enter, pressed before the
    answer is there, asks at once and takes nothing, for nobody has seen it.

    `find` and `list_words` name the search and the list, with their keys.
    """

    def __init__(
        self, bridge: AgentBridge, parent: QWidget | None, *, title: str, press: str, find: str, list_words: str
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._answered: str | None = None
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.column = spaced(QVBoxLayout(self), margins=L, gap=S)
        self.search, self.rows, self.more = QLineEdit(), QListWidget(), TextLabel(ink="muted")
        self.search.setClearButtonEnabled(True)
        self.rows.setWordWrap(True)
        for words, field in ((find, self.search), (list_words, self.rows)):
            label = QLabel(words)
            label.setBuddy(field)
            field.setAccessibleName(words.replace("&", ""))
            self.column.addWidget(label)
            self.column.addWidget(field)
        self.column.addWidget(self.more)
        self.add_more()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.press = QPushButton(press)
        self.buttons.addButton(self.press, QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setIcon(QIcon())
        self.column.addWidget(self.buttons)
        self.press.setDefault(True)  # a button learns of its dialog only once it is in it
        self._pause = QTimer(self, singleShot=True, interval=_SEARCH_PAUSE_MS)
        self._pause.timeout.connect(self._look_up)
        self.search.textChanged.connect(self._typed)
        self.search.returnPressed.connect(self._enter)
        self.rows.currentItemChanged.connect(self.judge)
        self.rows.itemDoubleClicked.connect(self.accept)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.resize(380, 440)
        self.judge()
        self._look_up()

    # -- what each list says of itself

    def query(self, account: str, search: str) -> Query:
        """What is asked; its answer has `items` and `total`."""
        raise NotImplementedError

    def line(self, one: Any) -> QListWidgetItem:
        """One of the items as it stands in the list."""
        raise NotImplementedError

    def told(self, hidden: int, items: Sequence[Any]) -> str:
        """What stands beneath the list, where there are more than it has, or none."""
        raise NotImplementedError

    def take(self, one: Any) -> None:
        """The person's choice; the dialog is closed."""
        raise NotImplementedError

    def add_more(self) -> None:
        """What else stands above the buttons."""

    def judge(self) -> None:
        """Whether it can be pressed."""
        self.press.setEnabled(self.rows.currentItem() is not None)

    # -- events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys move in the list while typing in the search."""
        if self.search.hasFocus() and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.rows.count():
            self.rows.setFocus()
            self.rows.setCurrentRow(max(0, self.rows.currentRow()))
            return
        super().keyPressEvent(event)

    def accept(self) -> None:
        item = self.rows.currentItem()
        if item is not None:
            super().accept()
            self.take(item.data(AS_LISTED))

    # -- inner

    def _wished(self) -> str:
        return self.search.text().strip()

    def _typed(self) -> None:
        self.rows.setCurrentRow(-1)
        self._pause.start()

    def _enter(self) -> None:
        if self._answered != self._wished():
            self._pause.stop()
            self._look_up()

    def _look_up(self) -> None:
        account, search = self._bridge.snapshot().current, self._wished()
        if account is not None:
            query = self.query(account, search)
            self._bridge.query(
                query, self, lambda found: self._show(search, found), lambda error: self.more.show_text(error.sentence)
            )

    def _show(self, search: str, found: Any) -> None:
        if search != self._wished():
            return  # other words stand there by now, and their answer is on its way
        self._answered = search
        self.rows.clear()
        for one in found.items:
            item = self.line(one)
            item.setData(AS_LISTED, one)
            self.rows.addItem(item)
        self.more.show_text(self.told(found.total - len(found.items), found.items))
        if search and found.items:
            self.rows.setCurrentRow(0)
        self.judge()
