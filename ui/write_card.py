"""The Write card: one box, photos, a place, Send. What was written is kept until the agent has it on disk."""

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QPushButton

from agent.api import AgentError, FileReport
from ui.attachments import Attachments
from ui.bridge import AgentBridge
from ui.buttons import IconButton, MenuButton
from ui.card import Card
from ui.growing_box import GrowingBox, carries_files
from ui.image_work import ImageWork
from ui.labels import TextLabel
from ui.place_choice import PlaceChoice
from ui.theme.scale import S, Type, spaced


class WriteCard(Card):
    """Writes one report at a time. The place follows the session until the person chooses one."""

    filed = Signal(str)
    """The instance id of a report that is on disk."""

    def __init__(self, bridge: AgentBridge, images: ImageWork) -> None:
        super().__init__()
        self._bridge = bridge
        self._place: tuple[str | None, str] = (None, "")
        self._place_chosen = False
        self._account = ""
        self._sending = False
        self._refusals: list[str] = []
        self.box = GrowingBox(least_lines=1, most_lines=10)
        self.box.setPlaceholderText(self.tr("What happened?"))
        self.box.setAccessibleName(self.tr("What happened?"))
        self.attachments = Attachments(bridge, images)
        self.sentence = TextLabel(step=Type.SMALL, ink="bad")
        self.sentence.hide()
        self.photo = IconButton("photo", "", text=self.tr("&Add photo"))
        self.place = MenuButton("place")
        self._places = QMenu(self.place)
        self.place.setMenu(self._places)
        self.send = QPushButton(self.tr("&Send"))
        self._build()
        self._connect()
        self._judge()

    def _build(self) -> None:
        row = spaced(QHBoxLayout(), gap=S)
        row.addWidget(self.photo)
        row.addWidget(self.place)
        row.addStretch(1)
        row.addWidget(self.send)
        for widget in (self.box, self.attachments, self.sentence):
            self.column.addWidget(widget)
        self.column.addLayout(row)
        self.send.setToolTip(
            QKeySequence(Qt.Modifier.CTRL | Qt.Key.Key_Return).toString(QKeySequence.SequenceFormat.NativeText)
        )

    def _connect(self) -> None:
        self.box.files_given.connect(self.take)
        self.box.textChanged.connect(self._judge)
        self.attachments.changed.connect(self._judge)
        self.attachments.refused.connect(self._refused)
        self.photo.clicked.connect(self.choose_files)
        self.send.clicked.connect(self.send_report)
        self._places.aboutToShow.connect(self._fill_places)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.send_report)

    @property
    def has_draft(self) -> bool:
        """Whether something would be lost by closing the program."""
        return bool(self.box.toPlainText().strip() or self.attachments.chips)

    def refresh(self) -> None:
        """Follow the account and the session."""
        snapshot = self._bridge.snapshot()
        if snapshot.current is not None and snapshot.current != self._account:
            self._account, self._place_chosen = snapshot.current, False
            self.attachments.drop(snapshot.current)
        if not self._place_chosen:
            session = snapshot.session
            self._place = (session.location_id, session.location) if session is not None else (None, "")
            self._name_place()

    def begin(self, text: str = "") -> None:
        """Put the cursor where writing begins; `text` joins what is there."""
        if text:
            self.box.appendPlainText(text) if self.box.toPlainText() else self.box.setPlainText(text)
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def take(self, source: QMimeData) -> None:
        """Files, a picture or text that were dropped or pasted somewhere in the window."""
        paths = [url.toLocalFile() for url in source.urls() if url.isLocalFile()]
        self._add_files(paths)
        if not paths and carries_files(source):
            self.take_image(QImage(source.imageData()), self.tr("Pasted picture.png"))
        elif not paths and source.hasText():
            self.box.insertPlainText(source.text())
            self.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_image(self, image: QImage, name: str) -> None:
        """A picture that is no file yet."""
        self._forget_refusals()
        self.attachments.add_image(image, name)

    def choose_files(self) -> None:
        """Ask which files to add."""
        dialog = QFileDialog(self, self.tr("Add photos"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters(
            [
                self.tr("Photos and videos (*.jpg *.jpeg *.png *.webp *.gif *.heic *.mp4 *.mov *.webm)"),
                self.tr("All files (*)"),
            ]
        )
        dialog.filesSelected.connect(self._add_files)
        dialog.open()

    def _add_files(self, paths: list[str]) -> None:
        self._forget_refusals()
        for path in paths:
            self.attachments.add_path(path)

    def _refused(self, sentence: str) -> None:
        """One line for each file of those added together."""
        self._refusals.append(sentence)
        self.complain("\n".join(self._refusals))

    def _forget_refusals(self) -> None:
        self._refusals.clear()
        self.complain("")

    def complain(self, sentence: str) -> None:
        """Say why something was not done; the text stays."""
        self.sentence.show_text(sentence)

    def send_report(self) -> None:
        """Hand the report to the agent; only when it is on disk is the box emptied."""
        if self._sending or self.attachments.coming:
            return
        text = self.box.toPlainText()
        if not self.has_draft:
            self.complain(self.tr("Write a line about what happened, or add a photo, then send."))
            self.box.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)  # disabling Send would hand it to a neighbour
        self._set_sending(sending=True)
        command = FileReport(
            account=self._bridge.snapshot().current or "",
            text=text,
            location_id=self._place[0],
            media=self.attachments.media,
        )
        self._bridge.submit(command, self, self._filed, self._failed)

    def _filed(self, result: object) -> None:
        self.box.clear()
        self.attachments.clear()
        self._place_chosen = False
        self._set_sending(sending=False)
        self.refresh()
        self.filed.emit(getattr(result, "instance_id", ""))

    def _failed(self, error: AgentError) -> None:
        self._set_sending(sending=False)
        self.complain(error.sentence)

    def _set_sending(self, *, sending: bool) -> None:
        self._sending = sending
        self.box.setReadOnly(sending)
        self._forget_refusals()
        self._judge()

    def _judge(self) -> None:
        self.send.setEnabled(not self._sending and not self.attachments.coming and self.has_draft)

    def _name_place(self) -> None:
        name = self._place[1] or self.tr("No place")
        self.place.setText(name if len(name) <= 22 else f"{name[:21]}…")
        self.place.setToolTip(self.tr("The place this report is about: {place}").format(place=name))

    def _fill_places(self) -> None:
        menu, session = self._places, self._bridge.snapshot().session
        menu.clear()
        if session is not None and session.location_id is not None:
            here = (session.location_id, session.location)
            menu.addAction(session.location, lambda: self._choose(*here))
        menu.addAction(self.tr("No place"), lambda: self._choose(None, ""))
        menu.addAction(self.tr("Other place…"), self._ask_place)

    def _ask_place(self) -> None:
        PlaceChoice(
            self._bridge,
            self,
            title=self.tr("Place of the report"),
            press=self.tr("Use this place"),
            evidence="",
            elsewhere=False,
            chosen=lambda location_id, name, _note: self._choose(location_id, name),
        ).open()

    def _choose(self, location_id: str | None, name: str) -> None:
        self._place, self._place_chosen = (location_id, name), True
        self._name_place()
