"""That the program started, offered to log data: kept only where the person allowed usage counts."""

from concurrent.futures import Future
from typing import Any, Literal, Protocol

from agent.api import Command, Query, RecordEvent, ShowStatus, Snapshot

Surface = Literal["tray", "window", "command_line", "headless"]


class Asked(Protocol):
    """The part of an agent that is needed here, in this process or another."""

    def submit(self, command: Command) -> "Future[Any]":
        """Carry out; the future fails with AgentError."""

    def query(self, query: Query) -> "Future[Any]":
        """Look up; the future fails with AgentError."""


def tell_started(agent: Asked, surface: Surface) -> None:
    """Returns at once. With nobody signed in nothing is offered, and no failure of this is anybody's trouble."""

    def opened(asked: "Future[Any]") -> None:
        if asked.exception() is not None:
            return  # the program meets the same trouble itself, and says so
        snapshot: Snapshot = asked.result()
        if snapshot.current is not None:
            agent.submit(RecordEvent(account=snapshot.current, name="app.started", fields={"surface": surface}))

    agent.query(ShowStatus()).add_done_callback(opened)
