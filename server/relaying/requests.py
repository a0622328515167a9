"""Requests to others: one at a time, within a deadline, to the one address that the operator gave. No redirect is
followed, and neither the address nor a header ever gets into a log: both may bear secrets.

The app cuts its requests off from another thread, since it also stops them when a person takes something back
(agent.transport, which the server may not import). Nobody stops one of these, so it is enough that no reading begins
after the deadline, or lasts beyond it.
"""

import http.client
import io
import logging
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from typing import Any

import msgspec
import urllib3
import urllib3.connection

# At its lowest level it writes whole addresses, and one of them bears a secret.
logging.getLogger("urllib3").setLevel(logging.WARNING)

SECONDS = 30.0
"""For a whole attempt."""
MAX_REPLY = 64 * 1024
_CHUNK = 8 * 1024


class NoReplyError(Exception):
    """No whole reply came in time; the message is the kind of trouble, without address or content."""


class Reply(msgspec.Struct, frozen=True):
    """What came back; header names are lower-case, the body is cut at MAX_REPLY."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Poster:
    """Makes them over connections that it keeps. For one thread."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._pool = urllib3.PoolManager(retries=False, maxsize=1, ssl_context=ssl.create_default_context())
        self._pool.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Raises NoReplyError."""
        _speaking.until = time.monotonic() + self._seconds
        try:
            reply = self._pool.request(
                "POST",
                url,
                body=body,
                headers=dict(headers),
                redirect=False,
                preload_content=False,
                timeout=urllib3.Timeout(total=self._seconds),
            )
            try:
                content = _read(reply)
            finally:
                reply.close()  # what was read to its end has gone back to the pool already
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise NoReplyError(type(error).__name__) from None
        names = {name.lower(): value for name, value in reply.headers.items()}
        return Reply(reply.status, names, content)

    def close(self) -> None:
        """Close the connections."""
        self._pool.clear()


_speaking = threading.local()
"""`until`: when what this thread asked must be answered, on the monotonic clock."""


class _UntilThen(io.RawIOBase):
    """What comes over a connection. The timeout of a socket is for one piece of it, and begins anew with each."""

    def __init__(self, connection: socket.socket, until: float) -> None:
        super().__init__()
        self._connection = connection
        self._pieces = connection.makefile("rb", buffering=0)
        self._until = until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)
        return self._pieces.readinto(buffer)

    def close(self) -> None:
        self._pieces.close()
        super().close()


class _Response(http.client.HTTPResponse):
    """Status line, headers and body, all of them until then."""

    def __init__(self, sock: socket.socket, *args: Any, **keywords: Any) -> None:
        super().__init__(sock, *args, **keywords)
        self.fp.close()
        self.fp = io.BufferedReader(_UntilThen(sock, _speaking.until))


class _HTTPConnection(urllib3.connection.HTTPConnection):
    response_class = _Response


class _HTTPSConnection(urllib3.connection.HTTPSConnection):
    response_class = _Response


class _HTTPPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _HTTPConnection


class _HTTPSPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _HTTPSConnection


def _read(reply: Any) -> bytes:
    content = bytearray()
    while len(content) < MAX_REPLY and (piece := reply.read(_CHUNK, decode_content=True)):
        content += piece
    return bytes(content[:MAX_REPLY])
