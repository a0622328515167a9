"""The Write card: one box, photos, a place, Send. What is written is saved as a draft until it is sent."""

from datetime import UTC, datetime

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from agent.api import (
    AgentError,
    Draft,
    DraftList,
    DraftsSent,
    Filed,
    FileReport,
    KeptDraft,
    OpenedTemplate,
    OpenTemplate,
    SendDrafts,
    UndoSend,
)
from ui import wording
from ui.attachments import Attachments, Chips
from ui.bridge import AgentBridge
from ui.buttons import IconButton, on_ctrl_return
from ui.card import Card
from ui.change_line import ChangeLine
from ui.change_note import ChangeNote
from ui.checklist_button import ChecklistButton
from ui.draft_desk import DraftDesk, Written
from ui.draft_row import DraftRow, describe
from ui.growing_box import GrowingBox
from ui.image_work import ImageWork
from ui.labels import TextLabel
from ui.questions import ask_before
from ui.report_place import ReportPlace
from ui.theme.scale import S, Type, spaced

_KEPT_SHOWN = 5
"""Of the drafts that were to be sent and could not, how many say why at once; the rest are in the list."""


class WriteCard(Card):
    """Writes one report at a time; others wait as drafts. The place follows the session until one is chosen."""

    filed = Signal(str)
    """The instance id of a report that is on disk."""
    checklist_opened = Signal(object)
    """agent.api.Draft, to be filled on a page of its own."""
    about_to_send = Signal()
    """All drafts are to be sent: what stands elsewhere must be saved now."""

    def __init__(self, bridge: AgentBridge, images: ImageWork) -> None:
        super().__init__()
        self._bridge = bridge
        self._sending = False
        self._sent: tuple[Filed, ...] = ()
        self._offering = True
        self._showing = False
        self._unsaved = ""
        self.change_line = ChangeLine()
        self.change = ChangeNote()
        self.box = GrowingBox(least_lines=1, most_lines=10)
        self.box.setPlaceholderText(self.tr("What happened?"))
        self.box.setAccessibleName(self.tr("What happened?"))
        self.attachments = Attachments(bridge, images)
        self.sentence = TextLabel(step=Type.SMALL, ink="bad")
        self.sentence.hide()
        self.photo = IconButton("photo", "", text=self.tr("&Add photo"))
        self.place = ReportPlace(bridge)
        self.checklist = ChecklistButton(bridge)
        self.send = QPushButton(self.tr("&Send"))
        self.drafts = DraftDesk(bridge, self._written, self)
        self.row = DraftRow()
        # A coarse timer may be late by a twentieth: Undo would be offered when it is too late already.
        self._undo_ends = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._build()
        self._connect()
        self._judge()

    def _build(self) -> None:
        row = spaced(QHBoxLayout(), gap=S)
        choices = QWidget()
        chips = Chips(choices)  # on a second line where there is no room
        tallest = max(button.sizeHint().height() for button in (self.photo, self.place, self.checklist, self.send))
        for button in (self.photo, self.place, self.checklist, self.send):
            button.setMinimumHeight(tallest)  # their words stand on one line
        for button in (self.photo, self.place, self.checklist):
            chips.addWidget(button)
        row.addWidget(choices, 1)
        row.addWidget(self.send, 0, Qt.AlignmentFlag.AlignBottom)
        for widget in (self.change_line, self.change, self.box, self.attachments, self.sentence):
            self.column.addWidget(widget)
        self.column.addLayout(row)
        self.column.addWidget(self.row)

    def _connect(self) -> None:
        self.change_line.left.connect(self.put_aside)
        self.box.files_given.connect(self.take)
        self.box.textChanged.connect(self._touched)
        self.attachments.changed.connect(self._touched)
        self.attachments.kept.connect(self.drafts.save)
        self.drafts.changed.connect(self._show_drafts)
        self.row.chosen.connect(self.open_draft)
        self.row.another.connect(self.put_aside)
        self.row.send_all.connect(self.send_drafts)
        self.row.discard.connect(self._ask_to_discard)
        self.row.undo.connect(self.undo)
        self.row.menu.aboutToShow.connect(self._fill_drafts)
        self._undo_ends.timeout.connect(self._show_drafts)
        self.attachments.refused.connect(self.complain)
        self.photo.clicked.connect(self.attachments.choose)
        self.send.clicked.connect(self.send_report)
        self.place.chosen.connect(self._touched)
        self.checklist.chosen.connect(self.begin_checklist)
        on_ctrl_return(self.send, self, self.send_report)

    @property
    def has_draft(self) -> bool:
        """Whether there is something to send or to keep."""
        return self._written().is_something

    def refresh(self) -> None:
        """Follow the account and the session."""
        snapshot = self._bridge.snapshot()
        if snapshot.current is not None and snapshot.current != self.drafts.account:
            self._change_account(snapshot.current)
        self.place.follow()

    def _change_account(self, account: str) -> None:
        """What stands here is of the one who wrote it, and waits among their drafts."""
        if self.drafts.account:
            self.drafts.save()
            self._sent, self._offering = (), True
            self._show(None, account)
            return
        self.drafts.begin(account)  # the first: what a link brought before the agent was there stays
        if self.has_draft:
            self.drafts.touch()

    def begin(self, text: str = "") -> None:
        """Put the cursor where writing begins; `text` joins what is there."""
        if text:
            self.box.appendPlainText(text) if self.box.toPlainText() else self.box.setPlainText(text)
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def take(self, source: QMimeData) -> None:
        """Files, a picture or text that were dropped or pasted somewhere in the window."""
        if not self.attachments.take(source) and source.hasText():
            self.box.insertPlainText(source.text())
            self.box.setFocus(Qt.FocusReason.OtherFocusReason)

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
            account=self.drafts.account,
            text=text,
            location_id=self.place.location_id,
            media=self.attachments.media,
            instance_id=self.drafts.draft_id,
            undoable=True,
        )
        self.drafts.save()
        self._bridge.submit(command, self, self._filed, self._failed)

    def _filed(self, result: Filed) -> None:
        self._set_sending(sending=False)
        self._let_undo((result,))
        self._show(None)
        self.refresh()
        self.filed.emit(result.instance_id)

    def _failed(self, error: AgentError) -> None:
        self._set_sending(sending=False)
        self.complain(error.sentence)

    def _set_sending(self, *, sending: bool) -> None:
        self._sending = sending
        self.box.setReadOnly(sending)
        self.complain("")
        self._judge()

    def _judge(self) -> None:
        self.change_line.back.setEnabled(not self._sending and not self.attachments.coming)
        self.send.setEnabled(not self._sending and not self.attachments.coming and self.has_draft)

    # -- drafts

    def open_draft(self, draft_id: str) -> None:
        """Go on with one of the list; what stands here waits among them."""
        if self._sending or self.attachments.coming or (draft_id == self.drafts.draft_id and self.has_draft):
            return
        self.drafts.open(draft_id, self.show_draft)

    def show_draft(self, draft: Draft) -> None:
        """Put a draft in the card, or one with a checklist on its page; what stands here waits in the list."""
        if draft.template is not None:
            self.checklist_opened.emit(draft)
            return
        self.drafts.save()
        self._show(draft)
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def begin_checklist(self, template_id: str) -> None:
        """A checklist with what is written here already, which is then no longer here."""
        if self._sending or self.attachments.coming:
            return
        account = self._bridge.snapshot().current or ""

        def opened(found: OpenedTemplate) -> None:
            if account != self.drafts.account or self._sending:
                return
            written = self._written()
            draft = Draft(
                draft_id=self.drafts.draft_id,
                text=written.text,
                location_id=written.location_id,
                location=self.place.name,
                place_chosen=written.place_chosen,
                media=tuple(chip.attached for chip in self.attachments.chips),
                saved_at=self.drafts.saved_at,
                template=found.template,
                answers=found.answers,
                places=found.places,
                edits=self.drafts.edits,
            )
            self.drafts.save()
            self._show(None)
            self.checklist_opened.emit(draft)

        self._bridge.query(OpenTemplate(account=account, template_id=template_id), self, opened, self._failed)

    def let_undo(self, filed: Filed) -> None:
        """A checklist was sent from its page."""
        self._let_undo((filed,))
        self.drafts.refresh()
        self._show_drafts()
        self.filed.emit(filed.instance_id)

    def put_aside(self) -> None:
        """An empty card; what stands here waits in the list."""
        if self._sending or self.attachments.coming:
            return
        self.drafts.save()
        self._show(None)
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def send_drafts(self) -> None:
        """Send all of the list, this one too."""
        if self._sending or self.attachments.coming:
            return
        self.about_to_send.emit()
        self.drafts.save()
        ids = [item.draft_id for item in self.drafts.items if item.draft_id != self.drafts.draft_id]
        if self.has_draft:
            ids.append(self.drafts.draft_id)
        self._set_sending(sending=True)
        command = SendDrafts(account=self.drafts.account, draft_ids=tuple(ids), undoable=True)
        self._bridge.submit(command, self, self._drafts_sent, self._failed)

    def undo(self) -> None:
        """What was just sent is a draft again, and stands here if it was one."""
        sent, self._sent = self._sent, ()
        self._show_drafts()

        def undone(result: DraftList) -> None:
            if len(result.items) == 1:
                self.open_draft(result.items[0].draft_id)
            else:
                self.drafts.refresh()

        command = UndoSend(account=self.drafts.account, instance_ids=tuple(one.instance_id for one in sent))
        self._bridge.submit(command, self, undone, self._failed)

    def _drafts_sent(self, result: DraftsSent) -> None:
        self._set_sending(sending=False)
        self._let_undo(result.filed)
        for one in result.filed:
            self.filed.emit(one.instance_id)
        if any(one.instance_id == self.drafts.draft_id for one in result.filed):
            self._show(None)
        self.drafts.refresh()
        self.complain("\n".join(self._why_kept(one) for one in result.kept[:_KEPT_SHOWN]))

    def _why_kept(self, one: KeptDraft) -> str:
        title = wording.apart(one.title or self.tr("Photos without a text"))
        lines = wording.told(one.sentence)
        return self.tr("{title} is still a draft: {why}").format(title=title, why=lines)

    def _let_undo(self, filed: tuple[Filed, ...]) -> None:
        """Offer it for as long as the agent holds them back."""
        self._sent = tuple(one for one in filed if one.undo_until is not None)
        ends = [wording.moment(one.undo_until) for one in self._sent if one.undo_until is not None]
        if ends:
            left = (min(ends) - datetime.now(UTC)).total_seconds()
            self._undo_ends.start(max(0, min(int(left * 1000), 5_000)))

    def _ask_to_discard(self) -> None:
        words = self.tr("Discard this draft? Its text and files are deleted from this computer.")
        ask_before(self, words, act=self.tr("Discard"), done=self._discard)

    def _discard(self) -> None:
        self.drafts.discard()
        self._show(None)
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def _written(self) -> Written:
        place = self.place
        return Written(self.box.toPlainText(), place.location_id, place.by_person, self.attachments.media)

    def _touched(self) -> None:
        if not self._showing:
            self.drafts.touch()
            self._offering = self._offering and not self.has_draft
        self._judge()
        self._show_drafts()

    def _show(self, draft: Draft | None, account: str = "") -> None:
        """Another draft, or an empty card."""
        self._showing = True
        self.box.setPlainText(draft.text if draft is not None else "")
        self.box.moveCursor(QTextCursor.MoveOperation.End)
        files = draft.media if draft is not None else ()
        self.change.show_draft(draft, files)
        self.attachments.show_all(files, draft.marks if draft is not None else ())
        self._showing = False
        self.place.show_draft(draft)
        self.change_line.show_draft(draft)
        if draft is not None:
            self._offering = False
        self.complain("")
        self.drafts.begin(account or self.drafts.account, draft)
        self._judge()

    def _show_drafts(self) -> None:
        """The quiet line: undoing goes before what an earlier run left, and that before when this was saved."""
        desk, left = self.drafts, ""
        if desk.sentence != self._unsaved:
            self._unsaved = desk.sentence
            self.complain(desk.sentence)
        undo = bool(self._sent) and self._undo_ends.isActive()
        words = ""
        if undo:
            words = self.tr("Saved here. %n report(s) sent in a moment.", "", len(self._sent))
        elif self._offering and desk.items and not self.has_draft:
            left = desk.items[0].draft_id
            words = self.tr("Not sent yet: {draft}").format(draft=describe(desk.items[0]).replace("&&", "&"))
        elif desk.sentence:
            words = self.tr("Not saved.")
        elif desk.saved_at and self.has_draft:
            words = self.tr("Saved {time}").format(time=wording.clock_at(desk.saved_at))
        self.row.show_state(words, undo=undo, left=left, drafts=len(desk.items))

    def _fill_drafts(self) -> None:
        free = not self._sending and not self.attachments.coming
        writing = self.has_draft or self.drafts.edits is not None
        self.row.fill(self.drafts.items, self.drafts.draft_id, writing=writing, free=free)
