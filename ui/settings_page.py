"""Settings of one account: which news is told by a hint, what a check-in may say, and the organization's rules;
privacy has its own page."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QPushButton

from agent.api import AgentError, NewsKind, SetNetworkEvidence, SettingsView, SetTold, ShowSettings
from ui import wording
from ui.bridge import AgentBridge
from ui.card import Card
from ui.labels import TextLabel
from ui.page import Page
from ui.theme.scale import Type

_OF_REPORTS: tuple[NewsKind, ...] = ("returned", "rejected", "approved", "comment", "conflict")
_OF_ATTENDANCE: tuple[NewsKind, ...] = ("shift_starts", "still_in", "report_due", "correction")


class SettingsPage(Page):
    """Shows what the agent keeps, and nothing before it said so."""

    privacy_wished = Signal()

    def __init__(self, bridge: AgentBridge) -> None:
        super().__init__(self.tr("Settings"))
        self._bridge = bridge
        self._account = ""
        self.whose = TextLabel(ink="muted")
        self.switches: dict[NewsKind, QCheckBox] = {
            "returned": QCheckBox(self.tr("Returned")),
            "rejected": QCheckBox(self.tr("Rejected")),
            "approved": QCheckBox(self.tr("Approved")),
            "comment": QCheckBox(self.tr("Commented on")),
            "conflict": QCheckBox(self.tr("Changed in two places")),
            "shift_starts": QCheckBox(self.tr("My shift starts")),
            "still_in": QCheckBox(self.tr("I am still checked in")),
            "report_due": QCheckBox(self.tr("A report is due")),
            "correction": QCheckBox(self.tr("A correction is decided")),
        }
        self.network = QCheckBox(self.tr("Say which &network I am in"))
        self.network.setAccessibleName(self.tr("Say which known network this computer is in when I check in"))
        self.sentence = TextLabel(ink="bad")
        self.details = TextLabel()
        self.privacy = QPushButton(self.tr("See &Privacy"))
        self.rules = (TextLabel(), TextLabel(), TextLabel(), TextLabel())
        self._organization = TextLabel(step=Type.STRONG)
        self._build()
        self.privacy.clicked.connect(self.privacy_wished)

    def _build(self) -> None:
        told = Card()
        self._add_switches(told, self.tr("Notify me when a report of mine is"), _OF_REPORTS)
        quiet = self.tr(
            "A notification says what happened and nothing of the report. What you switch off here can still be read "
            "in Miratag."
        )
        told.column.addWidget(TextLabel(quiet, step=Type.SMALL, ink="muted"))
        reminders = Card()
        self._add_switches(reminders, self.tr("Remind me when"), _OF_ATTENDANCE)
        hours = self.tr("Reminders come within working hours only, from this computer itself.")
        reminders.column.addWidget(TextLabel(hours, step=Type.SMALL, ink="muted"))
        evidence = Card()
        self.network.setEnabled(False)
        self.network.clicked.connect(self._network_switched)
        evidence.column.addWidget(self.network)
        evidence.column.addWidget(TextLabel(self._network_words(), step=Type.SMALL, ink="muted"))
        attached = Card()
        attached.column.addWidget(self.details)
        attached.column.addWidget(self.privacy, 0, Qt.AlignmentFlag.AlignLeading)
        rules = Card()
        for rule in self.rules:
            rules.column.addWidget(rule)
        self.sentence.hide()
        self.column.addWidget(self.whose)
        self.column.addWidget(self.sentence)
        for heading, card in (
            (self.tr("Notify me when a report of mine is"), told),
            (self.tr("Remind me when"), reminders),
            (self.tr("When I check in"), evidence),
        ):
            self.column.addWidget(TextLabel(heading, step=Type.STRONG))
            self.column.addWidget(card)
        self.column.addWidget(TextLabel(self.tr("Photos, videos and recordings"), step=Type.STRONG))
        self.column.addWidget(attached)
        self.column.addWidget(self._organization)
        self.column.addWidget(rules)
        self.column.addStretch(1)

    def _add_switches(self, card: Card, heading: str, kinds: tuple[NewsKind, ...]) -> None:
        for kind in kinds:
            switch = self.switches[kind]
            switch.setEnabled(False)
            switch.setAccessibleName(f"{heading}: {switch.text()}")
            switch.clicked.connect(partial(self._switched, kind))
            card.column.addWidget(switch)

    def _network_words(self) -> str:
        return self.tr(
            "Your organization may know a place by its networks. With this on, a check-in there says which one of them "
            "this computer is in, or that it is in none, and nothing of any other network. Off, nothing is looked at. "
            "It is said before you press, and beside each event after."
        )

    def refresh(self) -> None:
        """Read again while it is looked at."""
        snapshot = self._bridge.snapshot()
        account = wording.current_account(snapshot)
        if account is None or not self.isVisibleTo(self.window()):
            return
        if account.account != self._account:
            self._account = account.account
            self.sentence.show_text("")
            for switch in (*self.switches.values(), self.network):
                switch.setEnabled(False)  # until it is known what this person chose
        self.whose.setText(wording.joined(account.name, account.organization))
        self._organization.setText(self.tr("Rules of {organization}").format(organization=account.organization))
        self.details.setText(
            self.tr("Place, device and file name travel with what you add.")
            if snapshot.keeps_details
            else self.tr("Place, device and file name are left out of what you add.")
        )
        query = ShowSettings(account=account.account)
        self._bridge.query(query, self, partial(self._show, account.account), self._failed)

    def _show(self, account: str, view: SettingsView) -> None:
        if account != self._account:
            return
        for kind, switch in self.switches.items():
            switch.setChecked(view.told[kind])
            switch.setEnabled(True)
        self.network.setChecked(view.network_evidence)
        self.network.setEnabled(True)
        for label, rule in zip(self.rules, self._rules(view), strict=True):
            label.setText(rule)

    def _rules(self, view: SettingsView) -> list[str]:
        photos = self.tr("Photos are sent in the size that they have.")
        if view.photo_max_edge:
            photos = self.tr("Photos are made smaller when you add them: at most {pixels} pixels on the longer side.")
        changes = self.tr("A report that was sent cannot be changed. One that is returned can always be corrected.")
        if view.edit_hours:
            changes = self.tr(
                "A report may be changed for {time} after it was written. One that is returned can always be corrected."
            )
        return [
            photos.format(pixels=wording.number(view.photo_max_edge)),
            self.tr("A file may be up to {size}.").format(size=wording.size(view.max_media_bytes)),
            changes.format(time=wording.days_or_hours(view.edit_hours)),
            self.tr("Pictures of received reports stay on this computer for {time}, their text after that too.").format(
                time=wording.days_or_hours(view.keep_days * 24)
            ),
        ]

    def _switched(self, kind: NewsKind) -> None:
        self.sentence.show_text("")
        command = SetTold(account=self._account, kind=kind, told=self.switches[kind].isChecked())
        self._bridge.submit(command, self, None, self._not_switched)

    def _network_switched(self, allowed: bool) -> None:
        self.sentence.show_text("")
        command = SetNetworkEvidence(account=self._account, allowed=allowed)
        self._bridge.submit(command, self, None, self._not_switched)

    def _not_switched(self, error: AgentError) -> None:
        self._failed(error)
        self.refresh()  # the switch shows again what is kept

    def _failed(self, error: AgentError) -> None:
        self.sentence.show_text(error.sentence)
