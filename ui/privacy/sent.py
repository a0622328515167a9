"""Sent: every batch that left or may have, newest first, kept here as the person's own evidence."""

from PySide6.QtWidgets import QPushButton

from agent.api import AgentError, ClearLedger, ExportLedger, LedgerItem, LedgerPage, ListLedger, Written
from ui import wording
from ui.bridge import AgentBridge
from ui.labels import Ink
from ui.privacy import words
from ui.privacy.batch_page import BatchPage
from ui.privacy.confirm import Confirm
from ui.privacy.ledger_list import LedgerList
from ui.privacy.paged_model import RowWords
from ui.save_file import ask_where

PAGE = 50
_INKS: dict[str, Ink] = {"sent": "good", "may_have_arrived": "warn", "refused": "bad"}


class SentList(LedgerList):
    """Leads to the page of one batch."""

    def __init__(self, bridge: AgentBridge) -> None:
        super().__init__(
            bridge,
            wording.translate("SentList", "Sent"),
            asks=lambda account, after: ListLedger(account=account, after=after, limit=PAGE),
            words=row_words,
        )
        self.export = QPushButton(self.tr("E&xport as JSON…"))
        self.clear = QPushButton(self.tr("&Clear my copy"))
        self.confirm = Confirm(self.clear)
        self.lay([self.summary, self.said], [self.latest, self.export, self.clear], [self.confirm])
        self.clear.setEnabled(False)
        self.rows.chosen.connect(lambda item: self.opened.emit(BatchPage(bridge, item)))
        self.export.clicked.connect(self._choose_file)
        self.clear.clicked.connect(self._ask)

    def begin(self) -> None:
        super().begin()
        self.confirm.put_away()

    def show_page(self, page: LedgerPage) -> None:
        if not self.confirm.isVisibleTo(self):
            self.clear.setEnabled(any(not item.cleared for item in page.items))
        self.summary.setText(
            self.tr("Nothing was sent yet.")
            if page.total == 0
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

        self._bridge.submit(ClearLedger(account=self._account), self, done, self.failed)

    def failed(self, error: AgentError) -> None:
        super().failed(error)
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
