"""The one banner: the sentence that matters most, with its next step where there is one."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton

from agent.api import Snapshot
from ui import wording
from ui.card import Card
from ui.labels import TextLabel
from ui.theme.scale import S, spaced


class BannerCard(Card):
    """A trouble of the window itself goes before the agent's banner until it is put away."""

    sign_in = Signal()
    retry = Signal()

    def __init__(self) -> None:
        super().__init__(notice=True)
        self._own = ""
        self._snapshot = Snapshot()
        self.sentence = TextLabel()
        self.step = QPushButton(self.tr("Si&gn in"))
        self.again = QPushButton(self.tr("&Retry"))
        self.close_button = QPushButton(self.tr("Close"))
        row = spaced(QHBoxLayout(), gap=S)
        for button in (self.again, self.step, self.close_button):
            row.addWidget(button)
        row.addStretch(1)
        self.column.addWidget(self.sentence)
        self.column.addLayout(row)
        self.step.clicked.connect(self.sign_in)
        self.again.clicked.connect(self.retry)
        self.close_button.clicked.connect(lambda: self.show_trouble(""))
        self.hide()

    def show_trouble(self, sentence: str) -> None:
        """A sentence of the window's own."""
        self._own = sentence
        self._show()

    def refresh(self, snapshot: Snapshot) -> None:
        """The agent's banner."""
        self._snapshot = snapshot
        self._show()

    def _show(self) -> None:
        banner = self._snapshot.banner
        self.sentence.show_text(self._own or (wording.told(banner.sentence) if banner else ""))
        self.step.setVisible(not self._own and banner is not None and banner.kind in ("sign_in", "keyring"))
        self.again.setVisible(not self._own and banner is not None and banner.kind == "keyring")
        self.step.setEnabled(not self._snapshot.signing_in)
        self.close_button.setVisible(bool(self._own))
        self.setVisible(bool(self._own) or banner is not None)
