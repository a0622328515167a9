"""The other end of the control socket: commands and queries for the agent that holds a profile."""

import os
import socket
import threading
from concurrent.futures import Future
from typing import Any

from agent.api import AgentError, Attach, Command, OpenWindow, Query, ShowStatus, Snapshot
from agent.control.address import peer_uid
from agent.control.frames import (
    CONTROL,
    Failed,
    FrameError,
    HandOver,
    Hello,
    Look,
    Released,
    Reply,
    Request,
    Show,
    Submit,
    Welcome,
    receive,
    send,
)
from agent.control.profile_lock import ProfileLock
from agent.control.server import ANSWER_SECONDS, HANDSHAKE_SECONDS
from protocol.version import VERSION
from rules.sentence import Sentence

RELEASE_SECONDS = 20.0


class RemoteAgent:
    """An agent in another process of the same user. Each call is a connection, and a daemon thread, of its own."""

    def __init__(self, address: str) -> None:
        self._address = address

    def submit(self, command: Command) -> "Future[Any]":
        """Carry out there; the future fails with AgentError. A file is attached by its path only."""
        if isinstance(command, Attach) and command.data is not None:
            refused: Future[Any] = Future()
            refused.set_exception(AgentError("usage", "From here a file can be attached by its path only."))
            return refused
        return self._ask(Submit(command=command))

    def query(self, query: Query) -> "Future[Any]":
        """Look up there; the future fails with AgentError."""
        return self._ask(Look(query=query))

    def snapshot(self) -> Snapshot:
        """The latest; unlike that of an agent in this process it asks, so it may take a moment. Raises AgentError."""
        found: Snapshot = self.query(ShowStatus()).result(ANSWER_SECONDS)
        return found

    def show(self, window: OpenWindow) -> "Future[Any]":
        """Open the window there; the future fails with AgentError unavailable where there is none."""
        return self._ask(Show(window=window))

    def take_over(self, lock: ProfileLock) -> bool:
        """Ask for the profile and take its lock; False when the agent there keeps it. Raises AgentError."""
        try:
            with _connect(self._address) as connection:
                send(connection, HandOver(), seconds=HANDSHAKE_SECONDS)
                reply = receive(connection, Reply, seconds=RELEASE_SECONDS)
                return isinstance(reply, Released) and lock.try_acquire()
        except (FrameError, OSError):
            raise _unreachable() from None

    def _ask(self, request: Request) -> "Future[Any]":
        future: Future[Any] = Future()
        threading.Thread(target=self._converse, args=(request, future), name="control-call", daemon=True).start()
        return future

    def _converse(self, request: Request, future: "Future[Any]") -> None:
        try:
            with _connect(self._address) as connection:
                send(connection, request, seconds=HANDSHAKE_SECONDS)
                reply = receive(connection, Reply, seconds=ANSWER_SECONDS)
        except AgentError as error:
            future.set_exception(error)
        except (FrameError, OSError):
            future.set_exception(_unreachable())
        else:
            if isinstance(reply, Failed):
                future.set_exception(AgentError(reply.kind, reply.sentence))
            else:
                future.set_result(reply.result if not isinstance(reply, Released) else None)


def _connect(address: str) -> socket.socket:
    """A connection past the handshake. Raises AgentError, FrameError, OSError."""
    if not hasattr(socket, "AF_UNIX"):
        raise AgentError("unavailable", "Miratag runs already. Use its window, or quit it first.")
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(HANDSHAKE_SECONDS)
        connection.connect(address)
        if peer_uid(connection) != os.getuid():
            raise FrameError("Another user answers there.")
        send(connection, Hello(control=CONTROL, version=VERSION), seconds=HANDSHAKE_SECONDS)
        welcome = receive(connection, Welcome, seconds=HANDSHAKE_SECONDS)
        if welcome.control != CONTROL:
            raise AgentError(
                "unavailable",
                Sentence(
                    "Miratag %(version)s runs here, this is %(own)s. Quit it and start it again.",
                    version=welcome.version,
                    own=VERSION,
                ),
            )
    except BaseException:  # nobody else will close it
        connection.close()
        raise
    return connection


def _unreachable() -> AgentError:
    return AgentError("unavailable", "Miratag runs here but does not answer. Try again, or quit it and start it again.")
