"""One request under way: who waits for it, the sockets it uses, and how both are let go at once."""

import contextlib
import socket
import threading
from typing import Literal

import msgspec

TransportErrorKind = Literal["unreachable", "timeout", "tls", "cancelled", "too_large"]


class TransportError(Exception):
    """No reply came: `kind` for the program, `sentence` for the person."""

    def __init__(self, kind: TransportErrorKind, sentence: str) -> None:
        super().__init__(sentence)
        self.kind: TransportErrorKind = kind
        self.sentence = sentence


class Reply(msgspec.Struct, frozen=True):
    """What the server answered, whatever it was; header names are lower-case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Exchange:
    """Shared by the thread that asked and the thread that speaks. Ends once, with a reply or an error."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._outcome: Reply | TransportError | None = None
        self._sockets: list[socket.socket] = []
        self.bytes_sent = 0

    def use(self, connection: socket.socket) -> None:
        """Shut `connection` (a duplicate that this exchange owns) down when stopped. Raises if that has been."""
        with self._lock:
            if self._outcome is None:
                self._sockets.append(connection)
                return
        _shut(connection)
        self.check()

    def check(self) -> None:
        """Raises the TransportError this exchange was stopped with, if it was."""
        if isinstance(self._outcome, TransportError):
            raise self._outcome

    def end(self, outcome: Reply | TransportError) -> None:
        """Settle, unless that has been, and shut the sockets down if it failed."""
        with self._lock:
            if self._outcome is not None:
                return
            self._outcome = outcome
            sockets, self._sockets = self._sockets, []
        for connection in sockets:
            if isinstance(outcome, TransportError):
                _shut(connection)
            connection.close()
        self._ended.set()

    def wait(self, seconds: float) -> bool:
        """Whether it ended within `seconds`."""
        return self._ended.wait(seconds)

    def result(self) -> Reply:
        """The reply. Raises TransportError."""
        assert self._outcome is not None, "wait first"
        if isinstance(self._outcome, TransportError):
            raise self._outcome
        return self._outcome


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):  # the peer may have closed it already
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
