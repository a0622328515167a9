"""A signature or a drawing: made on a sheet, or by keyboard as a typed name or a picture that is added."""

from pathlib import PurePath

from PySide6.QtCore import QSize, QTimer
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton

from agent.api import AgentError, Attach, Attached, Detach
from ui.form.answer_field import AnswerField
from ui.form.canvas import SHEET, Canvas
from ui.labels import TextLabel
from ui.theme.scale import S, Type, spaced

_AFTER_MS = 400


class Signature(AnswerField):
    """What stands on the sheet is kept as a PNG soon after each stroke; the picture before it is forgotten."""

    def build(self) -> None:
        self.canvas = Canvas()
        self.part(self.canvas, self.tr("{label}: sheet to draw on").format(label=self.field.label))
        self.typed = QLineEdit()
        self.typed.setMaxLength(120)
        self.typed.setPlaceholderText(self.tr("or type your name"))
        self.typed.setMaximumWidth(SHEET.width() // 2)
        self.picture = QPushButton(self.tr("Add a picture…"))
        self.clear = QPushButton(self.tr("Clear"))
        self.part(self.typed, self.tr("{label}: type your name instead of drawing").format(label=self.field.label))
        self.part(self.picture, self.tr("{label}: add a picture").format(label=self.field.label))
        self.part(self.clear, self.tr("Clear {label}").format(label=self.field.label))
        self.sentence = TextLabel(step=Type.SMALL, ink="bad")
        self.sentence.hide()
        row = spaced(QHBoxLayout(), gap=S)
        row.addWidget(self.picture)
        row.addWidget(self.clear)
        row.addStretch(1)
        for widget in (self.canvas, self.typed):
            self.column.addWidget(widget)
        self.column.addLayout(row)
        self.column.addWidget(self.sentence)
        self._coming = 0
        self._dirty = False
        self._soon = QTimer(self, singleShot=True, interval=_AFTER_MS)
        self._soon.timeout.connect(self._keep)
        self._show_kept()
        self._judge()
        self.canvas.drawn.connect(self._touched)
        self.typed.textEdited.connect(self._write)
        self.picture.clicked.connect(self.choose_picture)
        self.clear.clicked.connect(self._clear)

    @property
    def busy(self) -> bool:
        return self._coming > 0 or self._dirty

    def set_read_only(self) -> None:
        super().set_read_only()
        for widget in (self.typed, self.picture, self.clear):
            widget.hide()

    def choose_picture(self) -> None:
        """Ask for a picture of a drawing."""
        dialog = QFileDialog(self, self.picture.text())
        dialog.setNameFilters([self.tr("Pictures (*.png *.jpg *.jpeg *.webp)"), self.tr("All files (*)")])
        dialog.fileSelected.connect(self.add_picture)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def add_picture(self, path: str) -> None:
        """This picture in the place of what stands here."""
        self._soon.stop()
        self._dirty = False
        self.typed.clear()
        self._attach(Attach(account=self._account(), path=path, name=PurePath(path).name), show=True)

    def _show_kept(self) -> None:
        named = self.value if isinstance(self.value, list) else []
        for one in named:
            if one in self.tools.files:
                self._show_file(self.tools.files[one])

    def _show_file(self, file: Attached) -> None:
        bound = QSize(SHEET.width() * 2, SHEET.height() * 2)
        self.tools.images.decode(file.spool_path, bound, self, self.canvas.show_image)

    def _write(self, name: str) -> None:
        self.canvas.write(name)
        self._touched()

    def _judge(self) -> None:
        self.clear.setVisible(not self.tools.read_only and (self.value is not None or not self.canvas.is_empty))

    def _touched(self) -> None:
        self._judge()
        self._dirty = True
        self._soon.start()
        self.changed.emit()

    def _clear(self) -> None:
        self._soon.stop()
        self._dirty = False
        self.canvas.clear()
        self.typed.clear()
        self._replace(None)

    def _keep(self) -> None:
        self._dirty = False
        if self.canvas.is_empty:
            self._replace(None)
            return
        self._coming += 1

        def encoded(data: bytes) -> None:
            self._coming -= 1
            self._attach(Attach(account=self._account(), data=data, name=self.tr("Signature.png")))

        self.tools.images.encode(self.canvas.image.copy(), self, encoded)

    def _attach(self, command: Attach, *, show: bool = False) -> None:
        self._coming += 1

        def attached(file: Attached) -> None:
            self._coming -= 1
            if command.account != self._account():  # nothing goes under an account it was not made for
                self.tools.bridge.submit(Detach(account=command.account, media_id=file.media_id), self)
                return
            if show:
                self._show_file(file)
            self._replace(file)

        def failed(error: AgentError) -> None:
            self._coming -= 1
            self.sentence.show_text(error.sentence)
            self.changed.emit()

        self.tools.bridge.submit(command, self, attached, failed)

    def _replace(self, file: Attached | None) -> None:
        """The picture before goes once what names the new one is saved."""
        before = self.value if isinstance(self.value, list) else []
        self.sentence.show_text("")
        if file is not None:
            self.tools.files[file.media_id] = file
        self.answer([file.media_id] if file is not None else None)
        self._judge()
        self.kept.emit()
        for one in before:
            self.tools.files.pop(one, None)
            self.tools.bridge.submit(Detach(account=self._account(), media_id=one), self)

    def _account(self) -> str:
        return self.tools.bridge.snapshot().current or ""
