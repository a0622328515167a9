"""The Now card: where the person stands, the one button to change it, and what pressing it records."""

from datetime import UTC, datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton

from agent.api import OpenSession, Snapshot
from ui import wording
from ui.attendance_desk import AttendanceDesk
from ui.bridge import AgentBridge
from ui.buttons import PrimaryButton
from ui.card import Card
from ui.labels import TextLabel
from ui.theme.scale import S, Type, spaced


class NowCard(Card):
    """Shows the open session; `other_place` asks the window to let the person choose one."""

    other_place = Signal()

    def __init__(self, bridge: AgentBridge, desk: AttendanceDesk) -> None:
        super().__init__()
        self._bridge, self._desk = bridge, desk
        self.headline = TextLabel(step=Type.TITLE)
        self.press = PrimaryButton()
        self.evidence = TextLabel(step=Type.SMALL, ink="muted")
        self.other = QPushButton(self.tr("&Other place…"))
        self.rest = QPushButton()
        self.leave = QPushButton()
        self.saved = TextLabel(step=Type.SMALL)
        self.undo = QPushButton(self.tr("&Undo"))
        self._build()
        self._minute = QTimer(self, singleShot=True)
        self._minute.timeout.connect(self.refresh)
        self._undo_ends = QTimer(self, singleShot=True)
        self._undo_ends.timeout.connect(self.refresh)
        self.press.clicked.connect(self._pressed)
        self.other.clicked.connect(self.other_place)
        self.rest.clicked.connect(desk.switch_break)
        self.leave.clicked.connect(desk.check_out)
        self.undo.clicked.connect(desk.undo)
        desk.changed.connect(self.refresh)

    def _build(self) -> None:
        saved = spaced(QHBoxLayout())
        saved.addWidget(self.saved, 1)
        saved.addWidget(self.undo)
        more = spaced(QHBoxLayout(), gap=S)
        for button in (self.other, self.rest, self.leave):
            more.addWidget(button)
        more.addStretch(1)
        self.column.addWidget(self.headline)
        self.column.addLayout(saved)
        self.column.addWidget(self.press)
        self.column.addWidget(self.evidence)
        self.column.addLayout(more)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing ticks while nobody looks."""
        super().hideEvent(event)
        self._minute.stop()
        self._undo_ends.stop()

    def refresh(self) -> None:
        """Read the snapshot and the desk again."""
        snapshot = self._bridge.snapshot()
        session, name = snapshot.session, wording.first_name(snapshot)
        self.headline.setText(_headline(session))
        self.press.setText(self._offer(snapshot, name))
        self.evidence.show_text(self._evidence(snapshot))
        resting = session is not None and session.on_break
        self.rest.setVisible(session is not None and not resting)
        self.rest.setText(self.tr("Start &break"))
        self.leave.setVisible(resting)
        self.leave.setText(self.tr("Check &out {name}").format(name=name))
        self.other.setVisible(session is not None or snapshot.last_location_id is not None)
        for button in (self.press, self.rest, self.leave, self.undo, self.other):
            button.setEnabled(not self._desk.busy)
        self._show_saved(snapshot)
        self._tick(session)

    def _offer(self, snapshot: Snapshot, name: str) -> str:
        if snapshot.session is None:
            if snapshot.last_location_id is None:
                return self.tr("Check in {name}…").format(name=name)
            return self.tr("Check in {name} at {place}").format(name=name, place=snapshot.last_location)
        if snapshot.session.on_break:
            return self.tr("End {name}’s break").format(name=name)
        return self.tr("Check out {name}").format(name=name)

    def _evidence(self, snapshot: Snapshot) -> str:
        if snapshot.session is None and snapshot.last_location_id is None:
            return self.tr("You choose the place next. It is recorded as chosen by hand, with this computer's time.")
        if snapshot.session is None:
            words = self.tr("Recorded as chosen by hand, with this computer's time. No position is taken.")
        else:
            words = self.tr("Recorded with this computer's time. No position is taken.")
        if snapshot.link in ("offline", "server_trouble", "sign_in_needed", "untrusted"):
            words += " " + self.tr("It stays here until it can be sent.")
        return words

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
        if snapshot.session is None:
            if snapshot.last_location_id is None:
                self.other_place.emit()
            else:
                self._desk.check_in(snapshot.last_location_id)
        elif snapshot.session.on_break:
            self._desk.switch_break()
        else:
            self._desk.check_out()


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
