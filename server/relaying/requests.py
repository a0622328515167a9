"""Requests to others: one at a time, within a deadline, to the one address that the operator gave. No redirect is
followed, and neither the address nor a header ever gets into a log: both may bear secrets."""

import logging
import ssl
import time
from collections.abc import Mapping
from typing import Any

import msgspec
import urllib3

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

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Raises NoReplyError."""
        until = time.monotonic() + self._seconds
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
                content = _read(reply, until)
            finally:
                reply.close()  # what was read to its end has gone back to the pool already
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise NoReplyError(type(error).__name__) from None
        names = {name.lower(): value for name, value in reply.headers.items()}
        return Reply(reply.status, names, content)

    def close(self) -> None:
        """Close the connections."""
        self._pool.clear()


def _read(reply: Any, until: float) -> bytes:
    content = bytearray()
    while len(content) < MAX_REPLY and (piece := reply.read(_CHUNK, decode_content=True)):
        content += piece
        if time.monotonic() > until:
            raise NoReplyError("Timeout")
    return bytes(content[:MAX_REPLY])
