"""Of an attendance event: what it rests on, what is to be known of it, and the way to its day."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton

from agent.api import ActivityItem, AttendanceDetail, ShowAttendance
from ui import attendance_words, wording
from ui.bridge import AgentBridge
from ui.card import Card
from ui.labels import TextLabel
from ui.theme.scale import Type


class EvidenceCard(Card):
    """Plain sentences, never a claim of proof. Absent for a report. `day_wished` carries the datetime.date to show."""

    day_wished = Signal(object)

    def __init__(self, bridge: AgentBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._item: ActivityItem | None = None
        self.session = TextLabel(step=Type.STRONG)
        self.note = TextLabel()
        self.marks = TextLabel()
        self.evidence = TextLabel(ink="muted")
        self.day = QPushButton(self.tr("Open in the &timesheet"))
        for widget in (self.session, self.note, self.marks, self.evidence):
            self.column.addWidget(widget)
            widget.hide()
        self.column.addWidget(self.day, 0, Qt.AlignmentFlag.AlignLeading)
        self.day.clicked.connect(self._wish_day)
        self.hide()

    def show_item(self, item: ActivityItem) -> None:
        """Read it again, if it is an event."""
        account = self._bridge.snapshot().current
        if item.kind == "report" or account is None:
            self.hide()
            return
        if self._item is None or item.item_id != self._item.item_id:
            for label in (self.session, self.note, self.marks, self.evidence):
                label.show_text("")
        self._item = item
        self.show()
        query = ShowAttendance(account=account, event_id=item.item_id)
        self._bridge.query(query, self, self._show, lambda error: self.evidence.show_text(error.sentence))

    def _show(self, detail: AttendanceDetail) -> None:
        if self._item is None or detail.event.event_id != self._item.item_id:
            return
        event, session = detail.event, detail.session
        self.session.show_text(attendance_words.session_line(session) if session is not None else "")
        self.note.show_text(event.note if event.location else "")
        self.marks.show_text("\n".join(attendance_words.said_of(event)))
        self.evidence.show_text(attendance_words.evidence(event))

    def _wish_day(self) -> None:
        if self._item is not None:
            self.day_wished.emit(wording.moment(self._item.at).date())
