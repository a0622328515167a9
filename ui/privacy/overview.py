"""The first page: in a sentence what left today and what is on, and a row for each section."""

from collections.abc import Sequence
from functools import partial
from typing import Literal

from PySide6.QtCore import Signal

from agent.api import Choices, Erasures, ListErasures, PrivacyView, ShowChoices, ShowPrivacy
from ui import wording
from ui.bridge import AgentBridge
from ui.card import Card
from ui.labels import TextLabel
from ui.privacy import words
from ui.privacy.row_button import RowButton
from ui.privacy.section import Section
from ui.theme.scale import XS, Type, spaced

SectionName = Literal["choices", "connections", "ledger", "erasures", "cookies", "my_data", "policies"]


class Overview(Section):
    """`chosen` carries the name of a section."""

    chosen = Signal(str)

    def __init__(self, bridge: AgentBridge, sections: Sequence[SectionName]) -> None:
        super().__init__(bridge, wording.translate("PrivacyCentre", "Privacy"))
        self.today = TextLabel()
        self.optional = TextLabel(step=Type.STRONG)
        self.anyway = TextLabel(
            self.tr("Your reports and check-ins go to your organization in any case: they are your work."),
            step=Type.SMALL,
            ink="muted",
        )
        top = Card()
        for label in (self.optional, self.today, self.anyway):
            top.column.addWidget(label)
        self.column.addWidget(top)
        self.column.addWidget(self.said)
        self.rows: dict[SectionName, RowButton] = {}
        body = Card()
        spaced(body.column, margins=XS, gap=0)
        self._named = self._names()
        for name in sections:
            row = RowButton(*self._named[name])
            row.clicked.connect(partial(self.chosen.emit, name))
            self.rows[name] = row
            body.column.addWidget(row)
        self.column.addWidget(body)
        self.column.addStretch(1)

    def _names(self) -> dict[SectionName, tuple[str, str]]:
        return {
            "choices": (
                self.tr("Choices"),
                self.tr("What may leave besides your work, and what exactly that would be."),
            ),
            "connections": (
                self.tr("Connections"),
                self.tr("Everything this program may connect to, and what it did."),
            ),
            "ledger": (self.tr("Log data"), self.tr("What is next to send, what was sent, and what was not.")),
            "erasures": (self.tr("Erasure"), self.tr("Have log data that was sent erased, with a signed receipt.")),
            "cookies": (self.tr("Cookies"), self.tr("What your organization's server keeps in this program.")),
            "my_data": (
                self.tr("My data"),
                self.tr("All of it as one file, asking for its erasure, and this computer's copy."),
            ),
            "policies": (self.tr("Policies"), self.tr("The privacy policy, what changed in it, and whom to ask.")),
        }

    def begin(self) -> None:
        self.optional.setText("")
        for name in self.rows:
            self._line(name, "")

    def look(self) -> None:
        """All of it is answered from this computer."""
        self.today.setText(wording.translate("PrivacyCentre", "{sentence}.").format(sentence=self._sent()))
        self.ask(ShowChoices(account=self.account), self._show_choices)
        self.ask(ShowPrivacy(account=self.account), self._show_connections)
        self.ask(ListErasures(account=self.account), self._show_erasures)

    def _sent(self) -> str:
        return wording.sent_today(self._bridge.snapshot())

    def _show_choices(self, found: Choices) -> None:
        on = [wording.category(one.category) for one in found.categories if one.effective]
        on += [words.switch_name(one.switch) for one in found.switches if one.on and not one.locked]
        self.optional.setText(
            self.tr("You allowed: {choices}.").format(choices=words.listed(on))
            if on
            else self.tr("Nothing optional leaves this computer. You never have to allow any of it.")
        )
        self._line("choices", words.how_many_on(len(on), len(found.categories) + len(found.switches)))
        waiting = sum(one.queued for one in found.categories)
        sent = sum(one.sent for one in found.categories)
        self._line("ledger", words.waiting_and_sent(waiting, sent) if waiting or sent else "")
        self.said.show_text("")

    def _show_connections(self, found: PrivacyView) -> None:
        used = sum(bool(one.requests) for one in found.connections)
        self._line("connections", words.how_many_used(used, len(found.connections)))

    def _show_erasures(self, found: Erasures) -> None:
        waiting = sum(one.state == "waiting" for one in found.items)
        self._line("erasures", words.asked_and_waiting(len(found.items), waiting) if found.items else "")

    def _line(self, name: SectionName, line: str) -> None:
        """Where it stands, or else what it is."""
        if name in self.rows:
            self.rows[name].show_line(line or self._named[name][1])
