"""Of an attendance event: what it rests on, what is to be known of it, and the way to its day."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout

from agent.api import ActivityItem, AttendanceDetail, Command, MediaItem, ShowAttendance
from ui import attendance_words, wording
from ui.bridge import AgentBridge
from ui.card import Card
from ui.image_work import ImageWork
from ui.labels import TextLabel
from ui.report_files import FileRow
from ui.theme.scale import M, Type, spaced


class EvidenceCard(Card):
    """Plain sentences, never a claim of proof. Absent for a report. `day_wished` carries the datetime.date to show."""

    day_wished = Signal(object)

    def __init__(self, bridge: AgentBridge, images: ImageWork) -> None:
        super().__init__()
        self._bridge, self._images = bridge, images
        self.files: dict[str, FileRow] = {}
        self._files = spaced(QVBoxLayout(), gap=M)
        self._item: ActivityItem | None = None
        self.session = TextLabel(step=Type.STRONG)
        self.note = TextLabel()
        self.marks = TextLabel()
        self.evidence = TextLabel(ink="muted")
        self.day = QPushButton(self.tr("Open in the &timesheet"))
        for widget in (self.session, self.note, self.marks, self.evidence):
            self.column.addWidget(widget)
            widget.hide()
        self.column.addLayout(self._files)
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
            self._show_files(())
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
        self._show_files(detail.media)

    def _show_files(self, media: tuple[MediaItem, ...]) -> None:
        """Its photos, and where each is on its way."""
        if tuple(self.files) != tuple(one.media_id for one in media):
            for row in self.files.values():
                self._files.removeWidget(row)
                row.hide()
                row.deleteLater()
            account = self._bridge.snapshot().current or ""
            self.files = {one.media_id: FileRow(one, account, self._images) for one in media}
            for row in self.files.values():
                self._files.addWidget(row)
                row.wished.connect(lambda command, row=row: self._carry_out(command, row))
        for one in media:
            self.files[one.media_id].show_media(one, can_remove=False)

    def _carry_out(self, command: Command, row: FileRow) -> None:
        self._bridge.submit(command, row, lambda _done: row.fetched(), lambda error: row.failed(error.sentence))

    def _wish_day(self) -> None:
        if self._item is not None:
            self.day_wished.emit(wording.moment(self._item.at).date())
