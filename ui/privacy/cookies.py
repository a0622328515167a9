"""Cookies: what the server keeps in this program, for what and how long, each deleted by one press."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from agent.api import AgentError, CookieItem, Cookies, DeleteCookies, ListCookies, SetSwitch
from ui import wording
from ui.attachments import Chips
from ui.bridge import AgentBridge
from ui.card import Card
from ui.labels import BreakingLabel, TextLabel
from ui.privacy.section import Section, clear
from ui.switch import Switch
from ui.theme.scale import S, Type, spaced


class CookieSection(Section):
    """All of it goes on working without any of them."""

    def __init__(self, bridge: AgentBridge) -> None:
        super().__init__(bridge, wording.translate("PrivacyCentre", "Cookies"))
        self._shown: Cookies | None = None
        self.cards: list[CookieCard] = []
        self.add_lead(
            self.tr(
                "A cookie is a short note that a server leaves in a program. Miratag keeps only those that are "
                "declared, and works without any of them."
            )
        )
        choice = Card()
        self.block = Switch(self.tr("&Block cookies that stay"))
        self.block.setEnabled(False)
        choice.column.addWidget(self.block)
        choice.column.addWidget(
            TextLabel(
                self.tr("Blocking deletes those that are here. Others are only in memory, and end with the program."),
                step=Type.SMALL,
                ink="muted",
            )
        )
        self.column.addWidget(choice)
        self.empty = TextLabel(self.tr("There is no cookie now."), ink="muted")
        self.refused = TextLabel(step=Type.SMALL, ink="muted")
        self.delete_all = QPushButton(self.tr("&Delete all"))
        for widget in (self.empty, self.refused, self.delete_all):
            widget.hide()
        self.column.addWidget(self.empty)
        self._list = spaced(QVBoxLayout(), gap=S)
        self.column.addLayout(self._list)
        holder = QWidget()
        Chips(holder).addWidget(self.delete_all)
        self.column.addWidget(holder)
        self.column.addWidget(self.refused)
        self.column.addStretch(1)
        self.block.turned.connect(self._blocked)
        self.delete_all.clicked.connect(lambda: self._delete(None))

    def begin(self) -> None:
        self._shown = None
        self.block.let_go()
        self.block.setEnabled(False)
        clear(self.cards, self._list)

    def look(self) -> None:
        self.ask(ListCookies(account=self.account), self._show)

    def _show(self, found: Cookies) -> None:
        if not self.block.held:
            self.block.setChecked(found.blocked)
            self.block.setEnabled(True)
        if found == self._shown:
            return
        self._shown = found
        self.empty.setVisible(not found.items)
        self.delete_all.setVisible(bool(found.items))
        self.refused.show_text(
            self.tr("Not declared, and therefore not kept: {count}").format(count=wording.number(found.refused))
            if found.refused
            else ""
        )
        clear(self.cards, self._list)
        for item in found.items:
            card = CookieCard(item)
            card.delete.clicked.connect(lambda _checked, name=item.name: self._delete(name))
            self.cards.append(card)
            self._list.addWidget(card)

    def _delete(self, name: str | None) -> None:
        def done(_: object) -> None:
            self.say(self.tr("Deleted."))
            self.block.setFocus(Qt.FocusReason.OtherFocusReason)  # the button that had the keyboard is gone
            self.refresh()

        self.do(DeleteCookies(account=self.account, name=name), done)

    def _blocked(self, blocked: bool) -> None:
        self.block.hold()

        def done(_: object) -> None:
            self.block.let_go()
            self.refresh()

        def failed(error: AgentError) -> None:
            self.failed(error)
            done(None)  # the box shows again what is kept

        self.do(SetSwitch(account=self.account, switch="cookies", on=not blocked), done, failed)


class CookieCard(Card):
    """One cookie."""

    def __init__(self, item: CookieItem) -> None:
        super().__init__()
        top = spaced(QHBoxLayout(), gap=S)
        self.name = BreakingLabel(item.name, step=Type.STRONG)
        self.delete = QPushButton(self.tr("Delete"))
        self.delete.setAccessibleName(self.tr("Delete {name}").format(name=item.name))
        top.addWidget(self.name, 1)
        top.addWidget(self.delete, 0, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(top)
        self.column.addWidget(BreakingLabel(wording.told(item.purpose)))
        self.column.addWidget(TextLabel(self._kept(item), step=Type.SMALL, ink="muted"))

    def _kept(self, item: CookieItem) -> str:
        if not item.persistent or item.expires is None:
            kept = self.tr("Ends with the program")
        else:
            kept = self.tr("Stays until {when}").format(when=wording.when(item.expires))
        return wording.joined(kept, wording.size(item.size))
