"""The request as every handler gets it."""

from collections.abc import AsyncGenerator
from typing import Any

from litestar import Request
from litestar.exceptions import InternalServerException

from server.problems import ProblemError, problem


class ClientGoneError(ProblemError):
    """The client went away before its body ended: no fault of ours, and nobody is left to read the answer."""


class IncomingRequest(Request[Any, Any, Any]):
    """A request whose body, cut short by its client, raises ClientGoneError wherever it is read."""

    async def stream(self) -> AsyncGenerator[bytes, None]:
        """The body in the pieces it comes in."""
        try:
            async for piece in super().stream():
                yield piece
        except InternalServerException:
            if not self.is_connected:  # read a second time, which is a fault of ours
                raise
            broke = problem(
                "connection-broke", 400, "Bad Request", "The connection broke. Ask how far it came and go on."
            )
            raise ClientGoneError(broke.problem) from None
