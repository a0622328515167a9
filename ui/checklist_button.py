"""Beginning a checklist: a button whose menu has those used lately, and a list to search in for the rest."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from agent.api import ListTemplates, TemplateItem, TemplateList
from ui.bridge import AgentBridge
from ui.buttons import MenuButton
from ui.labels import TextLabel
from ui.theme.scale import L, S, spaced

SHOWN = 8
_TITLE = 48
_SEARCH_PAUSE_MS = 200
_ROLE = 0x0100  # Qt.UserRole


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


class ChecklistChoice(QDialog):
    """A list to search in; `chosen` is called once with the id of a template."""

    def __init__(self, bridge: AgentBridge, parent: QWidget | None, chosen: Callable[[str], None]) -> None:
        super().__init__(parent)
        self._bridge, self._chosen = bridge, chosen
        self.setWindowTitle(self.tr("Choose a checklist"))
        column = spaced(QVBoxLayout(self), margins=L, gap=S)
        self.search, self.rows = QLineEdit(), QListWidget()
        self.search.setClearButtonEnabled(True)
        for words, field in ((self.tr("&Find a checklist"), self.search), (self.tr("&Checklists"), self.rows)):
            label = QLabel(words)
            label.setBuddy(field)
            field.setAccessibleName(words.replace("&", ""))
            column.addWidget(label)
            column.addWidget(field)
        self.rows.setWordWrap(True)
        self.more = TextLabel(ink="muted")
        column.addWidget(self.more)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setIcon(QIcon())
        self.press = QPushButton(self.tr("Begin"))
        buttons.addButton(self.press, QDialogButtonBox.ButtonRole.AcceptRole)
        column.addWidget(buttons)
        self.press.setDefault(True)
        self._pause = QTimer(self, singleShot=True, interval=_SEARCH_PAUSE_MS)
        self._pause.timeout.connect(self._look_up)
        self.search.textChanged.connect(lambda _text: self._pause.start())
        self.rows.currentItemChanged.connect(lambda: self.press.setEnabled(self.rows.currentItem() is not None))
        self.rows.itemDoubleClicked.connect(self.accept)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.finished.connect(self.deleteLater)
        self.press.setEnabled(False)
        self.resize(380, 440)
        self._look_up()

    def accept(self) -> None:
        item = self.rows.currentItem()
        if item is not None:
            super().accept()
            self._chosen(item.data(_ROLE))

    def _look_up(self) -> None:
        account = self._bridge.snapshot().current
        if account is not None:
            query = ListTemplates(account=account, search=self.search.text().strip())
            self._bridge.query(query, self, self._show, lambda error: self.more.show_text(error.sentence))

    def _show(self, found: TemplateList) -> None:
        self.rows.clear()
        for one in found.items:
            item = QListWidgetItem(one.title, self.rows)
            item.setToolTip(one.description if "<" not in one.description else "")
            item.setData(_ROLE, one.template_id)
        hidden = found.total - len(found.items)
        words = self.tr("%n more: type a part of the name to find them.", "", hidden) if hidden else ""
        self.more.show_text(words or ("" if found.items else self.tr("No checklist has this in its name.")))
        if self.search.text() and found.items:
            self.rows.setCurrentRow(0)


def name_of(item: TemplateItem) -> str:
    """A checklist in one line of a menu: an ampersand in it is itself."""
    short = item.title if len(item.title) <= _TITLE else f"{item.title[: _TITLE - 1]}…"
    return short.replace("&", "&&")
