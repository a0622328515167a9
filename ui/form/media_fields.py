"""Photos, videos and files of an answer: chosen, dropped or pasted here, each a chip like those of any report."""

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QFileDialog, QHBoxLayout

from protocol.templates import PHOTO, VIDEO
from rules.templates.values import MAX_FILES
from ui.attachments import Attachments
from ui.buttons import IconButton
from ui.form.answer_field import AnswerField
from ui.growing_box import carries_files
from ui.labels import TextLabel
from ui.theme.scale import S, Type, spaced


class Media(AnswerField):
    """Takes up to as many as the field allows; what is over that is said, not dropped."""

    def build(self) -> None:
        tools = self.tools
        self.setAcceptDrops(not tools.read_only)
        self.attachments = Attachments(tools.bridge, tools.images)
        self.attachments.keep_details.hide()  # one switch on the page is enough
        named = self.value if isinstance(self.value, list) else []
        self.attachments.show_all(tuple(tools.files[one] for one in named if one in tools.files))
        self.sentence = TextLabel(step=Type.SMALL, ink="bad")
        self.sentence.hide()
        self.add = IconButton("file" if self.field.kind not in {PHOTO, VIDEO} else "photo", "", text=self._add_words())
        self.part(self.add, f"{self.field.label}: {self._add_words()}")
        self.add.setAutoRaise(False)
        row = spaced(QHBoxLayout(), gap=S)
        row.addWidget(self.add)
        row.addStretch(1)
        for widget in (self.attachments, self.sentence):
            self.column.addWidget(widget)
        self.column.addLayout(row)
        self._judge()
        self.attachments.changed.connect(self._take_over)
        self.attachments.kept.connect(self.kept)
        self.attachments.refused.connect(self.sentence.show_text)
        self.add.clicked.connect(self.choose_files)

    @property
    def busy(self) -> bool:
        return self.attachments.coming > 0

    def set_read_only(self) -> None:
        self.add.hide()
        for chip in self.attachments.chips:
            chip.remove.hide()

    def take(self, source: QMimeData) -> None:
        """Files or a picture that were dropped or pasted here."""
        paths = [url.toLocalFile() for url in source.urls() if url.isLocalFile()]
        self.add_files(paths)
        if not paths and source.hasImage():
            self.attachments.add_image(
                QImage(source.imageData()), self.attachments.free_name(self.tr("Pasted picture"))
            )

    def add_files(self, paths: list[str]) -> None:
        """As many of these as there is room for."""
        self.sentence.show_text("")
        room = self._most - len(self.attachments.chips) - self.attachments.coming
        for path in paths[:room]:
            self.attachments.add_path(path)
        if len(paths) > room:
            self.sentence.show_text(self.tr("At most %n file(s) go here; the rest was not added.", "", self._most))

    def choose_files(self) -> None:
        """Ask which files to add."""
        dialog = QFileDialog(self, self._add_words())
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        filters = {
            PHOTO: [self.tr("Photos (*.jpg *.jpeg *.png *.webp *.gif *.heic)")],
            VIDEO: [self.tr("Videos (*.mp4 *.mov *.webm)")],
        }
        dialog.setNameFilters([*filters.get(self.field.kind, []), self.tr("All files (*)")])
        dialog.filesSelected.connect(self.add_files)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        source = QApplication.clipboard().mimeData() if event.matches(QKeySequence.StandardKey.Paste) else None
        if source is not None and carries_files(source) and not self.tools.read_only:
            self.take(source)
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if carries_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.take(event.mimeData())
        event.acceptProposedAction()

    @property
    def _most(self) -> int:
        return MAX_FILES if self.field.most is None else int(self.field.most)

    def _add_words(self) -> str:
        if self.field.kind == PHOTO:
            return self.tr("Add photo")
        return self.tr("Add video") if self.field.kind == VIDEO else self.tr("Add file")

    def _take_over(self) -> None:
        for chip in self.attachments.chips:
            self.tools.files[chip.attached.media_id] = chip.attached
        self._judge()
        self.answer(list(self.attachments.media) or None)

    def _judge(self) -> None:
        self.add.setEnabled(len(self.attachments.chips) + self.attachments.coming < self._most)
