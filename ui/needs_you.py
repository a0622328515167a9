"""Needs you: the few items that only the person can move on. Absent when there are none."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from agent.api import ActivityItem, ActivityPage, AgentError, Exported, ExportStuck, ListActivity, Retry
from ui import wording
from ui.bridge import AgentBridge
from ui.card import Card
from ui.labels import LineLabel, TextLabel
from ui.save_file import ask_where
from ui.theme.scale import XS, S, Type, spaced

_SHOWN = 2
_MOST_SHOWN = 160


class NeedsYou(Card):
    """Shows the newest; `opened` carries the item whose text the person wants to see."""

    opened = Signal(object)

    def __init__(self, bridge: AgentBridge) -> None:
        super().__init__(notice=True)
        self._bridge = bridge
        self._lines: list[QWidget] = []
        self._shown: tuple[ActivityItem, ...] = ()
        self._account = ""
        """Whose these are."""
        self.heading = TextLabel(step=Type.STRONG)
        self.keep = QPushButton(self.tr("Save to a &file…"))
        self.keep.setToolTip(self.tr("Save all that needs you to a file, for yourself or whoever helps you"))
        self.kept = TextLabel(step=Type.SMALL, ink="muted")
        self.kept.hide()
        top = spaced(QHBoxLayout(), gap=S)
        top.addWidget(self.heading, 1)
        top.addWidget(self.keep)
        self.column.addLayout(top)
        self.column.addWidget(self.kept)
        self.keep.clicked.connect(self._choose_file)
        self.hide()

    def refresh(self) -> None:
        """Read again what needs the person."""
        snapshot = self._bridge.snapshot()
        account = snapshot.current or ""
        if account != self._account:
            self._account = account
            self.kept.show_text("")
            self._show(account, ActivityPage(items=()))
        if not account or not snapshot.needs_you:
            self._show(account, ActivityPage(items=()))
            return
        query = ListActivity(account=account, needs_you=True, limit=_SHOWN)
        self._bridge.query(query, self, lambda page: self._show(account, page))

    def _show(self, account: str, page: ActivityPage) -> None:
        if account != self._account:
            return
        self.setVisible(bool(page.items))
        total = max(self._bridge.snapshot().needs_you, len(page.items))
        self.heading.setText(self.tr("Needs you ({count})").format(count=wording.number(total)))
        if page.items == self._shown:
            return
        stuck = any(item.state == "needs_you" for item in page.items) or total > len(page.items)
        self.keep.setVisible(stuck)  # what came back is held by the server, and is read by opening it
        self._shown = page.items
        for line in self._lines:
            self.column.removeWidget(line)
            line.deleteLater()
        self._lines = [self._line(item) for item in page.items]
        for line in self._lines:
            self.column.addWidget(line)

    def _line(self, item: ActivityItem) -> QWidget:
        line = QWidget()
        title = LineLabel(wording.title(item), step=Type.BODY)
        sentence = TextLabel(_shortened(wording.asked(item)) or wording.state(item), step=Type.SMALL)
        words = spaced(QVBoxLayout(), gap=XS)
        words.addWidget(title)
        words.addWidget(sentence)
        row = spaced(QHBoxLayout(line), gap=S)
        row.addLayout(words, 1)
        presses = spaced(QVBoxLayout(), gap=XS)
        if item.state == "returned":
            title.setText(self.tr("Returned: {title}").format(title=wording.title(item)))
        if item.state == "needs_you":
            again = QPushButton(self.tr("Retry"))
            again.setAccessibleName(self.tr("Retry {title}").format(title=wording.title(item)))
            again.clicked.connect(lambda: self._retry(item, again))
            presses.addWidget(again)
        look = QPushButton(self.tr("Open"))
        look.setAccessibleName(self.tr("Open {title}").format(title=wording.title(item)))
        look.clicked.connect(lambda: self.opened.emit(item))
        presses.addWidget(look)
        presses.addStretch(1)
        row.addLayout(presses)
        return line

    def _retry(self, item: ActivityItem, pressed: QPushButton) -> None:
        """The same trouble may come again, and then the same line stays."""
        pressed.setEnabled(False)

        def again(_result: object) -> None:
            if isValid(pressed):
                pressed.setEnabled(True)
            self.refresh()

        def failed(error: AgentError) -> None:
            again(None)
            self._bridge.trouble.emit(error.sentence)

        self._bridge.submit(Retry(account=self._account, item_id=item.item_id), self, again, failed)

    def _choose_file(self) -> None:
        ask_where(
            self,
            self.tr("Save what needs you"),
            name=self.tr("Needs you"),
            kinds={self.tr("JSON (*.json)"): "json"},
            chosen=partial(self.save_to, self._account),
        )

    def save_to(self, account: str, path: str) -> None:
        """Write everything that needs that person to that file."""
        self.keep.setEnabled(False)

        def said(words: str) -> None:
            self.keep.setEnabled(True)
            self.kept.show_text(words)

        def done(exported: Exported) -> None:
            said(self.tr("%n item(s) are saved in {path}.", "", exported.items).format(path=exported.path))

        self._bridge.submit(ExportStuck(account=account, path=path), self, done, lambda error: said(error.sentence))


def _shortened(words: str) -> str:
    """A manager may write a page; the card shows its beginning."""
    line = " ".join(words.split())
    return line if len(line) <= _MOST_SHOWN else f"{line[: _MOST_SHOWN - 1]}…"
