"""Choices: everything that may leave besides the work itself, each off until the person turns it on."""

from PySide6.QtWidgets import QVBoxLayout

from agent.api import AgentError, SetSwitch, ShowChoices, SwitchView
from agent.api import Choices as Found
from ui import wording
from ui.bridge import AgentBridge
from ui.card import Card
from ui.labels import TextLabel
from ui.privacy import words
from ui.privacy.category_card import CategoryCard
from ui.privacy.section import Section, clear
from ui.switch import Switch
from ui.theme.scale import S, Type, spaced


class Choices(Section):
    """Log data first, then what goes with a check-in, with photos, and with the browser's part of the server."""

    def __init__(self, bridge: AgentBridge) -> None:
        super().__init__(bridge, wording.translate("PrivacyCentre", "Choices"))
        self.categories: dict[str, CategoryCard] = {}
        self.switches: dict[str, SwitchCard] = {}
        self.add_lead(
            self.tr(
                "Nothing below leaves unless you switch it on. You can take each of them back, and nothing in Miratag "
                "works less well without them."
            )
        )
        self.add_heading(self.tr("Log data"))
        self._first = spaced(QVBoxLayout(), gap=S)
        self.column.addLayout(self._first)
        self._others = self.add_heading(self.tr("With your work"))
        self._others.hide()
        self._second = spaced(QVBoxLayout(), gap=S)
        self.column.addLayout(self._second)
        self.column.addStretch(1)

    def begin(self) -> None:
        clear(list(self.categories.values()), self._first)
        clear(list(self.switches.values()), self._second)
        self.categories.clear()
        self.switches.clear()

    def look(self) -> None:
        self.ask(ShowChoices(account=self.account), self._show)

    def _show(self, found: Found) -> None:
        self.say("")
        for view in found.categories:
            card = self.categories.get(view.category)
            if card is None:
                card = self.categories[view.category] = CategoryCard(self._bridge, self.account)
                card.erasure_wished.connect(lambda: self.goes_to.emit("erasures"))
                self._first.addWidget(card)
            card.show_view(view)
        for switch in found.switches:
            shown = self.switches.get(switch.switch)
            if shown is None:
                shown = self.switches[switch.switch] = SwitchCard(self._bridge, self.account)
                self._second.addWidget(shown)
            shown.show_view(switch)
        self._others.setVisible(bool(found.switches))


class SwitchCard(Card):
    """A choice that is not log data."""

    def __init__(self, bridge: AgentBridge, account: str) -> None:
        super().__init__()
        self._bridge, self._account = bridge, account
        self._view: SwitchView | None = None
        self.switch = Switch()
        self.purpose = TextLabel()
        self.reason = TextLabel(ink="warn")
        self.records = TextLabel(step=Type.SMALL, ink="muted")
        for widget in (self.switch, self.purpose, self.reason, self.records):
            self.column.addWidget(widget)
        self.switch.turned.connect(self._switched)

    def show_view(self, view: SwitchView) -> None:
        """What the agent keeps."""
        self._view = view
        self.switch.setText(words.switch_name(view.switch))
        if not self.switch.held:
            self.switch.setChecked(view.on)
            self.switch.setEnabled(not view.locked)
        self.purpose.setText(wording.told(view.purpose))
        self.reason.show_text(wording.told(view.locked))
        lines = (
            self.tr("Records: {what}").format(what=wording.told(view.records)) if view.records else "",
            self.tr("Kept: {how_long}").format(how_long=wording.told(view.kept)) if view.kept else "",
            self.tr("Last: {when}").format(when=wording.when(view.last)) if view.last else "",
        )
        self.records.show_text("\n".join(line for line in lines if line))

    def _switched(self, on: bool) -> None:
        if self._view is not None:
            self.switch.hold()
            command = SetSwitch(account=self._account, switch=self._view.switch, on=on)
            self._bridge.submit(command, self, lambda _: self._done(on), self._failed)

    def _done(self, on: bool) -> None:
        self.switch.let_go()
        self.switch.setChecked(on)

    def _failed(self, error: AgentError) -> None:
        self.switch.let_go()
        if self._view is not None:
            self.show_view(self._view)
        self.reason.show_text(wording.told(error.sentence))
