"""Next to send: what waits on this computer, oldest first, with a way to take any of it out."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

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
from ui.attachments import Chips
from ui.bridge import AgentBridge
from ui.labels import TextLabel
from ui.privacy import words
from ui.privacy.paged_model import PagedModel, RowWords
from ui.privacy.record_page import RecordPage
from ui.privacy.rows import Rows, RowsCard
from ui.theme.scale import S, Type, spaced

PAGE = 100


class WaitingList(QWidget):
    """`opened` carries the page of one record."""

    opened = Signal(object)

    def __init__(self, bridge: AgentBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._account = ""
        self.model = PagedModel(
            bridge,
            self,
            asks=lambda account, after: ListWaitingRecords(account=account, after=after, limit=PAGE),
            words=row_words,
        )
        self.rows = Rows(self.model, self.tr("Next to send"))
        self.card = RowsCard(self.rows)
        self.summary = TextLabel()
        self.due = TextLabel(step=Type.SMALL, ink="muted")
        self.said = TextLabel(step=Type.SMALL)
        self.latest = QPushButton(self.tr("Show what is &there now"))
        self.send = QPushButton(self.tr("Send no&w"))
        self._build()
        self.model.came.connect(self._show)
        self.rows.chosen.connect(self._open)
        self.rows.removal_wished.connect(self._remove)
        self.latest.clicked.connect(self.model.reload)
        self.send.clicked.connect(self._send)

    def _build(self) -> None:
        holder = QWidget()
        chips = Chips(holder)
        chips.addWidget(self.send)
        chips.addWidget(self.latest)
        column = spaced(QVBoxLayout(self), gap=S)
        for widget in (self.summary, self.due, self.said, self.card, holder):
            column.addWidget(widget, 1 if widget is self.card else 0)
        column.addStretch(0)
        for hidden in (self.due, self.said, self.latest, self.card):
            hidden.hide()
        self.send.setEnabled(False)

    def refresh(self, account: str) -> None:
        """Read again."""
        if account != self._account:
            self._account = account
            self.said.show_text("")
        self.model.refresh(account, lambda: self.rows.at_top)

    def _show(self, page: WaitingRecords | None) -> None:
        if page is None:
            self.said.show_text(self.model.sentence)
            return
        nothing = page.total == 0
        self.card.setVisible(not nothing)
        self.send.setEnabled(not nothing)
        self.latest.setVisible(self.model.stale)
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
        self._bridge.submit(command, self, lambda _: self._gone(record), self._failed)

    def _send(self) -> None:
        self.send.setEnabled(False)
        self.said.show_text(self.tr("Sending…"))

        def done(sent: SentNow) -> None:
            self.said.show_text(wording.told(sent.sentence))
            self.model.reload()

        def failed(error: AgentError) -> None:
            self._failed(error)
            self.model.reload()

        self._bridge.submit(SendLogDataNow(account=self._account), self, done, failed)

    def _failed(self, error: AgentError) -> None:
        self.said.show_text(wording.told(error.sentence))


def row_words(record: RecordItem) -> RowWords:
    """A record as a row."""
    line = wording.joined(record.name, wording.category(record.category), wording.size(record.size))
    return RowWords(words.record_title(record), wording.when(record.at), line)
