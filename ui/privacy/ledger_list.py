"""What the lists of the ledger share that are read page by page: rows on a card, a sentence above, and its state."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from agent.api import AgentError, Query
from ui import wording
from ui.attachments import Chips
from ui.bridge import AgentBridge
from ui.labels import TextLabel
from ui.privacy.paged_model import PagedModel, RowWords
from ui.privacy.rows import Rows, RowsCard
from ui.theme.scale import S, Type, spaced


class LedgerList(QWidget):
    """`opened` carries the page of one row. `asks` and `words` as PagedModel has them; `name` is what a screen reader
    says the list is."""

    opened = Signal(object)

    def __init__(
        self,
        bridge: AgentBridge,
        name: str,
        *,
        asks: Callable[[str, str | None], Query],
        words: Callable[[Any], RowWords],
    ) -> None:
        super().__init__()
        self._bridge = bridge
        self._account = ""
        self.model = PagedModel(bridge, self, asks=asks, words=words)
        self.rows = Rows(self.model, name)
        self.card = RowsCard(self.rows)
        self.summary = TextLabel()
        self.said = TextLabel(step=Type.SMALL)
        self.latest = QPushButton(wording.translate("LedgerList", "Show what is &there now"))
        self.model.came.connect(self._came)
        self.latest.clicked.connect(self.model.reload)

    def lay(self, above: list[QWidget], buttons: list[QPushButton], below: list[QWidget]) -> None:
        """The rows between what stands above them, and the buttons with what stands below."""
        holder = QWidget()
        chips = Chips(holder)
        for button in buttons:
            chips.addWidget(button)
        column = spaced(QVBoxLayout(self), gap=S)
        for widget in (*above, self.card, holder, *below):
            column.addWidget(widget, 1 if widget is self.card else 0)
        column.addStretch(0)
        for hidden in (self.said, self.latest, self.card):
            hidden.hide()

    def begin(self) -> None:
        """Another account is shown: forget what was of the one before."""
        self.said.show_text("")

    def show_page(self, page: Any) -> None:
        """What its newest first page says beside its rows."""
        raise NotImplementedError

    def refresh(self, account: str) -> None:
        """Read again."""
        if account != self._account:
            self._account = account
            self.begin()
        self.model.refresh(account, lambda: self.rows.at_top)

    def failed(self, error: AgentError) -> None:
        """Say what went wrong."""
        self.said.show_text(wording.told(error.sentence))

    def _came(self, page: Any) -> None:
        if page is None:
            self.said.show_text(self.model.sentence)
            return
        self.card.setVisible(page.total != 0)
        self.latest.setVisible(self.model.stale)
        self.show_page(page)
