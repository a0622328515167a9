"""The filter of Activity: one button, whose menu narrows the list by state, place, checklist and time."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from agent.api import FilterState, ListLocations, ListTemplates, LocationItem, LocationList, TemplateItem, TemplateList
from ui import wording
from ui.bridge import AgentBridge
from ui.buttons import MenuButton
from ui.tool_tip import plain_tip

_PLACES = _CHECKLISTS = 12


@dataclass(frozen=True)
class Narrowed:
    """What is asked for: a state, a place, a checklist, at most so many days ago (0: today); None asks for all."""

    state: FilterState | None = None
    location_id: str | None = None
    template_id: str | None = None
    days: int | None = None

    def since(self) -> str | None:
        """The local midnight from which on, as RFC 3339."""
        if self.days is None:
            return None
        today = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
        first = (today - timedelta(days=self.days)).date()
        midnight = datetime(first.year, first.month, first.day).astimezone(UTC)  # local on purpose
        return midnight.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class ActivityFilter(MenuButton):
    """`changed` tells that `narrowed` is another."""

    changed = Signal()

    def __init__(self, bridge: AgentBridge) -> None:
        super().__init__("filter")
        self._bridge = bridge
        self._account: str | None = None
        self._places: tuple[LocationItem, ...] = ()
        self._checklists: tuple[TemplateItem, ...] = ()
        self._checklist_name = ""
        self._place_name = ""
        self.narrowed = Narrowed()
        self._menu = QMenu(self)
        self.setMenu(self._menu)
        self._menu.aboutToShow.connect(self._fill)
        self._say()

    def refresh(self) -> None:
        """Read the places and checklists again."""
        account = self._bridge.snapshot().current
        if account != self._account:
            self._account, self._places, self._checklists = account, (), ()
        if account is not None:
            places, checklists = partial(self._take_places, account), partial(self._take_checklists, account)
            self._bridge.query(ListLocations(account=account, limit=_PLACES), self, places)
            self._bridge.query(ListTemplates(account=account, limit=_CHECKLISTS), self, checklists)

    def clear(self) -> None:
        """Show all."""
        self._narrow(Narrowed())

    def _take_places(self, account: str, found: LocationList) -> None:
        if account == self._account:
            self._places = found.items

    def _take_checklists(self, account: str, found: TemplateList) -> None:
        if account == self._account:
            self._checklists = found.items

    def _fill(self) -> None:
        menu, now = self._menu, self.narrowed
        menu.clear()
        menu.addAction(self.tr("Show &all"), self.clear).setEnabled(now != Narrowed())
        menu.addSeparator()
        states = menu.addMenu(self.tr("&State"))
        self._choices(states, [(None, self.tr("Any state")), *self._states()], now.state, "state")
        places = menu.addMenu(self.tr("&Place"))
        names = [(place.location_id, place.name.replace("&", "&&")) for place in self._places]
        self._choices(places, [(None, self.tr("Any place")), *names], now.location_id, "location_id")
        if self._checklists or now.template_id is not None:
            checklists = menu.addMenu(self.tr("&Checklist"))
            named = [(one.template_id, one.title.replace("&", "&&")) for one in self._checklists]
            self._choices(checklists, [(None, self.tr("Any report")), *named], now.template_id, "template_id")
        times = menu.addMenu(self.tr("&Time"))
        self._choices(times, [(None, self.tr("Any time")), *self._times()], now.days, "days")

    def _choices(self, menu: QMenu, choices: list[tuple[object, str]], chosen: object, field: str) -> None:
        group = QActionGroup(menu)
        for value, words in choices:
            action = menu.addAction(words, partial(self._choose, field, value))
            action.setCheckable(True)
            action.setChecked(value == chosen)
            group.addAction(action)

    def _choose(self, field: str, value: object) -> None:
        if field == "location_id":
            self._place_name = next((place.name for place in self._places if place.location_id == value), "")
        if field == "template_id":
            self._checklist_name = next((one.title for one in self._checklists if one.template_id == value), "")
        self._narrow(replace(self.narrowed, **{field: value}))  # type: ignore[arg-type]  # of the lists above

    def _narrow(self, narrowed: Narrowed) -> None:
        if narrowed != self.narrowed:
            self.narrowed = narrowed
            self._say()
            self.changed.emit()

    def _say(self) -> None:
        now = self.narrowed
        parts = [
            dict(self._states()).get(now.state or "", ""),
            self._place_name if now.location_id is not None else "",
            self._checklist_name if now.template_id is not None else "",
            dict(self._times()).get(now.days if now.days is not None else -1, ""),
        ]
        chosen = wording.joined(*parts)
        self.setText(chosen.replace("&", "&&"))
        name = self.tr("Filter: {chosen}").format(chosen=chosen) if chosen else self.tr("Filter activity")
        self.setAccessibleName(name)
        self.setToolTip(plain_tip(name))

    def _states(self) -> list[tuple[str, str]]:
        names = wording.state_names()
        return [
            ("waiting", self.tr("On the way")),
            *((one, names[one]) for one in ("needs_you", "received", "edited", "returned", "approved", "rejected")),
        ]

    def _times(self) -> list[tuple[int, str]]:
        week = self.tr("Last 7 days")  # not in the list: behind a call of another, lupdate takes it for that one's
        return [
            (0, wording.translate("Time", "Today")),
            (6, week),
            (29, self.tr("Last 30 days")),
            (364, self.tr("Last 12 months")),
        ]
