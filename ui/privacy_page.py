"""Privacy: what this computer records for others, switched by the person, and everything that connects."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QVBoxLayout

from agent.api import AgentError, CategoryView, ConnectionView, PrivacyView, SetConsent, ShowPrivacy
from ui import wording
from ui.bridge import AgentBridge
from ui.card import Card
from ui.keep_details import KeepDetails
from ui.labels import LineLabel, TextLabel
from ui.page import Page
from ui.theme.scale import XS, Type, spaced


class CategoryCard(Card):
    """One category: a switch, what it is for, what it records, and why it is off although it was granted."""

    def __init__(self, bridge: AgentBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._view: CategoryView | None = None
        self.switch = QCheckBox()
        self.purpose = TextLabel()
        self.reason = TextLabel(ink="warn")
        self.events = TextLabel(step=Type.SMALL, ink="muted")
        self.counts = TextLabel(step=Type.SMALL, ink="muted")
        for widget in (self.switch, self.purpose, self.reason, self.events, self.counts):
            self.column.addWidget(widget)
        self.switch.clicked.connect(self._switched)

    def show_view(self, view: CategoryView) -> None:
        """What the agent knows; the switch is the person's choice, not what is in effect."""
        self._view = view
        name = wording.category(view.category)
        self.switch.setText(self.tr("Send {category}").format(category=name.lower()))
        self.switch.setEnabled(True)
        self.switch.setChecked(view.state == "granted")
        self.purpose.setText(wording.told(view.purpose))
        self.reason.show_text("" if view.effective else wording.told(view.reason))
        events = "\n".join(f"• {wording.event(name)}" for name in view.events)
        self.events.show_text(self.tr("Records:\n{events}").format(events=events) if events else "")
        self.counts.show_text(self._counts(view))

    def _counts(self, view: CategoryView) -> str:
        parts = [self.tr("%n sent", "", view.sent), self.tr("%n waiting here", "", view.queued)]
        if view.last_sent:
            parts.append(self.tr("last {when}").format(when=wording.when(view.last_sent)))
        return wording.joined(*parts)

    def _switched(self, granted: bool) -> None:
        view, account = self._view, self._bridge.snapshot().current
        if view is None or account is None:
            return
        self.switch.setEnabled(False)
        self.counts.show_text(
            self.tr("Switching on…") if granted else self.tr("Stopping, and deleting what was not sent…")
        )
        command = SetConsent(account=account, category=view.category, state="granted" if granted else "denied")
        self._bridge.submit(command, self, None, self._failed)

    def _failed(self, error: AgentError) -> None:
        if self._view is not None:
            self.show_view(self._view)
        self.reason.show_text(error.sentence)


class PrivacyPage(Page):
    """Categories first, connections beneath."""

    def __init__(self, bridge: AgentBridge) -> None:
        super().__init__(self.tr("Privacy"))
        self._bridge = bridge
        self.categories: dict[str, CategoryCard] = {}
        self.column.addWidget(
            TextLabel(
                self.tr(
                    "Nothing below is sent unless you switch it on. Your reports and check-ins go to your "
                    "organization in any case: they are your work."
                )
            )
        )
        self._cards = spaced(QVBoxLayout())
        self.column.addLayout(self._cards)
        self.column.addWidget(TextLabel(self.tr("Photos, videos and recordings"), step=Type.STRONG))
        details = Card()
        self.keep_details = KeepDetails(bridge)
        details.column.addWidget(self.keep_details)
        details.column.addWidget(TextLabel(self.keep_details.explanation(), step=Type.SMALL, ink="muted"))
        self.column.addWidget(details)
        self.column.addWidget(TextLabel(self.tr("Connections"), step=Type.STRONG))
        self.column.addWidget(
            TextLabel(self.tr("Every connection this program has made since it was installed, and what it carried."))
        )
        self._table = Card()
        self.column.addWidget(self._table)
        self._rows: list[ConnectionRow] = []
        self.sentence = TextLabel(ink="bad")
        self.sentence.hide()
        self.column.addWidget(self.sentence)
        self.column.addStretch(1)

    def refresh(self) -> None:
        """Read again while it is looked at."""
        account = self._bridge.snapshot().current
        if account is not None and self.isVisibleTo(self.window()):
            query = ShowPrivacy(account=account)
            self._bridge.query(query, self, self._show, lambda error: self.sentence.show_text(error.sentence))

    def _show(self, view: PrivacyView) -> None:
        self.sentence.show_text("")
        for category in view.categories:
            card = self.categories.get(category.category)
            if card is None:
                card = self.categories[category.category] = CategoryCard(self._bridge)
                self._cards.addWidget(card)
            card.show_view(category)
        while len(self._rows) < len(view.connections):
            self._rows.append(ConnectionRow(first=not self._rows))
            self._table.column.addLayout(self._rows[-1])
        for row, connection in zip(self._rows, view.connections, strict=False):
            row.show_view(connection)


class ConnectionRow(QVBoxLayout):
    """One row of the connections: name and host, why, what, how much and when."""

    def __init__(self, *, first: bool) -> None:
        super().__init__()
        spaced(self, gap=XS)
        self.setContentsMargins(0, 0 if first else XS * 2, 0, 0)
        self.name = TextLabel(step=Type.STRONG)
        self.host = LineLabel(ink="muted")
        self.purpose = TextLabel()
        self.fields = TextLabel(step=Type.SMALL, ink="muted")
        self.counts = TextLabel(step=Type.SMALL, ink="muted")
        for widget in (self.name, self.host, self.purpose, self.fields, self.counts):
            widget.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
            self.addWidget(widget)

    def show_view(self, view: ConnectionView) -> None:
        """What the agent counted."""
        translate = wording.translate
        self.name.setText(wording.connection(view.name))
        self.host.setText(view.host)
        self.purpose.setText(wording.told(view.purpose))
        self.fields.setText(translate("Privacy", "Carries: {fields}").format(fields=wording.told(view.fields)))
        if not view.requests:
            self.counts.setText(translate("Privacy", "Never used yet"))
            return
        parts = [translate("Privacy", "%n request(s)", "", view.requests), wording.size(view.bytes_sent)]
        if view.last:
            parts.append(translate("Privacy", "last {when}").format(when=wording.when(view.last)))
        self.counts.setText(wording.joined(*parts))
