"""What the program needs to give a hint."""

from typing import Literal, Protocol

NoticePage = Literal["main", "report", "check_in", "timesheet", "privacy"] | str
"""A page of the window, or `item:ID` for a report to read."""


class NotificationPort(Protocol):
    """A new hint takes the place of the last one."""

    def show(self, title: str, text: str, page: NoticePage) -> None:
        """Show a hint; a click on it opens `page`. Returns at once."""

    def close(self) -> None:
        """Stop; takes no more than a moment."""
