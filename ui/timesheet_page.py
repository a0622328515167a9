"""The person's own hours: by day, week or month, by place, with what every hour rests on and a way to correct it."""

import calendar
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from PySide6.QtCore import QLocale, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from agent.api import (
    AgentError,
    AskLine,
    EventLine,
    Exported,
    ExportTimesheet,
    SessionLine,
    ShowTimesheet,
    Timesheet,
    WithdrawAsk,
)
from ui import attendance_words, wording
from ui.attachments import Chips
from ui.bridge import AgentBridge
from ui.buttons import IconButton
from ui.card import Card
from ui.correction_card import CorrectionCard
from ui.labels import Ink, LineLabel, TextLabel
from ui.page import Page
from ui.save_file import ask_where
from ui.theme.scale import XS, S, Type, font, spaced
from ui.timesheet_day import DayCard

Unit = Literal["day", "week", "month"]
_MINUTE_MS = 60_000
_ASK_INKS: dict[str, Ink] = {"asked": "muted", "approved": "good", "refused": "bad", "withdrawn": "muted"}


class TimesheetPage(Page):
    """Reads again what changed; while a correction is being filled, only once that is done."""

    def __init__(self, bridge: AgentBridge) -> None:
        super().__init__(self.tr("Timesheet"))
        self._bridge = bridge
        self._account = ""
        self._unit: Unit = "week"
        self._anchor = today()
        self._shown: Timesheet | None = None
        self._waiting: Timesheet | None = None
        self._opened: set[str] = set()
        self.days: list[DayCard] = []
        self.correction: CorrectionCard | None = None
        self.units: dict[Unit, QPushButton] = {
            "day": QPushButton(self.tr("Day")),
            "week": QPushButton(self.tr("Week")),
            "month": QPushButton(self.tr("Month")),
        }
        self.before, self.after = IconButton("back", self.tr("Earlier")), IconButton("forward", self.tr("Later"))
        self.now = QPushButton(self.tr("To&day"))
        self.period = TextLabel(step=Type.STRONG)
        self.total = TextLabel(step=Type.TITLE)
        self.places = TextLabel(ink="muted")
        self.empty = TextLabel(ink="muted")
        self.said = TextLabel(step=Type.SMALL)
        self.add = QPushButton(self.tr("Add a &check-in…"))
        self.save = QPushButton(self.tr("Save as &file…"))
        self.asks = Card()
        self._days = spaced(QVBoxLayout(), gap=S)
        self._adding = spaced(QVBoxLayout(), gap=S)
        self._ask_lines: list[QWidget] = []
        self._minute = QTimer(self, singleShot=True)
        self._minute.timeout.connect(self._tell)
        self._build()
        self._connect()

    def _build(self) -> None:
        chosen = QButtonGroup(self)
        spans = QWidget()
        units = Chips(spans)
        for button in self.units.values():
            button.setCheckable(True)
            button.toggled.connect(lambda on, button=button: button.setFont(font(Type.STRONG if on else Type.BODY)))
            chosen.addButton(button)
            units.addWidget(button)
        units.addWidget(self.now)
        self.units[self._unit].setChecked(True)
        move = spaced(QHBoxLayout(), gap=S)
        move.addWidget(self.before)
        move.addWidget(self.period, 1)
        move.addWidget(self.after)
        self.period.setAlignment(Qt.AlignmentFlag.AlignCenter)
        holder = QWidget()
        chips = Chips(holder)
        for button in (self.add, self.save):
            chips.addWidget(button)
        self.asks.column.addWidget(TextLabel(self.tr("Corrections you asked for"), step=Type.STRONG))
        self.said.hide()
        self.asks.hide()
        self.column.addWidget(spans)
        self.column.addLayout(move)
        for widget in (self.total, self.places, self.said, self.empty):
            self.column.addWidget(widget)
        self.column.addLayout(self._days)
        self.column.addLayout(self._adding)
        self.column.addWidget(holder)
        self.column.addWidget(self.asks)
        self.column.addStretch(1)

    def _connect(self) -> None:
        for unit, button in self.units.items():
            button.clicked.connect(lambda _checked, unit=unit: self.show_unit(unit))
        self.before.clicked.connect(lambda: self._move(-1))
        self.after.clicked.connect(lambda: self._move(1))
        self.now.clicked.connect(lambda: self._go(today()))
        self.add.clicked.connect(lambda: self._correct(None, None, self._adding))
        self.save.clicked.connect(self._choose_file)

    # -- what is shown

    @property
    def bounds(self) -> tuple[date, date]:
        """The first and the last day of it."""
        return bounds(self._unit, self._anchor)

    def show_unit(self, unit: Unit) -> None:
        """A day, a week or a month around the same day."""
        self._unit = unit
        self.units[unit].setChecked(True)
        self._go(self._anchor)

    def show_day(self, day: date) -> None:
        """That day alone, with its events."""
        self._anchor = day
        self.show_unit("day")

    def _move(self, steps: int) -> None:
        first, last = self.bounds
        self._go(first - timedelta(days=1) if steps < 0 else last + timedelta(days=1))

    def _go(self, day: date) -> None:
        self._anchor = day
        self._opened = {day.isoformat()} if self._unit == "day" else set()
        self._end_correction()
        self.said.show_text("")
        self.refresh()

    def refresh(self) -> None:
        """Read again while it is looked at."""
        account = self._bridge.snapshot().current
        if account is None or not self.isVisibleTo(self.window()):
            return
        if account != self._account:
            self._begin(account)
        first, last = self.bounds
        self.period.setText(attendance_words.days_named(first, last))
        self.after.setEnabled(last < today())
        self.now.setEnabled(not first <= today() <= last)
        query = ShowTimesheet(account=account, first=first.isoformat(), last=last.isoformat())
        self._bridge.query(query, self, lambda found: self._take(account, found), self._failed)

    def _begin(self, account: str) -> None:
        """Another person is shown: nothing of the one before stays, also where nothing of theirs can be read."""
        self._account = account
        self._waiting = None
        self._end_correction()
        self.said.show_text("")
        first, last = self.bounds
        nothing = Timesheet(first=first.isoformat(), last=last.isoformat(), seconds=0, days=(), places=())
        self._show(nothing)
        self.total.setText("")
        self.empty.hide()  # that there are none is not known yet
        self._shown = None

    def _take(self, account: str, found: Timesheet) -> None:
        first, last = self.bounds
        if account != self._account or (found.first, found.last) != (first.isoformat(), last.isoformat()):
            return
        if self.correction is not None:
            self._waiting = found
            return
        self._show(found)

    def _show(self, found: Timesheet) -> None:
        if found == self._shown:
            return
        self._shown = found
        places = [
            wording.joined(attendance_words.place_name(one.location), attendance_words.hours(one.seconds))
            for one in found.places
        ]
        self.places.show_text("\n".join(places))
        self.empty.show_text(self._nothing(found) if not found.days else "")
        self.save.setEnabled(bool(found.days))
        self._show_days(found)
        self._show_asks(found.asks)
        self._tell()

    def _tell(self) -> None:
        """The hours; while the person is in a session, again when its minutes change and only while they are seen."""
        self._minute.stop()
        if self._shown is None:
            return
        sessions = [session for day in self._shown.days for session in day.sessions]
        self.total.setText(attendance_words.hours_of(self._shown.seconds, sessions))
        lasting = [card for card in self.days if card.lasts]
        for card in lasting:
            card.tell()
        if lasting and self.isVisible():
            self._minute.start(_MINUTE_MS)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tell()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._minute.stop()

    def _nothing(self, found: Timesheet) -> str:
        words = {
            "day": self.tr("Nothing was recorded on this day."),
            "week": self.tr("Nothing was recorded in this week."),
            "month": self.tr("Nothing was recorded in this month."),
        }[self._unit]
        if found.earlier:
            return words + " " + self.tr("Your hours before it are found with the arrow above.")
        return (
            words
            + " "
            + self.tr("Your hours appear here once you check in. If you were at work and it is not here, add it below.")
        )

    def _show_days(self, found: Timesheet) -> None:
        """Newest first; a day that is as it was keeps its widgets."""
        kept = {card.day: card for card in self.days}
        self.days = []
        for day in sorted(found.days, key=lambda one: one.day, reverse=True):
            card = kept.pop(day, None)
            if card is None:
                card = DayCard(day)
                card.correct.connect(self._correct)
                card.opener.toggled.connect(lambda opened, day=day.day: self._remember(day, opened))
            card.open(day.day in self._opened)
            self.days.append(card)
        for card in kept.values():
            self._days.removeWidget(card)
            card.hide()
            card.deleteLater()
        for at, card in enumerate(self.days):
            if self._days.indexOf(card) != at:
                self._days.insertWidget(at, card)

    def _remember(self, day: str, opened: bool) -> None:
        (self._opened.add if opened else self._opened.discard)(day)

    def _show_asks(self, asks: tuple[AskLine, ...]) -> None:
        for line in self._ask_lines:
            self.asks.column.removeWidget(line)
            line.hide()
            line.deleteLater()
        blocks = [AskBlock(ask) for ask in asks]
        self._ask_lines = [*blocks]
        for block in blocks:
            block.withdrawn.connect(self._withdraw)
            self.asks.column.addWidget(block)
        self.asks.setVisible(bool(asks))

    def _withdraw(self, ask_id: str) -> None:
        """It stays in the list, as withdrawn."""

        def failed(error: AgentError) -> None:
            self._shown = None  # somebody was faster: read again what stands
            self.refresh()
            self.said.show_text(error.sentence)
            self.area.verticalScrollBar().setValue(0)

        self._bridge.submit(WithdrawAsk(account=self._account, ask_id=ask_id), self, None, failed)

    def _failed(self, error: AgentError) -> None:
        self.said.show_text(error.sentence)

    # -- corrections

    def _correct(self, event: EventLine | None, session: SessionLine | None, below: QVBoxLayout) -> None:
        """One at a time, filled where it belongs."""
        self._end_correction()
        near = datetime.combine(min(today(), self.bounds[1]), datetime.min.time())
        card = CorrectionCard(
            self._bridge, self._account, event=event, session=session, near=near.replace(hour=8).astimezone()
        )
        self.correction = card
        self.said.show_text("")
        below.addWidget(card)
        card.done.connect(self._corrected)
        (card.change if event is not None else card.time).setFocus(Qt.FocusReason.OtherFocusReason)

    def _corrected(self, sentence: str) -> None:
        self._end_correction()
        self.said.show_text(sentence)
        if sentence:
            self.area.verticalScrollBar().setValue(0)
        self.refresh()

    def _end_correction(self) -> None:
        card, self.correction = self.correction, None
        if card is not None:
            card.hide()
            card.deleteLater()
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self._take(self._account, waiting)

    # -- a file

    def _choose_file(self) -> None:
        first, last = self.bounds
        ask_where(
            self,
            self.tr("Save the timesheet"),
            name=self.tr("Timesheet") + f" {first.isoformat()} {last.isoformat()}",
            kinds={self.tr("Table (*.csv)"): "csv", self.tr("JSON (*.json)"): "json"},
            chosen=self.save_to,
        )

    def save_to(self, path: str) -> None:
        """Write what is shown to that file, as its ending says."""
        first, last = self.bounds
        self.save.setEnabled(False)

        def said(words: str) -> None:
            self.save.setEnabled(True)
            self.said.show_text(words)

        def done(exported: Exported) -> None:
            said(self.tr("The timesheet is saved in {path}.").format(path=wording.apart(exported.path)))

        command = ExportTimesheet(account=self._account, first=first.isoformat(), last=last.isoformat(), path=path)
        self._bridge.submit(command, self, done, lambda error: said(error.sentence))


