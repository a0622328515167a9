"""What requests needs to be told: connections that can be shut from outside, and the OS trust store.

Importing this loads requests; only the thread that makes a request does.
"""

import socket
import ssl
import threading
from typing import Any

import requests.adapters
import truststore
import urllib3
import urllib3.connection

from agent.transport.exchange import Exchange

_speaking = threading.local()


def speak(exchange: Exchange | None) -> None:
    """From now on this thread's connections belong to `exchange`."""
    _speaking.exchange = exchange


def _exchange() -> Exchange | None:
    return getattr(_speaking, "exchange", None)


class _Shuttable:
    """Keeps a duplicate of the connection's socket, because wrapping it in TLS takes the original away.

    Both name the same connection of the operating system, so that shutting the duplicate down ends it. Each exchange
    gets one of its own: `close` may come while the body of a last reply is still being read.
    """

    _duplicate: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        exchange = _exchange()
        if exchange is not None:
            exchange.check()
        connection: socket.socket = super()._new_conn()  # type: ignore[misc]  # of the class this is mixed into
        self._duplicate = connection.dup()
        if exchange is not None:
            try:
                exchange.use(connection.dup())
            except BaseException:  # the socket must not outlive a cancelled exchange
                connection.close()
                raise
        return connection

    def putrequest(self, *args: Any, **keywords: Any) -> None:
        exchange = _exchange()
        if exchange is not None and self._duplicate is not None:
            exchange.use(self._duplicate.dup())
        super().putrequest(*args, **keywords)  # type: ignore[misc]  # of the class this is mixed into

    def send(self, data: Any) -> None:
        exchange = _exchange()
        if exchange is not None:
            exchange.check()
            if isinstance(data, bytes):
                exchange.bytes_sent += len(data)
        super().send(data)  # type: ignore[misc]  # of the class this is mixed into

    def close(self) -> None:
        duplicate, self._duplicate = self._duplicate, None
        if duplicate is not None:
            duplicate.close()
        super().close()  # type: ignore[misc]  # of the class this is mixed into


class _HTTPConnection(_Shuttable, urllib3.connection.HTTPConnection):
    pass


class _HTTPSConnection(_Shuttable, urllib3.connection.HTTPSConnection):
    pass


class _HTTPPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _HTTPConnection


class _HTTPSPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _HTTPSConnection


class Adapter(requests.adapters.HTTPAdapter):
    """What a session of requests has besides, cookies, .netrc, redirects and settings of the environment, is not wanted
    here. Certificates are judged by the operating system; requests would add a list of its own."""

    def init_poolmanager(self, *args: Any, **keywords: Any) -> None:
        super().init_poolmanager(*args, **keywords, ssl_context=_tls())
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}

    def proxy_manager_for(self, proxy: str, **keywords: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **keywords, ssl_context=_tls())
        manager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}
        return manager

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Nothing to set: the TLS context of the pool requires and checks certificates."""

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        host, _ = super().build_connection_pool_key_attributes(request, verify, cert)
        return host, {}


def _tls() -> ssl.SSLContext:
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
