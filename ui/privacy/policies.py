"""Policies: the privacy policy as it stands, what changed from when, and whom to ask. All of it is text of others."""

from datetime import UTC, datetime
from functools import partial

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from agent.api import (
    AgentError,
    AnswerPolicyText,
    ListPolicyTexts,
    OpenedPolicyText,
    OpenPolicyText,
    PolicyTextItem,
    PolicyTextList,
)
from ui import wording
from ui.attachments import Chips
from ui.bridge import AgentBridge
from ui.card import Card
from ui.labels import BreakingLabel, TextLabel
from ui.privacy.row_button import RowButton
from ui.privacy.section import Section, clear
from ui.theme.scale import XS, S, Type, spaced


class Policies(Section):
    """The versions, newest first, and the contacts."""

    def __init__(self, bridge: AgentBridge) -> None:
        super().__init__(bridge, wording.translate("PrivacyCentre", "Policies"))
        self._shown: PolicyTextList | None = None
        self.rows: list[RowButton] = []
        self.add_lead(
            self.tr("A change of the policy turns nothing on here, and your work never waits for an answer to it.")
        )
        self.trouble = TextLabel(step=Type.SMALL, ink="warn")
        self.empty = TextLabel(
            self.tr("Your organization's server has no policy text. Ask your organization for it."), ink="muted"
        )
        for label in (self.trouble, self.empty):
            label.hide()
            self.column.addWidget(label)
        self.versions = Card()
        spaced(self.versions.column, margins=XS, gap=0)
        self.contact = Card()
        self.organization = BreakingLabel()
        self.operator = BreakingLabel()
        self.contact.column.addWidget(TextLabel(self.tr("Whom to ask"), step=Type.STRONG))
        self.contact.column.addWidget(self.organization)
        self.contact.column.addWidget(self.operator)
        for card in (self.versions, self.contact):
            card.hide()
            self.column.addWidget(card)
        self.column.addStretch(1)

    def begin(self) -> None:
        self._shown = None
        clear(self.rows, self.versions.column)
        self.versions.hide()
        self.contact.hide()

    def look(self) -> None:
        if not self.fresh:
            self.fresh = True
            self.ask(ListPolicyTexts(account=self.account), self._show)

    def _show(self, found: PolicyTextList) -> None:
        self.trouble.show_text(wording.told(found.trouble))
        if found == self._shown:
            return
        self._shown = found
        self.empty.setVisible(not found.items)
        clear(self.rows, self.versions.column)
        for item in found.items:
            row = RowButton(item.title, line(item))
            row.clicked.connect(partial(self._open, item))
            self.rows.append(row)
            self.versions.column.addWidget(row)
        self.versions.setVisible(bool(found.items))
        self._show_contact(found)

    def _show_contact(self, found: PolicyTextList) -> None:
        self.organization.show_text(
            self.tr("About your data, ask your organization: {name}").format(name=found.organization)
            if found.organization
            else ""
        )
        parts = [part for part in (found.operator, found.address, found.contact) if part]
        self.operator.show_text(
            self.tr("The server is run by: {operator}").format(operator="\n".join(parts)) if parts else ""
        )
        self.contact.setVisible(bool(found.organization or parts))

    def _open(self, item: PolicyTextItem, _checked: bool = False) -> None:
        self.opened.emit(PolicyPage(self._bridge, item))


class PolicyPage(Section):
    """One version in full."""

    def __init__(self, bridge: AgentBridge, item: PolicyTextItem) -> None:
        super().__init__(bridge, item.title)
        self.item = item
        self._text = ""
        self.lead = self.add_lead(line(item))
        self.changes = Card(notice=True)
        self.changes.column.addWidget(TextLabel(self.tr("What changed"), step=Type.STRONG))
        self.changed = BreakingLabel(item.changes)
        self.changes.column.addWidget(self.changed)
        self.column.addWidget(self.changes)
        self.changes.setVisible(bool(item.changes))
        self._body = spaced(QVBoxLayout(), gap=S)
        self.column.addLayout(self._body)
        self.paragraphs: list[BreakingLabel] = []
        self.accept = QPushButton(self.tr("&Accept this version"))
        holder = QWidget()
        holder.setContentsMargins(S, 0, S, 0)
        Chips(holder).addWidget(self.accept)
        self.accept.hide()  # nobody accepts what they cannot read
        self.foot.addWidget(holder)
        self.column.addStretch(1)
        self.accept.clicked.connect(self._accept)

    def look(self) -> None:
        if not self.fresh:
            self.fresh = True
            self.ask(OpenPolicyText(account=self.account, version=self.item.version), self._show)

    def _show(self, opened: OpenedPolicyText) -> None:
        self.lead.setText(line(opened.item))
        self.accept.setVisible(opened.item.answer != "accepted")
        if opened.text == self._text:
            return
        self._text = opened.text
        clear(self.paragraphs, self._body)
        for paragraph in opened.text.split("\n\n"):
            heading = paragraph.startswith("# ")
            words = paragraph.removeprefix("# ").strip()
            if words:
                label = BreakingLabel(words, step=Type.STRONG if heading else Type.BODY)
                self.paragraphs.append(label)
                self._body.addWidget(label)

    def _accept(self) -> None:
        self.accept.setEnabled(False)

        def done(_: object) -> None:
            self.say(self.tr("Noted that you accepted this version."))
            self.back.setFocus()
            self.arrive()

        def failed(error: AgentError) -> None:
            self.accept.setEnabled(True)
            self.failed(error)

        self.do(AnswerPolicyText(account=self.account, version=self.item.version), done, failed)


def line(item: PolicyTextItem) -> str:
    """A version in one line: from when, and what the person said to it."""
    translate = wording.translate
    since = translate("Policies", "in effect since {when}") if item.current else translate("Policies", "from {when}")
    answer = {
        "none": "",
        "accepted": translate("Policies", "accepted by you"),
        "continued_use": translate("Policies", "you went on using the service"),
    }[item.answer]
    return wording.joined(
        translate("Policies", "Version {number}").format(number=wording.number(item.version)),
        since.format(when=wording.day(wording.moment(item.effective).date(), datetime.now(UTC).astimezone().date())),
        answer,
    )