class AskBlock(QWidget):
    """A correction that was asked for, and what became of it. `withdrawn` carries its id: the person takes it back."""

    withdrawn = Signal(str)

    def __init__(self, ask: AskLine) -> None:
        super().__init__()
        self._ask_id = ask.ask_id
        self.withdraw = QPushButton(self.tr("Withdraw"))
        column = spaced(QVBoxLayout(self), gap=XS)
        row = spaced(QHBoxLayout(), gap=S)
        row.addWidget(LineLabel(attendance_words.asked_for(ask)), 1)
        state = TextLabel(
            attendance_words.ask_state(ask),
            step=Type.STRONG,
            ink=_ASK_INKS[ask.state],
        )
        state.setWordWrap(False)
        row.addWidget(state)
        column.addLayout(row)
        words = [
            wording.joined(wording.when(ask.asked), ask.reason),
            wording.told(ask.sentence),
            self.tr("{name}: {words}").format(name=ask.by, words=ask.words) if ask.words else "",
        ]
        column.addWidget(TextLabel("\n".join(one for one in words if one), step=Type.SMALL, ink="muted"))
        if ask.state == "asked":
            what = attendance_words.asked_for(ask)
            self.withdraw.setAccessibleName(self.tr("Withdraw: {correction}").format(correction=what))
            self.withdraw.setFont(font(Type.SMALL))
            column.addWidget(self.withdraw, 0, Qt.AlignmentFlag.AlignLeading)
            self.withdraw.clicked.connect(self._take_back)

    def _take_back(self) -> None:
        self.withdraw.setEnabled(False)
        self.withdrawn.emit(self._ask_id)


def today() -> date:
    """Here, now."""
    return datetime.now(UTC).astimezone().date()


def bounds(unit: Unit, day: date) -> tuple[date, date]:
    """The first and the last day of the day, week (as this system begins it) or month that `day` lies in."""
    if unit == "day":
        return day, day
    if unit == "week":
        first = day - timedelta(days=(day.isoweekday() - QLocale().firstDayOfWeek().value) % 7)
        return first, first + timedelta(days=6)
    return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
