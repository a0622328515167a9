"""One batch of log data as it left: the exact bytes decoded, the reply, and what became of it."""

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from agent.api import LedgerEntry, LedgerItem, OpenLedgerEntry, RecordItem
from ui import wording
from ui.bridge import AgentBridge
from ui.card import Card
from ui.labels import BreakingLabel, TextLabel
from ui.privacy import words
from ui.privacy.code_text import CodeText
from ui.privacy.paged_model import ITEM, WORDS, RowWords
from ui.privacy.record_page import RecordPage
from ui.privacy.rows import Rows, RowsCard
from ui.privacy.section import Section
from ui.theme.scale import Type


class BatchPage(Section):
    """Its records open one by one; what was cleared still says how much it was, and its checksum."""

    def __init__(self, bridge: AgentBridge, item: LedgerItem) -> None:
        super().__init__(bridge, wording.joined(wording.category(item.category), wording.log_records(item.records)))
        self.item = item
        self._shown: LedgerEntry | None = None
        self.state = TextLabel(step=Type.STRONG)
        self.explanation = TextLabel()
        self.verdicts = TextLabel(ink="warn")
        self.erased = TextLabel(ink="good")
        self.host = BreakingLabel(ink="muted")
        self.installation = CodeText(self.tr("Installation id it left under"))
        self.checksum = CodeText(self.tr("SHA-256 of the bytes that left"))
        self.reply = CodeText(self.tr("What the server answered"))
        self.facts = Card()
        self.records = RecordModel(self)
        self.rows = Rows(self.records, self.tr("What it said"))
        self.list = RowsCard(self.rows)
        self._build()
        self.rows.chosen.connect(self._open)

    def _build(self) -> None:
        self.column.addWidget(self.said)
        for label in (self.state, self.explanation, self.verdicts, self.erased, self.host):
            self.facts.column.addWidget(label)
        self.column.addWidget(self.facts)
        self._heading = self.add_heading(self.tr("What it said"))
        self.cleared = TextLabel(
            self.tr("This computer's copy was cleared, so what it said cannot be shown any more."), ink="muted"
        )
        self.column.addWidget(self.cleared)
        self.column.addWidget(self.list, 1)
        proof = Card()
        for text in (self.reply, self.checksum, self.installation):
            proof.column.addWidget(TextLabel(text.accessibleName(), step=Type.SMALL, ink="muted"))
            proof.column.addWidget(text)
        self._proof = proof
        self.column.addWidget(proof)
        for widget in (self.facts, self._heading, self.cleared, self.list, proof):
            widget.hide()

    def look(self) -> None:
        self.ask(OpenLedgerEntry(account=self.account, batch_id=self.item.batch_id), self._show)

    def _show(self, entry: LedgerEntry) -> None:
        self.say("")
        if entry == self._shown:
            return
        self._shown, item = entry, entry.item
        self.state.setText(
            wording.joined(
                words.batch_state(item.state), wording.when(item.at) if item.at else "", wording.size(item.size)
            )
        )
        self.explanation.setText(words.batch_explanation(item))
        self.verdicts.show_text(
            "\n".join(f"{words.loss(reason)}: {wording.number(count)}" for reason, count in entry.verdicts.items())
        )
        self.erased.show_text(
            self.tr("Erased by the server, {when}.").format(when=wording.when(entry.erased)) if entry.erased else ""
        )
        self.host.show_text(self.tr("Sent to {host}").format(host=entry.host) if entry.host else "")
        self.reply.show_text(self._reply(entry))
        self.checksum.show_text(entry.sha256)
        self.installation.show_text(entry.installation_id)
        self.records.show_records(entry.records)
        for widget in (self.facts, self._heading, self._proof):
            widget.show()
        self.cleared.setVisible(item.cleared)
        self.list.setVisible(not item.cleared)

    def _reply(self, entry: LedgerEntry) -> str:
        status = str(entry.item.status) if entry.item.status is not None else self.tr("No answer came.")
        return f"{status}\n{entry.reply}" if entry.reply else status

    def _open(self, record: RecordItem) -> None:
        self.opened.emit(RecordPage(self._bridge, record, None))


class RecordModel(QAbstractListModel):
    """The records of one batch, which are all here."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: tuple[RecordItem, ...] = ()

    def show_records(self, records: tuple[RecordItem, ...]) -> None:
        """Others."""
        self.beginResetModel()
        self._rows = records
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own
        return 0 if parent.isValid() else len(self._rows)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> RecordItem | RowWords | str | None:
        if not index.isValid():
            return None
        record = self._rows[index.row()]
        if role == ITEM:
            return record
        said = RowWords(
            words.record_title(record), wording.clock_at(record.at), words.values(record.fields).replace("\n", ", ")
        )
        if role == WORDS:
            return said
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(part for part in (said.title, said.line, said.aside) if part)
        return None
