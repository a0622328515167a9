"""Sent: every batch that left or may have, newest first, kept here as the person's own evidence."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from agent.api import AgentError, ClearLedger, ExportLedger, LedgerItem, LedgerPage, ListLedger, Written
from ui import wording
from ui.attachments import Chips
from ui.bridge import AgentBridge
from ui.labels import Ink, TextLabel
from ui.privacy import words
from ui.privacy.batch_page import BatchPage
from ui.privacy.confirm import Confirm
from ui.privacy.paged_model import PagedModel, RowWords
from ui.privacy.rows import Rows, RowsCard
from ui.save_file import ask_where
from ui.theme.scale import S, Type, spaced

PAGE = 50
_INKS: dict[str, Ink] = {"sent": "good", "may_have_arrived": "warn", "refused": "bad"}


class SentList(QWidget):
    """`opened` carries the page of one batch."""

    opened = Signal(object)

    def __init__(self, bridge: AgentBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._account = ""
        self.model = PagedModel(
            bridge,
            self,
            asks=lambda account, after: ListLedger(account=account, after=after, limit=PAGE),
            words=row_words,
        )
        self.rows = Rows(self.model, self.tr("Sent"))
        self.card = RowsCard(self.rows)
        self.summary = TextLabel()
        self.said = TextLabel(step=Type.SMALL)
        self.latest = QPushButton(self.tr("Show what is &there now"))
        self.export = QPushButton(self.tr("E&xport as JSON…"))
        self.clear = QPushButton(self.tr("&Clear my copy"))
        self.confirm = Confirm(self.clear)
        self._build()
        self.model.came.connect(self._show)
        self.rows.chosen.connect(lambda item: self.opened.emit(BatchPage(bridge, item)))
        self.latest.clicked.connect(self.model.reload)
        self.export.clicked.connect(self._choose_file)
        self.clear.clicked.connect(self._ask)

    def _build(self) -> None:
        holder = QWidget()
        chips = Chips(holder)
        for button in (self.latest, self.export, self.clear):
            chips.addWidget(button)
        column = spaced(QVBoxLayout(self), gap=S)
        for widget in (self.summary, self.said, self.card, holder, self.confirm):
            column.addWidget(widget, 1 if widget is self.card else 0)
        column.addStretch(0)
        for hidden in (self.said, self.latest, self.card):
            hidden.hide()
        self.clear.setEnabled(False)

    def refresh(self, account: str) -> None:
        """Read again."""
        if account != self._account:
            self._account = account
            self.said.show_text("")
            self.confirm.put_away()
        self.model.refresh(account, lambda: self.rows.at_top)

    def _show(self, page: LedgerPage | None) -> None:
        if page is None:
            self.said.show_text(self.model.sentence)
            return
        nothing = page.total == 0
        self.card.setVisible(not nothing)
        self.latest.setVisible(self.model.stale)
        if not self.confirm.isVisibleTo(self):
            self.clear.setEnabled(any(not item.cleared for item in page.items))
        self.summary.setText(
            self.tr("Nothing was sent yet.")
            if nothing
            else self.tr("Batches that left: {count}. Open one to read exactly what it said.").format(
                count=wording.number(page.total)
            )
        )

    def _ask(self) -> None:
        self.confirm.ask(
            self.tr(
                "The contents of what was sent are deleted from this computer and cannot be brought back. How much was "
                "sent and when stays listed. The server's copy is not touched: Erasure does that."
            ),
            act=self.tr("Clear my copy"),
            done=self._clear,
        )

    def _clear(self) -> None:
        self.clear.setEnabled(False)

        def done(_: object) -> None:
            self.said.show_text(self.tr("This computer's copy is cleared."))
            self.model.reload()

        self._bridge.submit(ClearLedger(account=self._account), self, done, self._failed)

    def _failed(self, error: AgentError) -> None:
        self.said.show_text(wording.told(error.sentence))
        self.model.reload()

    def _choose_file(self) -> None:
        ask_where(
            self,
            self.tr("Export the log data"),
            name=self.tr("Log data"),
            kinds={self.tr("JSON (*.json)"): "json"},
            chosen=self.export_to,
        )

    def export_to(self, path: str) -> None:
        """Write what waits, what was sent and what was lost to that file."""
        self.export.setEnabled(False)
        self.said.show_text(self.tr("Saving…"))

        def say(sentence: str) -> None:
            self.export.setEnabled(True)
            self.said.show_text(sentence)

        def done(written: Written) -> None:
            where, size = wording.apart(written.path), wording.size(written.size)
            say(self.tr("Saved in {path}, {size}.").format(path=where, size=size))

        command = ExportLedger(account=self._account, path=path)
        self._bridge.submit(command, self, done, lambda error: say(wording.told(error.sentence)))


def row_words(item: LedgerItem) -> RowWords:
    """A batch as a row."""
    kept = ""
    if item.state == "sent" and item.accepted != item.records:
        kept = wording.translate("Batch", "kept {kept}").format(kept=wording.number(item.accepted))
    line = wording.joined(
        words.batch_state(item.state),
        kept,
        wording.size(item.size),
        wording.translate("Batch", "copy cleared") if item.cleared else "",
    )
    title = wording.joined(wording.category(item.category), wording.log_records(item.records))
    return RowWords(title, wording.when(item.at) if item.at else "", line, _INKS.get(item.state, "muted"))
