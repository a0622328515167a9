"""One record of log data, exactly as it leaves or left."""

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton, QWidget

from agent.api import RecordItem, RemoveRecord
from ui import wording
from ui.attachments import Chips
from ui.bridge import AgentBridge
from ui.card import Card
from ui.labels import TextLabel
from ui.privacy import words
from ui.privacy.code_text import CodeText
from ui.privacy.section import Section
from ui.theme.scale import S, Type


class RecordPage(Section):
    """`removed` is called once it is out of what is next to send; without, it has left already and stays as it is."""

    def __init__(self, bridge: AgentBridge, record: RecordItem, removed: Callable[[RecordItem], None] | None) -> None:
        super().__init__(bridge, words.record_title(record))
        self.record, self._removed = record, removed
        self.add_lead(
            wording.joined(
                record.name, wording.category(record.category), wording.when(record.at), wording.size(record.size)
            )
        )
        fields = Card()
        self.fields = CodeText(self.tr("What it says"), most_lines=40)
        self.envelope = CodeText(self.tr("What goes with it"), most_lines=40)
        for heading, text, held in (
            (self.tr("What it says"), self.fields, record.fields),
            (self.tr("What goes with it"), self.envelope, record.envelope),
        ):
            fields.column.addWidget(TextLabel(heading, step=Type.STRONG))
            fields.column.addWidget(text)
            text.show_text(words.values(held))
        if not record.fields:
            self.fields.show_text(self.tr("Nothing besides its name."))
        self.column.addWidget(fields)
        self.remove = QPushButton(self.tr("&Remove this record"))
        self.remove.clicked.connect(self._remove)
        holder = QWidget()
        holder.setContentsMargins(S, 0, S, 0)
        chips = Chips(holder)
        chips.addWidget(self.remove)
        self.remove.setVisible(removed is not None)  # only in here: alone it would be a window
        self.foot.addWidget(holder)
        self.column.addStretch(1)

    def look(self) -> None:
        """It does not change."""

    def _remove(self) -> None:
        self.remove.setEnabled(False)
        self.do(RemoveRecord(account=self.account, seq=self.record.seq), self._done)

    def _done(self, _: object) -> None:
        if self._removed is not None:
            self._removed(self.record)
        self.left.emit()
