"""Beginning a checklist: a button whose menu has those used lately, and a list to search in for the rest."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QListWidgetItem, QMenu, QWidget

from agent.api import ListTemplates, TemplateItem, TemplateList
from ui.bridge import AgentBridge
from ui.buttons import MenuButton
from ui.chooser import Chooser
from ui.tool_tip import plain_tip

SHOWN = 8
_TITLE = 48


class ChecklistButton(MenuButton):
    """Not there while the organization offers none. `chosen` has the id of a template."""

    chosen = Signal(str)

    def __init__(self, bridge: AgentBridge) -> None:
        super().__init__("report")
        self._bridge = bridge
        self.items: tuple[TemplateItem, ...] = ()
        self._more = False
        self.setText(self.tr("&Checklist"))
        self._menu = QMenu(self)
        self.setMenu(self._menu)
        self._menu.aboutToShow.connect(self._fill)
        self.hide()

    def refresh(self) -> None:
        """Read again which there are."""
        account = self._bridge.snapshot().current
        if account is None:
            self._take(TemplateList(items=(), total=0))
            return

        def found(result: TemplateList) -> None:
            if account == self._bridge.snapshot().current:
                self._take(result)

        self._bridge.query(ListTemplates(account=account, limit=SHOWN), self, found)

    def _take(self, found: TemplateList) -> None:
        self.items, self._more = found.items, found.total > len(found.items)
        self.setVisible(bool(found.items))

    def _fill(self) -> None:
        self._menu.clear()
        for item in self.items:
            self._menu.addAction(name_of(item), partial(self.chosen.emit, item.template_id))
        if self._more:
            self._menu.addSeparator()
            self._menu.addAction(self.tr("All checklists…"), self.ask)

    def ask(self) -> None:
        """Search in all of them."""
        ChecklistChoice(self._bridge, self, self.chosen.emit).open()


class ChecklistChoice(Chooser):
    """`chosen` is called once with the id of a template."""

    def __init__(self, bridge: AgentBridge, parent: QWidget | None, chosen: Callable[[str], None]) -> None:
        self._chosen = chosen
        super().__init__(
            bridge,
            parent,
            title=self.tr("Choose a checklist"),
            press=self.tr("Begin"),
            find=self.tr("&Find a checklist"),
            list_words=self.tr("&Checklists"),
        )

    def query(self, account: str, search: str) -> ListTemplates:
        return ListTemplates(account=account, search=search)

    def line(self, one: TemplateItem) -> QListWidgetItem:
        item = QListWidgetItem(one.title)
        item.setToolTip(plain_tip(one.description))
        return item

    def told(self, hidden: int, items: Sequence[TemplateItem]) -> str:
        if hidden:
            return self.tr("%n more: type a part of the name to find them.", "", hidden)
        return "" if items else self.tr("No checklist has this in its name.")

    def take(self, one: TemplateItem) -> None:
        self._chosen(one.template_id)


def name_of(item: TemplateItem) -> str:
    """A checklist in one line of a menu: an ampersand in it is itself."""
    short = item.title if len(item.title) <= _TITLE else f"{item.title[: _TITLE - 1]}…"
    return short.replace("&", "&&")
