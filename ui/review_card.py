"""What became of a report, on its page: a manager's decision and words, and the correction that answers them."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from agent.api import ActivityItem, AgentError, EditReport, ReportDetail
from rules.report_text import join_title
from ui import wording
from ui.bridge import AgentBridge
from ui.card import Card
from ui.growing_box import GrowingBox
from ui.labels import TextLabel
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
    """Absent unless there is a decision or a conflict. A correction that was begun is kept until it is sent or given
    up, also while other items are looked at."""

    sent = Signal()
    """A correction is on disk."""
    correcting = Signal(bool)
    """The text is open for correction, or no longer."""

    def __init__(self, bridge: AgentBridge) -> None:
        super().__init__(notice=True)
        self._bridge = bridge
        self._item_id = ""
        self._text = ""
        self._drafts: dict[str, str] = {}
        self._sending = False
        self.shape = StateShape()
        self.heading = TextLabel(step=Type.STRONG)
        self.words = TextLabel()
        self.words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.correct = QPushButton(self.tr("Correct it"))
        self.box = GrowingBox(least_lines=3, most_lines=20)
        self.box.setAccessibleName(self.tr("The corrected report; its first line is the title"))
        self.sentence = TextLabel(step=Type.SMALL, ink="bad")
        self.send = QPushButton(self.tr("Send correction"))
        self.give_up = QPushButton(self.tr("Cancel"))
        self._build()
        self.correct.clicked.connect(self._begin)
        self.send.clicked.connect(self.send_correction)
        self.give_up.clicked.connect(self._give_up)
        self.box.textChanged.connect(self._typed)

    def _build(self) -> None:
        top = spaced(QHBoxLayout(), gap=S)
        top.addWidget(self.shape, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.heading, 1)
        top.addWidget(self.correct, 0, Qt.AlignmentFlag.AlignTop)
        row = spaced(QHBoxLayout(), gap=S)
        row.addStretch(1)
        row.addWidget(self.give_up)
        row.addWidget(self.send)
        self.column.addLayout(top)
        for widget in (self.words, self.box, self.sentence):
            self.column.addWidget(widget)
        self.column.addLayout(row)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.send_correction)
        self.send.setToolTip(
            QKeySequence(Qt.Modifier.CTRL | Qt.Key.Key_Return).toString(QKeySequence.SequenceFormat.NativeText)
        )
        self.hide()

    @property
    def has_draft(self) -> bool:
        """Whether a correction was begun and not sent."""
        return bool(self._drafts)

    def show_item(self, item: ActivityItem) -> None:
        """What the line knows."""
        if item.item_id != self._item_id:
            self._item_id = item.item_id
            self.correct.hide()
            self._open_box(self._drafts.get(item.item_id))
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
            self.shape.show_shape("", "muted")
            self.heading.setText(self.tr("Correction"))
            self.words.show_text("")
        self.setVisible(item.kind == "report" and (item.conflict or review is not None or self.box.isVisibleTo(self)))

    def show_detail(self, detail: ReportDetail) -> None:
        """The text that a correction begins with, and whether it can be made here."""
        self._text = join_title(detail.item.title, detail.text)
        self.correct.setVisible(detail.can_correct and self._item_id not in self._drafts)

    def send_correction(self) -> None:
        """Hand it to the agent; only when it is on disk is the box closed."""
        if self._sending or self._item_id not in self._drafts:
            return
        self._set_sending(sending=True)
        item_id = self._item_id
        command = EditReport(
            account=self._bridge.snapshot().current or "", instance_id=item_id, text=self._drafts[item_id]
        )
        self._bridge.submit(command, self, lambda _filed: self._done(item_id), self._failed)

    def _begin(self) -> None:
        self._drafts[self._item_id] = self._text
        self.correct.hide()
        self._open_box(self._text)
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def _give_up(self) -> None:
        self._drafts.pop(self._item_id, None)
        self._open_box(None)
        self.correct.show()
        self.correct.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_box(self, text: str | None) -> None:
        """Show the box with a text, or (None) none."""
        if text is not None and text != self.box.toPlainText():
            self.box.setPlainText(text)
        for widget in (self.box, self.send, self.give_up):
            widget.setVisible(text is not None)
        self.sentence.show_text("")
        self.correcting.emit(text is not None)

    def _typed(self) -> None:
        if self._item_id in self._drafts and self.box.isVisibleTo(self):
            self._drafts[self._item_id] = self.box.toPlainText()
        self.send.setEnabled(bool(self.box.toPlainText().strip()) and not self._sending)

    def _done(self, item_id: str) -> None:
        self._drafts.pop(item_id, None)
        self._set_sending(sending=False)
        if item_id == self._item_id:
            self._open_box(None)
            self.sent.emit()

    def _failed(self, error: AgentError) -> None:
        self._set_sending(sending=False)
        self.sentence.show_text(error.sentence)

    def _set_sending(self, *, sending: bool) -> None:
        self._sending = sending
        self.box.setReadOnly(sending)
        self._typed()
