"""The one transport against real sockets: deadlines, cancellation, redirects, proxies, TLS."""

import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from agent.transport import EGRESS, Cancellation, EgressRow, Reply, Transport, TransportError

Serve = Callable[[socket.socket], None]


class RawServer:
    """Accepts on loopback and hands each connection to `serve` on a thread of its own."""

    def __init__(self, serve: Serve) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._serve = serve
        self.connected = threading.Event()
        self.peers: list[socket.socket] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/path"

    def _accept(self) -> None:
        while True:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            self.peers.append(peer)
            self.connected.set()
            threading.Thread(target=self._guard, args=(peer,), daemon=True).start()

    def _guard(self, peer: socket.socket) -> None:
        try:
            self._serve(peer)
        except OSError:
            peer.close()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)
        for peer in self.peers:
            peer.close()


@pytest.fixture
def raw() -> Iterator[Callable[[Serve], RawServer]]:
    servers: list[RawServer] = []

    def start(serve: Serve) -> RawServer:
        servers.append(RawServer(serve))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def transport() -> Iterator[Transport]:
    made = Transport()
    yield made
    made.close()


def head(peer: socket.socket) -> bytes:
    """The request line and headers. The body is read too: closing on unread bytes would reset the connection."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(peer)
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", data)
    while length is not None and len(data.partition(b"\r\n\r\n")[2]) < int(length[1]):
        data += _more(peer)
    return data.partition(b"\r\n\r\n")[0]


def _more(peer: socket.socket) -> bytes:
    piece = peer.recv(65536)
    if not piece:
        raise OSError("gone")
    return piece


def answer(text: bytes) -> Serve:
    def serve(peer: socket.socket) -> None:
        head(peer)
        peer.sendall(text)
        peer.close()

    return serve


def silent(peer: socket.socket) -> None:
    head(peer)
    peer.recv(1)


def dripping(peer: socket.socket) -> None:
    head(peer)
    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        peer.sendall(b"x")
        if not _left_alone(peer, 0.02):
            return


def _left_alone(peer: socket.socket, seconds: float) -> bool:
    peer.settimeout(seconds)
    try:
        return peer.recv(1) != b""
    except TimeoutError:
        return True


def ask(transport: Transport, url: str, **options: object) -> Reply:
    return transport.request(EgressRow.SYNC, "POST", url, **{"body": b"hello", "deadline": 10.0, **options})  # type: ignore[arg-type]


def trouble(transport: Transport, url: str, **options: object) -> TransportError:
    with pytest.raises(TransportError) as raised:
        ask(transport, url, **options)
    return raised.value


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Name: Value\r\n\r\nhi"


def test_what_cannot_be_listed_is_not_asked_for(
    raw: Callable[[Serve], RawServer], caplog: pytest.LogCaptureFixture
) -> None:
    server = raw(silent)

    def full(*_arguments: object) -> None:
        raise OSError("the disk is full")

    transport = Transport(full)
    assert trouble(transport, server.url, deadline=600).kind == "cancelled", "at once, and not when the time is over"
    assert not server.connected.is_set()
    assert "was not made" in caplog.text
    transport.close()


def test_a_reply_and_its_count(raw: Callable[[Serve], RawServer]) -> None:
    counted: list[tuple[EgressRow, str, int | None, datetime]] = []
    told = threading.Event()

    def count(row: EgressRow, host: str, sent: int | None, at: datetime) -> None:
        counted.append((row, host, sent, at))
        if sent is not None:
            told.set()

    transport = Transport(count)
    reply = ask(transport, raw(answer(OK)).url)
    assert reply == Reply(200, {"content-length": "2", "x-name": "Value"}, b"hi")
    assert told.wait(5)
    begun, (row, host, sent, at) = counted
    assert begun == (EgressRow.SYNC, "127.0.0.1", None, at)
    assert (row, host) == (EgressRow.SYNC, "127.0.0.1")
    assert sent is not None
    assert 50 < sent < 1000
    assert datetime.now(UTC) - at < timedelta(seconds=30)
    transport.close()


def test_a_connection_is_used_again(raw: Callable[[Serve], RawServer], transport: Transport) -> None:
    def twice(peer: socket.socket) -> None:
        for _ in range(2):
            head(peer)
            peer.sendall(OK)

    server = raw(twice)
    assert ask(transport, server.url).body == ask(transport, server.url).body == b"hi"
    assert len(server.peers) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int, raw: Callable[[Serve], RawServer], transport: Transport) -> None:
    text = b"HTTP/1.1 %d Away\r\nLocation: http://127.0.0.1:1/elsewhere\r\nContent-Length: 0\r\n\r\n" % status
    server = raw(answer(text))
    assert ask(transport, server.url).status == status
    assert len(server.peers) == 1


@pytest.mark.parametrize("serve", [silent, dripping], ids=["silent", "dripping"])
def test_the_deadline_is_for_all_of_it(serve: Serve, raw: Callable[[Serve], RawServer], transport: Transport) -> None:
    began = time.monotonic()
    assert trouble(transport, raw(serve).url, deadline=0.4).kind == "timeout"
    assert 0.35 < time.monotonic() - began < 2


@pytest.mark.parametrize("serve", [silent, dripping], ids=["silent", "dripping"])
def test_cancelling_shuts_the_socket_down_at_once(
    serve: Serve, raw: Callable[[Serve], RawServer], transport: Transport
) -> None:
    server, switch, ended = raw(serve), Cancellation(), threading.Event()
    kinds: list[str] = []

    def run() -> None:
        kinds.append(trouble(transport, server.url, cancellation=switch).kind)
        ended.set()

    threading.Thread(target=run, daemon=True).start()
    assert server.connected.wait(5)
    assert not ended.wait(0.3)
    began = time.monotonic()
    switch.cancel()
    assert ended.wait(5)
    assert time.monotonic() - began < 1  # a twentieth, where nobody else loads the machine; the deadline is far off
    assert kinds == ["cancelled"]
    server.peers[0].settimeout(5)
    while server.peers[0].recv(65536):
        pass  # what was sent before; then the end, because the socket is shut
    assert trouble(transport, server.url, cancellation=switch).kind == "cancelled"
    assert len(server.peers) == 1


def test_cancelling_while_connecting_lets_the_caller_go_at_once(transport: Transport) -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=0)
    address = listener.getsockname()
    fillers = []
    for _ in range(4):  # a full backlog: the next connection hangs
        filler = socket.socket()
        filler.setblocking(False)
        filler.connect_ex(address)
        fillers.append(filler)
    switch, ended = Cancellation(), threading.Event()

    def run() -> None:
        assert trouble(transport, f"http://127.0.0.1:{address[1]}/", cancellation=switch).kind == "cancelled"
        ended.set()

    threading.Thread(target=run, daemon=True).start()
    assert not ended.wait(0.3)
    began = time.monotonic()
    switch.cancel()
    assert ended.wait(5)
    assert time.monotonic() - began < 1  # a twentieth, where nobody else loads the machine; the deadline is far off
    for filler in [*fillers, listener]:
        filler.close()


def test_closing_stops_what_runs_and_refuses_what_comes(raw: Callable[[Serve], RawServer]) -> None:
    transport, server, ended = Transport(), raw(silent), threading.Event()

    def run() -> None:
        assert trouble(transport, server.url).kind == "cancelled"
        ended.set()

    threading.Thread(target=run, daemon=True).start()
    assert server.connected.wait(5)
    transport.close()
    assert ended.wait(2)
    assert trouble(transport, server.url).kind == "cancelled"


def test_a_reply_that_is_too_large_is_not_read_to_its_end(
    raw: Callable[[Serve], RawServer], transport: Transport
) -> None:
    text = b"HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + b"x" * 3_000_000
    assert trouble(transport, raw(answer(text)).url, max_reply=1000).kind == "too_large"


@pytest.mark.parametrize("text", [b"", b"hello\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort"])
def test_garbage_is_no_reply(text: bytes, raw: Callable[[Serve], RawServer], transport: Transport) -> None:
    assert trouble(transport, raw(answer(text)).url).kind == "unreachable"


def test_nobody_there(transport: Transport) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert trouble(transport, f"http://127.0.0.1:{port}/").kind == "unreachable"
    assert trouble(transport, "https://nowhere.invalid/").kind == "unreachable"


@pytest.mark.parametrize("url", ["http://example.org/", "ftp://127.0.0.1/", "https://", "file:///etc/passwd", "x"])
def test_only_protected_addresses_are_asked(url: str, transport: Transport) -> None:
    with pytest.raises(ValueError, match="https"):
        ask(transport, url)


def test_no_netrc_no_cookie_no_token_of_anybody_else(
    raw: Callable[[Serve], RawServer], transport: Transport, own_home: Path
) -> None:
    (own_home / ".netrc").write_text("machine 127.0.0.1 login ana password secret\n")
    (own_home / ".netrc").chmod(0o600)
    heads: list[bytes] = []

    def serve(peer: socket.socket) -> None:
        heads.append(head(peer))
        # Said before it is done: a client that took the line for open would send the next request into the closing.
        peer.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nSet-Cookie: track=me\r\nContent-Length: 0\r\n\r\n")
        peer.close()

    server = raw(serve)
    ask(transport, server.url)
    ask(transport, server.url)
    assert len(heads) == 2
    assert not any(b"authorization" in one.lower() or b"cookie" in one.lower() for one in heads)


def test_a_proxy_of_the_environment_is_used_and_reads_nothing(
    raw: Callable[[Serve], RawServer], transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads: list[bytes] = []

    def serve(peer: socket.socket) -> None:
        heads.append(head(peer))
        peer.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
        peer.close()

    proxy = raw(serve)
    monkeypatch.setenv("https_proxy", proxy.url.removesuffix("/path"))
    with pytest.raises(TransportError):
        ask(transport, "https://reports.example.invalid/there")
    assert heads[0].startswith(b"CONNECT reports.example.invalid:443 HTTP/1.")
    assert b"there" not in heads[0]


def test_no_proxy_comes_between_this_computer_and_itself(
    raw: Callable[[Serve], RawServer], transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    def serve(peer: socket.socket) -> None:
        head(peer)
        peer.sendall(OK)
        peer.close()

    proxy, server = raw(serve), raw(serve)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url.removesuffix("/path"))
    assert ask(transport, server.url).body == b"hi"
    assert not proxy.connected.is_set()


def certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "public.pem", folder / "private.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return public, private


@pytest.mark.parametrize("trusted", [True, False])
def test_certificates_are_judged_by_the_operating_systems_trust(
    trusted: bool,
    raw: Callable[[Serve], RawServer],
    transport: Transport,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    public, private = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    heads: list[bytes] = []

    def serve(peer: socket.socket) -> None:
        with context.wrap_socket(peer, server_side=True) as wrapped:
            heads.append(head(wrapped))
            wrapped.sendall(OK)

    url = raw(serve).url.replace("http://127.0.0.1", "https://localhost")
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(public))  # where OpenSSL looks for the system's
        assert ask(transport, url).body == b"hi"
    else:
        assert trouble(transport, url).kind == "tls"
        assert heads == []


def test_each_row_says_what_leaves_and_why() -> None:
    assert set(EGRESS) == set(EgressRow)
    assert all(one.purpose and one.fields for one in EGRESS.values())
    for carried in ("code", "position", "network", "notes", "answers", "zone"):
        assert carried in EGRESS[EgressRow.SYNC].fields
