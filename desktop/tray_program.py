"""The tray app: Qt on the main thread, the agent made on its own, and the order in which they start and end."""

import gc
import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, get_args

from msgspec import structs
from PySide6.QtCore import QObject, QSysInfo, Qt, QTimer
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QMenu, QMessageBox

from agent.api import (
    ActivityItem,
    ActivityPage,
    AgentError,
    ListActivity,
    ListNews,
    NetworkIsBack,
    NetworkIsMetered,
    News,
    NewsKind,
    OpenWindow,
    Snapshot,
    TellNews,
    WindowPage,
)
from desktop.link_events import LinkEvents
from desktop.network.port import NetworkPort
from desktop.notifications.by_tray import TrayNotifications
from desktop.notifications.port import NoticePage, NotificationPort
from desktop.process import end
from desktop.started import tell_started
from desktop.tray.port import TrayPort
from desktop.tray.state import shape_of
from ui import wording
from ui.attendance_desk import AttendanceDesk
from ui.bridge import AgentBridge
from ui.main_menu import MainMenu
from ui.questions import ask_before

if TYPE_CHECKING:
    from agent.control.hosting import ClosableAgent
    from ui.main_window import MainWindow

_log = logging.getLogger(__name__)

_MENU_FADES_MS = 350
_NEWEST_NEEDS = 20
_REMINDERS: dict[NewsKind, NoticePage] = {"shift_starts": "check_in", "still_in": "check_in", "report_due": "report"}


