"""The request as every handler gets it."""

import asyncio
import time
from collections.abc import AsyncGenerator
from typing import Any

from litestar import Request
from litestar.exceptions import InternalServerException

from server.problems import ProblemError, problem

PATIENCE = 60.0
"""Seconds that a body may take for nothing, and that the next bytes of it may be waited for."""
SLOWEST = 256
"""Bytes a second below which a body comes too slowly: no line is as slow, and each one holds a connection."""


class ClientGoneError(ProblemError):
    """The client went away before its body ended: no fault of ours, and nobody is left to read the answer."""


class IncomingRequest(Request[Any, Any, Any]):
    """A request whose body, cut short by its client or trickling in, raises ClientGoneError wherever it is read."""

    async def stream(self) -> AsyncGenerator[bytes, None]:
        """The body in the pieces it comes in."""
        pieces = super().stream()
        begun, size = time.monotonic(), 0
        try:
            while True:
                left = begun + PATIENCE + size / SLOWEST - time.monotonic()
                async with asyncio.timeout(min(PATIENCE, left)):
                    piece = await anext(pieces, None)
                if piece is None:
                    return
                size += len(piece)
                yield piece
        except TimeoutError:
            detail = "The bytes came too slowly. What came before is kept; ask how far it is and go on."
            raise ClientGoneError(problem("too-slow", 408, "Too slow", detail).problem) from None
        except InternalServerException:
            if not self.is_connected:  # read a second time, which is a fault of ours
                raise
            broke = problem(
                "connection-broke", 400, "Bad Request", "The connection broke. Ask how far it came and go on."
            )
            raise ClientGoneError(broke.problem) from None
