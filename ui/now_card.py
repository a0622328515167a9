"""The Now card: where the person stands, the one button to change it, and what pressing it records."""

from datetime import UTC, datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from agent.api import ListLocations, LocationItem, LocationList, OpenSession, Snapshot
from ui import attendance_words, wording
from ui.attachments import Chips
from ui.attendance_desk import AttendanceDesk
from ui.bridge import AgentBridge
from ui.buttons import PrimaryButton
from ui.card import Card
from ui.check_in_fields import CheckInFields
from ui.event_photos import PhotoAfterwards
from ui.image_work import ImageWork
from ui.labels import TextLabel
from ui.theme.scale import Type, spaced


class NowCard(Card):
    """Shows the open session. A link may offer a place: one press checks in there, nothing is done before it."""

    other_place = Signal()
    """The person wants to choose a place."""
    report_wished = Signal(object)
    """agent.api.OpenSession: its day's report is to be written."""

    def __init__(self, bridge: AgentBridge, desk: AttendanceDesk, images: ImageWork) -> None:
        super().__init__()
        self._bridge, self._desk = bridge, desk
        self._offered: LocationItem | None = None
        self._known: LocationItem | None = None
        self._asked: object = None
        self._account = bridge.snapshot().current
        self.headline = TextLabel(step=Type.TITLE)
        self.press = PrimaryButton()
        self.fields = CheckInFields(bridge, images)
        self.photo = PhotoAfterwards(bridge, desk, images)
        self.evidence = self.fields.evidence
        self.other = QPushButton(self.tr("&Other place…"))
        self.rest = QPushButton()
        self.leave = QPushButton()
        self.not_there = QPushButton(self.tr("Not &there"))
        self.report = QPushButton(self.tr("Write the day’s &report"))
        self.saved = TextLabel(step=Type.SMALL)
        self.undo = QPushButton(self.tr("&Undo"))
        self._build()
        self._minute = QTimer(self, singleShot=True)
        self._minute.timeout.connect(self.refresh)
        self._undo_ends = QTimer(self, singleShot=True)
        self._undo_ends.timeout.connect(self.refresh)
        self._connect()

    def _build(self) -> None:
        saved = spaced(QHBoxLayout())
        saved.addWidget(self.saved, 1)
        saved.addWidget(self.undo)
        holder = QWidget()
        more = Chips(holder)
        for button in (self.other, self.not_there, self.rest, self.leave, self.report):
            more.addWidget(button)
        self.column.addWidget(self.headline)
        self.column.addLayout(saved)
        self.column.addWidget(self.press)
        self.column.addWidget(self.fields)
        self.column.addWidget(self.photo)
        self.column.addWidget(holder)

    def _connect(self) -> None:
        self.press.clicked.connect(self._pressed)
        self.fields.pressed.connect(self._pressed)
        self.fields.changed.connect(self.refresh)
        self.other.clicked.connect(self.other_place)
        self.not_there.clicked.connect(lambda _checked: self.offer(None))
        self.rest.clicked.connect(self._desk.switch_break)
        self.leave.clicked.connect(self._desk.check_out)
        self.undo.clicked.connect(self._desk.undo)
        self.report.clicked.connect(self._write_report)
        self._desk.changed.connect(self.refresh)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._asked = None
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing ticks while nobody looks."""
        super().hideEvent(event)
        self._minute.stop()
        self._undo_ends.stop()

    def offer(self, place: LocationItem | None, code: str = "") -> None:
        """Make this place the one that a press checks in at, or (None) as it is without a link."""
        self._offered = place
        self.refresh()
        self.fields.fill_code(code)
        self.begin()

    def begin(self) -> None:
        """Put the keyboard where a check-in goes on: in what is asked for and missing, else on the button."""
        (self.fields.first_missing() or self.press).setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Read the snapshot and the desk again."""
        snapshot = self._bridge.snapshot()
        session, name = snapshot.session, wording.first_name(snapshot)
        self._judge_offer(snapshot)
        self._look_at_place(snapshot)
        target = self._target(snapshot)
        self.headline.setText(_headline(session))
        self.press.setText(self._offer(snapshot, target, name))
        if target is not None:
            self.fields.show_place(snapshot, target, looked=target in (self._offered, self._known))
        else:
            self.fields.show_other(self._evidence(snapshot))
        self.photo.refresh(snapshot)
        self._show_choices(snapshot, name)
        self._show_saved(snapshot)
        self._tick(session)

    def _judge_offer(self, snapshot: Snapshot) -> None:
        """It ends where the person is there, or is another one."""
        offered, session = self._offered, snapshot.session
        if offered is not None and session is not None and session.location_id == offered.location_id:
            self._offered = None
        if snapshot.current != self._account:
            self._account, self._offered = snapshot.current, None
            self.fields.photos.attachments.drop()

    def _show_choices(self, snapshot: Snapshot, name: str) -> None:
        session = snapshot.session
        resting = session is not None and session.on_break
        self.rest.setVisible(session is not None and not resting)
        self.rest.setText(self.tr("Start &break"))
        self.leave.setVisible(resting or (session is not None and self._offered is not None))
        self.leave.setText(self.tr("Chec&k out {name}").format(name=name))
        self.not_there.setVisible(self._offered is not None)
        self.other.setVisible(session is not None or snapshot.last_location_id is not None or self._offered is not None)
        self.report.setVisible(self._desk.ended(snapshot) is not None)
        for button in (self.press, self.rest, self.leave, self.undo, self.other, self.not_there):
            button.setEnabled(not self._desk.busy)
        self.press.setEnabled(not self._desk.busy and self.fields.ready)

    def _target(self, snapshot: Snapshot) -> LocationItem | None:
        """Where a press checks in, if it does."""
        if self._offered is not None:
            return self._offered
        if snapshot.session is not None or snapshot.last_location_id is None:
            return None
        if self._known is not None and self._known.location_id == snapshot.last_location_id:
            return self._known
        return LocationItem(
            location_id=snapshot.last_location_id,
            name=snapshot.last_location,
            code_digits=snapshot.last_code_digits,
        )

    def _look_at_place(self, snapshot: Snapshot) -> None:
        """Whether this computer is in a network of the place is asked where it may be said."""
        place = self._offered.location_id if self._offered is not None else snapshot.last_location_id
        wanted = (snapshot.current, place, snapshot.last_code_digits, snapshot.network_evidence, snapshot.link)
        if not snapshot.network_evidence or not snapshot.current or place is None:
            self._asked = self._known = None
            return
        if wanted == self._asked or not self.isVisible():
            return
        self._asked = wanted

        def found(places: LocationList) -> None:
            for one in places.items:
                if self._offered is not None and one.location_id == self._offered.location_id:
                    self._offered = one
                self._known = one
            self.refresh()

        self._bridge.query(ListLocations(account=snapshot.current, location_id=place), self, found)

    def _offer(self, snapshot: Snapshot, target: LocationItem | None, name: str) -> str:
        if target is not None:
            return self.tr("Check in {name} at {place}").format(name=name, place=target.name)
        if snapshot.session is None:
            return self.tr("Check in {name}…").format(name=name)
        if snapshot.session.on_break:
            return self.tr("End {name}’s break").format(name=name)
        return self.tr("Check out {name}").format(name=name)

    def _evidence(self, snapshot: Snapshot) -> str:
        if snapshot.session is None:
            return self.tr("You choose the place next. It is recorded as chosen by hand, with this computer's time.")
        return attendance_words.before_other(snapshot)

    def _show_saved(self, snapshot: Snapshot) -> None:
        undoable = self._desk.undoable(snapshot)
        self.undo.setVisible(undoable is not None)
        self._undo_ends.stop()
        if self._desk.sentence:
            self.saved.show_text(self._desk.sentence)
        elif undoable is not None:
            saved = undoable.saved or wording.moment(snapshot.session.since if snapshot.session else "")
            self.saved.show_text(self.tr("Saved {time}").format(time=wording.clock(saved)))
        else:
            self.saved.show_text("")
        if undoable is not None and self.isVisible():
            left = (undoable.until - datetime.now(UTC)).total_seconds()
            self._undo_ends.start(max(0, int(left * 1000)) + 20)

    def _tick(self, session: OpenSession | None) -> None:
        """Wake when the whole minutes change, and only while they are seen."""
        self._minute.stop()
        if session is not None and self.isVisible():
            into = (datetime.now(UTC) - wording.moment(session.since)).total_seconds() % 60
            self._minute.start(int((60 - into) * 1000) + 50)

    def _pressed(self) -> None:
        snapshot = self._bridge.snapshot()
        target = self._target(snapshot)
        if self._desk.busy or not self.fields.ready:
            return
        if target is not None:
            self._desk.check_in(target.location_id, *self.fields.written())
        elif snapshot.session is None:
            self.other_place.emit()
        elif snapshot.session.on_break:
            self._desk.switch_break()
        else:
            self._desk.check_out()

    def _write_report(self) -> None:
        ended = self._desk.ended(self._bridge.snapshot())
        if ended is not None:
            self._desk.forget_ended()
            self.report_wished.emit(ended)


def _headline(session: OpenSession | None) -> str:
    if session is None:
        return wording.translate("NowCard", "Not checked in")
    pattern = (
        wording.translate("NowCard", "On break · {place} · in since {time} ({elapsed})")
        if session.on_break
        else wording.translate("NowCard", "Checked in · {place} · since {time} ({elapsed})")
    )
    return pattern.format(
        place=wording.place(session), time=wording.since(session.since), elapsed=wording.elapsed(session.since)
    )