class TrayProgram(QObject):
    """Ties tray, window, notifications and agent together. The window is loaded and made when it is first wanted.

    `menu` is the one that the tray shows already, if it does.
    """

    def __init__(self, tray: TrayPort, agent_factory: "Callable[[], ClosableAgent]", menu: QMenu | None = None) -> None:
        super().__init__()
        self._tray, self._factory = tray, agent_factory
        self._agent: ClosableAgent | None = None
        self._window: MainWindow | None = None
        self._wish: OpenWindow | None = None
        self._told = Snapshot()
        self._news_asked = 0
        self._closing = threading.Event()
        self.bridge = AgentBridge(self)
        self.desk = AttendanceDesk(self.bridge, self)
        may_grab = QGuiApplication.platformName() != "wayland"  # there only the desktop itself may take a picture
        self.menu = MainMenu(self.bridge, self.desk, self, self.screenshot if may_grab else None, self, menu=menu)
        self.notifications = self._choose_notifications()
        self.network = self._choose_network()
        if QSysInfo.kernelType() == "darwin":  # nowhere else: a filter sees every event of the program
            self.links = LinkEvents(self._open, self)
        self.bridge.changed.connect(self._changed)
        self.bridge.open_window.connect(self._open)

    # -- start and end

    def start(self, wish: OpenWindow | None = None) -> None:
        """The icon first, then the agent on a thread of its own; a window only when wished for or without a tray."""
        self._tray.show(self.menu.menu, self.open_window)
        self._tray.set_state("out", self.tr("Miratag is starting"))
        threading.Thread(target=self._make_agent, name="start", daemon=True).start()
        if wish is not None or not self._tray.available():
            self._open(wish or OpenWindow())

    def close(self) -> None:
        """In order: what is written, no more events to widgets, the window, the icon, and the agent last."""
        self._closing.set()
        if self._window is not None:
            self._window.save_drafts()  # the agent commits what was handed to it before it closes
        self.network.close()
        self.bridge.close()
        self.notifications.close()
        if self._window is not None:
            self._window.images.close()
            self._window.hide()
            self._window.deleteLater()
            self._window = None
        self._tray.close()
        if self._agent is not None:
            self._agent.close()
            self._agent = None

    def _make_agent(self) -> None:
        try:
            agent = self._factory()
        except AgentError as error:
            sentence = wording.told(error.sentence)
        except Exception:  # noqa: BLE001 - whatever it is, the person must see it, or the app would sit there mute
            _log.exception("the agent did not start")
            sentence = self.tr("Miratag could not open what is saved on this computer. Nothing was deleted.")
        else:
            if self._closing.is_set():
                agent.close()
            self.bridge.on_main_thread(lambda: self._attach(agent))
            return
        self.bridge.on_main_thread(lambda: self._cannot_start(sentence))

    def _attach(self, agent: "ClosableAgent") -> None:
        self._agent = agent
        self.bridge.attach(agent)
        self.network.watch(
            lambda: self.bridge.on_main_thread(self._network_is_back),
            lambda metered: self.bridge.on_main_thread(partial(self._network_is_metered, metered)),
        )
        # What is loaded by now stays until the end: looking through all of it again and again for garbage would stop
        # the window for tens of milliseconds each time.
        gc.freeze()
        tell_started(agent, "tray" if self._tray.available() else "window")
        wish, self._wish = self._wish, None
        if wish is not None:
            self._open(wish)

    def _network_is_back(self) -> None:
        self.bridge.submit(NetworkIsBack(), self)

    def _network_is_metered(self, metered: bool) -> None:
        self.bridge.submit(NetworkIsMetered(metered=metered), self)

    def _cannot_start(self, sentence: str) -> None:
        self._tray.set_state("needs_you", sentence)
        box = QMessageBox(QMessageBox.Icon.Warning, self.tr("Miratag"), sentence, parent=self._window)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.finished.connect(lambda _result: end())
        box.open()
        self._last_words = box  # without a parent, nobody else keeps it

    # -- what the menu opens

    def open_window(self) -> None:
        """The window, as it was left."""
        self._open(OpenWindow())

    def open_report(self) -> None:
        """The window with the cursor where a report begins."""
        self._open(OpenWindow(page="report"))

    def open_check_in(self) -> None:
        """The window at its check-in."""
        self._open(OpenWindow(page="check_in"))

    def open_timesheet(self) -> None:
        """The person's own hours."""
        self._open(OpenWindow(page="timesheet"))

    def open_privacy(self) -> None:
        """The Privacy page."""
        self._open(OpenWindow(page="privacy"))

    def open_settings(self) -> None:
        """The Settings page."""
        self._open(OpenWindow(page="settings"))

    def open_item(self, item: ActivityItem) -> None:
        """One item in full."""
        self._come_forward().show_item(item)

    def open_places(self) -> None:
        """Choose where to check in."""
        self._come_forward().choose_place()

    def open_sign_in(self) -> None:
        """Add an account."""
        self._come_forward().show_sign_in()

    def open_checklist(self, template_id: str) -> None:
        """A new report with that checklist."""
        self._come_forward().begin_checklist(template_id)

    def screenshot(self) -> None:
        """A picture of the screen that the pointer is on becomes a photo of a new report."""
        if self._window is not None:
            self._window.hide()
        QTimer.singleShot(_MENU_FADES_MS, self, self._grab)

    def quit(self) -> None:
        """End the program once what is written is saved; what cannot be saved is not thrown away unasked."""
        if self._window is None:
            end()
        else:
            not_saved = self.tr("What you wrote could not be saved. Quitting discards it.")
            self._window.save_drafts(end, lambda: self._ask_before_quitting(not_saved))

    def _ask_before_quitting(self, words: str) -> None:
        window = self._come_forward()
        ask_before(window, words, act=self.tr("Discard and quit"), done=end, keep=self.tr("Keep writing"))

    def complain(self, sentence: str) -> None:
        """Say in the window what went wrong in it; may be called from any thread."""
        self.bridge.on_main_thread(lambda: self.bridge.trouble.emit(sentence))

    # -- inner

    def _open(self, wish: OpenWindow) -> None:
        if self.bridge.ready:
            self._come_forward(wish.activation_token).open(wish)
        else:
            self._wish = wish
            self._come_forward(wish.activation_token)

    def _come_forward(self, activation_token: str = "") -> "MainWindow":
        if self._window is None:
            from ui.main_window import MainWindow

            self._window = MainWindow(self.bridge, self.desk, self.menu)
            self._window.closing.connect(self._window_closed)
        self._window.come_forward(activation_token)
        return self._window

    def _window_closed(self) -> None:
        """With a tray the app goes on there; with none, closing what cannot be found again means quitting."""
        if self._window is not None and self._tray.available():
            self._window.hide()
        else:
            self.quit()

    def _grab(self) -> None:
        screen = QGuiApplication.screenAt(QCursor.pos()) or QGuiApplication.primaryScreen()
        picture = screen.grabWindow(0).toImage()
        window = self._come_forward()
        if picture.isNull():
            self.bridge.trouble.emit(self.tr("This desktop did not allow a picture of the screen."))
        else:
            window.take_screenshot(picture)

    def _changed(self, what: frozenset[str]) -> None:
        if "snapshot" not in what:
            return
        snapshot, before = self.bridge.snapshot(), self._told
        self._told = snapshot
        self._tray.set_state(shape_of(snapshot), wording.status(snapshot))
        if before.revision == 0 < snapshot.revision and snapshot.current is None:
            self.open_window()  # nobody ever signed in here: the icon alone would not say what to do
        untold = snapshot.news and not (before.news and before.current == snapshot.current)
        if untold and snapshot.current is not None:
            self._news_asked += 1
            tell = partial(self._tell_news, snapshot.current, self._news_asked)
            self.bridge.query(ListNews(account=snapshot.current), self, tell)
        if self._window is not None and self._window.isActiveWindow():
            return
        if snapshot.needs_you > before.needs_you and snapshot.current is not None:
            query = ListActivity(account=snapshot.current, needs_you=True, limit=_NEWEST_NEEDS)
            self.bridge.query(query, self, self._tell_needs)
        elif snapshot.link == "sign_in_needed" and before.link not in ("sign_in_needed", "unknown"):
            words = self.tr("Sign-in needed")
            self.notifications.show(words, self.tr("Your work is saved here. Sign in to send it."), "main")

    def _tell_needs(self, page: ActivityPage) -> None:
        """Only that it is there; what others did is told as news."""
        stuck = [item for item in page.items if item.state == "needs_you"]
        if stuck:
            words = self.tr("%n item(s) need you", "", len(stuck))
            self.notifications.show(words, self.tr("Open Miratag to see why and what to do."), "main")

    def _tell_news(self, account: str, number: int, found: News) -> None:
        """One hint for all that came, without a word of any report; before the person's eyes none is needed. It is told
        once, whatever is pressed."""
        if not found.items:
            return
        self.bridge.submit(TellNews(account=account), self, lambda _told: self._look_for_more_news(number))
        seen = self._window is not None and self._window.isActiveWindow()
        if seen and not any(item.kind in _REMINDERS for item in found.items):
            return  # a reminder is seen nowhere else
        self.notifications.show(wording.news(found), wording.news_next(found), _page_of(found))

    def _look_for_more_news(self, number: int) -> None:
        """What came as soon as the last was told: of a change and the one right after it only the second is heard, and
        that says what was so before."""
        if number != self._news_asked:
            return  # they are being looked at already
        self._told = structs.replace(self._told, news=False)
        self._changed(frozenset({"snapshot"}))

    def _choose_network(self) -> NetworkPort:
        """On Linux the kernel's word: Qt's costs 4 MiB of libraries for it."""
        if QSysInfo.kernelType() == "linux":
            from desktop.network.by_routes import RouteNetwork

            return RouteNetwork()
        from desktop.network.by_qt import QtNetwork

        return QtNetwork(self)

    def _choose_notifications(self) -> NotificationPort:
        def opened(page: NoticePage, token: str) -> None:
            self.bridge.on_main_thread(lambda: self._open(_wish(page, token)))

        if QSysInfo.kernelType() == "linux":
            from desktop.notifications.freedesktop import FreedesktopNotifications

            return FreedesktopNotifications(opened)
        return TrayNotifications(self._tray, opened)


def _page_of(found: News) -> NoticePage:
    """What a click on the hint about all that opens: where it can be read or done, if it is one thing."""
    kinds, about = {item.kind for item in found.items}, {item.instance_id for item in found.items}
    if len(about) == 1 and found.items[0].instance_id:
        return f"item:{found.items[0].instance_id}"
    if len(kinds) != 1:
        return "main"
    kind = kinds.pop()
    return "timesheet" if kind == "correction" else _REMINDERS.get(kind, "main")


def _wish(page: NoticePage, token: str) -> OpenWindow:
    """What a click on a hint opens."""
    kind, _, item_id = page.partition(":")
    if kind == "item":
        return OpenWindow(item_id=item_id, activation_token=token)
    known: WindowPage = next((one for one in get_args(WindowPage) if one == page), "main")
    return OpenWindow(page=known, activation_token=token)
