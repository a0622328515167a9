"""Checking in and out from wherever it was asked: window, tray and gear menu go through this one place."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from agent.api import AddPhotos, AgentError, OpenSession, RecordAttendance, Recorded, Snapshot, UndoAttendance
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
        self._sentence = ""
        self._speaks_of = ""
        self._left: OpenSession | None = None

    @property
    def sentence(self) -> str:
        """What came of the last press, while the account is shown that it was about."""
        return self._sentence if self._speaks_of == self._current() else ""

    def check_in(self, location_id: str | None, note: str = "", code: str = "", media: tuple[str, ...] = ()) -> None:
        """Check in at a location, or elsewhere with a note; `code` as it was typed, `media` ids from Attached. From
        within a session, that one is ended by the same press."""
        leaving = self._bridge.snapshot().session is not None
        self._record(
            RecordAttendance(
                account=self._current(),
                kind="check_in",
                location_id=location_id,
                note=note,
                code=code,
                media=media,
                leaving=leaving,
            )
        )

    def add_photos(self, event_id: str, media: tuple[str, ...]) -> None:
        """To a check-in that has none."""
        self._record(AddPhotos(account=self._current(), event_id=event_id, media=media))

    def check_out(self) -> None:
        """End the session."""
        self._record(RecordAttendance(account=self._current(), kind="check_out"))

    def switch_break(self) -> None:
        """Start a break, or end the one that is on."""
        session = self._bridge.snapshot().session
        kind: Kind = "break_end" if session is not None and session.on_break else "break_start"
        self._record(RecordAttendance(account=self._current(), kind=kind))

    def undo(self) -> None:
        """Cancel the last event while its 60 seconds last."""
        undoable = self.undoable(self._bridge.snapshot())
        if undoable is None or self.busy:
            return
        account = self._current()
        self._begin(account)
        self._bridge.submit(
            UndoAttendance(account=account, event_id=undoable.event_id),
            self,
            lambda _: self._undone(account, undoable),
            self._failed,
        )

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

    def _record(self, command: RecordAttendance | AddPhotos) -> None:
        if not command.account or self.busy:
            return
        ends = isinstance(command, RecordAttendance) and command.kind == "check_out"
        left = self._bridge.snapshot().session if ends else None
        self._begin(command.account)

        def done(recorded: Recorded) -> None:
            self._account, self._left = command.account, left
            self._last = Undoable(recorded.event_id, moment(recorded.undo_until), datetime.now().astimezone())
            self._end("")

        self._bridge.submit(command, self, done, self._failed)

    def _undone(self, account: str, undone: Undoable) -> None:
        if account == self._account:
            self._last = self._left = None
        text = QCoreApplication.translate("Attendance", "Undone.")
        if undone.saved is not None:
            text = QCoreApplication.translate(
                "Attendance", "Undone: what was saved at {time} no longer counts."
            ).format(time=clock(undone.saved))
        self._end(text)
        QTimer.singleShot(_UNDONE_SHOWN_MS, self, lambda: self._forget(text))

    def _forget(self, sentence: str) -> None:
        if self._sentence == sentence:
            self._sentence = ""
            self.changed.emit()

    def _failed(self, error: AgentError) -> None:
        self._end(error.sentence)

    def _begin(self, account: str) -> None:
        self.busy, self._sentence, self._speaks_of = True, "", account
        self.changed.emit()

    def _end(self, sentence: str) -> None:
        self.busy, self._sentence = False, sentence
        self.changed.emit()

    def _current(self) -> str:
        return self._bridge.snapshot().current or ""
