"""A day, a time of day, or both with the zone. Unanswered there is a button for now, and one to choose."""

from datetime import date, datetime, time

from PySide6.QtCore import QDate, QDateTime, QLocale, Qt, QTime
from PySide6.QtWidgets import QDateEdit, QDateTimeEdit, QHBoxLayout, QPushButton, QTimeEdit, QWidget

from ui import wording
from ui.buttons import IconButton
from ui.form.answer_field import AnswerField, calm
from ui.form.words import zone
from ui.labels import TextLabel
from ui.theme.scale import S, spaced


class Moment(AnswerField):
    """What the three have in common: `editor` is there only once there is an answer, which can be taken back."""

    def build(self) -> None:
        self.editor = self.make_editor()
        calm(self.editor)
        # Mirrored, Qt puts the parts of a time in the other order, and five past two reads as fourteen past five.
        self.editor.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.editor.setDisplayFormat(self.pattern())
        self.now = QPushButton(self.now_words())
        self.choose = QPushButton(self.tr("Choose…"))
        self.clear = IconButton("remove", self.tr("Clear {label}").format(label=self.field.label))
        self.zone = TextLabel(ink="muted")
        self.zone.setWordWrap(False)
        self.part(self.editor)
        for button in (self.now, self.choose):
            self.part(button, f"{self.field.label}: {button.text()}")
        self.part(self.clear, self.clear.accessibleName())
        row = QWidget()
        line = spaced(QHBoxLayout(row), gap=S)
        for widget in (self.editor, self.zone, self.clear, self.now, self.choose):
            line.addWidget(widget)
        line.addStretch(1)
        self.column.addWidget(row)
        self._show()
        self.editor.dateTimeChanged.connect(lambda _when: self._edited())
        self.now.clicked.connect(self._set_now)
        self.choose.clicked.connect(self._begin_choosing)
        self.clear.clicked.connect(self._clear)

    def make_editor(self) -> QDateTimeEdit:
        raise NotImplementedError

    def pattern(self) -> str:
        """How the editor writes it."""
        raise NotImplementedError

    def now_words(self) -> str:
        return self.tr("Now")

    def read(self, text: str) -> datetime:
        """The answer as a local time. Raises ValueError."""
        raise NotImplementedError

    def write(self, when: datetime) -> str:
        """A local time as the answer."""
        raise NotImplementedError

    def _show(self) -> None:
        when = None
        try:
            when = self.read(self.value) if isinstance(self.value, str) else None
        except ValueError:
            self.zone.show_text(self.value)
        if when is not None:
            self.editor.blockSignals(True)
            self.editor.setDateTime(QDateTime(QDate(when.year, when.month, when.day), QTime(when.hour, when.minute)))
            self.editor.blockSignals(False)
        self.editor.setVisible(when is not None)
        self.clear.setVisible(when is not None and not self.tools.read_only)
        self.now.setVisible(when is None and not self.tools.read_only)
        self.choose.setVisible(when is None and not self.tools.read_only)
        if when is not None or self.value is None:
            self.zone.show_text(self.zone_words(when))

    def zone_words(self, _when: datetime | None) -> str:
        return ""

    def _edited(self) -> None:
        day, hour = self.editor.date(), self.editor.time()
        when = datetime(day.year(), day.month(), day.day(), hour.hour(), hour.minute()).astimezone()  # local on purpose
        self.zone.show_text(self.zone_words(when))
        self.answer(self.write(when))

    def _set_now(self) -> None:
        self.answer(self.write(datetime.now().astimezone()))
        self._show()
        self.editor.setFocus()

    def _begin_choosing(self) -> None:
        self._set_now()
        self.editor.setSelectedSection(self.editor.sectionAt(0))

    def _clear(self) -> None:
        self.answer(None)
        self._show()
        self.now.setFocus()


class DateField(Moment):
    """A day."""

    def make_editor(self) -> QDateTimeEdit:
        editor = QDateEdit()
        editor.setCalendarPopup(True)
        return editor

    def pattern(self) -> str:
        return QLocale().dateFormat(QLocale.FormatType.ShortFormat)

    def now_words(self) -> str:
        return self.tr("Today")

    def read(self, text: str) -> datetime:
        return datetime.combine(date.fromisoformat(text), time())

    def write(self, when: datetime) -> str:
        return when.date().isoformat()


class TimeField(Moment):
    """A time of day."""

    def make_editor(self) -> QDateTimeEdit:
        return QTimeEdit()

    def pattern(self) -> str:
        return wording.clock_pattern()

    def read(self, text: str) -> datetime:
        return datetime.combine(date(2000, 1, 1), time.fromisoformat(text))

    def write(self, when: datetime) -> str:
        return when.strftime("%H:%M")


class DateTimeField(Moment):
    """A day and a time, in this computer's zone, which is shown and kept."""

    def make_editor(self) -> QDateTimeEdit:
        editor = QDateTimeEdit()
        editor.setCalendarPopup(True)
        return editor

    def pattern(self) -> str:
        return f"{QLocale().dateFormat(QLocale.FormatType.ShortFormat)} {wording.clock_pattern()}"

    def read(self, text: str) -> datetime:
        when = datetime.fromisoformat(text)
        if when.tzinfo is None:
            raise ValueError(text)
        return when.astimezone()

    def write(self, when: datetime) -> str:
        return when.isoformat(timespec="minutes")

    def zone_words(self, when: datetime | None) -> str:
        return zone(when) if when is not None else ""
