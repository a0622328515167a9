"""The Privacy centre in the window: the overview, and whatever was opened from it, one page above the other."""

from typing import get_args

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget
from shiboken6 import isValid

from agent.api import PolicyTextItem
from ui.bridge import AgentBridge
from ui.buttons import IconButton
from ui.privacy.confirm import Confirm
from ui.privacy.overview import Overview, SectionName
from ui.privacy.section import Section

SECTIONS: tuple[SectionName, ...] = get_args(SectionName)
"""In the order in which the overview has them."""


class PrivacyCentre(QStackedWidget):
    """A section is made when it is opened first. `left` tells that the person goes back from the overview."""

    left = Signal()

    def __init__(self, bridge: AgentBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._account: str | None = None
        self._trail: list[Section] = []
        self.overview = Overview(bridge, SECTIONS)
        self.sections: dict[SectionName, Section] = {}
        self.addWidget(self.overview)
        self.overview.chosen.connect(self.open_section)
        self.overview.left.connect(self.left)

    @property
    def back(self) -> IconButton:
        """The way back of the page that is shown."""
        return self.shown.back

    @property
    def shown(self) -> Section:
        """The page that is seen."""
        return self._trail[-1] if self._trail else self.overview

    def refresh(self) -> None:
        """Read again what is seen; what was opened of another account is left."""
        account = self._bridge.snapshot().current
        if account != self._account:
            self._account = account
            self.show_overview()
        self.shown.refresh()

    def show_overview(self) -> None:
        """As it opens from elsewhere."""
        while self._trail:
            self._drop(self._trail.pop())
        self.setCurrentWidget(self.overview)

    def open_section(self, name: SectionName) -> Section:
        """One section above the overview."""
        section = self.sections.get(name)
        if section is None:
            section = self.sections[name] = made(name, self._bridge)
            self._join(section)
        self.show_overview()
        self._lay(section)
        return section

    def open_policy(self, version: PolicyTextItem) -> None:
        """One version of the policy above the list of them."""
        from ui.privacy.policies import PolicyPage

        self.open_section("policies")
        self._open_above(PolicyPage(self._bridge, version))

    def put_question_away(self) -> bool:
        """Leave a question as it is where one is open: nothing is done. False where there is none."""
        asked = next((one for one in self.shown.findChildren(Confirm) if one.isVisible()), None)
        if asked is not None:
            asked.put_away()
        return asked is not None

    def step_back(self) -> bool:
        """One page back; False where this is the overview already."""
        if not self._trail:
            return False
        gone = self._trail.pop()
        below = self.shown
        self.setCurrentWidget(below)
        below.arrive()
        self._return_keyboard(gone, below)
        self._drop(gone)
        return True

    def _join(self, page: Section) -> None:
        self.addWidget(page)
        page.opened.connect(self._open_above)
        page.goes_to.connect(self.open_section)
        page.left.connect(self.step_back)

    def _open_above(self, page: Section) -> None:
        """A page that a section made, which goes when it is left."""
        self._join(page)
        page.came_from = self.window().focusWidget()
        self._lay(page)

    def _lay(self, page: Section) -> None:
        self._trail.append(page)
        self.setCurrentWidget(page)
        page.arrive()
        page.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _drop(self, page: Section) -> None:
        if page not in self.sections.values():
            self.removeWidget(page)
            page.deleteLater()

    def _return_keyboard(self, gone: Section, below: Section) -> None:
        name = next((name for name, section in self.sections.items() if section is gone), None)
        target: QWidget | None = self.overview.rows[name] if name is not None else gone.came_from
        if target is None or not isValid(target):
            target = below.back
        target.setFocus(Qt.FocusReason.OtherFocusReason)


def made(name: SectionName, bridge: AgentBridge) -> Section:  # noqa: PLR0911 - one a section
    """That section, with what it needs loaded only now: most days nobody opens it."""
    match name:
        case "choices":
            from ui.privacy.choices import Choices

            return Choices(bridge)
        case "connections":
            from ui.privacy.connections import Connections

            return Connections(bridge)
        case "ledger":
            from ui.privacy.ledger import Ledger

            return Ledger(bridge)
        case "erasures":
            from ui.privacy.erasures import ErasureSection

            return ErasureSection(bridge)
        case "cookies":
            from ui.privacy.cookies import CookieSection

            return CookieSection(bridge)
        case "my_data":
            from ui.privacy.my_data import MyData

            return MyData(bridge)
        case "policies":
            from ui.privacy.policies import Policies

            return Policies(bridge)
