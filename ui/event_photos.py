"""Photos for a check-in: before the press, or added to one that was recorded without."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from agent.api import MOST_PHOTOS, Snapshot
from ui import wording
from ui.attachments import Attachments
from ui.attendance_desk import AttendanceDesk
from ui.bridge import AgentBridge
from ui.buttons import IconButton
from ui.growing_box import carries_files
from ui.image_work import ImageWork
from ui.labels import TextLabel
from ui.theme.scale import S, Type, spaced


class EventPhotos(QWidget):
    """A button to add them and what was added. `changed`: there are others, or one is being read."""

    changed = Signal()

    def __init__(self, bridge: AgentBridge, images: ImageWork) -> None:
        super().__init__()
        self.attachments = Attachments(bridge, images, most=MOST_PHOTOS)
        # In the same words as a report's; the key is that one's.
        self.add = IconButton("photo", "", text=wording.translate("WriteCard", "&Add photo").replace("&", ""))
        self.sentence = TextLabel(step=Type.SMALL, ink="bad")
        self.sentence.hide()
        self.setAcceptDrops(True)
        column = spaced(QVBoxLayout(self), gap=S)
        column.addWidget(self.attachments)
        column.addWidget(self.sentence)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeading)
        self.add.clicked.connect(self.attachments.choose)
        self.attachments.changed.connect(self._judge)
        self.attachments.refused.connect(self.sentence.show_text)

    @property
    def media(self) -> tuple[str, ...]:
        """Ids for the command."""
        return self.attachments.media

    @property
    def ready(self) -> bool:
        """Whether all that was added is safe here."""
        return not self.attachments.coming

    def recorded(self) -> None:
        """They are of an event now."""
        if self.media:
            self.attachments.show_all(())
        self.sentence.show_text("")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if carries_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.attachments.take(event.mimeData()):
            event.acceptProposedAction()

    def _judge(self) -> None:
        self.add.setEnabled(not self.attachments.full)
        self.changed.emit()


class PhotoAfterwards(QWidget):
    """Where the organization asks for a photo with a check-in and the open one has none: adds one to it."""

    def __init__(self, bridge: AgentBridge, desk: AttendanceDesk, images: ImageWork) -> None:
        super().__init__()
        self._desk = desk
        self._event = ""
        self.words = TextLabel(self.tr("Your organization asks for a photo with this check-in."), step=Type.SMALL)
        self.photos = EventPhotos(bridge, images)
        self.send = QPushButton(self.tr("Add &it to the check-in"))
        column = spaced(QVBoxLayout(self), gap=S)
        column.addWidget(self.words)
        column.addWidget(self.photos)
        row = spaced(QHBoxLayout(), gap=S)
        row.addWidget(self.send)
        row.addStretch(1)
        column.addLayout(row)
        self.photos.changed.connect(self._judge)
        self.send.clicked.connect(self._send)
        self.hide()

    def refresh(self, snapshot: Snapshot) -> None:
        """Absent where no photo is asked for, or there is one."""
        wanted = (snapshot.session.photo_wanted if snapshot.session is not None else None) or ""
        if wanted != self._event:
            self._event = wanted
            self.photos.recorded()
        self.setVisible(bool(wanted))
        self._judge()

    def _judge(self) -> None:
        self.send.setVisible(bool(self.photos.media))
        self.send.setEnabled(self.photos.ready and not self._desk.busy)

    def _send(self) -> None:
        if self.photos.ready:
            self._desk.add_photos(self._event, self.photos.media)
