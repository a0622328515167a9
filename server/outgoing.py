"""What is sent out piece by piece, to those who take it: whoever does not take the next piece in time counts as gone.

A download holds something while it lasts: an export its transaction and its turn. A client that stops reading without
hanging up would hold it for ever. And however it ends, a `Download` is closed at once: left to the garbage collector,
what it holds would stay for as long as that pleases.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Generator
from threading import Lock
from typing import Any

from litestar import Request
from litestar.concurrency import sync_to_thread
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, ReceiveMessage, Scope, Send

PATIENCE = 60.0
"""Seconds that the taking of a piece may take for nothing."""
SLOWEST = 4096
"""Bytes a second below which a piece is taken too slowly."""
_BUFFERED = 64 * 1024
"""What lies between us and the client's system and is taken before the next piece."""

_CLOSE = "miratag_close"

_log = logging.getLogger(__name__)


class Download(AsyncIterator[bytes]):
    """A generator of pieces, each made in a worker thread, for the answer to one request. It is closed when that ends,
    also one that is broken off while a piece is being made."""

    def __init__(self, request: Request[Any, Any, Any], pieces: Generator[bytes]) -> None:
        self._pieces = pieces
        self._lock = Lock()
        close_at_the_end(request, self.close)

    async def __anext__(self) -> bytes:
        piece = await sync_to_thread(self._next)
        if piece is None:
            raise StopAsyncIteration
        return piece

    def close(self) -> None:
        """Let go of what it holds; waits for a piece that is being made."""
        with self._lock:
            self._pieces.close()

    def _next(self) -> bytes | None:
        with self._lock:
            return next(self._pieces, None)


def close_at_the_end(request: Request[Any, Any, Any], close: Callable[[], None]) -> None:
    """Call `close` in a worker thread when the answer to this request has ended, however it ends."""
    request.scope[_CLOSE] = close  # type: ignore[literal-required]


def paced(app: ASGIApp) -> ASGIApp:
    """The same application, to which a client that takes too slowly has hung up."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        pace = _Pace(receive, send)
        try:
            await app(scope, pace.receive, pace.send)
        finally:
            close = scope.get(_CLOSE)
            if callable(close):
                await sync_to_thread(close)

    return serve


class _Pace:
    """One request's way out."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._begun = False
        self._before = 0
        self._gone = asyncio.Event()

    async def send(self, message: Message) -> None:
        """Send, for as long as the piece before this may take; then only `receive` tells, and this waits to be
        cancelled."""
        try:
            async with asyncio.timeout(PATIENCE + (self._before + _BUFFERED) / SLOWEST):
                await self._send(message)
        except TimeoutError:
            _log.warning("a client took what it had asked for too slowly and was hung up on")
            self._gone.set()
            await asyncio.Future()
        self._begun = True
        if message["type"] == "http.response.body":
            self._before = len(message["body"])

    async def receive(self) -> ReceiveMessage:
        """The next message of the client, or that it is gone."""
        if not self._begun:  # of its body, whose pace `incoming` watches
            return await self._receive()
        heard, gone = asyncio.ensure_future(self._receive()), asyncio.ensure_future(self._gone.wait())
        try:
            await asyncio.wait((heard, gone), return_when=asyncio.FIRST_COMPLETED)
            return heard.result() if heard.done() else {"type": "http.disconnect"}
        finally:
            heard.cancel()
            gone.cancel()
