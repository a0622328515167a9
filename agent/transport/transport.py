"""The one place that connects."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

import msgspec

from agent.transport.cancellation import Cancellation
from agent.transport.cookies import CookieJar
from agent.transport.egress import EgressRow
from agent.transport.exchange import Exchange, Reply, TransportError
from agent.transport.manners import Manners
from protocol.version import VERSION
from rules.addresses import is_loopback
from rules.sentence import Sentence

if TYPE_CHECKING:
    from requests.adapters import HTTPAdapter

OnEgress = Callable[[EgressRow, str, int | None, datetime], None]
_log = logging.getLogger(__name__)
MAX_REPLY = 16 * 1024 * 1024
_CHUNK = 64 * 1024

__all__ = ["MAX_REPLY", "OnEgress", "Reply", "Transport", "TransportError"]


class Sink(Protocol):
    """Takes the body of a reply as it comes."""

    def write(self, data: bytes, /) -> object: ...


class _Asked(msgspec.Struct, frozen=True):
    """One request; `until` is on the monotonic clock, in seconds."""

    row: EgressRow
    host: str
    method: str
    url: str
    headers: dict[str, str]
    body: bytes | None
    until: float
    max_reply: int
    account: str
    into: Sink | None


def _nobody(_row: EgressRow, _host: str, _bytes_sent: int | None, _at: datetime) -> None:
    """Counts nothing."""


class Transport:
    """Makes every request. Safe from any thread; each request speaks on a daemon thread of its own, so that a
    caller is let go at its deadline or cancellation even while a name is being looked up.

    `on_egress(row, host, bytes_sent, at)` is called from that thread twice: before each request begins, with None for
    the bytes, so that one which the end of the program cuts short is listed too, and after it, also a failed one.
    """

    def __init__(self, on_egress: OnEgress = _nobody, manners: Manners | None = None) -> None:
        self._on_egress = on_egress
        self._manners = manners or Manners(CookieJar({}, keep=lambda *_: None), lambda _account: False)
        self._lock = threading.Lock()
        self._adapter: HTTPAdapter | None = None
        self._closed = Cancellation()

    def request(
        self,
        row: EgressRow,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        deadline: float,
        max_reply: int = MAX_REPLY,
        cancellation: Cancellation | None = None,
        account: str = "",
        into: Sink | None = None,
    ) -> Reply:
        """The reply, of whatever status; redirects are replies. `deadline` is seconds for all of it, `max_reply` bytes.
        `account` is whose request it is, empty before anybody signed in. The body of a 200 is written to `into`, if
        that is given, and `Reply.body` is then empty; after an error it may hold a part.

        Raises TransportError, and ValueError for an address that is neither https nor http on this computer.
        """
        host = _checked_host(url)
        names = {**self._manners.headers(account, row, url), **(headers or {})}
        asked = _Asked(row, host, method, url, names, body, time.monotonic() + deadline, max_reply, account, into)
        exchange = Exchange()
        detaches = [
            switch.attach(lambda: exchange.end(_stopped()))
            for switch in (self._closed, cancellation)
            if switch is not None
        ]
        try:
            exchange.check()
            threading.Thread(target=self._speak, args=(exchange, asked), name=f"request-{row}", daemon=True).start()
            if not exchange.wait(deadline):
                exchange.end(TransportError("timeout", Sentence("%(host)s took too long to answer.", host=host)))
            return exchange.result()
        finally:
            for detach in detaches:
                detach()

    def close(self) -> None:
        """Shut every connection down; later requests fail as cancelled."""
        self._closed.cancel()
        with self._lock:
            adapter, self._adapter = self._adapter, None
        if adapter is not None:
            adapter.close()

    def _speak(self, exchange: Exchange, asked: "_Asked") -> None:
        from agent.transport import connections
        from agent.transport.failures import transport_error

        at = datetime.now(UTC)
        try:
            self._on_egress(asked.row, asked.host, None, at)
        except Exception:  # noqa: BLE001 # whatever it was: what cannot be listed does not begin
            _log.exception("A request could not be listed, so it was not made.")
            exchange.end(_stopped())
            return
        connections.speak(exchange)
        try:
            reply = self._converse(asked)
        except TransportError as error:
            exchange.end(error)
        except Exception as error:  # noqa: BLE001 # whatever requests, urllib3 or a socket raised means: no reply
            exchange.end(transport_error(error, asked.host))
        else:
            exchange.end(reply)
        finally:
            connections.speak(None)
            self._on_egress(asked.row, asked.host, exchange.bytes_sent, at)

    def _converse(self, asked: "_Asked") -> Reply:
        from requests import Request
        from requests.utils import get_environ_proxies

        names = {"User-Agent": f"miratag/{VERSION}", "Accept-Encoding": "gzip", **asked.headers}
        response = self._open_adapter().send(
            Request(asked.method, asked.url, names, data=asked.body).prepare(),
            timeout=max(asked.until - time.monotonic(), 0.001),
            stream=True,
            # What may go unencrypted stays on this computer; a proxy would read the token along.
            proxies={} if is_loopback(asked.host) else dict(get_environ_proxies(asked.url)),
        )
        try:
            # Together they would be one header, which cannot be taken apart again.
            self._manners.answered(asked.account, asked.row, asked.url, response.raw.headers.getlist("set-cookie"))
            content, size = bytearray(), 0
            put = asked.into.write if asked.into is not None and response.status_code == 200 else content.extend
            for chunk in response.iter_content(_CHUNK):
                size += len(chunk)
                if size > asked.max_reply:
                    raise TransportError(
                        "too_large",
                        Sentence(
                            "%(host)s answered with over %(most)s bytes.",
                            host=asked.host,
                            most=asked.max_reply,
                        ),
                    )
                put(chunk)
            names = {name.lower(): value for name, value in response.headers.items()}
            return Reply(response.status_code, names, bytes(content))
        finally:
            response.close()

    def _open_adapter(self) -> "HTTPAdapter":
        from agent.transport.connections import Adapter

        with self._lock:
            if self._closed.cancelled:
                raise TransportError("cancelled", "The app is closing.")
            if self._adapter is None:
                self._adapter = Adapter(pool_maxsize=4)
            return self._adapter


def _stopped() -> TransportError:
    return TransportError("cancelled", "The connection was stopped before an answer came.")


def _checked_host(url: str) -> str:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "https" and host:
        return host
    if parts.scheme == "http" and is_loopback(host):
        return host
    raise ValueError(f"The address must begin with https:// ({parts.scheme}://{host} is not protected).")
