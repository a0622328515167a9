"""The menu of the tray, which is also the menu under the gear."""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from agent.api import (
    ActivityItem,
    ActivityPage,
    ListActivity,
    ListLocations,
    ListTemplates,
    LocationItem,
    LocationList,
    PauseSending,
    Retry,
    SelectAccount,
    SignOut,
    Snapshot,
    TemplateItem,
    TemplateList,
)
from ui import attendance_words, wording
from ui.attendance_desk import AttendanceDesk
from ui.bridge import AgentBridge

_PLACES, _NEEDS, _CHECKLISTS = 8, 5, 8


class Doors(Protocol):
    """What the menu can open; the program decides in which window."""

    def open_window(self) -> None: ...
    def open_report(self) -> None: ...
    def open_check_in(self) -> None: ...
    def open_timesheet(self) -> None: ...
    def open_privacy(self) -> None: ...
    def open_settings(self) -> None: ...
    def open_item(self, item: ActivityItem) -> None: ...
    def open_places(self) -> None: ...
    def open_checklist(self, template_id: str) -> None: ...
    def open_sign_in(self) -> None: ...
    def quit(self) -> None: ...


class MainMenu(QObject):
    """Fills menus from the snapshot; every menu it owns is filled again when what it shows has changed.

    `menu` is one that is shown already, and is filled as the others are.
    """

    changed = Signal()

    def __init__(
        self,
        bridge: AgentBridge,
        desk: AttendanceDesk,
        doors: Doors,
        screenshot: Callable[[], None] | None,
        parent: QObject | None = None,
        *,
        menu: QMenu | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge, self._desk, self._doors, self._screenshot = bridge, desk, doors, screenshot
        self._places: tuple[LocationItem, ...] = ()
        self._needs: tuple[ActivityItem, ...] = ()
        self._checklists: tuple[TemplateItem, ...] = ()
        self._account: str | None = None
        """Whose places, checklists and needs these are."""
        self._shown: object = None
        self.menu, self.accounts = menu or QMenu(), QMenu()
        bridge.changed.connect(self._hear)
        self.refresh()

    def refresh(self) -> None:
        """Fill the menus again if they would read differently."""
        snapshot = self._bridge.snapshot()
        seen = (
            self._bridge.ready,
            wording.status(snapshot),
            snapshot.accounts,
            snapshot.current,
            snapshot.session,
            snapshot.last_location_id,
            snapshot.last_code_digits,
            snapshot.note_required,
            snapshot.photo_required,
            snapshot.open_end,
            snapshot.paused,
            self._places,
            self._needs,
            self._checklists,
        )
        if seen != self._shown:
            self._shown = seen
            self._fill(snapshot)
            self._fill_accounts(self.accounts, snapshot)
            self.changed.emit()

    def _hear(self, what: frozenset[str]) -> None:
        snapshot = self._bridge.snapshot()
        account = snapshot.current
        if account != self._account:
            self._account = account
            self._places, self._needs, self._checklists = (), (), ()
            what |= {"locations", "templates"}
        if account is not None:
            self._ask(account, what, needs_you=bool(snapshot.needs_you))
        self.refresh()

    def _ask(self, account: str, what: frozenset[str], *, needs_you: bool) -> None:
        if "locations" in what or ("snapshot" in what and not self._places):
            query = ListLocations(account=account, limit=_PLACES)
            self._bridge.query(query, self, partial(self._take_places, account))
        if "templates" in what:
            query_all = ListTemplates(account=account, limit=_CHECKLISTS)
            self._bridge.query(query_all, self, partial(self._take_checklists, account))
        if "snapshot" in what:
            if needs_you:
                needs = ListActivity(account=account, needs_you=True, limit=_NEEDS)
                self._bridge.query(needs, self, partial(self._take_needs, account))
            else:
                self._needs = ()

    def _take_places(self, account: str, found: LocationList) -> None:
        if account == self._account:
            self._places = found.items
            self.refresh()

    def _take_checklists(self, account: str, found: TemplateList) -> None:
        if account == self._account:
            self._checklists = found.items
            self.refresh()

    def _take_needs(self, account: str, page: ActivityPage) -> None:
        if account == self._account:
            self._needs = page.items
            self.refresh()

    def _fill(self, snapshot: Snapshot) -> None:
        menu = self.menu
        menu.clear()
        status = menu.addAction(self.tr("Starting…") if not self._bridge.ready else wording.status(snapshot))
        status.setEnabled(False)
        if snapshot.current is not None:
            self._fill_attendance(menu, snapshot)
            menu.addSeparator()
            menu.addAction(self.tr("New &report"), self._doors.open_report)
            if self._screenshot is not None:
                menu.addAction(self.tr("New report from a &screenshot"), self._screenshot)
            self._fill_checklists(menu)
            self._fill_needs(menu)
            self._fill_sending(menu, snapshot)
        if self._bridge.ready:
            menu.addSeparator()
            menu.addAction(self.tr("O&pen Miratag"), self._doors.open_window)
            if snapshot.current is not None:
                menu.addAction(self.tr("Ti&mesheet"), self._doors.open_timesheet)
                menu.addAction(self.tr("Pri&vacy"), self._doors.open_privacy)
                menu.addAction(self.tr("Se&ttings"), self._doors.open_settings)
            self._fill_accounts(menu.addMenu(self.tr("A&ccounts")), snapshot)
        menu.addSeparator()
        menu.addAction(self._quit_words(snapshot), self._doors.quit)

    def _fill_attendance(self, menu: QMenu, snapshot: Snapshot) -> None:
        name, session = _escaped(wording.first_name(snapshot)), snapshot.session
        if snapshot.open_end is not None:
            where = _escaped(attendance_words.place_name(snapshot.open_end.location))
            menu.addAction(self.tr("When did you &leave {place}?").format(place=where), self._doors.open_window)
        if session is None and snapshot.last_location_id is not None:
            self._fill_last_place(menu, snapshot, name)
        if session is not None:
            menu.addAction(self.tr("Check &out {name}").format(name=name), self._desk.check_out)
            menu.addAction(
                self.tr("End &break") if session.on_break else self.tr("Start &break"), self._desk.switch_break
            )
        elsewhere = menu.addMenu(self.tr("Check in {name} &elsewhere").format(name=name))
        here = session.location_id if session is not None else None
        for place in self._places:
            if place.location_id != here:
                words = f"{_escaped(place.name)} {self._lacking(snapshot, place.code_digits)}".strip()
                elsewhere.addAction(words, partial(self._desk.check_in, place.location_id))
        elsewhere.addSeparator()
        elsewhere.addAction(self.tr("Other place…"), self._doors.open_places)

    def _fill_last_place(self, menu: QMenu, snapshot: Snapshot, name: str) -> None:
        """One click checks in; where a code is shown or a note is asked for, it says that none goes with it, and offers
        the window to enter them."""
        place = _escaped(snapshot.last_location)
        words = self.tr("Check &in {name} at {place}").format(name=name, place=place)
        lacking = self._lacking(snapshot, snapshot.last_code_digits)
        menu.addAction(f"{words} {lacking}".strip(), partial(self._desk.check_in, snapshot.last_location_id))
        if snapshot.last_code_digits:
            menu.addAction(self.tr("Enter the &code of {place}…").format(place=place), self._doors.open_check_in)
        elif snapshot.note_required:
            menu.addAction(self.tr("Check in with a n&ote…"), self._doors.open_check_in)
        elif snapshot.photo_required:
            menu.addAction(self.tr("Check in with a ph&oto…"), self._doors.open_check_in)

    def _lacking(self, snapshot: Snapshot, code_digits: int) -> str:
        """What a check-in by one click goes without."""
        code, note = bool(code_digits), snapshot.note_required
        with_photo = {
            (True, True): self.tr("(without code, note and photo)"),
            (True, False): self.tr("(without code and photo)"),
            (False, True): self.tr("(without note and photo)"),
            (False, False): self.tr("(without a photo)"),
        }
        without = {
            (True, True): self.tr("(without code and note)"),
            (True, False): self.tr("(without code)"),
            (False, True): self.tr("(without a note)"),
            (False, False): "",
        }
        return (with_photo if snapshot.photo_required else without)[code, note]

    def _fill_checklists(self, menu: QMenu) -> None:
        if self._checklists:
            checklists = menu.addMenu(self.tr("Chec&klists"))
            for item in self._checklists:
                words = _escaped(_short(item.title))
                checklists.addAction(words, partial(self._doors.open_checklist, item.template_id))

    def _fill_needs(self, menu: QMenu) -> None:
        if not self._needs:
            return
        needs = menu.addMenu(
            self.tr("&Needs you ({count})").format(count=wording.number(self._bridge.snapshot().needs_you))
        )
        for item in self._needs:
            needs.addAction(_escaped(_short(wording.title(item))), partial(self._doors.open_item, item))

    def _fill_sending(self, menu: QMenu, snapshot: Snapshot) -> None:
        waiting = snapshot.waiting + snapshot.sending
        if not waiting and not snapshot.paused:
            return
        words = self.tr("Sending is paused") if snapshot.paused else self.tr("Sending (%n waiting)", "", waiting)
        sending = menu.addMenu(words)
        pause = PauseSending(paused=not snapshot.paused)
        words = self.tr("Go on sending") if snapshot.paused else self.tr("Pause sending")
        sending.addAction(words, lambda: self._bridge.submit(pause, self))
        account = snapshot.current or ""
        sending.addAction(self.tr("Send now"), lambda: self._bridge.submit(Retry(account=account), self))

    def _fill_accounts(self, menu: QMenu, snapshot: Snapshot) -> None:
        menu.clear()
        group = QActionGroup(menu)
        for account in snapshot.accounts:
            words = wording.joined(_escaped(account.name), _escaped(account.organization))
            action = QAction(words, menu, checkable=True, checked=account.account == snapshot.current)
            group.addAction(action)
            menu.addAction(action)
            action.triggered.connect(partial(self._select, account.account))
        menu.addSeparator()
        menu.addAction(self.tr("Add an account…"), self._doors.open_sign_in)
        current = wording.current_account(snapshot)
        if current is not None and current.signed_in:
            leave = SignOut(account=current.account)
            words = self.tr("Sign out {name}").format(name=_escaped(current.name))
            menu.addAction(words, lambda: self._bridge.submit(leave, self))

    def _select(self, account: str, _checked: bool = False) -> None:
        self._bridge.submit(SelectAccount(account=account), self)

    def _quit_words(self, snapshot: Snapshot) -> str:
        kept = snapshot.waiting + snapshot.sending + snapshot.needs_you
        return self.tr("&Quit (%n item(s) stay saved here)", "", kept) if kept else self.tr("&Quit")


def _escaped(words: str) -> str:
    """Text of others in a menu: an ampersand there is itself."""
    return words.replace("&", "&&")


def _short(words: str) -> str:
    return words if len(words) <= 48 else f"{words[:47]}…"
