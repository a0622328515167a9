"""A session that nobody ended asks for its end here: never in a dialog, and *Later* is an answer."""

from datetime import UTC, datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from agent.api import AgentError, FinishSession, OpenEnd, PostponeEnd
from ui import attendance_words, wording
from ui.attachments import Chips
from ui.bridge import AgentBridge
from ui.buttons import ShortRadio
from ui.card import Card
from ui.labels import TextLabel
from ui.theme.scale import XS, S, Type, spaced
from ui.time_box import TimeBox

_MOST_REASON = 500


class OpenEndCard(Card):
    """Proposes ends with where each comes from; takes none over by itself. Absent when nothing is open too long."""

    def __init__(self, bridge: AgentBridge) -> None:
        super().__init__(notice=True)
        self._bridge = bridge
        self._shown: tuple[str | None, OpenEnd | None, bool] = (None, None, False)
        self.question = TextLabel(step=Type.STRONG)
        self.choices = QButtonGroup(self)
        self.proposals: list[ShortRadio] = []
        self.own = QRadioButton(self.tr("&Another time"))
        self.time = TimeBox(self.tr("When you left"))
        self.reason = QLineEdit()
        self.save = QPushButton(self.tr("Save &end"))
        self.later = QPushButton(self.tr("&Later"))
        self.sentence = TextLabel(step=Type.SMALL, ink="bad")
        self._list = spaced(QVBoxLayout(), gap=XS)
        self._build()
        self.time.dateTimeChanged.connect(lambda _when: self.own.setChecked(True))
        self.choices.buttonClicked.connect(lambda _button: self.sentence.show_text(""))
        self.reason.returnPressed.connect(self._save)
        self.save.clicked.connect(self._save)
        self.later.clicked.connect(self._postpone)
        self.hide()

    def _build(self) -> None:
        self.reason.setMaxLength(_MOST_REASON)
        self.reason.setAccessibleName(self.tr("Why the end is given now"))
        self.reason.setPlaceholderText(self.tr("For example: I forgot to check out"))
        label = QLabel(self.tr("&Why it was not given then"))
        label.setBuddy(self.reason)
        holder = QWidget()
        own = Chips(holder)  # on a second line where there is no room
        own.addWidget(self.own)
        own.addWidget(self.time)
        self.choices.addButton(self.own)
        row = spaced(QHBoxLayout(), gap=S)
        row.addWidget(self.save)
        row.addWidget(self.later)
        row.addStretch(1)
        self.sentence.hide()
        self.column.addWidget(self.question)
        self.column.addLayout(self._list)
        self.column.addWidget(holder)
        self.column.addWidget(label)
        self.column.addWidget(self.reason)
        self.column.addWidget(self.sentence)
        says = self.tr("It is recorded as completed later, with your reason. Later asks you again in four hours.")
        self.column.addWidget(TextLabel(says, step=Type.SMALL, ink="muted"))
        self.column.addLayout(row)

    def refresh(self) -> None:
        """Read the snapshot again; what is being entered stays while it is about the same session."""
        snapshot = self._bridge.snapshot()
        session, open_end = snapshot.session, snapshot.open_end
        still_in = open_end is not None and session is not None and session.check_in_id == open_end.check_in_id
        wanted = (snapshot.current, open_end, still_in)
        if wanted == self._shown:
            return
        before, self._shown = self._shown[1], wanted
        if open_end is not None:
            self._show(open_end, still_in=still_in)
            if before is None or before.check_in_id != open_end.check_in_id:
                self._begin(open_end)
        self.setVisible(open_end is not None)

    def _show(self, asked: OpenEnd, *, still_in: bool) -> None:
        pattern = (
            self.tr("You are still checked in at {place} since {time}. When did you leave?")
            if still_in
            else self.tr("Your time at {place} that began {time} has no end. When did you leave?")
        )
        place = wording.apart(attendance_words.place_name(asked.location))
        self.question.setText(pattern.format(place=place, time=attendance_words.began(asked.since)))
        chosen = next((button.text() for button in self.proposals if button.isChecked()), None)
        for button in self.proposals:
            self.choices.removeButton(button)
            self._list.removeWidget(button)
            button.deleteLater()
        self.proposals = []
        for end in asked.proposals:
            button = ShortRadio(attendance_words.proposed(end, asked.shift, asked.since).replace("&", "&&"))
            button.setProperty("at", end.at)
            button.setChecked(button.text() == chosen)
            self.choices.addButton(button)
            self._list.addWidget(button)
            self.proposals.append(button)

    def _begin(self, asked: OpenEnd) -> None:
        """Another session: nothing is chosen for the person, and the box begins near the likeliest."""
        latest = min(wording.moment(asked.latest), datetime.now(UTC).astimezone())
        self.time.blockSignals(True)
        self.time.begin(wording.moment(asked.proposals[0].at) if asked.proposals else latest)
        self.time.blockSignals(False)
        self.choices.setExclusive(False)
        self.own.setChecked(False)
        self.choices.setExclusive(True)
        self.reason.clear()
        self.sentence.show_text("")

    def _save(self) -> None:
        account, asked, _ = self._shown
        if account is None or asked is None or not self.save.isEnabled():
            return
        at = next((str(button.property("at")) for button in self.proposals if button.isChecked()), "")
        if self.own.isChecked():
            at = self.time.rfc3339()
        missing = self._missing(asked, at)
        if missing:
            self.sentence.show_text(missing)
            return
        self._busy(busy=True)
        command = FinishSession(
            account=account, check_in_id=asked.check_in_id, at=at, reason=self.reason.text().strip()
        )
        self._bridge.submit(command, self, self._done, self._failed)

    def _missing(self, asked: OpenEnd, at: str) -> str:
        if not at:
            return self.tr("Choose when you left, or enter another time.")
        when = wording.moment(at)
        if not wording.moment(asked.earliest) < when <= wording.moment(asked.latest):
            return self.tr("It must be after {first} and not after {last}.").format(
                first=wording.when(asked.earliest), last=wording.when(asked.latest)
            )
        if not self.reason.text().strip():
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
            return self.tr("Say in a few words why it was not given then.")
        return ""

    def _postpone(self) -> None:
        if self._shown[0] is not None:
            self._busy(busy=True)
            self._bridge.submit(PostponeEnd(account=self._shown[0]), self, self._done, self._failed)

    def _busy(self, *, busy: bool) -> None:
        self.sentence.show_text("")
        self.save.setEnabled(not busy)
        self.later.setEnabled(not busy)

    def _done(self, _result: object) -> None:
        self._busy(busy=False)
        self.refresh()

    def _failed(self, error: AgentError) -> None:
        self._busy(busy=False)
        self.sentence.show_text(error.sentence)
