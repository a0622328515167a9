"""Talking with the agent, whether it runs in this process or in the app."""

from concurrent.futures import Future
from typing import Any

from agent.api import AgentError, Command, Query, ShowStatus, Snapshot
from desktop.started import Asked, tell_started

ANSWER_SECONDS = 60.0


class Conversation:
    """Commands and queries, one after the other, for the account that is shown."""

    def __init__(self, agent: Asked) -> None:
        self._agent = agent

    def do(self, command: Command, seconds: float = ANSWER_SECONDS) -> Any:
        """The result. Raises AgentError, also when none came in `seconds`."""
        return _result(self._agent.submit(command), seconds)

    def keep(self, command: Command, seconds: float = ANSWER_SECONDS) -> Any:
        """As `do`, for what is decided on this computer: a refusal then is about what was typed, not the server's."""
        try:
            return self.do(command, seconds)
        except AgentError as error:
            raise AgentError("usage" if error.kind == "refused" else error.kind, error.sentence) from None

    def look(self, query: Query) -> Any:
        """The result. Raises AgentError."""
        return _result(self._agent.query(query), ANSWER_SECONDS)

    def tell_started(self) -> None:
        """Offer to log data that a command was run."""
        tell_started(self._agent, "command_line")

    def status(self) -> Snapshot:
        """The state of everything."""
        found: Snapshot = self.look(ShowStatus())
        return found

    def account(self) -> str:
        """The account that is shown. Raises AgentError not_signed_in."""
        current = self.status().current
        if current is None:
            raise AgentError("not_signed_in", "Nobody is signed in. Sign in first: miratag sign-in --server URL")
        return current


def _result(future: "Future[Any]", seconds: float) -> Any:
    try:
        return future.result(seconds)
    except TimeoutError:
        raise AgentError("unavailable", "Miratag took too long to answer. Try again.") from None
