"""The window: one column; from 900 px the chosen item stands beside it, below that in its place."""

import os
from collections.abc import Callable
from datetime import date, datetime
from time import monotonic

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QHideEvent,
    QImage,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from agent.api import (
    ActivityItem,
    Banner,
    DismissPolicyNotice,
    DismissReceiversNotice,
    Draft,
    Filed,
    ListLocations,
    LocationList,
    OpenSession,
    OpenWindow,
    PolicyTextItem,
    Retry,
    ShowReport,
    SignIn,
    Snapshot,
    SyncNow,
)
from ui import wording
from ui.activity_view import ActivityView
from ui.attendance_desk import AttendanceDesk
from ui.banner import BannerCard
from ui.bridge import AgentBridge
from ui.buttons import ShortButton
from ui.check_in_choice import CheckInChoice
from ui.checklist_page import ChecklistPage
from ui.growing_box import carries_files
from ui.header import Header
from ui.image_work import ImageWork
from ui.labels import TextLabel
from ui.main_menu import MainMenu
from ui.needs_you import NeedsYou
from ui.now_card import NowCard
from ui.open_end_card import OpenEndCard
from ui.page import Page, scrolled
from ui.privacy.centre import PrivacyCentre
from ui.privacy_card import PrivacyCard
from ui.report_page import ReportPage
from ui.settings_page import SettingsPage
from ui.sign_in_page import SignInPage
from ui.theme import pixmap_cache
from ui.theme.outlines import outline_controls
from ui.theme.scale import WIDE_FROM, M, S, Type, font, spaced
from ui.timesheet_page import TimesheetPage
from ui.write_card import WriteCard

_FOCUS_SYNC_SECONDS = 15.0
_OPEN_SYNC_SECONDS = 5.0


