"""The files of a report: each with its picture, where it is on its way, and what can be done about it."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from agent.api import (
    AgentError,
    Command,
    EditReport,
    FetchMedia,
    FetchPictures,
    HoldMedia,
    MediaItem,
    OpenMedia,
    ReportDetail,
    RetryMedia,
)
from rules.review import media_mark
from ui import wording
from ui.attachments import Chips
from ui.bridge import AgentBridge
from ui.image_work import ImageWork
from ui.labels import LineLabel, TextLabel
from ui.questions import ask_before
from ui.review_card import mark_words, marks_of
from ui.theme.colours import colours
from ui.theme.scale import XS, M, Type, font, spaced

_LARGEST = QSize(1600, 1600)
_READ_BY_QT = {"image/jpeg", "image/png", "image/webp", "image/gif"}
_BAR = 6
_DECIDED = {"approved", "rejected"}


class Bar(QWidget):
    """How much has arrived, 0…1; hidden where there is nothing to tell."""

    def __init__(self) -> None:
        super().__init__()
        self._share = 0.0
        self.setFixedHeight(_BAR)
        self.hide()

    def show_share(self, share: float | None) -> None:
        """None hides it."""
        self.setVisible(share is not None)
        if share is not None and share != self._share:
            self._share = share
            self.setAccessibleName(self.tr("{percent} % sent").format(percent=wording.number(int(share * 100))))
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens, painter = colours(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.outline)
        painter.drawRoundedRect(self.rect(), _BAR / 2, _BAR / 2)
        done = self.rect()
        done.setWidth(round(done.width() * self._share))
        if self.isRightToLeft():
            done.moveRight(self.rect().right())
        painter.setBrush(tokens.accent)
        painter.drawRoundedRect(done, _BAR / 2, _BAR / 2)


class Photo(QWidget):
    """A picture as wide as its room, never enlarged."""

    def __init__(self, media: MediaItem, images: ImageWork) -> None:
        super().__init__()
        self._picture, self._images = QPixmap(), images
        self.setAccessibleName(media.name)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._source = ""
        self.show_media(media)

    def show_media(self, media: MediaItem) -> None:
        """The original where it is here and Qt reads its kind, else the thumbnail."""
        source = media.path if media.content_type in _READ_BY_QT else None
        source = source or media.thumbnail
        if source is not None and source != self._source:
            self._source = source
            self._images.decode(source, _LARGEST, self, self._show)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._fitted(width).height()

    def sizeHint(self) -> QSize:
        return self._fitted(480)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._picture.isNull():
            return
        fitted = self._fitted(self.width())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        left = self.width() - fitted.width() if self.isRightToLeft() else 0
        painter.drawPixmap(left, 0, fitted.width(), fitted.height(), self._picture)

    def _fitted(self, width: int) -> QSize:
        whole = self._picture.size()
        if whole.isEmpty():
            return QSize(0, 0)
        return whole.scaled(QSize(min(width, whole.width()), 560), Qt.AspectRatioMode.KeepAspectRatio)

    def _show(self, image: QImage) -> None:
        if image.isNull():
            return
        self._picture = QPixmap.fromImage(image)
        self.updateGeometry()
        self.update()


class FileRow(QWidget):
    """One file. `wished` carries a command, `unwanted` that it should be taken off the report."""

    wished = Signal(object)
    unwanted = Signal()

    def __init__(self, media: MediaItem, account: str, images: ImageWork) -> None:
        super().__init__()
        self._account, self.media = account, media
        self._fetching = False
        self._photo = Photo(media, images) if media.content_type.startswith("image/") else None
        self.name = LineLabel()
        self.state = TextLabel(step=Type.SMALL, ink="muted")
        self.bar = Bar()
        self.sentence = TextLabel(step=Type.SMALL, ink="bad")
        self.marked = TextLabel(ink="warn")
        self.marked.hide()
        self.hold = self._button(lambda: self._wish(HoldMedia(held=self.media.state != "held", **self._which())))
        self.retry = self._button(lambda: self._wish(RetryMedia(**self._which())), self.tr("Retry"))
        self.open = self._button(lambda: self._wish(OpenMedia(**self._which())), self.tr("Open"))
        self.fetch = self._button(self._fetch, self.tr("Fetch"))
        self.remove = self._button(self.unwanted.emit, self.tr("Take off…"))
        column = spaced(QVBoxLayout(self), gap=XS)
        for widget in (self._photo, self.name, self.marked, self.state, self.bar, self.sentence):
            if widget is not None:
                column.addWidget(widget)
        holder = QWidget()
        buttons = Chips(holder)
        for button in (self.hold, self.retry, self.open, self.fetch, self.remove):
            buttons.addWidget(button)
        column.addWidget(holder)

    def show_media(self, media: MediaItem, *, can_remove: bool) -> None:
        """Where it is now."""
        self.media = media
        if self._photo is not None:
            self._photo.show_media(media)
        self.name.setText(wording.joined(media.name, wording.size(media.size)))
        self.state.setText(self.tr("Fetching…") if self._fetching else wording.media_state(media))
        partly = media.state in {"waiting", "sending", "held"} and 0 < media.sent_bytes < media.size
        self.bar.show_share(media.sent_bytes / media.size if partly else None)
        self.sentence.show_text(wording.told(media.sentence))
        here = media.path is not None
        for button, shown in (
            (self.hold, media.state in {"waiting", "sending", "held"}),
            (self.retry, media.state == "needs_you"),
            (self.open, here),
            (self.fetch, media.state == "received" and not here),
            (self.remove, can_remove),
        ):
            button.setVisible(shown)
        self.hold.setText(self.tr("Resume") if media.state == "held" else self.tr("Pause"))
        self.fetch.setEnabled(not self._fetching)
        for button in (self.hold, self.retry, self.open, self.fetch, self.remove):
            words = button.text().rstrip("…")
            button.setAccessibleName(self.tr("{action}: {name}").format(action=words, name=media.name))

    def show_mark(self, words: str | None) -> None:
        """What a manager wants corrected about it; None where nothing is."""
        self.marked.show_text("" if words is None else mark_words(words))

    def failed(self, sentence: str) -> None:
        """Say why something was not done."""
        self.fetched()
        self.sentence.show_text(sentence)

    def fetched(self) -> None:
        """It came, or it did not."""
        self._fetching = False
        self.fetch.setEnabled(True)
        self.state.setText(wording.media_state(self.media))

    def _fetch(self) -> None:
        self._fetching = True
        self.fetch.setEnabled(False)
        self.state.setText(self.tr("Fetching…"))
        self._wish(FetchMedia(**self._which()))

    def _wish(self, command: Command) -> None:
        self.sentence.show_text("")
        self.wished.emit(command)

    def _which(self) -> dict[str, str]:
        return {"account": self._account, "media_id": self.media.media_id}

    def _button(self, press: Callable[[], object], words: str = "") -> QPushButton:
        button = QPushButton(words)
        button.setFont(font(Type.SMALL))
        button.clicked.connect(lambda _checked: press())
        return button


class ReportFiles(QWidget):
    """Follows the files of one report without building anew what only moved on."""

    changed = Signal()
    """Something was done about one; the report reads differently."""

    def __init__(self, bridge: AgentBridge, images: ImageWork) -> None:
        super().__init__()
        self._bridge, self._images = bridge, images
        self._detail: ReportDetail | None = None
        self._pictures_of = ""
        self.rows: dict[str, FileRow] = {}
        self._column = spaced(QVBoxLayout(self), gap=M)
        self.hide()

    def begin(self) -> None:
        """A report is opened: what pictures are missing may be asked for."""
        self._pictures_of = ""

    def show_report(self, detail: ReportDetail | None) -> None:
        """The files of a report; None before it is known."""
        self._detail = detail
        media = detail.media if detail is not None else ()
        if tuple(self.rows) != tuple(one.media_id for one in media):
            self._build(media)
        can_remove = detail is not None and detail.item.state not in _DECIDED
        for one in media:
            self.rows[one.media_id].show_media(one, can_remove=can_remove)
            self.rows[one.media_id].show_mark(marks_of(detail).get(media_mark(one.media_id)))
        self.setVisible(bool(media))
        self._fetch_pictures(detail)

    def _fetch_pictures(self, detail: ReportDetail | None) -> None:
        """Once for each time a report is opened: of photos that are not on this computer, the server has small ones."""
        if detail is None or detail.item.item_id == self._pictures_of:
            return
        if any(lacks_picture(one) for one in detail.media):
            self._pictures_of = detail.item.item_id
            account = self._bridge.snapshot().current or ""
            command = FetchPictures(account=account, instance_id=detail.item.item_id)
            self._bridge.submit(command, self, None, lambda _error: None)  # its name and Fetch stand there as well

    def _build(self, media: tuple[MediaItem, ...]) -> None:
        for row in self.rows.values():
            self._column.removeWidget(row)
            row.deleteLater()
        account = self._bridge.snapshot().current or ""
        self.rows = {one.media_id: FileRow(one, account, self._images) for one in media}
        for row in self.rows.values():
            self._column.addWidget(row)
            row.wished.connect(lambda command, row=row: self._carry_out(command, row))
            row.unwanted.connect(lambda row=row: self._ask_to_remove(row))

    def _carry_out(self, command: Command, row: FileRow) -> None:
        def done(_result: object) -> None:
            row.fetched()
            self.changed.emit()

        self._bridge.submit(command, row, done, lambda error: row.failed(error.sentence))

    def _ask_to_remove(self, row: FileRow) -> None:
        words = self.tr("Take “{name}” off this report? A new version of the report without it is sent.")
        ask_before(self, words.format(name=row.media.name), act=self.tr("Take off"), done=lambda: self.take_off(row))

    def take_off(self, row: FileRow) -> None:
        """Another version of the report, with all that it has but this."""
        detail, account = self._detail, self._bridge.snapshot().current
        if detail is None or account is None:
            return
        row.remove.setEnabled(False)

        def failed(error: AgentError) -> None:
            row.remove.setEnabled(True)
            row.failed(error.sentence)

        command = EditReport(
            account=account,
            instance_id=detail.item.item_id,
            title=detail.item.title,
            text=detail.text,
            media=tuple(one.media_id for one in detail.media if one.media_id != row.media.media_id),
        )
        self._bridge.submit(command, self, lambda _result: self.changed.emit(), failed)


def lacks_picture(one: MediaItem) -> bool:
    """Whether a photo arrived and there is nothing of it to show here."""
    return (
        one.content_type.startswith("image/") and one.state == "received" and one.path is None and one.thumbnail is None
    )
