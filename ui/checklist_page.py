"""Filling a checklist: its form, room for more, and Send. What is filled in is saved as a draft until it is sent."""

from typing import Any

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout

from agent.api import AgentError, Draft, Filed, FileReport, OpenedTemplate, OpenTemplate
from protocol.templates import Template
from rules.templates.carrying import fitting
from rules.templates.filling import media_of
from rules.templates.kinds import every
from ui import wording
from ui.attachments import Attachments
from ui.bridge import AgentBridge
from ui.buttons import IconButton, on_ctrl_return
from ui.card import Card
from ui.change_note import ChangeNote
from ui.draft_desk import DraftDesk, Written
from ui.form.form import Filling, Form
from ui.form.words import missing
from ui.growing_box import GrowingBox
from ui.image_work import ImageWork
from ui.labels import LineLabel, TextLabel
from ui.page import Page
from ui.questions import ask_before
from ui.report_place import ReportPlace
from ui.theme.scale import S, Type, spaced


class ChecklistPage(Page):
    """One draft with a checklist at a time. Leaving it lets it wait among the drafts."""

    filed = Signal(object)
    """agent.api.Filed: a report that is on disk."""

    def __init__(self, bridge: AgentBridge, images: ImageWork) -> None:
        super().__init__()
        self._bridge, self._images = bridge, images
        self.form: Form | None = None
        self.template: Template | None = None
        self._newest: OpenedTemplate | None = None
        self._sending = False
        self._leaving = False
        self._showing = False
        self.about = TextLabel(ink="muted")
        self.stars = TextLabel(self.tr("* needs an answer"), step=Type.SMALL, ink="muted")
        self.notice = Card(notice=True)
        self.renew = QPushButton(self.tr("Use the new version"))
        self.holder = spaced(QVBoxLayout(), gap=0)
        self.paper = Card()
        self.change = ChangeNote()
        self.box = GrowingBox(least_lines=1, most_lines=10)
        self.attachments = Attachments(bridge, images)
        self.photo = IconButton("photo", "", text=self.tr("&Add photo"))
        self.place = ReportPlace(bridge)
        self.counter = TextLabel(step=Type.SMALL, ink="muted")
        self.saved = LineLabel(step=Type.SMALL, ink="muted")
        self.sentence = TextLabel(step=Type.SMALL, ink="bad")
        self.discard = QPushButton(self.tr("Discard…"))
        self.send = QPushButton(self.tr("&Send"))
        self.drafts = DraftDesk(bridge, self._written, self, lists=False)
        self._build()
        self._connect()

    def _build(self) -> None:
        words = TextLabel(
            self.tr("There is a newer version of this checklist. Your draft keeps the one it was begun with.")
        )
        renew = spaced(QHBoxLayout(), gap=S)
        renew.addWidget(self.renew)
        renew.addStretch(1)
        self.notice.column.addWidget(words)
        self.notice.column.addLayout(renew)
        self.notice.hide()
        self.box.setPlaceholderText(self.tr("Anything else?"))
        self.box.setAccessibleName(self.tr("Anything else? The first line is the title"))
        row = spaced(QHBoxLayout(), gap=S)
        row.addWidget(self.photo)
        row.addWidget(self.place)
        row.addStretch(1)
        for widget in (self.box, self.attachments):
            self.paper.column.addWidget(widget)
        self.paper.column.addLayout(row)
        self.column.addWidget(self.change)
        self.column.addWidget(self.about)
        self.column.addWidget(self.notice)
        self.column.addWidget(self.stars)
        self.column.addLayout(self.holder)
        self.column.addWidget(self.paper)
        self.column.addStretch(1)
        said = spaced(QVBoxLayout(), gap=0)
        said.addWidget(self.counter)
        said.addWidget(self.saved)
        bottom = spaced(QHBoxLayout(), gap=S)
        bottom.setContentsMargins(S, 0, S, 0)
        bottom.addLayout(said, 1)
        bottom.addWidget(self.discard)
        bottom.addWidget(self.send)
        self.sentence.setContentsMargins(S, 0, S, 0)
        self.sentence.hide()
        self.foot.addWidget(self.sentence)
        self.foot.addLayout(bottom)

    def _connect(self) -> None:
        self.box.files_given.connect(self.take)
        self.box.textChanged.connect(self._touched)
        self.attachments.changed.connect(self._touched)
        self.attachments.kept.connect(self.drafts.save)
        self.attachments.refused.connect(self.sentence.show_text)
        self.photo.clicked.connect(self.attachments.choose)
        self.place.chosen.connect(self._touched)
        self.drafts.changed.connect(self._say)
        self.renew.clicked.connect(self.use_newest)
        self.discard.clicked.connect(self._ask_to_discard)
        self.send.clicked.connect(self.send_report)
        on_ctrl_return(self.send, self, self.send_report)

    # -- what the window asks for

    def begin(self, draft: Draft, path: str = "") -> None:
        """Go on with a draft that has a checklist, or begin one; `path` is the place to go to."""
        self.put_aside()
        template = draft.template
        if template is None or self.template is not None:
            return
        self._showing = True
        named = set(media_of(template.fields, draft.answers))
        self.box.setPlainText(draft.text)
        others = tuple(one for one in draft.media if one.media_id not in named)
        self.change.show_draft(draft, others)
        self.attachments.show_all(others, draft.marks)
        self.place.show_draft(draft)
        self._showing = False
        self.drafts.begin(self._bridge.snapshot().current or "", draft)
        marks = {one.path: one.words or self.tr("To be corrected") for one in draft.marks}
        if path:
            marks[path] = self.tr("The server did not take this. Correct it.")
        files = tuple(one for one in draft.media if one.media_id in named)
        self._fill(template, Filling(template.fields, draft.answers, files, draft.places, marks))
        form = self.form
        if path and form is not None:
            form.go_to(path) if form.is_built else form.built.connect(lambda: form.go_to(path))
        elif form is not None:
            form.begin()
        self.refresh()

    def put_aside(self, *, at_once: bool = False) -> None:
        """Nothing stands here any more; what did waits among the drafts. Unless it must be `at_once`, a file that is
        still on its way into an answer is waited for: without its draft nobody would know of it."""
        if self.template is None:
            return
        self.drafts.save()
        self._leaving = self._busy and not at_once
        if self._leaving:
            self.sentence.show_text(self.tr("A file is still being added here. Wait a moment, then go on."))
        else:
            self._empty()

    def forget(self, draft_id: str) -> None:
        """That draft was sent from somewhere else."""
        if self.template is not None and draft_id == self.drafts.draft_id:
            self._empty()

    def refresh(self) -> None:
        """Follow the session, and look whether there is a newer version."""
        self.place.follow()
        template, account = self.template, self._bridge.snapshot().current
        if template is None or account is None:
            return

        def opened(found: OpenedTemplate) -> None:
            if self.template is template:
                newer = found.active and found.template.version > template.version
                self._newest = found if newer else None
                self.notice.setVisible(newer)

        query = OpenTemplate(account=account, template_id=template.template_id)
        self._bridge.query(query, self, opened, lambda _error: None)

    def use_newest(self) -> None:
        """Move the draft to the newest version; answers that still fit stay, new fields begin as in a new report."""
        found, form, old = self._newest, self.form, self.template
        if found is None or form is None or old is None or form.busy or self._sending:
            return
        known = {one.field for one in every(old.fields)}
        begun = {name: value for name, value in found.answers.items() if name not in known}
        types = {one.media_id: one.content_type for one in form.files}
        answers = {**begun, **fitting(found.template.fields, form.answers, types)}
        places = {**found.places, **form.places}
        self._newest = None
        self.notice.hide()
        self._fill(found.template, Filling(found.template.fields, answers, form.files, places))
        self._touched()

    def take(self, source: QMimeData) -> None:
        """Files, a picture or text that were dropped or pasted somewhere in the window."""
        if not self.attachments.take(source) and source.hasText():
            self.box.insertPlainText(source.text())
            self.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def send_report(self) -> None:
        """Hand the report to the agent when all fits; else show what does not, and go to the first of it."""
        form, template = self.form, self.template
        if self._sending or form is None or template is None or self._busy:
            return
        if not form.check():
            self._say()
            return
        self._set_sending(sending=True)
        self.drafts.save()
        command = FileReport(
            account=self.drafts.account,
            text=self.box.toPlainText(),
            location_id=self.place.location_id,
            media=self.attachments.media,
            template_id=template.template_id,
            template_version=template.version,
            answers=form.answers,
            instance_id=self.drafts.draft_id,
            undoable=True,
        )
        self._bridge.submit(command, self, self._filed, self._failed)

    def showEvent(self, event: QShowEvent) -> None:
        """Whoever comes back stays."""
        super().showEvent(event)
        self._leaving = False

    # -- inner

    def _fill(self, template: Template, filling: Filling) -> None:
        self._drop_form()
        self.template = template
        self.title.setText(template.title)
        self.about.show_text(template.description)
        self.stars.setVisible(any(one.required for one in every(template.fields)))
        self.form = form = Form(self._bridge, self._images, filling)
        self.holder.addWidget(form)
        form.changed.connect(self._touched)
        form.kept.connect(self.drafts.save)
        self.area.verticalScrollBar().setValue(0)
        self._say()

    def _drop_form(self) -> None:
        if self.form is not None:
            self.holder.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
            self.form = None

    def _empty(self) -> None:
        self._drop_form()
        self.template = None
        self._newest = None
        self._leaving = False
        self.notice.hide()
        self._showing = True
        self.box.clear()
        self.attachments.show_all(())
        self._showing = False
        self.sentence.show_text("")
        self.drafts.begin(self.drafts.account)

    def _written(self) -> Written:
        form, template = self.form, self.template
        answers: dict[str, Any] = form.answers if form is not None else {}
        return Written(
            self.box.toPlainText(),
            self.place.location_id,
            self.place.by_person,
            self.attachments.media,
            template.template_id if template is not None else None,
            template.version if template is not None else None,
            answers,
        )

    def _touched(self) -> None:
        if self._showing or self.template is None:
            return
        self.drafts.touch()
        self._say()
        if self._leaving and not self._busy:
            QTimer.singleShot(0, self, self._leave)  # what has just arrived is put in its place first

    def _leave(self) -> None:
        if self._leaving:
            self.put_aside()

    @property
    def _busy(self) -> bool:
        return (self.form is not None and self.form.busy) or self.attachments.coming > 0

    def _say(self) -> None:
        """What is missing, when it was saved, and whether Send can be pressed."""
        form, desk = self.form, self.drafts
        if form is None:
            return
        self.counter.setText(missing(form.judgement.troubles))
        words = ""
        if desk.sentence:
            words = self.tr("Not saved.")
            self.sentence.show_text(desk.sentence)
        elif desk.saved_at:
            words = self.tr("Saved {time}").format(time=wording.clock_at(desk.saved_at))
        self.saved.setText(words)
        self.send.setEnabled(not self._sending and not self._busy)

    def _filed(self, result: Filed) -> None:
        self._set_sending(sending=False)
        if result.instance_id == self.drafts.draft_id:
            self._empty()
        self.filed.emit(result)

    def _failed(self, error: AgentError) -> None:
        self._set_sending(sending=False)
        self.sentence.show_text(error.sentence)

    def _set_sending(self, *, sending: bool) -> None:
        self._sending = sending
        self.box.setReadOnly(sending)
        if self.form is not None:
            self.form.setEnabled(not sending)
        self.sentence.show_text("")
        self._say()

    def _ask_to_discard(self) -> None:
        words = self.tr("Discard this draft? Its answers, text and files are deleted from this computer.")
        ask_before(self, words, act=self.tr("Discard"), done=self._discard)

    def _discard(self) -> None:
        self.drafts.discard()
        self._empty()
        self.left.emit()
