"""A body that does not come is not waited for."""

import asyncio
from typing import Any

import pytest
from litestar import Litestar, Request, post

from server import incoming
from server.incoming import ClientGoneError, IncomingRequest


class Trickle:
    """Sends what it has, one piece a call, and then nothing any more."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = list(pieces)

    async def __call__(self) -> Any:
        if not self._pieces:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": self._pieces.pop(0), "more_body": True}


def read(trickle: Trickle) -> list[bytes]:
    """What a handler gets of such a body before it ends in ClientGoneError."""
    got: list[bytes] = []
    ended: list[ClientGoneError] = []

    @post("/", status_code=204)
    async def take(request: Request[Any, Any, Any]) -> None:
        try:
            async for piece in request.stream():
                got.append(piece)  # noqa: PERF401 - what came before it ended counts
        except ClientGoneError as error:
            ended.append(error)

    app = Litestar([take], request_class=IncomingRequest, openapi_config=None, logging_config=None)

    async def send(_message: Any) -> None:
        """Nobody reads the answer."""

    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "headers": [],
        "client": None,
        "server": ("test", 80),
        "scheme": "http",
        "root_path": "",
        "http_version": "1.1",
        "extensions": {},
        "state": {},
    }
    asyncio.run(asyncio.wait_for(app(scope, trickle, send), 10))  # type: ignore[arg-type]
    assert [error.problem.status for error in ended] == [408]
    return got


def test_silence_ends_a_body_and_what_came_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incoming, "PATIENCE", 0.1)
    assert read(Trickle(b"some", b"more")) == [b"some", b"more"]


def test_much_that_came_buys_no_longer_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incoming, "PATIENCE", 0.1)
    assert read(Trickle(b"x" * 1_000_000)) == [b"x" * 1_000_000]


def test_a_body_that_keeps_trickling_ends_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incoming, "PATIENCE", 0.3)
    monkeypatch.setattr(incoming, "SLOWEST", 10**9)

    class Endless(Trickle):
        async def __call__(self) -> Any:
            await asyncio.sleep(0.02)  # slower than it may be, and never silent for long
            return {"type": "http.request", "body": b"x", "more_body": True}

    assert 0 < len(read(Endless())) < 40
