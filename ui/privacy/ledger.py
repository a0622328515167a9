"""The ledger: what is next to send, what was sent, and what was lost or withheld."""

from typing import Literal

from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from ui import wording
from ui.attachments import Chips
from ui.bridge import AgentBridge
from ui.privacy.losses import LossList
from ui.privacy.section import Section
from ui.privacy.sent import SentList
from ui.privacy.waiting import WaitingList
from ui.theme.scale import Type, font

Part = Literal["waiting", "sent", "losses"]


class Ledger(Section):
    """Three lists, one at a time; each reads only while it is seen."""

    def __init__(self, bridge: AgentBridge) -> None:
        super().__init__(bridge, wording.translate("PrivacyCentre", "Log data"))
        self.waiting = WaitingList(bridge)
        self.sent = SentList(bridge)
        self.losses = LossList(bridge)
        self.parts: dict[Part, WaitingList | SentList | LossList] = {
            "waiting": self.waiting,
            "sent": self.sent,
            "losses": self.losses,
        }
        self.tabs: dict[Part, QPushButton] = {
            "waiting": QPushButton(self.tr("&Next to send")),
            "sent": QPushButton(self.tr("&Sent")),
            "losses": QPushButton(self.tr("&Lost or withheld")),
        }
        holder = QWidget()
        chips = Chips(holder)
        group = QButtonGroup(self)
        for part, tab in self.tabs.items():
            tab.setCheckable(True)
            tab.toggled.connect(lambda on, tab=tab: tab.setFont(font(Type.STRONG if on else Type.BODY)))
            tab.clicked.connect(lambda _checked, part=part: self.show_part(part))
            group.addButton(tab)
            chips.addWidget(tab)
        self.column.addWidget(holder)
        for each in self.parts.values():
            self.column.addWidget(each, 1)
            each.opened.connect(self.opened)
        self._part: Part = "waiting"
        self.show_part("waiting")

    @property
    def part(self) -> Part:
        """Which of the lists is seen."""
        return self._part

    def show_part(self, part: Part) -> None:
        """One of the three."""
        self._part = part
        self.tabs[part].setChecked(True)
        for name, each in self.parts.items():
            each.setVisible(name == part)
        self.refresh()

    def look(self) -> None:
        self.parts[self._part].refresh(self.account)
