"""A day and a time to type or choose, in this computer's zone."""

from datetime import UTC, datetime

from PySide6.QtCore import QDate, QDateTime, QLocale, Qt, QTime
from PySide6.QtWidgets import QDateTimeEdit

from rules.clock import format_utc
from ui import wording
from ui.form.answer_field import calm


class TimeBox(QDateTimeEdit):
    """Whole minutes. `edited` is whether the person made it another time than the one it began with."""

    def __init__(self, name: str) -> None:
        super().__init__()
        calm(self)
        self.setCalendarPopup(True)
        # Mirrored, Qt puts the parts of a time in the other order.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setDisplayFormat(f"{QLocale().dateFormat(QLocale.FormatType.ShortFormat)} {wording.clock_pattern()}")
        self.setAccessibleName(name)
        self._begun = self.dateTime()

    def begin(self, at: datetime) -> None:
        """Show this time (aware)."""
        local = at.astimezone()
        day, time = QDate(local.year, local.month, local.day), QTime(local.hour, local.minute)
        self._begun = QDateTime(day, time)
        self.setDateTime(self._begun)

    @property
    def edited(self) -> bool:
        """Whether it says another minute now."""
        return self.dateTime() != self._begun

    def moment(self) -> datetime:
        """What it says, aware UTC."""
        day, time = self.date(), self.time()
        local = datetime(day.year(), day.month(), day.day(), time.hour(), time.minute())  # noqa: DTZ001 - local on purpose
        return local.astimezone(UTC)

    def rfc3339(self) -> str:
        """The same for the agent."""
        return format_utc(self.moment())
