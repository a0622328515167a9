"""The one-shot listener of a browser sign-in, with real connections of every kind."""

import base64
import hashlib
import http.client
import socket
import threading
from concurrent.futures import Future
from urllib.parse import urlencode, urlsplit

import pytest

from agent.api import AgentError
from agent.signin.loopback import LoopbackListener
from agent.signin.sign_in import pkce_challenge
from agent.transport import Cancellation

STATE, ISSUER = "state-1", "https://reports.example.org"


def _get(listener: LoopbackListener, path: str, method: str = "GET") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(listener.redirect_uri).port, timeout=10)
    try:
        connection.request(method, path)
        reply = connection.getresponse()
        return reply.status, reply.read().decode()
    finally:
        connection.close()


def _callback(**fields: str) -> str:
    return "/callback?" + urlencode(fields)


def _waiting(
    listener: LoopbackListener, cancellation: Cancellation | None = None, seconds: float = 20.0
) -> "Future[str]":
    future: Future[str] = Future()

    def wait() -> None:
        try:
            future.set_result(listener.wait(seconds, cancellation or Cancellation()))
        except AgentError as error:
            future.set_exception(error)

    threading.Thread(target=wait, daemon=True).start()
    return future


def test_the_code_comes_and_the_browser_is_told_to_return() -> None:
    with LoopbackListener(STATE, ISSUER) as listener:
        code = _waiting(listener)
        status, page = _get(listener, _callback(code="c0de", state=STATE, iss=ISSUER))
        assert code.result(10) == "c0de"
    assert status == 200
    assert "Return to Miratag" in page
    assert "c0de" not in page
    with pytest.raises(ConnectionRefusedError):
        _get(listener, "/")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/favicon.ico",
        _callback(code="evil", state="other", iss=ISSUER),
        _callback(code="evil", iss=ISSUER),
        "/other?" + urlencode({"code": "evil", "state": STATE, "iss": ISSUER}),
        "//[" + _callback(code="evil", state=STATE, iss=ISSUER),
    ],
)
def test_strays_are_answered_and_ignored(path: str) -> None:
    with LoopbackListener(STATE, ISSUER) as listener:
        code = _waiting(listener)
        assert _get(listener, path)[0] == 404
        assert not code.done()
        _get(listener, _callback(code="c0de", state=STATE, iss=ISSUER))
        assert code.result(10) == "c0de"


def test_silent_and_garbled_peers_keep_nobody_waiting() -> None:
    with LoopbackListener(STATE, ISSUER) as listener:
        code = _waiting(listener)
        port = urlsplit(listener.redirect_uri).port
        silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(4)]
        silent[0].sendall(b"\x16\x03\x01")
        silent[1].sendall(b"GET /callback")
        silent[2].sendall(b"POST /callback?state=state-1 HTTP/1.1\r\n\r\n")
        _get(listener, _callback(code="c0de", state=STATE, iss=ISSUER))
        assert code.result(3) == "c0de"
        for peer in silent:
            peer.close()


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"code": "c0de", "iss": "https://evil.example.org"}, "refused"),
        ({"code": "c0de"}, "refused"),
        ({"error": "access_denied", "iss": ISSUER}, "cancelled"),
        ({"error": "server_error", "iss": ISSUER}, "refused"),
        ({"iss": ISSUER}, "refused"),
    ],
)
def test_an_answer_with_our_state_that_is_no_code_ends_it(fields: dict[str, str], kind: str) -> None:
    with LoopbackListener(STATE, ISSUER) as listener:
        code = _waiting(listener)
        _, page = _get(listener, _callback(state=STATE, **fields))
        with pytest.raises(AgentError) as caught:
            code.result(10)
    assert caught.value.kind == kind
    assert "not signed in" in page


def test_cancel_and_time_out_end_the_wait() -> None:
    cancellation = Cancellation()
    with LoopbackListener(STATE, ISSUER) as listener:
        code = _waiting(listener, cancellation)
        cancellation.cancel()
        with pytest.raises(AgentError) as caught:
            code.result(5)
        assert caught.value.kind == "cancelled"
        with pytest.raises(AgentError) as late:
            listener.wait(0.05, Cancellation())
        assert late.value.kind == "unavailable"


def test_pkce_is_s256_of_rfc_7636() -> None:
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert pkce_challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    digest = hashlib.sha256(verifier.encode()).digest()
    assert pkce_challenge(verifier) == base64.urlsafe_b64encode(digest).decode().rstrip("=")
