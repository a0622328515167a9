"""What is said about a report, and the box to say something. Works offline: what is sent is saved here first."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from agent.api import AddComment, AgentError, CommentItem, SaveComment
from ui import wording
from ui.bridge import AgentBridge
from ui.buttons import on_ctrl_return
from ui.card import Card
from ui.draft_desk import SAVE_WITHIN_MS
from ui.growing_box import GrowingBox
from ui.labels import TextLabel
from ui.theme.scale import XS, S, Type, spaced


class CommentThread(Card):
    """Comments oldest first. What was begun on one report is kept while another is looked at."""

    said = Signal()
    """A comment is on disk."""

    def __init__(self, bridge: AgentBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._item_id = ""
        self._drafts: dict[str, str] = {}
        self._unsaved: set[str] = set()
        self._known: set[str] = set()
        self._sending = False
        self._soon = QTimer(self, singleShot=True, interval=SAVE_WITHIN_MS)
        self._soon.timeout.connect(self.save)
        self._shown: tuple[CommentItem, ...] = ()
        self.lines = spaced(QVBoxLayout(), gap=S)
        self.box = GrowingBox(least_lines=1, most_lines=8)
        self.box.setPlaceholderText(self.tr("Write a comment"))
        self.box.setAccessibleName(self.tr("Write a comment"))
        self.sentence = TextLabel(step=Type.SMALL, ink="bad")
        self.send = QPushButton(self.tr("Comment"))
        self._build()
        self.box.textChanged.connect(self._typed)
        self.send.clicked.connect(self.send_comment)
        self._typed()

    def _build(self) -> None:
        row = spaced(QHBoxLayout(), gap=S)
        row.addWidget(self.box, 1)
        row.addWidget(self.send, 0, Qt.AlignmentFlag.AlignBottom)
        self.column.addWidget(TextLabel(self.tr("Comments"), step=Type.STRONG))
        self.column.addLayout(self.lines)
        self.column.addLayout(row)
        self.column.addWidget(self.sentence)
        self.sentence.hide()
        on_ctrl_return(self.send, self, self.send_comment)

    def begin(self, item_id: str) -> None:
        """Another report: nothing is known of it yet."""
        self._item_id = item_id
        self.box.setPlainText(self._drafts.get(item_id, ""))
        self.sentence.show_text("")
        self.show_comments(())

    def show_draft(self, text: str) -> None:
        """What an earlier run of the app kept; what is written now goes before it."""
        if self._item_id in self._known:
            return
        self._known.add(self._item_id)
        if text and not self._drafts.get(self._item_id):
            self._drafts[self._item_id] = text
            self.box.setPlainText(text)
            self._unsaved.discard(self._item_id)

    def save(self) -> None:
        """Hand what is not saved to the agent."""
        self._soon.stop()
        unsaved, self._unsaved = self._unsaved, set()
        account = self._bridge.snapshot().current or ""
        for item_id in unsaved:
            command = SaveComment(account=account, instance_id=item_id, text=self._drafts.get(item_id, ""))
            self._bridge.submit(command, self)

    def show_comments(self, comments: tuple[CommentItem, ...]) -> None:
        """What is there now."""
        if comments == self._shown:
            return
        self._shown = comments
        while (entry := self.lines.takeAt(0)) is not None:
            widget = entry.widget()
            if widget is not None:
                widget.deleteLater()
        for one in comments:
            self.lines.addWidget(self._line(one))

    def send_comment(self) -> None:
        """Hand it to the agent; only when it is on disk is the box emptied."""
        text = self.box.toPlainText()
        if self._sending or not text.strip():
            return
        self._set_sending(sending=True)
        item_id = self._item_id
        command = AddComment(account=self._bridge.snapshot().current or "", instance_id=item_id, text=text)
        self._bridge.submit(command, self, lambda _kept: self._done(item_id), self._failed)

    def _line(self, comment: CommentItem) -> QWidget:
        line = QWidget()
        column = spaced(QVBoxLayout(line), gap=XS)
        parts = [self.tr("You") if comment.own else comment.by, wording.when(comment.at)]
        if comment.own:
            parts.append(wording.comment_state(comment))
        words = TextLabel(comment.text)
        words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        column.addWidget(TextLabel(wording.joined(*parts), step=Type.SMALL, ink="muted"))
        column.addWidget(words)
        return line

    def _typed(self) -> None:
        text = self.box.toPlainText()
        if text != self._drafts.get(self._item_id, ""):
            self._unsaved.add(self._item_id)
            if not self._soon.isActive():
                self._soon.start()
        if text.strip():
            self._drafts[self._item_id] = text
        else:
            self._drafts.pop(self._item_id, None)
        self.send.setEnabled(bool(text.strip()) and not self._sending)

    def _done(self, item_id: str) -> None:
        self._drafts.pop(item_id, None)
        self._unsaved.discard(item_id)  # it went with the comment
        self._set_sending(sending=False)
        if item_id == self._item_id:
            self.box.clear()
            self.said.emit()

    def _failed(self, error: AgentError) -> None:
        self._set_sending(sending=False)
        self.sentence.show_text(error.sentence)

    def _set_sending(self, *, sending: bool) -> None:
        self._sending = sending
        self.box.setReadOnly(sending)
        self.sentence.show_text("")
        self._typed()
