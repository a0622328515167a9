"""The one card about privacy: after the first receipt it says that all is off and where to look; then never again."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton

from agent.api import DismissPrivacyCard
from ui.bridge import AgentBridge
from ui.card import Card
from ui.labels import TextLabel
from ui.theme.scale import S, spaced


class PrivacyCard(Card):
    """Asks nothing: it leads to the Privacy page (`wished`) or goes away for good."""

    wished = Signal()

    def __init__(self, bridge: AgentBridge) -> None:
        super().__init__()
        self._bridge = bridge
        words = self.tr(
            "Your first report has arrived. About how you use Miratag and what goes wrong in it, nothing is sent: "
            "that is off. The Privacy page shows all that leaves this computer, and lets you choose."
        )
        self.look = QPushButton(self.tr("See &Privacy"))
        self.not_now = QPushButton(self.tr("&Not now"))
        row = spaced(QHBoxLayout(), gap=S)
        row.addWidget(self.look)
        row.addWidget(self.not_now)
        row.addStretch(1)
        self.column.addWidget(TextLabel(words))
        self.column.addLayout(row)
        self.look.clicked.connect(self._look)
        self.not_now.clicked.connect(self._dismiss)
        self.hide()

    def refresh(self) -> None:
        """Read the snapshot again."""
        self.setVisible(self._bridge.snapshot().privacy_card)

    def _look(self) -> None:
        self._dismiss()
        self.wished.emit()

    def _dismiss(self) -> None:
        account = self._bridge.snapshot().current
        if account is not None:
            self._bridge.submit(DismissPrivacyCard(account=account), self)
