"""One item in full: where it is on its way, what a manager says of it, text, photos, the receipt, and comments."""

from datetime import UTC, datetime

import uuid6
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QPushButton, QWidget

from agent.api import (
    ActivityItem,
    AgentError,
    CopyReport,
    Draft,
    Exported,
    ExportReport,
    FetchReport,
    ReopenReport,
    ReportDetail,
    Retry,
    ShowReport,
    UndoAttendance,
)
from rules.review import TEXT_MARK
from ui import wording
from ui.attachments import Chips
from ui.bridge import AgentBridge
from ui.card import Card
from ui.comment_thread import CommentThread
from ui.evidence_card import EvidenceCard
from ui.growing_box import GrowingBox
from ui.image_work import ImageWork
from ui.labels import TextLabel
from ui.page import Page
from ui.report_answers import ReportAnswers
from ui.report_files import Bar, ReportFiles
from ui.report_pdf import file_name, paper_of, writing
from ui.review_card import ReviewCard, mark_words, marks_of
from ui.theme.scale import S, Type, spaced
from ui.version_choice import VersionChoice


class ReportPage(Page):
    """Shows a report or an attendance event and follows its state."""

    copied = Signal(object)
    """agent.api.Draft: a new one, like the report, or another version of it."""
    reopened = Signal(object, str)
    """agent.api.Draft: what a refused report was, and the place in it that the server named."""

    def __init__(self, bridge: AgentBridge, images: ImageWork) -> None:
        super().__init__()
        self._bridge, self._images = bridge, images
        self._item: ActivityItem | None = None
        self._detail: ReportDetail | None = None
        self._receipt = ""
        self._asked_for = ""
        self.about = TextLabel(ink="muted")
        self.state = TextLabel(step=Type.STRONG)
        self.sentence = TextLabel()
        self.text = GrowingBox(least_lines=1, most_lines=24)
        self.text.setReadOnly(True)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setAccessibleName(self.tr("Text of the report"))
        self.text.viewport().setAutoFillBackground(False)
        self.paper = Card()
        self.answers = ReportAnswers()
        self.correct = QPushButton(self.tr("Correct it"))
        self.retry = QPushButton(self.tr("Retry"))
        self.undo = QPushButton(self.tr("Undo"))
        self.review = ReviewCard(bridge)
        self.choice = VersionChoice(bridge)
        self.evidence = EvidenceCard(bridge, images)
        self.marked = TextLabel(ink="warn")
        self.marked.hide()
        self.edit = QPushButton(self.tr("&Edit"))
        self.comments = CommentThread(bridge)
        self.receipt = Card()
        self._receipt_words = TextLabel()
        self._copy = QPushButton(self.tr("Copy receipt"))
        self.files = ReportFiles(bridge, images)
        self.progress = Bar()
        self.copy_as_new = QPushButton(self.tr("Copy as &new"))
        self.export = QPushButton(self.tr("Save to a &folder…"))
        self.pdf = QPushButton(self.tr("Save as &PDF…"))
        self.exported = TextLabel(step=Type.SMALL, ink="muted")
        self.exported.hide()
        self._build()
        self.retry.clicked.connect(self._retry)
        self.undo.clicked.connect(self._undo)
        self._copy.clicked.connect(self._copy_receipt)
        self.review.begun.connect(self.copied)
        self.choice.settled.connect(self.refresh)
        self.choice.merge.connect(lambda: self.review.begin(both=True))
        self.edit.clicked.connect(lambda _checked: self.review.begin())
        self.files.changed.connect(self.refresh)
        self.comments.said.connect(self.refresh)
        self.copy_as_new.clicked.connect(self._copy_report)
        self.export.clicked.connect(self._choose_folder)
        self.pdf.clicked.connect(self._choose_pdf)
        self.correct.clicked.connect(self._reopen)

    @property
    def item_id(self) -> str:
        """What is shown, or empty."""
        return self._item.item_id if self._item is not None else ""

    def _build(self) -> None:
        row = spaced(QHBoxLayout(), gap=S)
        row.addWidget(self.state, 1)
        row.addWidget(self.correct)
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
        self.column.addWidget(self.evidence)
        self.column.addWidget(self.review)
        self.column.addWidget(self.choice)
        self.paper.column.addWidget(self.text)
        self.paper.column.addWidget(self.marked)
        self.column.addWidget(self.paper)
        self.column.addWidget(self.answers)
        self.column.addWidget(self.files)
        self.column.addWidget(self.receipt)
        holder = QWidget()
        more = Chips(holder)
        for button in (self.edit, self.copy_as_new, self.export, self.pdf):
            more.addWidget(button)
        self.column.addWidget(holder)
        self.column.addWidget(self.exported)
        self.column.addWidget(self.comments)
        self.column.addStretch(1)

    def show_item(self, item: ActivityItem) -> None:
        """Show what the line knows at once, and a report's content when it is read; what is missing is asked for."""
        self._asked_for = ""
        self.files.begin()
        if item.item_id != self.item_id:
            self.exported.show_text("")
            self.area.verticalScrollBar().setValue(0)
            self.paper.hide()
            self.receipt.hide()
            self.files.show_report(None)
            self.answers.show_report(None)
            self._detail = None
            self.correct.hide()
            self.choice.show_detail(None)
            self.edit.hide()
            self.comments.begin(item.item_id)
            self.comments.setVisible(item.kind == "report")
            for button in (self.copy_as_new, self.export, self.pdf):
                button.setEnabled(True)  # here alone: a line that is shown anew must not offer again what is under way
        self._show_line(item)
        self.refresh()

    def refresh(self) -> None:
        """Read the report again."""
        item, account = self._item, self._bridge.snapshot().current
        if item is None or account is None:
            return
        self.evidence.show_item(item)
        if item.kind != "report":
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
        self.choice.show_detail(detail)
        self.comments.show_draft(detail.comment_draft)
        self.comments.show_comments(detail.comments)
        self._show_text(detail)
        self.files.show_report(detail)
        self.answers.show_report(detail)
        self._detail = detail
        self.correct.setVisible(detail.refused)
        self._receipt = detail.receipt or ""
        self.receipt.setVisible(bool(self._receipt))
        self._receipt_words.setText(
            self.tr("The server has signed that it holds this report and %n file(s).", "", len(detail.media))
            if detail.media
            else self.tr("The server has signed that it holds this report.")
        )

    def _show_text(self, detail: ReportDetail) -> None:
        """The text, highlighted where it is marked; of versions side by side it stands there. What was written
        elsewhere is asked for when it is opened."""
        words = marks_of(detail).get(TEXT_MARK)
        self.marked.show_text("" if words is None else mark_words(words))
        self.text.setVisible(bool(detail.text))
        self.paper.set_notice(notice=words is not None)
        self.paper.setVisible(bool(detail.text or words is not None) and not detail.versions)
        self.edit.setVisible(detail.can_edit and not detail.can_correct and detail.draft_id is None)
        if not detail.text_here and detail.item.item_id != self._asked_for:
            self._asked_for = detail.item.item_id
            account = self._bridge.snapshot().current or ""
            self._bridge.submit(FetchReport(account=account, instance_id=detail.item.item_id), self)
        self.copy_as_new.setVisible(detail.text_here)
        if not detail.text_here:
            self.sentence.show_text(self.tr("Written on another device. Its text is fetched from the server."))

    def _text_is_here(self) -> bool:
        return self._detail is None or self._detail.item.item_id != self.item_id or self._detail.text_here

    def _failed(self, error: AgentError) -> None:
        self.sentence.show_text(error.sentence)

    def _show_line(self, item: ActivityItem) -> None:
        self._item = item
        self.title.setText(wording.title(item))
        self.about.setText(wording.joined(item.location, wording.when(item.at)))
        self.state.setText(wording.state(item))
        self.progress.show_share(item.progress if item.state == "sending" else None)
        self.sentence.show_text(wording.told(item.sentence))
        self.review.show_item(item)
        for button in (self.export, self.pdf):
            button.setVisible(item.kind == "report")
        self.copy_as_new.setVisible(item.kind == "report" and self._text_is_here())
        self.retry.setVisible(item.state == "needs_you")
        until = wording.moment(item.can_undo_until) if item.can_undo_until else None
        self.undo.setVisible(until is not None and until > datetime.now(UTC) and not item.cancelled)

    def _retry(self) -> None:
        account = self._bridge.snapshot().current or ""
        self._bridge.submit(Retry(account=account, item_id=self.item_id), self, lambda _result: self.refresh())

    def _reopen(self) -> None:
        """What the server refused becomes the draft it was, to be corrected where it was named."""
        detail, account = self._detail, self._bridge.snapshot().current or ""
        if detail is None:
            return
        self.correct.setEnabled(False)

        def reopened(draft: Draft) -> None:
            self.correct.setEnabled(True)
            self.reopened.emit(draft, detail.refused_path)

        def failed(error: AgentError) -> None:
            self.correct.setEnabled(True)
            self._failed(error)

        self._bridge.submit(ReopenReport(account=account, instance_id=self.item_id), self, reopened, failed)

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

    def _choose_pdf(self) -> None:
        if self._detail is None:
            return
        item = self._detail.item
        dialog = QFileDialog(self, self.tr("Save this report as a PDF"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([self.tr("PDF (*.pdf)")])
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(file_name(wording.title(item), item.at))
        dialog.fileSelected.connect(self.save_pdf)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save_pdf(self, path: str) -> None:
        """Write this report as a PDF file, on another thread."""
        detail, account = self._detail, wording.current_account(self._bridge.snapshot())
        if detail is None:
            return
        paper = paper_of(
            detail,
            person=account.name if account is not None else "",
            organization=account.organization if account is not None else "",
            mirrored=self.isRightToLeft(),
            font=self.font().family(),
        )
        self.pdf.setEnabled(False)
        self.exported.show_text(self.tr("Saving…"))

        def written(trouble: str) -> None:
            self.pdf.setEnabled(True)
            if detail.item.item_id != self.item_id:
                return
            words = self.tr("The report is saved in {path}.").format(path=wording.apart(path))
            if trouble:
                words = self.tr("Nothing was saved to {path}: {why}. Choose another folder and try again.").format(
                    path=wording.apart(path), why=trouble.rstrip(".")
                )
            self.exported.show_text(words)

        self._images.run(writing(paper, path), self, written)

    def _not_done(self, error: AgentError) -> None:
        self.copy_as_new.setEnabled(True)
        self.export.setEnabled(True)
        self.exported.show_text(error.sentence)

    def _copy_receipt(self) -> None:
        QGuiApplication.clipboard().setText(self._receipt)
        self._copy.setText(self.tr("Copied"))
