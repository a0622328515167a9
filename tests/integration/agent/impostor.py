"""A small HTTP server that stands in for the real one, on its port, and answers as a test wants."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec

from protocol.problems import CONTENT_TYPE, TYPE_PREFIX, Problem
from protocol.sync import OperationResult, SyncRequest, SyncResponse
from rules.clock import format_utc

Answer = tuple[int, dict[str, str], bytes]


class _Server(ThreadingHTTPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False


class Impostor:
    """`answer(method, path, body)` is asked for each request; None closes the connection without a word."""

    def __init__(self, url: str, answer: Callable[[str, str, bytes], Answer | None]) -> None:
        impostor = self
        self.requests: list[tuple[str, str]] = []
        self.asked = threading.Event()
        self.released = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _do(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                impostor.requests.append((self.command, self.path))
                impostor.asked.set()
                answered = answer(self.command, self.path, body)
                self.close_connection = True
                if answered is None:
                    return
                status, headers, content = answered
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_HEAD = do_PATCH = _do  # noqa: N815 # named by http.server

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self._server = _Server(("127.0.0.1", int(url.rpartition(":")[2])), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def silent(self, *_: object) -> Answer | None:
        """Holds the request until the impostor leaves."""
        self.released.wait(60)
        return None

    def __enter__(self) -> "Impostor":
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


def json(status: int, message: object, **headers: str) -> Answer:
    return status, {"Content-Type": "application/json", **headers}, msgspec.json.encode(message)


def problem(status: int, detail: str) -> Answer:
    made = Problem(type=TYPE_PREFIX + "bad", title="Bad", status=status, detail=detail)
    return status, {"Content-Type": CONTENT_TYPE}, msgspec.json.encode(made)


def kept(body: bytes, *, without_results: bool = False) -> Answer:
    request = msgspec.json.decode(body, type=SyncRequest)
    results = (
        () if without_results else tuple(OperationResult(id=one.id, outcome="accepted") for one in request.operations)
    )
    return json(200, SyncResponse(results=results, cursor="impostor", server_time=format_utc(datetime.now(UTC))))
