"""One item in full: where it is on its way, what a manager says of it, text, photos, the receipt, and comments."""

from datetime import UTC, datetime

import uuid6
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QPushButton

from agent.api import (
    ActivityItem,
    AgentError,
    CopyReport,
    Draft,
    Exported,
    ExportReport,
    ReportDetail,
    Retry,
    ShowReport,
    UndoAttendance,
)
from ui import wording
from ui.bridge import AgentBridge
from ui.card import Card
from ui.comment_thread import CommentThread
from ui.growing_box import GrowingBox
from ui.image_work import ImageWork
from ui.labels import TextLabel
from ui.page import Page
from ui.report_files import Bar, ReportFiles
from ui.review_card import ReviewCard
from ui.theme.scale import S, Type, spaced


class ReportPage(Page):
    """Shows a report or an attendance event and follows its state."""

    copied = Signal(object)
    """agent.api.Draft: a new one, like the report."""

    def __init__(self, bridge: AgentBridge, images: ImageWork) -> None:
        super().__init__()
        self._bridge, self._images = bridge, images
        self._item: ActivityItem | None = None
        self._receipt = ""
        self.about = TextLabel(ink="muted")
        self.state = TextLabel(step=Type.STRONG)
        self.sentence = TextLabel()
        self.text = GrowingBox(least_lines=1, most_lines=24)
        self.text.setReadOnly(True)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setAccessibleName(self.tr("Text of the report"))
        self.text.viewport().setAutoFillBackground(False)
        self.paper = Card()
        self.retry = QPushButton(self.tr("Retry"))
        self.undo = QPushButton(self.tr("Undo"))
        self.review = ReviewCard(bridge)
        self.comments = CommentThread(bridge)
        self.receipt = Card()
        self._receipt_words = TextLabel()
        self._copy = QPushButton(self.tr("Copy receipt"))
        self.files = ReportFiles(bridge, images)
        self.progress = Bar()
        self.copy_as_new = QPushButton(self.tr("Copy as &new"))
        self.export = QPushButton(self.tr("Save to a &folder…"))
        self.exported = TextLabel(step=Type.SMALL, ink="muted")
        self.exported.hide()
        self._build()
        self.retry.clicked.connect(self._retry)
        self.undo.clicked.connect(self._undo)
        self._copy.clicked.connect(self._copy_receipt)
        self.review.sent.connect(self.refresh)
        self.files.changed.connect(self.refresh)
        self.review.correcting.connect(self._make_room)
        self.comments.said.connect(self.refresh)
        self.copy_as_new.clicked.connect(self._copy_report)
        self.export.clicked.connect(self._choose_folder)

    @property
    def item_id(self) -> str:
        """What is shown, or empty."""
        return self._item.item_id if self._item is not None else ""

    @property
    def has_draft(self) -> bool:
        """Whether something would be lost by closing the program."""
        return self.review.has_draft or self.comments.has_draft

    def _build(self) -> None:
        row = spaced(QHBoxLayout(), gap=S)
        row.addWidget(self.state, 1)
        row.addWidget(self.retry)
        row.addWidget(self.undo)
        copy = spaced(QHBoxLayout(), gap=S)
        copy.addWidget(self._receipt_words, 1)
        copy.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignTop)
        self.receipt.column.addLayout(copy)
        self.column.addWidget(self.about)
        self.column.addLayout(row)
        self.column.addWidget(self.progress)
        self.column.addWidget(self.sentence)
        self.column.addWidget(self.review)
        self.paper.column.addWidget(self.text)
        self.column.addWidget(self.paper)
        self.column.addWidget(self.files)
        self.column.addWidget(self.receipt)
        more = spaced(QHBoxLayout(), gap=S)
        more.addWidget(self.copy_as_new)
        more.addWidget(self.export)
        more.addStretch(1)
        self.column.addLayout(more)
        self.column.addWidget(self.exported)
        self.column.addWidget(self.comments)
        self.column.addStretch(1)

    def show_item(self, item: ActivityItem) -> None:
        """Show what the line knows at once, and a report's content when it is read."""
        if item.item_id != self.item_id:
            self.exported.show_text("")
            self.paper.hide()
            self.receipt.hide()
            self.files.show_report(None)
            self.comments.begin(item.item_id)
            self.comments.setVisible(item.kind == "report")
        self._show_line(item)
        self.refresh()

    def refresh(self) -> None:
        """Read the report again."""
        item, account = self._item, self._bridge.snapshot().current
        if item is None or account is None or item.kind != "report":
            return
        query = ShowReport(account=account, instance_id=item.item_id)
        self._bridge.query(query, self, self._show, self._failed)

    def _show(self, detail: ReportDetail) -> None:
        if detail.item.item_id != self.item_id:
            return
        self._show_line(detail.item)
        if detail.text != self.text.toPlainText():
            self.text.setPlainText(detail.text)
        self.review.show_detail(detail)
        self.comments.show_comments(detail.comments)
        self._make_room()
        self.files.show_report(detail)
        self._receipt = detail.receipt or ""
        self.receipt.setVisible(bool(self._receipt))
        self._receipt_words.setText(
            self.tr("The server has signed that it holds this report and %n file(s).", "", len(detail.media))
            if detail.media
            else self.tr("The server has signed that it holds this report.")
        )

    def _make_room(self) -> None:
        """While it is corrected, the text stands in the box above and not twice."""
        self.paper.setVisible(bool(self.text.toPlainText()) and not self.review.box.isVisibleTo(self.review))

    def _failed(self, error: AgentError) -> None:
        self.sentence.show_text(error.sentence)

    def _show_line(self, item: ActivityItem) -> None:
        self._item = item
        self.title.setText(wording.title(item))
        self.about.setText(wording.joined(item.location, wording.when(item.at)))
        self.state.setText(wording.state(item))
        self.progress.show_share(item.progress if item.state == "sending" else None)
        self.sentence.show_text(item.sentence)
        self.review.show_item(item)
        for button in (self.copy_as_new, self.export):
            button.setVisible(item.kind == "report")
            button.setEnabled(True)
        self.retry.setVisible(item.state == "needs_you")
        until = wording.moment(item.can_undo_until) if item.can_undo_until else None
        self.undo.setVisible(until is not None and until > datetime.now(UTC) and not item.cancelled)

    def _retry(self) -> None:
        account = self._bridge.snapshot().current or ""
        self._bridge.submit(Retry(account=account, item_id=self.item_id), self, lambda _result: self.refresh())

    def _undo(self) -> None:
        account = self._bridge.snapshot().current or ""
        self.undo.hide()
        self._bridge.submit(UndoAttendance(account=account, event_id=self.item_id), self, None, self._failed)

    def _copy_report(self) -> None:
        account = self._bridge.snapshot().current or ""
        self.copy_as_new.setEnabled(False)

        def copied(draft: Draft) -> None:
            self.copy_as_new.setEnabled(True)
            self.copied.emit(draft)

        command = CopyReport(account=account, instance_id=self.item_id, draft_id=str(uuid6.uuid7()))
        self._bridge.submit(command, self, copied, self._not_done)

    def _choose_folder(self) -> None:
        dialog = QFileDialog(self, self.tr("Where to save this report"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.save_to)
        dialog.open()

    def save_to(self, folder: str) -> None:
        """Write this report as a folder within that one."""
        account, item_id = self._bridge.snapshot().current or "", self.item_id
        self.export.setEnabled(False)
        self.exported.show_text(self.tr("Saving…"))

        def exported(done: Exported) -> None:
            self.export.setEnabled(True)
            words = self.tr("The report and %n file(s) are in {path}.", "", done.files).format(path=done.path)
            if done.missing:
                words += " " + self.tr("%n file(s) are no longer on this computer; it says which.", "", done.missing)
            if item_id == self.item_id:
                self.exported.show_text(words)

        command = ExportReport(account=account, instance_id=item_id, folder=folder)
        self._bridge.submit(command, self, exported, self._not_done)

    def _not_done(self, error: AgentError) -> None:
        self.copy_as_new.setEnabled(True)
        self.export.setEnabled(True)
        self.exported.show_text(error.sentence)

    def _copy_receipt(self) -> None:
        QGuiApplication.clipboard().setText(self._receipt)
        self._copy.setText(self.tr("Copied"))
