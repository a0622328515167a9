"""The request log: method, path without its query, status, time taken and network. Kept for seven days.

No address beyond /24 or /48, no query (codes travel there), no header, no body, and no token of a screen.
"""

import logging
import time
from logging.handlers import TimedRotatingFileHandler
from pathlib import Path
from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from server.accounts.throttle import network_of

KEPT_DAYS = 7
_SCREENS = frozenset({"screen", "kiosk"})
_log = logging.getLogger("miratag.requests")


def keep_in(folder: Path) -> logging.Handler:
    """Write request lines to a file in `folder` from now on; the handler, to be closed at the end."""
    folder.mkdir(mode=0o700, exist_ok=True)
    handler = TimedRotatingFileHandler(
        folder / "requests.log", when="midnight", backupCount=KEPT_DAYS - 1, encoding="utf-8", utc=True
    )
    line = logging.Formatter("%(asctime)s.%(msecs)03dZ %(message)s", "%Y-%m-%dT%H:%M:%S")
    line.converter = time.gmtime
    handler.setFormatter(line)
    _log.addHandler(handler)
    _log.setLevel(logging.INFO)
    _log.propagate = False
    return handler


def logged(application: ASGIApp) -> ASGIApp:
    """The same application, with one line written for each request once its answer begins."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await application(scope, receive, send)
            return
        began = time.monotonic()

        async def send_and_note(message: Message) -> None:
            if message["type"] == "http.response.start":
                _note(scope, message["status"], time.monotonic() - began)
            await send(message)

        await application(scope, receive, send_and_note)

    return serve


def _note(scope: Any, status: int, seconds: float) -> None:
    client = scope.get("client")
    network = network_of(client[0]) if client else ""
    path = _untold(scope["path"]).encode("unicode_escape").decode()
    _log.info("%s %s %d %dms %s", scope["method"], path, status, seconds * 1000, network or "-")


def _untold(path: str) -> str:
    """The path without the token that the address of a screen is."""
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return f"/{first}/…" if first in _SCREENS and path != f"/{first}" else path
