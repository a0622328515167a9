"""What should stand instead of an event, or beside it, with a reason: filled where the event is, not in a dialog."""

from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QWidget

from agent.api import AgentError, CorrectAttendance, Corrected, EventLine, SessionLine
from ui import attendance_words, wording
from ui.attachments import Chips
from ui.bridge import AgentBridge
from ui.buttons import ShortRadio
from ui.card import Card
from ui.labels import TextLabel
from ui.place_choice import PlaceChoice
from ui.theme.scale import Type
from ui.time_box import TimeBox
from ui.tool_tip import plain_tip

_MOST_REASON = 500
_MOST_SHOWN = 22
"""Letters of a place on a button."""


class CorrectionCard(Card):
    """Of one `event`, or of what is missing from a `session`, or (neither) from a whole day that begins at `near`."""

    done = Signal(str)
    """It was kept: the sentence that says what becomes of it. Empty where the person left it."""

    def __init__(
        self,
        bridge: AgentBridge,
        account: str,
        *,
        event: EventLine | None = None,
        session: SessionLine | None = None,
        near: datetime | None = None,
    ) -> None:
        super().__init__(notice=True)
        self._bridge, self._account, self._event, self._session = bridge, account, event, session
        self._place: tuple[str | None, str] | None = None
        self.heading = TextLabel(self._heading(), step=Type.STRONG)
        self.change = ShortRadio(self.tr("Chan&ge its time or place"))
        self.remove = ShortRadio(self.tr("Re&move it: it did not happen"))
        self.kind = QComboBox()
        self.time = TimeBox(self.tr("When it was"))
        self.place = QPushButton()
        self.reason = QLineEdit()
        self.sentence = TextLabel(step=Type.SMALL, ink="bad")
        self.then = TextLabel(step=Type.SMALL, ink="muted")
        self.save = QPushButton()
        self.leave = QPushButton(self.tr("&Cancel"))
        self._build()
        self._begin(near)
        self.change.toggled.connect(lambda _on: self._arrange())
        self.kind.currentIndexChanged.connect(lambda _at: self._arrange())
        self.place.clicked.connect(self._choose_place)
        self.reason.returnPressed.connect(self._save)
        self.save.clicked.connect(self._save)
        self.leave.clicked.connect(lambda _checked: self.done.emit(""))

    def _build(self) -> None:
        self.reason.setMaxLength(_MOST_REASON)
        self.reason.setAccessibleName(self.tr("Reason for the correction"))
        self.kind.setAccessibleName(self.tr("What is missing"))
        self.sentence.hide()
        holder = QWidget()
        when = Chips(holder)  # on a second line where there is no room
        when.addWidget(self.kind)
        when.addWidget(self.time)
        label = QLabel(self.tr("&Reason"))
        label.setBuddy(self.reason)
        buttons = QWidget()
        row = Chips(buttons)
        row.addWidget(self.save)
        row.addWidget(self.leave)
        for widget in (self.heading, self.change, self.remove):
            self.column.addWidget(widget)
        self.column.addWidget(holder)
        self.column.addWidget(self.place, 0, Qt.AlignmentFlag.AlignLeading)
        self.column.addWidget(label)
        self.column.addWidget(self.reason)
        self.column.addWidget(self.sentence)
        self.column.addWidget(self.then)
        self.column.addWidget(buttons)

    def _heading(self) -> str:
        if self._event is not None:
            what = attendance_words.kind_name(self._event.kind)
            return wording.joined(self.tr("Correct"), what, wording.when(self._event.at))
        if self._session is not None:
            where = attendance_words.place_name(self._session.location)
            return wording.joined(self.tr("Add what is missing"), where)
        return self.tr("Add a check-in that is missing")

    @property
    def _at_once(self) -> bool:
        """Whether this is left to the person: another time or place of an event that is recent."""
        return self._event is not None and self._event.may_correct and self.change.isChecked()

    def _then(self) -> str:
        if self._at_once:
            return self.tr("It stands at once. What was recorded first is kept beside it, with your reason.")
        return self.tr("Your organization decides. Until then it stands as it is.")

    def _begin(self, near: datetime | None) -> None:
        event, session = self._event, self._session
        kinds = ["check_in"]
        if session is not None:
            kinds = (
                ["break_start", "break_end"] if session.end is not None else ["check_out", "break_start", "break_end"]
            )
        for kind in kinds if event is None else ():
            self.kind.addItem(attendance_words.kind_name(kind), kind)
        self.change.setChecked(True)
        if event is not None:
            self.time.begin(wording.moment(event.at))
        elif session is not None:
            self.time.begin(wording.moment(session.end or session.start))
        else:
            self.time.begin(near or datetime.now(UTC))
        self._arrange()

    def _arrange(self) -> None:
        """What there is to fill, by what is wished."""
        known = self._event is not None
        removing = known and self.remove.isChecked()
        self.change.setVisible(known)
        self.remove.setVisible(known)
        self.kind.setVisible(self.kind.count() > 1)
        self.time.setVisible(not removing)
        of_place = self._event.kind == "check_in" if self._event is not None else self.kind.currentData() == "check_in"
        self.place.setVisible(of_place and not removing)
        name = self._event.location if self._event is not None else ""
        if self._place is not None:
            name = self._place[1]
        words = attendance_words.place_name(name) if known or self._place else self.tr("choose it…")
        self.place.setToolTip(plain_tip(words) if len(words) > _MOST_SHOWN else "")
        shown = words if len(words) <= _MOST_SHOWN else f"{words[: _MOST_SHOWN - 1]}…"
        self.place.setText(self.tr("Place: {place}").format(place=wording.apart(shown)).replace("&", "&&"))
        self.save.setText(self.tr("&Save") if self._at_once else self.tr("&Ask for it"))
        self.then.setText(self._then())
        self.sentence.show_text("")

    def _choose_place(self) -> None:
        PlaceChoice(
            self._bridge,
            self,
            title=self.tr("Where it was"),
            press=self.tr("Use this place"),
            elsewhere=True,
            chosen=self._placed,
        ).open()

    def _placed(self, location_id: str | None, name: str, _note: str) -> None:
        self._place = (location_id, name)
        self._arrange()

    def _save(self) -> None:
        if not self.save.isEnabled():
            return
        missing = self._missing()
        if missing:
            self.sentence.show_text(missing)
            return
        self.save.setEnabled(False)
        self._bridge.submit(self._command(), self, self._kept, self._failed)

    def _missing(self) -> str:
        changing = self._event is not None and self.change.isChecked()
        if changing and not self.time.edited and self._place is None:
            return self.tr("Change the time or the place, or choose that it did not happen.")
        if self._event is None and not self.place.isHidden() and self._place is None:
            return self.tr("Choose where it was.")
        if not self.time.isHidden() and self.time.moment() > datetime.now(UTC):
            return self.tr("It cannot lie in the future.")
        if not self.reason.text().strip():
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
            return self.tr("Say in a few words why.")
        return ""

    def _command(self) -> CorrectAttendance:
        reason = self.reason.text().strip()
        location_id, note = None, None
        if self._place is not None and not self.place.isHidden():
            location_id = self._place[0]
            note = self._place[1] if location_id is None else None
        if self._event is None:
            return CorrectAttendance(
                account=self._account,
                wants="add",
                reason=reason,
                kind=self.kind.currentData(),
                at=self.time.rfc3339(),
                location_id=location_id,
                note=note,
                check_in_id=self._session.check_in_id if self._session is not None else None,
            )
        if self.remove.isChecked():
            return CorrectAttendance(
                account=self._account, wants="remove", reason=reason, event_id=self._event.event_id
            )
        return CorrectAttendance(
            account=self._account,
            wants="change",
            reason=reason,
            event_id=self._event.event_id,
            at=self.time.rfc3339() if self.time.edited else None,
            location_id=location_id,
            note=note,
        )

    def _kept(self, result: Corrected) -> None:
        self.done.emit(
            self.tr("Saved here. Your organization decides about it, and you find the answer below.")
            if result.asked
            else self.tr("Saved here. It stands already.")
        )

    def _failed(self, error: AgentError) -> None:
        self.save.setEnabled(True)
        self.sentence.show_text(error.sentence)
