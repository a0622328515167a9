"""The files that will go with a report: one chip each, with a thumbnail, its size and a way to take it off again."""

from itertools import count
from pathlib import PurePath

from PySide6.QtCore import QMimeData, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QLayout, QLayoutItem, QVBoxLayout, QWidget

from agent.api import AgentError, Attach, Attached, Detach, MarkNote
from rules.review import media_mark
from ui import wording
from ui.bridge import AgentBridge
from ui.buttons import IconButton
from ui.card import Card
from ui.growing_box import carries_files
from ui.image_work import ImageWork
from ui.keep_details import KeepDetails
from ui.labels import SpanLabel
from ui.theme.colours import colours
from ui.theme.icons import pixmap
from ui.theme.scale import XS, S, Type, font, spaced
from ui.tool_tip import plain_tip

_THUMBNAIL = 32


class Chips(QLayout):
    """Left to right (or right to left), and on to the next line where there is no room."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        spaced(self, gap=S)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), move=False)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize(0, 0)
        for item in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        return size

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, move=True)

    def _place(self, rect: QRect, *, move: bool) -> int:
        x, y, line = 0, 0, 0
        owner = self.parentWidget()
        backwards = owner is not None and owner.isRightToLeft()
        for item in self._items:
            if item.isEmpty():  # hidden
                continue
            size = item.sizeHint()
            if size.width() > rect.width():
                room = max(rect.width(), 1)
                size = QSize(room, item.heightForWidth(room) if item.hasHeightForWidth() else size.height())
            if x and x + size.width() > rect.width():
                x, y, line = 0, y + line + S, 0
            if move:
                left = rect.right() + 1 - x - size.width() if backwards else rect.x() + x
                item.setGeometry(QRect(QPoint(left, rect.y() + y), size))
            x, line = x + size.width() + S, max(line, size.height())
        return y + line


class Chip(Card):
    """One attached file."""

    def __init__(self, attached: Attached, account: str) -> None:
        super().__init__()
        self.attached, self.account = attached, account
        self.remove = IconButton("remove", self.tr("Remove {name}").format(name=attached.name))
        self._picture = QLabel()
        self._picture.setFixedSize(_THUMBNAIL, _THUMBNAIL)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setPixmap(pixmap(_shape(attached), colours().muted, 24, self.devicePixelRatioF()))
        name = SpanLabel(_middle(attached.name), step=Type.SMALL)
        name.setToolTip(plain_tip(attached.name))
        words = wording.size(attached.size)
        if attached.original_size:
            words = self.tr("{size}, made smaller from {before}").format(
                size=words, before=wording.size(attached.original_size)
            )
        size = SpanLabel(words, step=Type.SMALL, ink="muted")
        self.kept = SpanLabel(step=Type.SMALL, ink="muted" if attached.metadata_removed else "warn")
        first = spaced(QHBoxLayout(), gap=S)
        first.addWidget(name)
        first.addWidget(size)
        first.addStretch(1)
        lines = spaced(QVBoxLayout(), gap=0)
        lines.addLayout(first)
        lines.addWidget(self.kept)
        row = spaced(QHBoxLayout(), gap=S)
        row.addWidget(self._picture)
        row.addLayout(lines, 1)
        row.addWidget(self.remove)
        spaced(self.column, margins=XS).addLayout(row)
        self.kept.show_text(self._kept_words())

    def _kept_words(self) -> str:
        """What travels along, and what does not: the person may think of neither."""
        if self.attached.metadata_removed and self.attached.content_type == "video/webm":
            return self.tr("Without place, device and file name, unless its frames tell them")
        if self.attached.metadata_removed:
            return self.tr("Without place, device and file name")
        if not self.attached.content_type.startswith(("image/", "video/", "audio/")):
            return self.tr("Sent as it is, with all that is in it")
        if self.attached.keeps_details:
            return self.tr("With place, device and file name")
        return self.tr("Sent as it is, with place and camera if it has them")

    def show_thumbnail(self, image: QImage) -> None:
        """The picture, once it has been read; a file that is none keeps its icon."""
        if image.isNull():
            return
        ratio = self.devicePixelRatioF()
        side = round(_THUMBNAIL * ratio)
        square = image.scaled(
            side, side, Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
        )
        cut = square.copy((square.width() - side) // 2, (square.height() - side) // 2, side, side)
        shown = QPixmap.fromImage(cut)
        shown.setDevicePixelRatio(ratio)
        self._picture.setPixmap(shown)


class Attachments(QWidget):
    """Takes files to the agent and shows what is safe in the spool."""

    changed = Signal()
    kept = Signal()
    """A file was added or taken off: what names it should be saved now."""
    refused = Signal(str)
    """Why some of those that were added together were not taken, a line for each; empty when others are added."""

    def __init__(self, bridge: AgentBridge, images: ImageWork, *, most: int | None = None) -> None:
        super().__init__()
        self._bridge, self._images, self._most = bridge, images, most
        self._chips: list[Chip] = []
        self._refusals: list[str] = []
        column = spaced(QVBoxLayout(self), gap=XS)
        holder = QWidget()
        self._row = Chips(holder)
        self.keep_details = KeepDetails(bridge)
        self.keep_details.setFont(font(Type.SMALL))
        column.addWidget(holder)
        column.addWidget(self.keep_details)
        self.coming = 0
        self.hide()

    @property
    def chips(self) -> tuple[Chip, ...]:
        """In the order they were added."""
        return tuple(self._chips)

    @property
    def media(self) -> tuple[str, ...]:
        """Ids for FileReport."""
        return tuple(chip.attached.media_id for chip in self._chips)

    def choose(self) -> None:
        """Ask which files to add."""
        dialog = QFileDialog(self, self.tr("Add photos"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters(
            [
                self.tr("Photos and videos (*.jpg *.jpeg *.png *.webp *.gif *.heic *.heif *.avif *.mp4 *.mov *.webm)"),
                self.tr("All files (*)"),
            ]
        )
        dialog.filesSelected.connect(self.add_paths)
        dialog.open()

    def take(self, source: QMimeData) -> bool:
        """Files or a picture that were dropped or pasted; False where there are none in it."""
        paths = [url.toLocalFile() for url in source.urls() if url.isLocalFile()]
        if paths:
            self.add_paths(paths)
        elif carries_files(source):
            self.take_image(QImage(source.imageData()), self.free_name(self.tr("Pasted picture")))
        else:
            return False
        return True

    def add_paths(self, paths: list[str]) -> None:
        """Local files, together."""
        self._forget_refusals()
        for path in paths:
            self.add_path(path)

    def take_image(self, image: QImage, name: str) -> None:
        """A picture that is no file yet, alone."""
        self._forget_refusals()
        self.add_image(image, name)

    def add_path(self, path: str) -> None:
        """A local file."""
        if self.full:
            self._refuse(self._no_room())
            return
        self._attach(Attach(account=self._account(), path=path, name=PurePath(path).name))

    def add_image(self, image: QImage, name: str) -> None:
        """A picture from the clipboard or the screen; it becomes a PNG file off the main thread."""
        if self.full:
            self._refuse(self._no_room())
            return
        self._count(1)

        def encoded(data: bytes) -> None:
            self._count(-1)
            if data:
                self._attach(Attach(account=self._account(), data=data, name=name))
            else:
                self._refuse(self.tr("This picture could not be read. Save it as a file and add that."))

        self._images.encode(image, self, encoded)

    def free_name(self, words: str) -> str:
        """A name for a picture that has none, which no other here has: files are told apart by their names."""
        taken = {chip.attached.name for chip in self._chips}
        names = (f"{words}.png" if number == 1 else f"{words} {number}.png" for number in count(1))
        return next(name for name in names if name not in taken)

    @property
    def full(self) -> bool:
        """Whether there is room for no more."""
        return self._most is not None and len(self._chips) + self.coming >= self._most

    def drop(self) -> None:
        """None of them is wanted."""
        for chip in self.chips:
            self._remove(chip)

    def show_all(self, files: tuple[Attached, ...], marks: tuple[MarkNote, ...] = ()) -> None:
        """Show the files of another draft; those that were here are left to theirs. Those that a
        manager marked are tinted."""
        wrong = {one.path for one in marks}
        for chip in self._chips:
            self._row.removeWidget(chip)
            chip.deleteLater()
        self._chips.clear()
        for file in files:
            chip = Chip(file, self._account())
            chip.set_notice(notice=media_mark(file.media_id) in wrong)
            self._add(chip)
        self._show()

    def _attach(self, command: Attach) -> None:
        def attached(result: Attached) -> None:
            self._count(-1)
            if command.account != self._account():  # nothing goes under an account it was not added for
                self._bridge.submit(Detach(account=command.account, media_id=result.media_id), self)
                return
            self._add(Chip(result, command.account))
            self.kept.emit()

        def failed(error: AgentError) -> None:
            self._count(-1)
            self._refuse(error.sentence)

        self._count(1)
        self._bridge.submit(command, self, attached, failed)

    def _add(self, chip: Chip) -> None:
        self._chips.append(chip)
        self._row.addWidget(chip)
        chip.remove.clicked.connect(lambda: self._remove(chip))
        if chip.attached.thumbnail is not None:
            bound = QSize(_THUMBNAIL * 4, _THUMBNAIL * 4)
            self._images.decode(chip.attached.thumbnail, bound, chip, chip.show_thumbnail)
        self._show()

    def _remove(self, chip: Chip) -> None:
        self._chips.remove(chip)
        self._row.removeWidget(chip)
        chip.deleteLater()
        self._bridge.submit(Detach(account=chip.account, media_id=chip.attached.media_id), self)
        self._show()
        self.kept.emit()

    def _no_room(self) -> str:
        return self.tr("There is no room for more photos here. Write a report for the others.")

    def _refuse(self, sentence: str) -> None:
        if sentence not in self._refusals:
            self._refusals.append(sentence)
        self.refused.emit("\n".join(self._refusals))

    def _forget_refusals(self) -> None:
        self._refusals.clear()
        self.refused.emit("")

    def _count(self, by: int) -> None:
        self.coming += by
        self.changed.emit()

    def _show(self) -> None:
        self.setVisible(bool(self._chips))
        self.updateGeometry()
        self.changed.emit()

    def _account(self) -> str:
        return self._bridge.snapshot().current or ""


def _shape(attached: Attached) -> str:
    return "photo" if attached.content_type.startswith(("image/", "video/")) else "file"


def _middle(name: str) -> str:
    return name if len(name) <= 24 else f"{name[:14]}…{name[-8:]}"
