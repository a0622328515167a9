"""What became of a report, on its page: a manager's decision, words and marked places, and the change that answers."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from agent.api import ActivityItem, AgentError, Draft, DraftReport, ReportDetail
from rules.review import TEXT_MARK, marked_media
from rules.templates.reading import lines
from ui import wording
from ui.bridge import AgentBridge
from ui.card import Card
from ui.labels import TextLabel, readable_label
from ui.theme.colours import colours
from ui.theme.icons import pixmap
from ui.theme.scale import ICON, S, Type, spaced

_INK = {"returned": "warn", "rejected": "bad", "approved": "good"}


class StateShape(QWidget):
    """A state by its icon shape; the words beside it say the same to whoever does not see it."""

    def __init__(self) -> None:
        super().__init__()
        self._shape, self._ink = "", "muted"
        self.setFixedSize(QSize(ICON, ICON))

    def show_shape(self, shape: str, ink: str) -> None:
        """Another state, in a colour token."""
        self._shape, self._ink = shape, ink
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._shape:
            picture = pixmap(self._shape, getattr(colours(), self._ink), ICON, self.devicePixelRatioF())
            QPainter(self).drawPixmap(0, 0, picture)


class ReviewCard(Card):
    """Absent unless there is a decision, a conflict, or a change that was begun and not sent."""

    begun = Signal(object)
    """agent.api.Draft: another version of the report."""

    def __init__(self, bridge: AgentBridge) -> None:
        super().__init__(notice=True)
        self._bridge = bridge
        self._item: ActivityItem | None = None
        self._drafted = False
        self.shape = StateShape()
        self.heading = TextLabel(step=Type.STRONG)
        self.words = readable_label()
        self.marks = readable_label()
        self.marks.hide()
        self.correct = QPushButton(self.tr("Correct it"))
        self.sentence = TextLabel(step=Type.SMALL, ink="bad")
        self._build()
        self.correct.clicked.connect(lambda _checked: self.begin())

    def _build(self) -> None:
        top = spaced(QHBoxLayout(), gap=S)
        top.addWidget(self.shape, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.heading, 1)
        top.addWidget(self.correct, 0, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(top)
        for widget in (self.words, self.marks, self.sentence):
            self.column.addWidget(widget)
        self.sentence.hide()
        self.correct.hide()
        self.hide()

    def show_item(self, item: ActivityItem) -> None:
        """What the line knows."""
        if self._item is None or item.item_id != self._item.item_id:
            self._drafted = False
            self.correct.hide()
            self.marks.show_text("")
            self.sentence.show_text("")
        self._item = item
        review = item.review
        if item.conflict:
            self.shape.show_shape("edited", "warn")
            self.heading.setText(self.tr("Two versions"))
            self.words.show_text(wording.conflict())
        elif review is not None:
            self.shape.show_shape(review.decision, _INK[review.decision])
            self.heading.setText(wording.decided(review))
            self.words.show_text(review.words)
        else:
            self.shape.show_shape("edited", "muted")
            self.heading.setText(self.tr("You began to change this report"))
            self.words.show_text(self.tr("What you wrote is saved here and not sent yet."))
        self._show()

    def show_detail(self, detail: ReportDetail) -> None:
        """What is marked, and whether it can be corrected here."""
        self._drafted = detail.draft_id is not None
        self.correct.setText(self.tr("Go on with the change") if self._drafted else self.tr("Correct it"))
        self.correct.setVisible((detail.can_correct and not detail.item.conflict) or self._drafted)
        self.marks.show_text("\n".join(mark_line(detail, path, words) for path, words in marks_of(detail).items()))
        self._show()

    def begin(self, *, both: bool = False) -> None:
        """Open the draft of another version; it is written like a new report."""
        if self._item is None:
            return
        self.correct.setEnabled(False)
        account = self._bridge.snapshot().current or ""
        command = DraftReport(account=account, instance_id=self._item.item_id, both=both)
        self._bridge.submit(command, self, self._begun, self._failed)

    def _begun(self, draft: Draft) -> None:
        self.correct.setEnabled(True)
        self.sentence.show_text("")
        self.begun.emit(draft)

    def _failed(self, error: AgentError) -> None:
        self.correct.setEnabled(True)
        self.sentence.show_text(error.sentence)
        self.show()

    def _show(self) -> None:
        item = self._item
        shown = item is not None and item.kind == "report"
        self.setVisible(shown and item is not None and (item.conflict or item.review is not None or self._drafted))


def marks_of(detail: ReportDetail | None) -> dict[str, str]:
    """What of a returned report is to be corrected, by path, and the words at it; nothing of any other."""
    review = detail.item.review if detail is not None else None
    marks = review.marks if review is not None and review.decision == "returned" else ()
    return {one.path: one.words for one in marks}


def mark_words(words: str) -> str:
    """What stands beside a marked answer or file."""
    said = wording.translate("Review", "To be corrected")
    if words:
        said = wording.translate("Review", "To be corrected: {words}").format(words=words)
    return f"▲ {said}"


def mark_line(detail: ReportDetail, path: str, words: str) -> str:
    """A marked place in words, and what is wrong with it."""
    place = _place(detail, path)
    return f"▲ {place}: {words}" if words else f"▲ {place}"


def _place(detail: ReportDetail, path: str) -> str:
    if path == TEXT_MARK:
        return wording.translate("Review", "Text")
    media_id = marked_media(path)
    if media_id is not None:
        named = (one.name for one in detail.media if one.media_id == media_id)
        return next(named, wording.translate("Review", "A file"))
    fields = detail.template.fields if detail.template is not None else ()
    return next((one.label for one in lines(fields, detail.answers) if one.path == path and one.label), path)
