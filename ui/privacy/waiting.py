"""Next to send: what waits on this computer, oldest first, with a way to take any of it out."""

from PySide6.QtWidgets import QPushButton

from agent.api import (
    AgentError,
    ListWaitingRecords,
    RecordItem,
    RemoveRecord,
    SendLogDataNow,
    SentNow,
    WaitingRecords,
)
from ui import wording
from ui.bridge import AgentBridge
from ui.labels import TextLabel
from ui.privacy import words
from ui.privacy.ledger_list import LedgerList
from ui.privacy.paged_model import RowWords
from ui.privacy.record_page import RecordPage
from ui.theme.scale import Type

PAGE = 100


class WaitingList(LedgerList):
    """Leads to the page of one record."""

    def __init__(self, bridge: AgentBridge) -> None:
        super().__init__(
            bridge,
            wording.translate("WaitingList", "Next to send"),
            asks=lambda account, after: ListWaitingRecords(account=account, after=after, limit=PAGE),
            words=row_words,
        )
        self.due = TextLabel(step=Type.SMALL, ink="muted")
        self.send = QPushButton(self.tr("Send no&w"))
        self.lay([self.summary, self.due, self.said], [self.send, self.latest], [])
        self.due.hide()
        self.send.setEnabled(False)
        self.rows.chosen.connect(self._open)
        self.rows.removal_wished.connect(self._remove)
        self.send.clicked.connect(self._send)

    def show_page(self, page: WaitingRecords) -> None:
        nothing = page.total == 0
        self.send.setEnabled(not nothing)
        if nothing:
            self.summary.setText(self.tr("Nothing waits. Log data that you allow appears here before it leaves."))
        else:
            self.summary.setText(wording.joined(wording.log_records(page.total), wording.size(page.total_bytes)))
        lines = (
            self.tr("Leaves at {time}.").format(time=wording.when(page.due)) if page.due else "",
            wording.told(page.paused),
            self.tr("Open a record to read it or to take it out."),
        )
        self.due.show_text("" if nothing else " ".join(line for line in lines if line))

    def _open(self, record: RecordItem) -> None:
        self.opened.emit(RecordPage(self._bridge, record, self._gone))

    def _gone(self, record: RecordItem) -> None:
        self.model.remove(record)
        self.said.show_text(self.tr("The record is removed and is never sent."))
        self.rows.setFocus()

    def _remove(self, record: RecordItem) -> None:
        command = RemoveRecord(account=self._account, seq=record.seq)
        self._bridge.submit(command, self, lambda _: self._gone(record), self.failed)

    def _send(self) -> None:
        self.send.setEnabled(False)
        self.said.show_text(self.tr("Sending…"))

        def done(sent: SentNow) -> None:
            self.said.show_text(wording.told(sent.sentence))
            self.model.reload()

        def failed(error: AgentError) -> None:
            self.failed(error)
            self.model.reload()

        self._bridge.submit(SendLogDataNow(account=self._account), self, done, failed)


def row_words(record: RecordItem) -> RowWords:
    """A record as a row."""
    line = wording.joined(record.name, wording.category(record.category), wording.size(record.size))
    return RowWords(words.record_title(record), wording.when(record.at), line)