class MainWindow(QWidget):
    """Everything a worker sees. Closing it is the program's to decide: `closing` tells."""

    closing = Signal()

    def __init__(self, bridge: AgentBridge, desk: AttendanceDesk, menu: MainMenu) -> None:
        super().__init__()
        outline_controls()
        self._bridge, self._desk = bridge, desk
        self._page: Page | PrivacyCentre | None = None
        self._asked_at = -_FOCUS_SYNC_SECONDS
        self._account: str | None = None
        self._account_of_places: str | None = None
        self.images = ImageWork(self)
        self.header = Header(menu.accounts, menu.menu)
        self.banner = BannerCard()
        self.now = NowCard(bridge, desk, self.images)
        self.open_end = OpenEndCard(bridge)
        self.write = WriteCard(bridge, self.images)
        self.needs = NeedsYou(bridge)
        self.privacy_card = PrivacyCard(bridge)
        self.activity = ActivityView(bridge)
        self.footer = ShortButton()
        self.report = ReportPage(bridge, self.images)
        self.checklist = ChecklistPage(bridge, self.images)
        self.privacy = PrivacyCentre(bridge)
        self.settings = SettingsPage(bridge)
        self.timesheet = TimesheetPage(bridge)
        self.sign_in = SignInPage(bridge)
        self._pages = (self.report, self.checklist, self.timesheet, self.privacy, self.settings, self.sign_in)
        self._follow_when: dict[ReportPage | PrivacyCentre | SettingsPage | TimesheetPage, set[str]] = {
            self.report: {"activity"},
            self.privacy: {"privacy", "snapshot"},
            self.settings: {"settings", "locations", "snapshot"},
            self.timesheet: {"activity", "snapshot"},
        }
        self.starting = TextLabel(ink="muted")
        self.starting.setContentsMargins(M, M, M, M)
        self.hint = TextLabel(self.tr("Choose an item to read it here."), ink="muted")
        self.column = QWidget()
        self.side = QStackedWidget()
        self.setWindowTitle(self.tr("Miratag"))
        self.setMinimumSize(360, 560)
        self.resize(480, 720)
        self.setAcceptDrops(True)
        self._build()
        self._connect()
        self._add_shortcuts()
        self.refresh(frozenset({"snapshot", "activity"}))

    # -- building

    def _build(self) -> None:
        for label in (self.starting, self.hint):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.footer.setFont(font(Type.SMALL))
        self.footer.setToolTip(self.tr("What this computer sends, and what it may"))
        cards = QWidget()
        inner = spaced(QVBoxLayout(cards), gap=M)
        inner.setContentsMargins(M, 0, M, 0)
        for widget in (self.banner, self.open_end, self.now, self.write, self.needs, self.privacy_card):
            inner.addWidget(widget)
        inner.addWidget(self.activity, 1)
        column = spaced(QVBoxLayout(self.column), gap=S)
        column.setContentsMargins(0, 0, 0, S)
        column.addWidget(self.header)
        column.addWidget(scrolled(cards), 1)
        column.addWidget(self.footer)
        for page in (self.hint, *self._pages):
            self.side.addWidget(page)
        row = spaced(QHBoxLayout(self), gap=0)
        row.addWidget(self.column, 2)
        row.addWidget(self.side, 3)
        row.addWidget(self.starting)

    def _connect(self) -> None:
        self._bridge.changed.connect(self.refresh)
        self._bridge.trouble.connect(self.banner.show_trouble)
        self.banner.sign_in.connect(self.sign_in_again)
        self.banner.retry.connect(self._retry)
        self.banner.policy_wished.connect(self._read_policy)
        self.banner.choices_wished.connect(self._show_choices)
        self.banner.put_away.connect(self._put_banner_away)
        self.now.other_place.connect(self.choose_place)
        self.now.report_wished.connect(self.write_day_report)
        self.needs.opened.connect(self.show_item)
        self.activity.opened.connect(self.show_item)
        self.report.copied.connect(self.write_draft)
        self.report.reopened.connect(self.write_draft)
        self.report.evidence.day_wished.connect(self.show_timesheet)
        self.footer.clicked.connect(self.show_privacy)
        self.privacy_card.wished.connect(self.show_privacy)
        self.sign_in.done.connect(self.show_home)
        self.write.checklist_opened.connect(self.show_checklist)
        self.write.about_to_send.connect(self.checklist.drafts.save)
        self.write.filed.connect(self._forget_checklist)
        self.checklist.filed.connect(self._checklist_filed)
        self.settings.privacy_wished.connect(self.show_privacy)
        for page in self._pages:
            page.left.connect(self.show_home)

    def _add_shortcuts(self) -> None:
        for keys, act in (
            (QKeySequence(QKeySequence.StandardKey.New), self.write_report),
            (QKeySequence(QKeySequence.StandardKey.Find), self._find),
            (QKeySequence(QKeySequence.StandardKey.Refresh), self._ask_server),
            (QKeySequence(QKeySequence.StandardKey.Paste), self._paste),
            (QKeySequence(Qt.Key.Key_Escape), self._step_back),
        ):
            QShortcut(keys, self).activated.connect(act)

    # -- what others ask for

    def refresh(self, what: frozenset[str]) -> None:
        """Read again what changed and is shown."""
        snapshot = self._bridge.snapshot()
        if "snapshot" in what:
            self._follow(snapshot)
        if what & {"locations", "snapshot"} and ("locations" in what or snapshot.current != self._account_of_places):
            self._account_of_places = snapshot.current
            self.activity.filter.refresh()
        if "templates" in what:
            self.write.checklist.refresh()
            self.activity.filter.refresh()
            self.checklist.refresh()
        if "drafts" in what:
            self.write.drafts.refresh()
        if what & {"snapshot", "activity"}:
            self.needs.refresh()
        if "activity" in what or self.activity.model_account != (snapshot.current or ""):
            self.activity.refresh()
        for page, told in self._follow_when.items():
            if what & told and self._page is page:
                page.refresh()

    def _follow(self, snapshot: Snapshot) -> None:
        """What is shown of the snapshot."""
        self.header.refresh(snapshot)
        self.banner.refresh(snapshot)
        self.open_end.refresh()
        self.now.refresh()
        self.write.refresh()
        self.checklist.place.follow()
        self.privacy_card.refresh()
        self.footer.setText(wording.sent_today(snapshot))
        if snapshot.current != self._account:
            self._account = snapshot.current
            for dialog in self.findChildren(QDialog):
                dialog.reject()  # it asked the person before, and its answer would count for another
            self.checklist.put_aside(at_once=True)
            if self._page in (self.report, self.checklist, self.sign_in):
                self._page = None  # also when the sign-in's own word came before the account did
        self._arrange()

    def come_forward(self, activation_token: str = "") -> None:
        """Show and raise; under Wayland the token of whoever asked is what allows it."""
        if activation_token:
            os.environ["XDG_ACTIVATION_TOKEN"] = activation_token
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def open(self, wish: OpenWindow) -> None:
        """A second start, a link or a notification: a prefilled window, nothing committed."""
        self.come_forward(wish.activation_token)
        account = self._bridge.snapshot().current
        if wish.item_id and account is not None:
            query = ShowReport(account=account, instance_id=wish.item_id)
            self._bridge.query(query, self, lambda detail: self.show_item(detail.item))
        elif wish.page == "privacy":
            self.show_privacy()
        elif wish.page == "settings":
            self.show_settings()
        elif wish.page == "timesheet":
            self.show_timesheet()
        elif wish.page == "report":
            self.write_report(wish.text)
        else:
            self.show_home()
            if wish.page == "check_in":
                self._offer_check_in(wish.location_id, wish.code)

    def _offer_check_in(self, location_id: str, code: str) -> None:
        """One press away: at the place that a link named, with the code that it carries, else as it stands."""
        account = self._bridge.snapshot().current
        self.now.begin()
        if not location_id or account is None:
            return

        def found(places: LocationList) -> None:
            if places.items:
                self.now.offer(places.items[0], code)
            else:
                self.banner.show_trouble(
                    self.tr("The link names a place that your organization does not have here. Choose it yourself.")
                )

        self._bridge.query(ListLocations(account=account, location_id=location_id), self, found)

    def show_home(self) -> None:
        """The column."""
        if self._bridge.snapshot().current is None:
            return
        self._page = None
        self.checklist.put_aside()
        self._arrange()

    def show_checklist(self, draft: Draft, path: str = "") -> None:
        """A checklist to fill, or to go on with at `path`."""
        self._show(self.checklist)
        self.checklist.begin(draft, path)

    def begin_checklist(self, template_id: str) -> None:
        """A new report with that checklist."""
        self.show_home()
        self.write.begin_checklist(template_id)

    def show_item(self, item: ActivityItem) -> None:
        """One report or event in full."""
        self.report.show_item(item)
        self._show(self.report)
        self._ask_server(least=_OPEN_SYNC_SECONDS)

    def show_privacy(self) -> None:
        """What is sent, and the switches."""
        if self._bridge.snapshot().current is not None:
            self.privacy.show_overview()
            self._show(self.privacy)
            self.privacy.refresh()

    def show_timesheet(self, day: date | None = None) -> None:
        """The person's own hours, or those of one day."""
        if self._bridge.snapshot().current is not None:
            self._show(self.timesheet)
            self.timesheet.show_day(day) if day is not None else self.timesheet.refresh()

    def show_settings(self) -> None:
        """What is told by a hint, and the organization's rules."""
        if self._bridge.snapshot().current is not None:
            self._show(self.settings)
            self.settings.refresh()

    def show_sign_in(self) -> None:
        """Add an account."""
        self._show(self.sign_in)
        self.sign_in.begin()

    def sign_in_again(self) -> None:
        """The person that is shown signs in again, by the browser."""
        account = wording.current_account(self._bridge.snapshot())
        if account is None:
            self.show_sign_in()
            return
        self._bridge.submit(SignIn(server_url=account.server_url), self)

    def write_report(self, text: str = "") -> None:
        """The box, with the cursor in it."""
        self.show_home()
        self.write.begin(text)

    def write_day_report(self, ended: OpenSession) -> None:
        """The report of a session that was ended; what is being written already keeps its place."""
        self.show_home()
        if not self.write.has_draft:
            self.write.place.choose(ended.location_id, ended.location if ended.location_id else "")
        self.write.begin()

    def write_draft(self, draft: Draft, path: str = "") -> None:
        """Go on with a draft in the box, or on the page of its checklist, there at `path`."""
        self.show_home()
        if draft.template is not None:
            self.show_checklist(draft, path)
            return
        self.write.show_draft(draft)

    def take_screenshot(self, image: QImage) -> None:
        """A picture of the screen becomes a photo of the next report."""
        name = self.tr("Screen {time}.png").format(time=datetime.now().astimezone().strftime("%H-%M-%S"))
        self.write_report()
        self.write.attachments.take_image(image, name)

    def choose_place(self) -> None:
        """Check in somewhere else."""
        if self._bridge.snapshot().current is not None:
            CheckInChoice(self._bridge, self._desk, self.images, self).open()

    # -- events

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self._ask_server(least=_FOCUS_SYNC_SECONDS)
        elif event.type() == QEvent.Type.ApplicationPaletteChange:
            outline_controls()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        pixmap_cache.keep()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        pixmap_cache.let_go()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.closing.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._takes(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self._take(event.mimeData())
        event.acceptProposedAction()

    def sizeHint(self) -> QSize:
        return QSize(480, 720)

    # -- inner

    def _show(self, page: Page | PrivacyCentre) -> None:
        self._page = page
        self._arrange()
        if not self._beside():
            page.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _step_back(self) -> None:
        """Escape: from a question in the Privacy centre back to what it was about, from within it to its overview, from
        anywhere else to the column."""
        stays = self._page is self.privacy and (self.privacy.put_question_away() or self.privacy.step_back())
        if not stays:
            self.show_home()

    def _beside(self) -> bool:
        return self.width() >= WIDE_FROM

    def _arrange(self) -> None:
        """Which of column and page is seen, from what there is and how wide the window is."""
        ready, snapshot, wide = self._bridge.ready, self._bridge.snapshot(), self._beside()
        known = snapshot.current is not None
        stuck = snapshot.banner if ready and not known else None
        newcomer = ready and not known and self._page is not self.sign_in
        if newcomer:
            self._page = self.sign_in
        page = self._page
        self.starting.setText(
            wording.told(stuck.sentence) if stuck else self.tr("Opening what is saved on this computer…")
        )
        self.starting.setVisible(not ready or stuck is not None)
        self.column.setVisible(ready and known and (wide or page is None))
        self.column.setMaximumWidth(480 if wide else 16_777_215)
        self.side.setVisible(ready and stuck is None and (wide or page is not None))
        self.side.setCurrentWidget(page if page is not None else self.hint)
        for each in self._pages:
            each.back.setVisible(known and not (wide and each is self.report))
        self.sign_in.setMaximumWidth(520)
        if newcomer:
            self.sign_in.begin()

    def _takes(self, source: QMimeData) -> bool:
        return self._bridge.snapshot().current is not None and (carries_files(source) or source.hasText())

    def _paste(self) -> None:
        source = QGuiApplication.clipboard().mimeData()
        if source is not None and self._takes(source):
            self._take(source)

    def _take(self, source: QMimeData) -> None:
        """Into the checklist that is being filled, else into the card."""
        if self._page is self.checklist:
            self.checklist.take(source)
            return
        self.show_home()
        self.write.take(source)

    def save_drafts(self, done: Callable[[], None] | None = None, failed: Callable[[], None] | None = None) -> None:
        """Hand all that is written to the agent now; `done` once it is on disk, else `failed`."""
        self.report.comments.save()
        page = self.checklist.drafts
        page.save(lambda: self.write.drafts.save(done, failed), failed)

    def _checklist_filed(self, filed: Filed) -> None:
        self.show_home()
        self.write.let_undo(filed)

    def _forget_checklist(self, instance_id: str) -> None:
        """It was sent from the list of drafts while it stood here."""
        if self.checklist.template is not None and instance_id == self.checklist.drafts.draft_id:
            self.checklist.forget(instance_id)
            self.show_home()

    def _find(self) -> None:
        self.show_home()
        self.activity.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _retry(self) -> None:
        account = self._bridge.snapshot().current
        if account is not None:
            self._bridge.submit(Retry(account=account), self)

    def _read_policy(self, policy: PolicyTextItem) -> None:
        """Reading it answers the banner, once the text is there."""
        self.show_privacy()
        self.privacy.open_policy(policy)

    def _show_choices(self) -> None:
        self.show_privacy()
        self.privacy.open_section("choices")

    def _put_banner_away(self, banner: Banner) -> None:
        account = self._bridge.snapshot().current
        if account is None:
            return
        if banner.policy is not None:
            self._bridge.submit(DismissPolicyNotice(account=account, version=banner.policy.version), self)
        else:
            self._bridge.submit(DismissReceiversNotice(account=account), self)

    def _ask_server(self, least: float = 0.0) -> None:
        """Ask what is new, unless that was asked within the last `least` seconds; zero is the person's own wish."""
        account = self._bridge.snapshot().current
        if account is not None and monotonic() - self._asked_at >= least:
            self._asked_at = monotonic()
            self._bridge.submit(SyncNow(account=account, patient=bool(least)), self, None, lambda _error: None)
