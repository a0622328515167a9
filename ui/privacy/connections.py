"""Connections: everything that may leave, where to and why, and what did."""

from PySide6.QtWidgets import QVBoxLayout

from agent.api import ConnectionView, PrivacyView, ShowPrivacy
from ui import wording
from ui.bridge import AgentBridge
from ui.card import Card
from ui.labels import BreakingLabel, TextLabel
from ui.privacy.receivers import Receivers
from ui.privacy.section import Section, clear
from ui.theme.scale import S, Type, spaced


class Connections(Section):
    """One card a row of the egress table."""

    def __init__(self, bridge: AgentBridge) -> None:
        super().__init__(bridge, wording.translate("PrivacyCentre", "Connections"))
        self.add_lead(
            self.tr(
                "This is the whole list: Miratag connects for nothing else. The numbers count what it did since it was "
                "installed."
            )
        )
        self._cards = spaced(QVBoxLayout(), gap=S)
        self.column.addLayout(self._cards)
        self.column.addStretch(1)
        self.rows: list[ConnectionCard] = []

    def begin(self) -> None:
        clear(self.rows, self._cards)

    def look(self) -> None:
        self.ask(ShowPrivacy(account=self.account), self._show)

    def _show(self, view: PrivacyView) -> None:
        self.say("")
        while len(self.rows) < len(view.connections):
            self.rows.append(ConnectionCard())
            self._cards.addWidget(self.rows[-1])
        for row, connection in zip(self.rows, view.connections, strict=False):
            row.show_view(connection)


class ConnectionCard(Card):
    """Name and host, why, what, how much and when."""

    def __init__(self) -> None:
        super().__init__()
        self.name = TextLabel(step=Type.STRONG)
        self.host = BreakingLabel(ink="muted")
        self.purpose = TextLabel()
        self.fields = TextLabel(step=Type.SMALL, ink="muted")
        self.counts = TextLabel(step=Type.SMALL)
        self.passed_on = Receivers()
        self.nobody = TextLabel(self.tr("Your organization passes nothing on to any third party."), step=Type.SMALL)
        for widget in (self.name, self.host, self.purpose, self.fields, self.passed_on, self.nobody, self.counts):
            self.column.addWidget(widget)

    def show_view(self, view: ConnectionView) -> None:
        """What the agent counted."""
        self.name.setText(wording.connection(view.name))
        self.host.show_text(view.host)
        self.purpose.setText(wording.told(view.purpose))
        self.fields.setText(self.tr("Carries: {fields}").format(fields=wording.told(view.fields)))
        self.passed_on.show_parties(view.passed_on or ())
        self.nobody.setVisible(view.passed_on == ())
        self.counts.setText(self._counts(view))

    def _counts(self, view: ConnectionView) -> str:
        if not view.requests:
            return self.tr("Never used yet")
        requests = wording.translate("Privacy", "%n request(s)", "", view.requests)
        size = self.tr("{size} sent").format(size=wording.size(view.bytes_sent))
        last = self.tr("last {when}").format(when=wording.when(view.last)) if view.last else ""
        return wording.joined(requests, size, last)
