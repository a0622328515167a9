"""Rows that are read page by page as the person scrolls, so that fifty thousand cost as little as fifty."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from agent.api import AgentError, Query
from ui import wording
from ui.bridge import AgentBridge
from ui.labels import Ink

ITEM = Qt.ItemDataRole.UserRole
WORDS = Qt.ItemDataRole.UserRole + 1

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class RowWords:
    """What a row says: the title, at its end a short word, and a line beneath in a colour token."""

    title: str
    aside: str
    line: str
    ink: Ink = "muted"


class Page(Protocol):
    """What a list of the agent answers. `next` is None at the end."""

    @property
    def items(self) -> tuple[Any, ...]: ...
    @property
    def total(self) -> int: ...
    @property
    def next(self) -> str | None: ...


class PagedModel(QAbstractListModel):
    """`asks(account, after)` makes the query of a page, `words(item)` a row of it.

    `came` carries the newest first page: its rows are shown if the person stands at the top, or shows none yet. Else
    what is being read stays as it is and `stale` is True until `reload`.
    """

    came = Signal(object)

    def __init__(
        self,
        bridge: AgentBridge,
        parent: QObject,
        *,
        asks: Callable[[str, str | None], Query],
        words: Callable[[Any], RowWords],
    ) -> None:
        super().__init__(parent)
        self._bridge, self._asks, self._words = bridge, asks, words
        self._rows: list[Any] = []
        self._next: str | None = None
        self._account = ""
        self._round = 0
        self._fetching = False
        self.stale = False
        self.sentence = ""

    # -- what Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        item = self._rows[index.row()]
        if role == ITEM:
            return item
        if role == WORDS:
            return self._words(item)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            said = self._words(item)
            return ", ".join(part for part in (said.title, said.line, said.aside) if part)
        return None

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._next is not None and not self._fetching

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent):
            self._fetching = True
            asked = self._round
            self._query(self._next, lambda page: self._append(asked, page), lambda: self._fetched(asked))

    # -- what the page asks

    def refresh(self, account: str, at_top: Callable[[], bool]) -> None:
        """Something changed, or this account is shown now; `at_top` is asked when the answer is here."""
        if account != self._account:
            self._account = account
            self._become([], None)
        self._query(None, lambda page: self._take_first(page, at_top=at_top() and not self._fetching))

    def reload(self) -> None:
        """From the top, whatever is being read."""
        self._query(None, lambda page: self._take_first(page, at_top=True))

    def remove(self, item: Any) -> None:
        """It is not there any more."""
        if item in self._rows:
            at = self._rows.index(item)
            self.beginRemoveRows(QModelIndex(), at, at)
            del self._rows[at]
            self.endRemoveRows()

    # -- answers

    def _query(
        self, after: str | None, then: Callable[[Page], None], lost: Callable[[], object] = lambda: None
    ) -> None:
        account = self._account

        def answered(page: Page) -> None:
            if account == self._account:
                self.sentence = ""
                then(page)

        def failed(error: AgentError) -> None:
            if account == self._account:
                lost()
                self.sentence = wording.told(error.sentence)
                self.came.emit(None)

        self._bridge.query(self._asks(account, after), self, answered, failed)

    def _take_first(self, page: Page, *, at_top: bool) -> None:
        if at_top or not self._rows or not page.items:
            self._become(list(page.items), page.next)
        elif not self._still_so(page):
            self.stale = True
        self.came.emit(page)

    def _still_so(self, page: Page) -> bool:
        """As far as a first page and the number of all can tell."""
        shown, first = len(self._rows), len(page.items)
        at_end = self._next is None
        return self._rows[:first] == list(page.items) and (shown == page.total if at_end else shown <= page.total)

    def _become(self, items: list[Any], following: str | None) -> None:
        """Rows that stay are left alone, so that the one which has the keyboard keeps it."""
        self._round += 1
        self._fetching = self.stale = False
        self._next = following
        old, least = self._rows, min(len(self._rows), len(items))
        top = next((at for at in range(least) if old[at] != items[at]), least)
        end = next((at for at in range(least - top) if old[-1 - at] != items[-1 - at]), least - top)
        if len(old) > top + end:
            self.beginRemoveRows(QModelIndex(), top, len(old) - end - 1)
            del old[top : len(old) - end]
            self.endRemoveRows()
        if len(items) > top + end:
            self.beginInsertRows(QModelIndex(), top, len(items) - end - 1)
            old[top:top] = items[top : len(items) - end]
            self.endInsertRows()

    def _fetched(self, asked: int) -> bool:
        """That page is through; False where the list began anew, so that it was of the one before."""
        if asked == self._round:
            self._fetching = False
        return asked == self._round

    def _append(self, asked: int, page: Page) -> None:
        if not self._fetched(asked):
            return
        self._next = page.next
        if page.items:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(page.items) - 1)
            self._rows.extend(page.items)
            self.endInsertRows()
