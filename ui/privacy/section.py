"""What the sections of the Privacy centre share: they read for the account that is shown, and only while looked at."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from agent.api import AgentError, Command, Query
from ui import wording
from ui.bridge import AgentBridge, Done
from ui.labels import TextLabel
from ui.page import Page
from ui.theme.scale import Type


class Section(Page):
    """`opened` carries a page that this one leads to, `goes_to` the name of another section.

    An answer for another account than the one shown is dropped.
    """

    opened = Signal(object)
    goes_to = Signal(str)

    def __init__(self, bridge: AgentBridge, title: str) -> None:
        super().__init__(title)
        self.setAccessibleName(title)
        self._bridge = bridge
        self._account = ""
        self.fresh = False
        """Whether the server was asked since this was opened; no change of anything else is a reason to ask it."""
        self.came_from: QWidget | None = None
        """What had the keyboard when this was opened from another section."""
        self.said = TextLabel()
        self.said.hide()

    # -- what each says of itself

    def begin(self) -> None:
        """Another account is shown: forget what was of the one before."""

    def look(self) -> None:
        """Ask for what is shown."""
        raise NotImplementedError

    # -- what it may use

    @property
    def account(self) -> str:
        """Whose choices these are; empty before anything was shown."""
        return self._account

    def refresh(self) -> None:
        """Read again while it is looked at."""
        account = self._bridge.snapshot().current
        if account is None or not self.isVisibleTo(self.window()):
            return
        if account != self._account:
            self._account = account
            self.fresh = False
            self.said.show_text("")
            self.begin()
        self.look()

    def arrive(self) -> None:
        """It is opened, or come back to."""
        self.fresh = False
        self.refresh()

    def ask(self, query: Query, show: Done, failed: Callable[[AgentError], None] | None = None) -> None:
        """Look up, and show the answer if it is still about this account."""
        self._bridge.query(query, self, self._of_now(show), self._of_now(failed or self.failed))

    def do(
        self, command: Command, done: Done | None = None, failed: Callable[[AgentError], None] | None = None
    ) -> None:
        """Carry out; a failure is said in the line for that."""
        self._bridge.submit(command, self, self._of_now(done or (lambda _: None)), self._of_now(failed or self.failed))

    def failed(self, error: AgentError) -> None:
        """Say what went wrong."""
        self.say(wording.told(error.sentence))

    def say(self, words: str) -> None:
        """What came of the last press."""
        self.said.show_text(words)

    def add_heading(self, words: str) -> TextLabel:
        """A heading between cards."""
        heading = TextLabel(words, step=Type.STRONG)
        self.column.addWidget(heading)
        return heading

    def add_lead(self, words: str) -> TextLabel:
        """What this is, before anything else; then the line for what came of a press."""
        lead = TextLabel(words)
        self.column.addWidget(lead)
        self.column.addWidget(self.said)
        return lead

    def _of_now(self, act: Callable[[Any], None]) -> Callable[[Any], None]:
        account = self._account
        return lambda answer: act(answer) if account == self._account else None


def clear(widgets: list[Any], layout: Any) -> None:
    """Take every one of these out of `layout`, now and for good."""
    for widget in widgets:
        layout.removeWidget(widget)
        widget.hide()
        widget.deleteLater()
    widgets.clear()
