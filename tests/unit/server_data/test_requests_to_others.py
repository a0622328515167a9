"""A request to a receiver ends when its time is over, however the reply comes."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from server.relaying.requests import MAX_REPLY, NoReplyError, Poster
from tests.unit.agent_core.test_transport import certificate

SECONDS = 1.0
STATUS = b"HTTP/1.1 200 OK\r\n"
BODY = b"{the end}"
TOO_LONG = 8.0
"""How long a reply takes that comes byte by byte."""


def _whole_request(connection: socket.socket) -> bool:
    """Whether one came; it may come in several pieces."""
    asked = b""
    while not asked.endswith(BODY) and (piece := connection.recv(65536)):
        asked += piece
    return asked.endswith(BODY)


@contextmanager
def _answering(*replies: tuple[bytes, bytes], tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """An address that answers one request after the other on each connection: the first part at once, the second one
    byte by byte, for TOO_LONG at most."""
    ended = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(connection: socket.socket) -> None:
        with connection:
            for at_once, slowly in replies:
                if not _whole_request(connection):
                    return
                connection.sendall(at_once)
                until = time.monotonic() + TOO_LONG
                for byte in slowly:
                    if ended.wait(0.02) or time.monotonic() > until:
                        return
                    connection.sendall(bytes([byte]))

    def accept() -> None:
        while not ended.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            try:
                serve(connection if tls is None else tls.wrap_socket(connection, server_side=True))
            except OSError:
                continue  # the client has gone, as it should

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        origin = "http://127.0.0.1" if tls is None else "https://localhost"
        yield f"{origin}:{listener.getsockname()[1]}/v1/logs"
    finally:
        ended.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)
    assert not thread.is_alive()


@pytest.mark.parametrize(
    ("at_once", "slowly"),
    [
        (b"", STATUS + b"Content-Length: 0\r\n" + b"X-Slow: " + b"x" * 1000),
        (STATUS, b"".join(b"X-%d: y\r\n" % number for number in range(99))),
        (STATUS + b"Content-Length: 4000\r\n\r\n", b"x" * 4000),
        (STATUS + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 500),
        (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n" * 50),
    ],
    ids=["status", "headers", "body", "chunks", "continue"],
)
def test_a_reply_that_comes_byte_by_byte_is_given_up_in_time(at_once: bytes, slowly: bytes) -> None:
    poster = Poster(SECONDS)
    with _answering((at_once, slowly)) as url:
        began = time.monotonic()
        with pytest.raises(NoReplyError):
            poster.post(url, BODY, {})
        assert time.monotonic() - began < TOO_LONG / 2
    poster.close()


def test_over_tls_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    public, private = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    monkeypatch.setenv("SSL_CERT_FILE", str(public))  # where OpenSSL looks for the system's
    poster = Poster(SECONDS)
    whole = STATUS + b"Content-Length: 2\r\n\r\nok"
    with _answering((whole, b""), (b"", STATUS + b"X-Slow: " + b"x" * 1000), tls=context) as url:
        assert poster.post(url, BODY, {}).body == b"ok"
        began = time.monotonic()
        with pytest.raises(NoReplyError):
            poster.post(url, BODY, {})
        assert time.monotonic() - began < TOO_LONG / 2
    poster.close()


def test_a_slow_reply_within_its_time_is_taken_and_the_connection_used_again() -> None:
    poster = Poster(SECONDS * 10)
    whole = STATUS + b"Content-Length: 2\r\n\r\nok"
    with _answering((b"", whole), (whole, b""), (b"", whole)) as url:
        replies = [poster.post(url, BODY, {}) for _ in range(3)]  # only one connection is ever served at a time
    assert [(one.status, one.body) for one in replies] == [(200, b"ok")] * 3
    poster.close()


def test_a_reply_is_cut_at_its_bound() -> None:
    poster = Poster(SECONDS * 10)
    large = b"x" * (MAX_REPLY + 1000)
    with _answering((STATUS + b"Content-Length: %d\r\n\r\n" % len(large) + large, b"")) as url:
        assert len(poster.post(url, BODY, {}).body) == MAX_REPLY
    poster.close()
