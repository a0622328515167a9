"""Choosing a place: a search over the organization's locations, and *somewhere else* with a note."""

from collections.abc import Callable

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

from agent.api import ListLocations, LocationList
from ui import wording
from ui.bridge import AgentBridge
from ui.labels import TextLabel
from ui.theme.scale import L, S, spaced

_SEARCH_PAUSE_MS = 200
_AS_LISTED = Qt.ItemDataRole.UserRole


class PlaceChoice(QDialog):
    """A list to search in. `chosen(location_id, name, note)` is called once; a location_id of None is elsewhere.

    With `elsewhere`, a place that is not listed may be named in a note. `evidence` says before pressing what will be
    recorded.
    """

    def __init__(
        self,
        bridge: AgentBridge,
        parent: QWidget | None,
        *,
        title: str,
        press: str,
        evidence: str,
        elsewhere: bool,
        chosen: Callable[[str | None, str, str], None],
    ) -> None:
        super().__init__(parent)
        self._bridge, self._chosen, self._elsewhere = bridge, chosen, elsewhere
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = spaced(QVBoxLayout(self), margins=L, gap=S)
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText(self.tr("Type a part of its name"))
        self.places = QListWidget()
        self.note = QLineEdit()
        self.more = TextLabel(ink="muted")
        self._build(column, evidence)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.press = QPushButton(press)
        self.buttons.addButton(self.press, QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setIcon(QIcon())
        column.addWidget(self.buttons)
        self.press.setDefault(True)  # a button learns of its dialog only once it is in it
        self._pause = QTimer(self, singleShot=True, interval=_SEARCH_PAUSE_MS)
        self._pause.timeout.connect(self._look_up)
        self.search.textChanged.connect(self._typed)
        self.places.currentItemChanged.connect(self._judge)
        self.places.itemDoubleClicked.connect(self.accept)
        self.note.textChanged.connect(self._noted)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.resize(360, 440)
        self._judge()
        self._look_up()

    def _build(self, column: QVBoxLayout, evidence: str) -> None:
        for words, field in ((self.tr("&Find a place"), self.search), (self.tr("&Places"), self.places)):
            label = QLabel(words)
            label.setBuddy(field)
            column.addWidget(label)
            column.addWidget(field)
            field.setAccessibleName(words.replace("&", ""))
        column.addWidget(self.more)
        self.note_label = QLabel(self.tr("&Where, if it is not in the list"))
        self.note_label.setBuddy(self.note)
        self.note.setAccessibleName(self.tr("Where, if it is not in the list"))
        self.note.setMaxLength(200)
        for widget in (self.note_label, self.note):
            column.addWidget(widget)
            widget.setVisible(self._elsewhere)
        sentence = TextLabel(ink="muted")
        sentence.show_text(evidence)
        column.addWidget(sentence)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys move in the list while typing in the search."""
        if self.search.hasFocus() and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.places.count():
            self.places.setFocus()
            self.places.setCurrentRow(max(0, self.places.currentRow()))
            return
        super().keyPressEvent(event)

    def accept(self) -> None:
        note = self.note.text().strip()
        if self.places.currentRow() >= 0:
            place = self.places.currentItem().data(_AS_LISTED)
            super().accept()
            self._chosen(place.location_id, place.name, "")
        elif self._elsewhere and note:
            super().accept()
            self._chosen(None, note, note)

    def _typed(self) -> None:
        """What was found before is no answer to what is typed now, so Enter must not take it."""
        self.places.setCurrentRow(-1)
        self._pause.start()

    def _noted(self) -> None:
        """Whoever writes where they are means that, not the line that is marked; marking one again means the line."""
        self.places.setCurrentRow(-1)
        self._judge()

    def _look_up(self) -> None:
        account = self._bridge.snapshot().current
        if account is not None:
            query = ListLocations(account=account, search=self.search.text().strip())
            self._bridge.query(query, self, self._show, lambda error: self.more.show_text(error.sentence))

    def _show(self, found: LocationList) -> None:
        self.places.clear()
        for place in found.items:
            words = wording.joined(place.name, place.address) if place.address else place.name
            item = QListWidgetItem(words, self.places)
            item.setData(_AS_LISTED, place)
        hidden = found.total - len(found.items)
        words = ""
        if hidden:
            words = self.tr("%n more: type a part of the name to find them.", "", hidden)
        elif not found.items:
            words = self.tr("No place has this in its name.") if self.search.text() else self.tr("No places yet.")
        self.more.show_text(words)
        if self.search.text() and found.items:
            self.places.setCurrentRow(0)
        self._judge()

    def _judge(self) -> None:
        named = self._elsewhere and bool(self.note.text().strip())
        self.press.setEnabled(named or self.places.currentItem() is not None)
