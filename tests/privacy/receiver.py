"""A real HTTP server that takes log data, answers as told and notes what arrives, when, and when a connection ends."""

import contextlib
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

import msgspec

OTLP = {"content-type": "application/x-protobuf"}


class Arrival(msgspec.Struct, frozen=True):
    """One request; `at` is on the monotonic clock, header names are lower-case."""

    at: float
    path: str
    headers: dict[str, str]
    body: bytes


Answer = tuple[int, dict[str, str], bytes]
Decide = Callable[[Arrival], Answer | None]


def take_all(arrival: Arrival) -> Answer:
    """What a good server answers."""
    return (201, {}, b"") if arrival.path == "/v1/installations" else (200, OTLP, b"")


class Receiver:
    """`decide` answers each request; None holds it, without an answer, until the client goes away."""

    def __init__(self, decide: Decide = take_all) -> None:
        self.decide = decide
        self.arrivals: list[Arrival] = []
        self.closed_at: list[float] = []
        self.changed = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        """The server's address."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def logs(self) -> list[Arrival]:
        """The batches among the requests."""
        with self.changed:
            return [one for one in self.arrivals if one.path == "/v1/logs"]

    def wait_for(self, condition: Callable[["Receiver"], bool], seconds: float = 10.0) -> None:
        """Return once `condition` holds."""
        with self.changed:
            assert self.changed.wait_for(lambda: condition(self), seconds), "the receiver did not see it in time"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                at = time.monotonic()
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                arrival = Arrival(at, self.path, headers, body)
                with receiver.changed:
                    receiver.arrivals.append(arrival)
                    receiver.changed.notify_all()
                answer = receiver.decide(arrival)
                if answer is None:
                    self._hold()
                    return
                status, names, content = answer
                self.send_response(status)
                for name, value in names.items():
                    for line in value.split("\n"):  # one header of this name each
                        self.send_header(name, line)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def _hold(self) -> None:
                self.connection.settimeout(30)
                with contextlib.suppress(OSError):  # a reset is an end too
                    self.connection.recv(1)
                with receiver.changed:
                    receiver.closed_at.append(time.monotonic())
                    receiver.changed.notify_all()
                self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 # the name is the base class's
                pass

            def handle(self) -> None:
                with contextlib.suppress(ConnectionError):  # the client shut the connection down, as it should
                    super().handle()

        return Handler
