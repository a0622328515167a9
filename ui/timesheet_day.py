"""One day of the timesheet: a line for each session, and all of their events once it is opened."""

from datetime import UTC, date, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from agent.api import EventLine, SessionLine, TimesheetDay
from ui import attendance_words, wording
from ui.card import Card
from ui.labels import LineLabel, TextLabel
from ui.theme.scale import ICON, XS, S, Type, font, spaced
from ui.tool_tip import plain_tip


class DayCard(Card):
    """Closed it costs a few labels, so that a month is quick; its events are made when it is opened first."""

    correct = Signal(object, object, object)
    """EventLine or None, SessionLine, and the layout below which the correction is to be filled."""

    def __init__(self, day: TimesheetDay) -> None:
        super().__init__()
        self.day = day
        self._made = False
        self.opener = QToolButton()
        self.opener.setAutoRaise(True)
        self.opener.setCheckable(True)
        self.opener.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.opener.setFont(font(Type.STRONG))
        self.opener.setText(self._name())
        self.opener.setMinimumWidth(3 * ICON)  # large type cuts it rather than to widen the page
        self.opener.setToolTip(plain_tip(self._name()))
        self.hours = TextLabel(step=Type.STRONG)
        self.hours.setWordWrap(False)
        self.lines = QWidget()
        self.events = QWidget()
        top = spaced(QHBoxLayout(), gap=S)
        top.addWidget(self.opener)
        top.addStretch(1)
        top.addWidget(self.hours)
        short = spaced(QVBoxLayout(self.lines), gap=XS)
        self._short = {
            session.check_in_id: LineLabel(ink="warn" if session.needs_end else "text") for session in day.sessions
        }
        self._headings: dict[str, TextLabel] = {}
        for row in self._short.values():
            short.addWidget(row)
        self.column.addLayout(top)
        self.column.addWidget(self.lines)
        self.column.addWidget(self.events)
        self.opener.toggled.connect(self.open)
        self.tell()
        self.open(False)

    @property
    def lasts(self) -> bool:
        """Whether the person is in one of its sessions."""
        return any(attendance_words.lasts(session) for session in self.day.sessions)

    def tell(self) -> None:
        """What there is to say of hours; that of a session that lasts grows."""
        told = attendance_words.hours_of(self.day.seconds, self.day.sessions)
        self.hours.setText(told)
        self.opener.setAccessibleName(f"{self._name()}, {told}")
        for session in self.day.sessions:
            line = attendance_words.session_line(session)
            self._short[session.check_in_id].setText(line)
            if session.check_in_id in self._headings:
                self._headings[session.check_in_id].setText(line)

    def _name(self) -> str:
        return wording.day(date.fromisoformat(self.day.day), datetime.now(UTC).astimezone().date())

    def open(self, opened: bool) -> None:
        """Show the events, or only the sessions."""
        if opened and not self._made:
            self._made = True
            column = spaced(QVBoxLayout(self.events), gap=S)
            for session in self.day.sessions:
                block = SessionBlock(self, session)
                self._headings[session.check_in_id] = block.heading
                column.addWidget(block)
            self.tell()
        self.opener.setArrowType(Qt.ArrowType.DownArrow if opened else self._aside())
        self.opener.blockSignals(True)
        self.opener.setChecked(opened)
        self.opener.blockSignals(False)
        self.lines.setVisible(not opened)
        self.events.setVisible(opened)

    def _aside(self) -> Qt.ArrowType:
        return Qt.ArrowType.LeftArrow if self.isRightToLeft() else Qt.ArrowType.RightArrow


class SessionBlock(QWidget):
    """A session with its events, each with what is known of how it came about."""

    def __init__(self, card: DayCard, session: SessionLine) -> None:
        super().__init__()
        column = spaced(QVBoxLayout(self), gap=S)
        self.heading = TextLabel(step=Type.STRONG, ink="warn" if session.needs_end else "text")
        column.addWidget(self.heading)
        for event in session.events:
            column.addWidget(EventBlock(card, session, event))
        add = QPushButton(self.tr("Add what is missing…"))
        where = attendance_words.place_name(session.location)
        add.setAccessibleName(self.tr("Add what is missing at {place}").format(place=where))
        column.addWidget(add, 0, Qt.AlignmentFlag.AlignLeading)
        add.clicked.connect(lambda _checked: card.correct.emit(None, session, column))


class EventBlock(QWidget):
    """One event: time, what and where, its marks, its evidence, and the way to correct it."""

    def __init__(self, card: DayCard, session: SessionLine, event: EventLine) -> None:
        super().__init__()
        column = spaced(QVBoxLayout(self), gap=XS)
        column.setContentsMargins(S, 0, 0, 0)
        what = attendance_words.kind_name(event.kind)
        line = wording.joined(wording.clock_at(event.at), what, event.location, event.note)
        row = spaced(QHBoxLayout(), gap=S)
        stands = not event.cancelled and not event.corrected
        self.line = TextLabel(line, ink="text" if stands else "muted")
        row.addWidget(self.line, 1)
        self.correct = QPushButton(self.tr("Correct…"))
        self.correct.setAccessibleName(self.tr("Correct {event}").format(event=f"{what} {wording.clock_at(event.at)}"))
        self.correct.clicked.connect(lambda _checked: card.correct.emit(event, session, column))
        row.addWidget(self.correct, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        self.correct.setVisible(stands and not event.asked)  # only in here: alone it would be a window
        marks, evidence = attendance_words.said_of(event), attendance_words.evidence(event)
        if marks:
            column.addWidget(TextLabel(" ".join(marks), step=Type.SMALL, ink="warn" if _odd(event) else "text"))
        if evidence:
            column.addWidget(TextLabel(evidence, step=Type.SMALL, ink="muted"))


def _odd(event: EventLine) -> bool:
    return event.needs_a_look or event.asked or event.held in ("waiting", "left_out")
