"""Checking in and out from wherever it was asked: window, tray and gear menu go through this one place."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from agent.api import AgentError, OpenSession, RecordAttendance, Recorded, Snapshot, UndoAttendance
from ui.bridge import AgentBridge
from ui.wording import clock, moment

_UNDONE_SHOWN_MS = 20_000

Kind = Literal["check_in", "check_out", "break_start", "break_end"]


@dataclass(frozen=True)
class Undoable:
    """An event that can still be cancelled, until an aware time; `saved` is when it was kept, if it is known."""

    event_id: str
    until: datetime
    saved: datetime | None = None


class AttendanceDesk(QObject):
    """Sends attendance commands and remembers what can still be undone."""

    changed = Signal()
    """Something was recorded, undone or refused, or a command began: read `busy`, `sentence` and `undoable` again."""

    def __init__(self, bridge: AgentBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._last: Undoable | None = None
        self._account = ""
        self.busy = False
        self.sentence = ""
        self._left: OpenSession | None = None

    def check_in(self, location_id: str | None, note: str = "", code: str = "") -> None:
        """Check in at a location, or elsewhere with a note; `code` as it was typed. From within a session, that one is
        ended first."""
        snapshot = self._bridge.snapshot()
        if snapshot.session is None:
            self._record("check_in", location_id, note, code)
        else:
            self._record("check_out", then=(location_id, note, code))

    def check_out(self) -> None:
        """End the session."""
        self._record("check_out")

    def switch_break(self) -> None:
        """Start a break, or end the one that is on."""
        session = self._bridge.snapshot().session
        self._record("break_end" if session is not None and session.on_break else "break_start")

    def undo(self) -> None:
        """Cancel the last event while its 60 seconds last."""
        undoable = self.undoable(self._bridge.snapshot())
        if undoable is None or self.busy:
            return
        self._begin()
        command = UndoAttendance(account=self._account or self._current(), event_id=undoable.event_id)
        self._bridge.submit(command, self, self._undone, self._failed)

    def undoable(self, snapshot: Snapshot) -> Undoable | None:
        """What *Undo* would cancel now."""
        found = self._last if self._account == snapshot.current else None
        session = snapshot.session
        if found is None and session is not None and session.undo_event and session.undo_until:
            found = Undoable(session.undo_event, moment(session.undo_until))
        return found if found is not None and found.until > datetime.now(UTC) else None

    def ended(self, snapshot: Snapshot) -> OpenSession | None:
        """The session that was ended here last, until another begins or it is forgotten."""
        return self._left if self._account == snapshot.current and snapshot.session is None else None

    def forget_ended(self) -> None:
        """Its day's report is being written."""
        self._left = None
        self.changed.emit()

    def _record(
        self,
        kind: Kind,
        location_id: str | None = None,
        note: str = "",
        code: str = "",
        then: tuple[str | None, str, str] | None = None,
    ) -> None:
        account = self._current()
        if not account or self.busy:
            return
        left = self._bridge.snapshot().session if kind == "check_out" else None
        self._begin()

        def done(recorded: Recorded) -> None:
            if then is not None:
                self.busy = False
                self._record("check_in", *then)
                return
            self._account, self._left = account, left
            self._last = Undoable(recorded.event_id, moment(recorded.undo_until), datetime.now().astimezone())
            self._end("")

        command = RecordAttendance(account=account, kind=kind, location_id=location_id, note=note, code=code)
        self._bridge.submit(command, self, done, self._failed)

    def _undone(self, _result: object) -> None:
        undone = self._last
        self._last = self._left = None
        text = QCoreApplication.translate("Attendance", "Undone.")
        if undone is not None and undone.saved is not None:
            text = QCoreApplication.translate(
                "Attendance", "Undone: what was saved at {time} no longer counts."
            ).format(time=clock(undone.saved))
        self._end(text)
        QTimer.singleShot(_UNDONE_SHOWN_MS, self, lambda: self._forget(text))

    def _forget(self, sentence: str) -> None:
        if self.sentence == sentence:
            self.sentence = ""
            self.changed.emit()

    def _failed(self, error: AgentError) -> None:
        self._end(error.sentence)

    def _begin(self) -> None:
        self.busy, self.sentence = True, ""
        self.changed.emit()

    def _end(self, sentence: str) -> None:
        self.busy, self.sentence = False, sentence
        self.changed.emit()

    def _current(self) -> str:
        return self._bridge.snapshot().current or ""
