"""A loopback proxy that knows whole requests: it loses them, sends them twice, and sends old ones again.

with replaying_proxy() as line:
    line.port                          # where clients connect; until `open` nobody answers
    line.target = 8080
    line.open(("twice", "after"))      # what befalls the next requests that carry work; then all go through
    line.shut()
    line.arrived, line.held            # requests with work that the server has seen, and that it has not
    line.send(line.arrived[0])         # the status and body of the answer that nobody waits for
"""

import http.client
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal, NamedTuple

Fate = Literal["through", "before", "after", "twice"]
"""What befalls a request: it and its reply go through; it is lost, and held to be sent later; its reply is lost; it
arrives twice, and the second reply goes back."""
FATES: tuple[Fate, ...] = ("through", "before", "after", "twice")
_PATIENCE = 20.0
_WORK = ("/v1/sync", "/v1/media", "/v1/reports/")
_OF_THE_HOP = {"connection", "date", "keep-alive", "server", "transfer-encoding"}


class Heard(NamedTuple):
    """One whole request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Answer(NamedTuple):
    """One whole reply; `headers` without those of the hop."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class ReplayingProxy:
    """Passes requests on to the port `target` while it is open."""

    def __init__(self) -> None:
        self.target = 0
        self.arrived: list[Heard] = []
        self.held: list[Heard] = []
        self._lock = threading.Lock()
        self._fates: deque[Fate] = deque()
        self._open = False
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def handle_one_request(self) -> None:
                self.raw_requestline = self.rfile.readline(65537)
                if self.raw_requestline and self.parse_request():
                    length = int(self.headers.get("Content-Length") or 0)
                    heard = Heard(self.command, self.path, dict(self.headers.items()), self.rfile.read(length))
                    answer = proxy._take(heard)
                    if answer is not None:
                        self._give(answer)
                self.close_connection = True

            def _give(self, answer: Answer) -> None:
                self.send_response(answer.status)
                for name, value in answer.headers:
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, *_args: object) -> None:
                """Says nothing."""

        self._server = _Listening(("127.0.0.1", 0), Handler)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def open(self, fates: Iterable[Fate] = ()) -> None:
        """From now on requests go through, the next ones with work as `fates` say."""
        with self._lock:
            self._fates = deque(fates)
            self._open = True

    def shut(self) -> None:
        """From now on every request fails; what is at the server already is still answered."""
        with self._lock:
            self._open = False

    @property
    def fates_left(self) -> int:
        """How many of those given to `open` no request has met yet."""
        with self._lock:
            return len(self._fates)

    def send(self, heard: Heard) -> Answer:
        """Send a request to the server, for nobody who waits."""
        connection = http.client.HTTPConnection("127.0.0.1", self.target, timeout=_PATIENCE)
        try:
            connection.request(heard.method, heard.path, heard.body or None, heard.headers)
            reply = connection.getresponse()
            headers = [(name, value) for name, value in reply.getheaders() if name.lower() not in _OF_THE_HOP]
            return Answer(reply.status, headers, reply.read())
        finally:
            connection.close()

    def close(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(_PATIENCE)

    def _take(self, heard: Heard) -> Answer | None:
        """The answer to give, None for a connection that breaks."""
        works = heard.path.startswith(_WORK)
        with self._lock:
            if not self._open:
                return None
            fate = self._fates.popleft() if works and self._fates else "through"
            if works:
                (self.held if fate == "before" else self.arrived).append(heard)
        if fate == "before":
            return None
        answer = self.send(heard)
        if fate == "twice":
            answer = self.send(heard)
        return None if fate == "after" else answer


class _Listening(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client may go away before its answer; nothing else is meant to happen here."""
        if not isinstance(sys.exception(), BrokenPipeError | ConnectionResetError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@contextmanager
def replaying_proxy() -> Iterator[ReplayingProxy]:
    """One of them, ended at the end."""
    line = ReplayingProxy()
    try:
        yield line
    finally:
        line.close()
