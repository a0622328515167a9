"""An agent together with what it is reached by: the profile's lock and the control socket."""

import logging
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Protocol

from agent.api import Agent, AgentError, Command, Event, OpenWindow, Query, Snapshot
from agent.control.address import socket_path
from agent.control.profile_lock import ProfileLock
from agent.control.server import ControlServer, Release

_log = logging.getLogger(__name__)


class ClosableAgent(Agent, Protocol):
    """An agent in this process."""

    def close(self) -> None:
        """Stop taking work, commit, close the files. No network."""


class HostedAgent:
    """The agent of a profile in this process, reachable by other programs of the user until `close`.

    The caller has taken `lock`. Requests to open the window come to subscribers as OpenWindow. `windowed` says whether
    there is anyone to open one, `release` is for a host that gives the profile up on request.
    """

    def __init__(
        self, agent: ClosableAgent, profile: Path, lock: ProfileLock, *, windowed: bool, release: Release | None = None
    ) -> None:
        self._agent = agent
        self._lock = lock
        self._listeners: list[Callable[[Event], None]] = []
        self._listening = threading.Lock()
        self._heard = False  # by somebody who could open a window
        self._control = self._serve(profile, windowed=windowed, release=release)

    def submit(self, command: Command) -> "Future[Any]":
        return self._agent.submit(command)

    def query(self, query: Query) -> "Future[Any]":
        return self._agent.query(query)

    def snapshot(self) -> Snapshot:
        return self._agent.snapshot()

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        stop = self._agent.subscribe(listener)
        with self._listening:
            self._listeners.append(listener)
            self._heard = True

        def unsubscribe() -> None:
            stop()
            with self._listening:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return unsubscribe

    def close(self) -> None:
        """Close the socket and the agent, then let go of the profile."""
        try:
            if self._control is not None:
                self._control.close()
            self._agent.close()
        finally:
            self._lock.release()

    def _serve(self, profile: Path, *, windowed: bool, release: Release | None) -> ControlServer | None:
        """None where no socket can be made: the app works all the same, only other programs cannot reach it."""
        if not hasattr(socket, "AF_UNIX"):
            return None  # Windows, see the package
        try:
            path = socket_path(profile)
            control = ControlServer(self, path, show_window=self._show if windowed else None, release=release)
            self._lock.publish(str(path))
        except (OSError, AgentError) as error:
            _log.warning("Other programs cannot reach this agent: %s", type(error).__name__)
            return None
        return control

    def _show(self, window: OpenWindow) -> None:
        with self._listening:
            listeners = list(self._listeners)
            ending = self._heard and not listeners
        if ending:
            raise AgentError("unavailable", "Miratag is ending here. Start it again in a moment.")
        for listener in listeners:
            listener(window)
