"""Choosing a place: a search over the organization's locations, and *somewhere else* with a note."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QListWidgetItem, QWidget

from agent.api import ListLocations, LocationItem
from ui import wording
from ui.bridge import AgentBridge
from ui.chooser import Chooser
from ui.labels import TextLabel


class PlaceChoice(Chooser):
    """`chosen(location_id, name, note)` is called once; a location_id of None is elsewhere.

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
        self._chosen, self._elsewhere, self._evidence = chosen, elsewhere, evidence
        super().__init__(
            bridge, parent, title=title, press=press, find=self.tr("&Find a place"), list_words=self.tr("&Places")
        )
        self.search.setPlaceholderText(self.tr("Type a part of its name"))

    def add_more(self) -> None:
        self.note_label, self.note = QLabel(self.tr("&Where, if it is not in the list")), QLineEdit()
        self.note_label.setBuddy(self.note)
        self.note.setAccessibleName(self.tr("Where, if it is not in the list"))
        self.note.setMaxLength(200)
        self.note.textChanged.connect(self._noted)
        for widget in (self.note_label, self.note):
            self.column.addWidget(widget)
            widget.setVisible(self._elsewhere)
        sentence = TextLabel(ink="muted")
        sentence.show_text(self._evidence)
        self.column.addWidget(sentence)

    def query(self, account: str, search: str) -> ListLocations:
        return ListLocations(account=account, search=search)

    def line(self, one: LocationItem) -> QListWidgetItem:
        return QListWidgetItem(wording.joined(one.name, one.address) if one.address else one.name)

    def told(self, hidden: int, items: Sequence[LocationItem]) -> str:
        if hidden:
            return self.tr("%n more: type a part of the name to find them.", "", hidden)
        if items:
            return ""
        return self.tr("No place has this in its name.") if self.search.text() else self.tr("No places yet.")

    def take(self, one: LocationItem) -> None:
        self._chosen(one.location_id, one.name, "")

    def accept(self) -> None:
        note = self.note.text().strip()
        if self.rows.currentItem() is None and self._elsewhere and note:
            QDialog.accept(self)
            self._chosen(None, note, note)
        else:
            super().accept()

    def judge(self) -> None:
        named = self._elsewhere and bool(self.note.text().strip())
        self.press.setEnabled(named or self.rows.currentItem() is not None)

    def _noted(self) -> None:
        """Whoever writes where they are means that, not the line that is marked; marking one again means the line."""
        self.rows.setCurrentRow(-1)
        self.judge()
