"""The quiet line of the Write card: when the draft was saved, undoing what was just sent, and the other drafts."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from agent.api import DraftItem
from ui import wording
from ui.buttons import MenuButton
from ui.labels import LineLabel
from ui.theme.scale import S, Type, spaced

_SHOWN = 12
_TITLE = 40


class DraftRow(QWidget):
    """Takes no room while there is nothing to say."""

    undo = Signal()
    chosen = Signal(str)
    """The id of the draft to open."""
    another = Signal()
    send_all = Signal()
    discard = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.words = LineLabel(step=Type.SMALL, ink="muted")
        self.undo_button = QPushButton(self.tr("Undo"))
        self.undo_button.setAccessibleName(self.tr("Undo sending"))
        self.go_on = QPushButton(self.tr("Go on writing"))
        self.button = MenuButton("edited")
        self.menu = QMenu(self.button)
        self.button.setMenu(self.menu)
        self._left = ""
        row = spaced(QHBoxLayout(self), gap=S)
        row.addWidget(self.words, 1)
        for widget in (self.undo_button, self.go_on, self.button):
            row.addWidget(widget)
        self.undo_button.clicked.connect(self.undo)
        self.go_on.clicked.connect(lambda: self.chosen.emit(self._left))
        self.hide()

    def show_state(self, words: str, *, undo: bool, left: str, drafts: int) -> None:
        """`left` is the id of a draft that an earlier run left and that can be gone on with, or empty."""
        self._left = left
        self.words.setText(words)
        self.undo_button.setVisible(undo)
        self.go_on.setVisible(bool(left))
        self.button.setVisible(drafts > 0)
        self.button.setText(self.tr("&Drafts ({count})").format(count=wording.number(drafts)))
        self.setVisible(bool(words) or undo or bool(left) or drafts > 0)

    def fill(self, items: tuple[DraftItem, ...], current: str, *, writing: bool, free: bool) -> None:
        """The menu: `current` is the one in the card, `writing` whether that has anything in it; `free` allows all."""
        self.menu.clear()
        for item in items[:_SHOWN]:
            action = self.menu.addAction(describe(item), partial(self.chosen.emit, item.draft_id))
            action.setCheckable(True)
            action.setChecked(item.draft_id == current)
            action.setEnabled(free)
        if len(items) > _SHOWN:
            more = self.menu.addAction(self.tr("%n more: send or discard some to see them.", "", len(items) - _SHOWN))
            more.setEnabled(False)
        self.menu.addSeparator()
        self.menu.addAction(self.tr("&New draft"), self.another.emit).setEnabled(writing and free)
        words = self.tr("Send &all (%n)", "", len(items))
        self.menu.addAction(words, self.send_all.emit).setEnabled(bool(items) and free)
        self.menu.addSeparator()
        self.menu.addAction(self.tr("Discard &this draft…"), self.discard.emit).setEnabled(writing and free)


def describe(item: DraftItem) -> str:
    """A draft in one line of a menu: an ampersand in it is itself."""
    title = " · ".join(part for part in (item.checklist, item.title) if part)
    title = title or wording.translate("Drafts", "Photos without a text")
    if item.edits is not None:
        title = wording.translate("Drafts", "Change of: {title}").format(title=title)
    short = title if len(title) <= _TITLE else f"{title[: _TITLE - 1]}…"
    return wording.joined(short, wording.when(item.saved_at)).replace("&", "&&")
