"""What the program needs of a tray."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtWidgets import QMenu

from ui.theme.icons import TrayShape


class TrayPort(Protocol):
    """There may be no tray, and one may come or go at any time."""

    def available(self) -> bool:
        """Whether somebody shows the icon now."""

    def show(self, menu: QMenu, opened: Callable[[], None]) -> None:
        """Put the icon there; `opened` is called when it is clicked. The same menu again: from now on by this one."""

    def set_state(self, shape: TrayShape, tooltip: str) -> None:
        """Another state."""

    def say(self, title: str, text: str, clicked: Callable[[], None]) -> None:
        """A message at the icon, where the system has no better way."""

    def close(self) -> None:
        """Take the icon away."""
