"""Asking once, in place, before something that cannot be taken back."""

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton, QWidget

from ui.attachments import Chips
from ui.card import Card
from ui.labels import TextLabel


class Confirm(Card):
    """Hidden until it is asked. The way back has the keyboard first, and gives it back to `opener`."""

    def __init__(self, opener: QPushButton) -> None:
        super().__init__(notice=True)
        self._opener = opener
        self._done: Callable[[], None] | None = None
        self.words = TextLabel()
        self.act = QPushButton()
        self.keep = QPushButton()
        holder = QWidget()
        chips = Chips(holder)
        chips.addWidget(self.act)
        chips.addWidget(self.keep)
        self.column.addWidget(self.words)
        self.column.addWidget(holder)
        self.act.clicked.connect(self._go)
        self.keep.clicked.connect(self.put_away)
        self.hide()

    def ask(self, words: str, *, act: str, done: Callable[[], None], keep: str = "") -> None:
        """Show it; `done` runs only after the press."""
        self._done = done
        self.words.setText(words)
        self.act.setText(act)
        self.keep.setText(keep or self.tr("Keep it"))
        self.show()
        self._opener.setEnabled(False)
        self.keep.setFocus()

    def put_away(self) -> None:
        """Nothing is done."""
        had_keyboard = self.keep.hasFocus() or self.act.hasFocus()
        self._done = None
        self._opener.setEnabled(True)
        if had_keyboard:
            self._opener.setFocus()
        self.hide()

    def _go(self) -> None:
        done = self._done
        self.put_away()
        if done is not None:
            done()
