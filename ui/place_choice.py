"""Choosing a place: a search over the organization's locations, and *somewhere else* with a note."""

from collections.abc import Callable, Sequence

from msgspec import structs
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QIcon, QKeySequence, QMouseEvent, QPalette, QShortcut
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QListWidgetItem, QPushButton, QWidget

from agent.api import AgentError, ListLocations, LocationItem, SetFavourite
from ui import wording
from ui.bridge import AgentBridge
from ui.chooser import AS_LISTED, Chooser
from ui.theme.colours import colours
from ui.theme.icons import icon, pixmap
from ui.theme.scale import ICON, S


class PlaceChoice(Chooser):
    """The person's favourites come first; a press on the star, the button or Ctrl+D makes one. `chosen(location_id,
    name, note)` is called once; a location_id of None is elsewhere, which with `elsewhere` may be named in a note.
    """

    def __init__(
        self,
        bridge: AgentBridge,
        parent: QWidget | None,
        *,
        title: str,
        press: str,
        elsewhere: bool,
        chosen: Callable[[str | None, str, str], None],
    ) -> None:
        self._chosen, self._elsewhere = chosen, elsewhere
        super().__init__(
            bridge, parent, title=title, press=press, find=self.tr("&Find a place"), list_words=self.tr("&Places")
        )
        self.search.setPlaceholderText(self.tr("Type a part of its name"))
        self.rows.viewport().installEventFilter(self)
        keys = QShortcut(QKeySequence("Ctrl+D"), self.rows, context=Qt.ShortcutContext.WidgetShortcut)
        keys.activated.connect(lambda: self._star(self.rows.currentItem()))

    def add_more(self) -> None:
        self.favourite = QPushButton()
        self.favourite.setAutoDefault(False)
        self.favourite.clicked.connect(lambda _checked: self._star(self.rows.currentItem()))
        self.column.addWidget(self.favourite, 0, Qt.AlignmentFlag.AlignLeading)
        self.note_label, self.note = QLabel(self.tr("&Where, if it is not in the list")), QLineEdit()
        self.note_label.setBuddy(self.note)
        self.note.setAccessibleName(self.tr("Where, if it is not in the list"))
        self.note.setMaxLength(200)
        self.note.textChanged.connect(self._noted)
        for widget in (self.note_label, self.note):
            self.column.addWidget(widget)
            widget.setVisible(self._elsewhere)

    def query(self, account: str, search: str) -> ListLocations:
        return ListLocations(account=account, search=search)

    def line(self, one: LocationItem) -> QListWidgetItem:
        item = QListWidgetItem(wording.joined(one.name, one.address) if one.address else one.name)
        self._draw(item, one)
        return item

    def told(self, hidden: int, items: Sequence[LocationItem]) -> str:
        if hidden:
            return self.tr("%n more: type a part of the name to find them.", "", hidden)
        if items:
            return ""
        return self.tr("No place has this in its name.") if self.search.text() else self.tr("No places yet.")

    def take(self, one: LocationItem) -> None:
        self._chosen(one.location_id, one.name, "")

    @property
    def marked(self) -> LocationItem | None:
        """The place that is marked in the list."""
        item = self.rows.currentItem()
        place: LocationItem | None = item.data(AS_LISTED) if item is not None else None
        return place

    def accept(self) -> None:
        note = self.note.text().strip()
        if self.rows.currentItem() is None and self._elsewhere and note:
            QDialog.accept(self)
            self._chosen(None, note, note)
        else:
            super().accept()

    def judge(self) -> None:
        named, place = self._elsewhere and bool(self.note.text().strip()), self.marked
        self.press.setEnabled(named or place is not None)
        self.favourite.setEnabled(place is not None)
        listed = place is not None and place.favourite
        words = self.tr("No longer &first in the list") if listed else self.tr("Always &first in the list")
        self.favourite.setText(words)

    # -- events

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            for item in map(self.rows.item, range(self.rows.count())):
                self._draw(item, item.data(AS_LISTED))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A press on a star marks no line."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress:
            at = event.position().toPoint()
            item = self.rows.itemAt(at)
            if item is not None and self._on_star(item, at):
                self._star(item)
                return True
        return super().eventFilter(watched, event)

    # -- inner

    def _on_star(self, item: QListWidgetItem, at: QPoint) -> bool:
        line = self.rows.visualItemRect(item)
        return (line.right() - at.x() if self.isRightToLeft() else at.x() - line.left()) <= ICON + S

    def _noted(self) -> None:
        """Whoever writes where they are means that, not the line that is marked; marking one again means the line."""
        self.rows.setCurrentRow(-1)
        self.judge()

    def _draw(self, item: QListWidgetItem, place: LocationItem) -> None:
        """The star, and what a screen reader says of it."""
        shape = "starred" if place.favourite else "star"
        marked = self.palette().color(QPalette.ColorRole.HighlightedText)
        drawn = icon(shape, colours().accent if place.favourite else colours().muted)
        drawn.addPixmap(pixmap(shape, marked, ICON, self.devicePixelRatioF()), QIcon.Mode.Selected)
        item.setIcon(drawn)
        spoken = self.tr("{place}, favourite").format(place=item.text()) if place.favourite else item.text()
        item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)

    def _star(self, item: QListWidgetItem | None) -> None:
        """Its line stays where it is until the list is opened again: nothing jumps under the pointer."""
        account = self._bridge.snapshot().current
        if item is None or account is None:
            return
        place: LocationItem = item.data(AS_LISTED)
        turned = structs.replace(place, favourite=not place.favourite)
        item.setData(AS_LISTED, turned)
        self._draw(item, turned)
        self.judge()

        def failed(error: AgentError) -> None:
            self.more.show_text(error.sentence)
            self._look_up()

        command = SetFavourite(account=account, location_id=place.location_id, favourite=turned.favourite)
        self._bridge.submit(command, self, None, failed)
