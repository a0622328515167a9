"""The agent's end of the control socket."""

import contextlib
import logging
import os
import selectors
import socket
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

from agent.api import Agent, AgentError, OpenWindow
from agent.control.address import peer_uid
from agent.control.frames import (
    CONTROL,
    Done,
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
from protocol.version import VERSION

HANDSHAKE_SECONDS = 5.0
ANSWER_SECONDS = 600.0
TAKEN_SECONDS = 10.0
MAX_PEERS = 32

_log = logging.getLogger(__name__)

ShowWindow = Callable[[OpenWindow], None]
Release = Callable[[], Callable[[], None]]
"""Blocks until the profile's lock is free; what it returns is called once the one who asked has hung up."""


class ControlServer:
    """Answers on a socket, each peer on a daemon thread of its own, so that a silent one keeps nobody waiting.

    `show_window` is None without a window, `release` where the profile is not given up. The caller holds the profile's
    lock: a file left at `path` is then nobody's and is replaced.
    """

    def __init__(
        self, agent: Agent, path: Path, *, show_window: ShowWindow | None = None, release: Release | None = None
    ) -> None:
        """Listens at once. Raises OSError."""
        self._agent = agent
        self._path = path
        self._show_window = show_window
        self._release = release
        self._free = threading.BoundedSemaphore(MAX_PEERS)
        self._woken, self._waker = socket.socketpair()
        path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(os.fspath(path))
        path.chmod(0o600)
        self._listener.listen()
        self._listener.setblocking(False)
        self._thread = threading.Thread(target=self._accept, name="control", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Accept nobody any more and remove the socket; a conversation under way may end."""
        self._waker.close()
        self._thread.join()
        self._path.unlink(missing_ok=True)

    def _accept(self) -> None:
        with self._listener, self._woken, selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while all(key.fileobj is not self._woken for key, _ in selector.select()):
                try:
                    peer, _ = self._listener.accept()
                except BlockingIOError:
                    continue  # it hung up between the two calls
                except OSError as error:
                    _log.warning("The control socket could not accept: %s", error.strerror)
                    continue
                threading.Thread(target=self._serve, args=(peer,), name="control-peer", daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        with peer:
            if not self._free.acquire(blocking=False):
                return
            try:
                self._converse(peer)
            except (FrameError, OSError):
                return  # a peer that breaks off or says nonsense gets no answer
            finally:
                self._free.release()

    def _converse(self, peer: socket.socket) -> None:
        if peer_uid(peer) != os.getuid():
            return
        hello = receive(peer, Hello, seconds=HANDSHAKE_SECONDS)
        send(peer, Welcome(control=CONTROL, version=VERSION), seconds=HANDSHAKE_SECONDS)
        if hello.control != CONTROL:
            return
        request = receive(peer, Request, seconds=HANDSHAKE_SECONDS)
        if isinstance(request, HandOver):
            self._give_up(peer)
            return
        send(peer, self._answer(request), seconds=HANDSHAKE_SECONDS)

    def _answer(self, request: Submit | Look | Show) -> Reply:
        try:
            if isinstance(request, Show):
                return self._show(request.window)
            result: Any
            if isinstance(request, Submit):
                result = self._agent.submit(request.command).result(ANSWER_SECONDS)
            else:
                result = self._agent.query(request.query).result(ANSWER_SECONDS)
            return Done(result=result)
        except AgentError as error:
            return Failed(kind=error.kind, sentence=error.sentence)
        except (TimeoutError, CancelledError):
            return Failed(kind="unavailable", sentence="Miratag took too long to answer. Try again.")

    def _show(self, window: OpenWindow) -> Reply:
        if self._show_window is None:
            return Failed(kind="unavailable", sentence="Miratag runs here without a window.")
        self._show_window(window)
        return Done(result=None)

    def _give_up(self, peer: socket.socket) -> None:
        if self._release is None:
            refusal = Failed(kind="unavailable", sentence="Miratag runs already; its window is open or in the tray.")
            send(peer, refusal, seconds=HANDSHAKE_SECONDS)
            return
        taken = self._release()
        try:
            send(peer, Released(), seconds=HANDSHAKE_SECONDS)
            peer.settimeout(TAKEN_SECONDS)
            with contextlib.suppress(OSError):
                peer.recv(1)  # returns when the other end hangs up, holding the lock or dead
        finally:
            taken()
