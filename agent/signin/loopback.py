"""The end of a browser sign-in: one answer on a port of this computer, from the browser that was sent away with it."""

import hmac
import selectors
import socket
import threading
import time
from urllib.parse import parse_qs, urlsplit

from agent.api import AgentError
from agent.transport import Cancellation
from rules.sentence import Sentence

PATH = "/callback"
MAX_REQUEST_HEAD = 16 * 1024
PEER_SECONDS = 5.0

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>
body{{font:17px/1.6 system-ui,sans-serif;color:#1c2733;background:#f5f7f9;display:grid;
place-items:center;min-height:90vh}}
main{{max-width:26em;padding:2em}}h1{{font-size:1.4em;font-weight:600}}
@media(prefers-color-scheme:dark){{body{{color:#e6ebf0;background:#161b21}}}}
</style></head><body><main><h1>{title}</h1><p>{text}</p></main></body></html>"""


class LoopbackListener:
    """A listener on 127.0.0.1 and a random port, for one sign-in. Close it, or use it in a `with`.

    Whatever does not carry `state` is answered and ignored, so a stray or hostile request ends nothing.
    """

    def __init__(self, state: str, issuer: str) -> None:
        self._state = state
        self._issuer = issuer
        self._lock = threading.Lock()
        self._answer: str | AgentError | None = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._woken, self._waker = socket.socketpair()
        self.redirect_uri = f"http://127.0.0.1:{self._listener.getsockname()[1]}{PATH}"

    def __enter__(self) -> "LoopbackListener":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Answer nobody any more."""
        self._listener.close()
        self._woken.close()
        with self._lock:
            self._waker.close()

    def wait(self, seconds: float, cancellation: Cancellation) -> str:
        """The authorization code. Raises AgentError: cancelled, refused, or unavailable after `seconds`."""
        until = time.monotonic() + seconds
        detach = cancellation.attach(self._wake)
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(self._listener, selectors.EVENT_READ)
                selector.register(self._woken, selectors.EVENT_READ)
                while self._answer is None and not cancellation.cancelled:
                    if not (ready := selector.select(max(until - time.monotonic(), 0))):
                        raise AgentError("unavailable", "Nobody signed in in the browser in time. Sign in again.")
                    if any(key.fileobj is self._listener for key, _ in ready):
                        self._accept()
                    else:
                        self._woken.recv(64)
        finally:
            detach()
        if self._answer is None:
            raise AgentError("cancelled", "Signing in was stopped.")
        if isinstance(self._answer, AgentError):
            raise self._answer
        return self._answer

    def _accept(self) -> None:
        peer, _ = self._listener.accept()
        # Each on a thread of its own: one that connects and says nothing must not keep the browser waiting.
        threading.Thread(target=self._serve, args=(peer,), name="sign-in-answer", daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        with peer:
            peer.settimeout(PEER_SECONDS)
            try:
                target = _request_target(peer)
                answer = self._judge(target)
                peer.sendall(_page(answer))
            except OSError:
                return  # it went away or said nothing; the browser can still come
        if answer is not None:
            with self._lock:
                if self._answer is None:
                    self._answer = answer
            self._wake()

    def _judge(self, target: str | None) -> str | AgentError | None:
        """The code or the end of this sign-in that a request brings; None for one that is not ours."""
        try:
            parts = urlsplit(target or "")
        except ValueError:  # any page of the browser may ask for any address here
            return None
        fields = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path != PATH or not hmac.compare_digest(fields.get("state", "").encode(), self._state.encode()):
            return None
        if fields.get("iss") != self._issuer:
            return AgentError("refused", "Another server than the one asked answered the sign-in. Sign in again.")
        if "code" in fields:
            return fields["code"]
        if fields.get("error") == "access_denied":
            return AgentError("cancelled", "Signing in was declined in the browser.")
        return AgentError("refused", "The server did not complete the sign-in. Sign in again.")

    def _wake(self) -> None:
        with self._lock:
            if self._waker.fileno() != -1:
                self._waker.send(b"w")


def _request_target(peer: socket.socket) -> str | None:
    """The target of a GET, once the whole head has come; None for anything else. Raises OSError."""
    until = time.monotonic() + PEER_SECONDS
    head = b""
    while b"\r\n\r\n" not in head:
        if time.monotonic() > until:
            raise TimeoutError
        received = peer.recv(4096)
        if not received or len(head) > MAX_REQUEST_HEAD:
            return None
        head += received
    words = head.split(b"\r\n", 1)[0].split(b" ")
    if len(words) != 3 or words[0] != b"GET":
        return None
    return words[1].decode("ascii", "replace")


def _page(answer: str | AgentError | None) -> bytes:
    if isinstance(answer, str):
        status, title, text = "200 OK", "You are signed in", "Return to Miratag. You can close this page."
    elif answer is not None:
        status, title, text = (
            "200 OK",
            "You are not signed in",
            Sentence("%(sentence)s You can close this page.", sentence=answer.sentence),
        )
    else:
        status, title, text = "404 Not Found", "Nothing here", "This address only ends a sign-in of Miratag."
    body = _PAGE.format(title=title, text=text).encode()
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
        "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n"
        "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
