"""Activity as rows: a heading for each day and the items beneath, read page by page as the person scrolls.

Only what is looked at is read again when something changed: a row remembers in which round it was last read.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from agent.api import ActivityItem, ActivityPage, AgentError, ListActivity
from ui import wording
from ui.activity_filter import Narrowed
from ui.bridge import AgentBridge

PAGE = 50
ROW = Qt.ItemDataRole.UserRole

Answered = Callable[[ActivityPage], None]
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Row:
    """A heading (`item` is None) or an item; `round` is when it was read."""

    day: date
    item: ActivityItem | None = None
    round: int = 0


class ActivityModel(QAbstractListModel):
    """Rows for the view. `loaded` tells that a first page arrived (also when it is empty)."""

    loaded = Signal()

    def __init__(self, bridge: AgentBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._rows: list[Row] = []
        self._next: str | None = None
        self._search = ""
        self._narrowed = Narrowed()
        self._account = ""
        self._asked = 0
        self._begun = 0
        self._fetching = False
        self._round = 0
        self.sentence = ""

    # -- what Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return spoken(row)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or self._rows[index.row()].item is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._next is not None and not self._fetching

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent):
            self._fetching = True
            begun = self._begun
            self._ask(
                after=self._next,
                limit=PAGE,
                then=lambda page: self._append(begun, page),
                lost=lambda: self._fetched(begun),
            )

    # -- what the view asks

    @property
    def search(self) -> str:
        """What is searched for."""
        return self._search

    @property
    def narrowed(self) -> Narrowed:
        """What the list is narrowed to."""
        return self._narrowed

    def show(self, account: str, search: str = "", narrowed: Narrowed | None = None) -> None:
        """Begin at the top for an account, a search and a filter."""
        wanted = (account, search, narrowed or Narrowed())
        if wanted != self._wanted or not self._rows:
            another = account != self._account
            self._account, self._search, self._narrowed = wanted
            self._begin()
            if another:
                self._become([])  # nothing of one person stands under the name of another
            self._ask_top(self._replace)

    def refresh(self, first: int, last: int) -> None:
        """Something changed: read the top again, and what stands between two rows that are seen."""
        self._round += 1
        self._ask_top(self._merge_top)
        if first > PAGE:
            self.refresh_seen(first, last)

    def refresh_seen(self, first: int, last: int) -> None:
        """Read what is seen again where it is older than the last change."""
        seen = [(at, row) for at, row in enumerate(self._rows[first : last + 1], first) if row.item is not None]
        if not any(row.round < self._round for _, row in seen):
            return
        above = next((row.item for row in reversed(self._rows[: seen[0][0]]) if row.item is not None), None)
        if above is not None:
            asked = self._asked
            self._ask(
                after=above.key, limit=len(seen), then=lambda page: self._update(page) if asked == self._asked else None
            )

    def row_of(self, item_id: str) -> int:
        """Where an item stands, or -1."""
        return next((at for at, row in enumerate(self._rows) if row.item and row.item.item_id == item_id), -1)

    # -- answers

    @property
    def _wanted(self) -> tuple[str, str, Narrowed]:
        return self._account, self._search, self._narrowed

    def _begin(self) -> None:
        """The list begins anew: a page that was asked for before belongs to none of its rows."""
        self._begun += 1
        self._fetching = False
        self._next = None

    def _ask_top(self, then: Answered) -> None:
        """Of several that are under way the newest counts, and before there is any row, the first."""
        self._asked += 1
        asked = self._asked
        self._ask(
            after=None,
            limit=PAGE,
            then=lambda page: then(page) if asked == self._asked or not self._rows else None,
        )

    def _ask(self, *, after: str | None, limit: int, then: Answered, lost: Callable[[], object] = lambda: None) -> None:
        """An answer counts while the same is wanted, of the same person; `lost` is called where there is none."""
        wanted = self._wanted
        query = ListActivity(
            account=self._account,
            after=after,
            limit=limit,
            search=self._search,
            state=self._narrowed.state,
            location_id=self._narrowed.location_id,
            template_id=self._narrowed.template_id,
            since=self._narrowed.since(),
        )

        def answered(page: ActivityPage) -> None:
            if wanted == self._wanted:
                then(page)

        def failed(error: AgentError) -> None:
            if wanted == self._wanted:
                lost()
                self.sentence = error.sentence
                self.loaded.emit()

        self._bridge.query(query, self, answered, failed)

    def _replace(self, page: ActivityPage) -> None:
        self.sentence = ""
        self._begin()
        self._next = page.next
        self._become(self._rows_of(page.items, None))
        self.loaded.emit()

    def _become(self, rows: list[Row]) -> None:
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def _append(self, begun: int, page: ActivityPage) -> None:
        if not self._fetched(begun):
            return
        self._next = page.next
        rows = self._rows_of(page.items, self._rows[-1].day if self._rows else None)
        if rows:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows += rows
            self.endInsertRows()

    def _fetched(self, begun: int) -> bool:
        """The page that was asked for in that list is through; whether it is the one that stands."""
        if begun == self._begun:
            self._fetching = False
        return begun == self._begun

    def _merge_top(self, page: ActivityPage) -> None:
        """Most changes are of rows that stand, or new rows at the top; anything else begins again."""
        old = [row.item for row in self._rows if row.item is not None]
        known = {item.item_id for item in old[: PAGE + len(page.items)]}
        fresh = 0
        while fresh < len(page.items) and page.items[fresh].item_id not in known:
            fresh += 1
        rest = page.items[fresh:]
        if not old or [item.item_id for item in rest] != [item.item_id for item in old[: len(rest)]]:
            self._replace(page)
            return
        if page.next is None and len(rest) < len(old):
            self._replace(page)
            return
        self.sentence = ""
        self._insert_on_top(page.items[:fresh])
        self._update(ActivityPage(items=rest))
        self.loaded.emit()

    def _insert_on_top(self, items: tuple[ActivityItem, ...]) -> None:
        if not items:
            return
        rows = self._rows_of(items, None)
        same_day = self._rows[0].day == rows[-1].day
        if same_day:
            self.beginRemoveRows(QModelIndex(), 0, 0)
            del self._rows[0]
            self.endRemoveRows()
        self.beginInsertRows(QModelIndex(), 0, len(rows) - 1)
        self._rows[:0] = rows
        self.endInsertRows()

    def _update(self, page: ActivityPage) -> None:
        new = {item.item_id: item for item in page.items}
        for at, row in enumerate(self._rows):
            item = new.pop(row.item.item_id, None) if row.item is not None else None
            if item is not None:
                self._rows[at] = replace(row, item=item, round=self._round)
                if item != row.item:
                    self.dataChanged.emit(self.index(at), self.index(at))
            if not new:
                break

    def _rows_of(self, items: tuple[ActivityItem, ...], before: date | None) -> list[Row]:
        rows: list[Row] = []
        for item in items:
            day = wording.moment(item.at).date()
            if day != before:
                rows.append(Row(day))
                before = day
            rows.append(Row(day, item, self._round))
        return rows


def spoken(row: Row) -> str:
    """A row as one sentence for a screen reader."""
    if row.item is None:
        return wording.day(row.day, datetime.now().astimezone().date())
    parts = [wording.title(row.item), row.item.location, wording.state(row.item), wording.clock_at(row.item.at)]
    return ", ".join(part for part in [*parts, wording.asked(row.item)] if part)
