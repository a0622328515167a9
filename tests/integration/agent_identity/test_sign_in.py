"""Signing in and out at a real server: by the browser's own steps, by code, and what is left afterwards."""

import html
import re
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agent.accounts.account import CredentialKind
from agent.accounts.directory import AccountDirectory, account_migrations
from agent.api import AgentError, SignedIn, SignIn
from agent.credentials.os_keyring import KeyringAbsentError
from agent.credentials.store import FileStore, MemoryStore
from agent.credentials.tokens import SignInNeededError, TokenSource
from agent.signin.discovery import UntrustedServerError
from agent.signin.sign_in import SignInService
from agent.store.profile import Profile
from agent.store.state import open_state
from agent.store.writer import Writer
from agent.transport import Cancellation, EgressRow, Transport
from rules.statements import public_key
from tests.live_server import LiveServer


class NoKeyring(MemoryStore):
    """A computer without any."""

    kind: CredentialKind = "keyring"

    def check_writable(self) -> None:
        raise KeyringAbsentError


class Desk:
    """The parts that sign in, over one profile."""

    def __init__(self, folder: Path) -> None:
        profile = Profile(folder)
        profile.prepare()
        self.writer = Writer()
        self.directory = AccountDirectory(open_state(profile, self.writer, account_migrations))
        self.transport = Transport()
        self.file = FileStore(folder / "sign-in.json")
        self.opened: Future[str] = Future()
        stores = {"memory": MemoryStore(), "file": self.file, "keyring": NoKeyring()}
        self.tokens = TokenSource(self.directory, stores, self.transport)
        self.service = SignInService(self.directory, stores, self.tokens, self.transport, self.opened.set_result)

    def status_of(self, url: str, token: str) -> int:
        headers = {"Authorization": f"Bearer {token}"}
        return self.transport.request(EgressRow.SIGN_IN, "GET", f"{url}/v1/me", headers=headers, deadline=20).status

    def close(self) -> None:
        self.transport.close()
        self.writer.close()


@pytest.fixture
def desk(folder: Path) -> Iterator[Desk]:
    made = Desk(folder)
    yield made
    made.close()


def _enrolled(desk: Desk, server: LiveServer) -> SignedIn:
    code = server.enrol(server.facts["worker"][0][0])
    command = SignIn(server_url=server.url, enrolment_code=f" {code}\n", credentials="file")
    return desk.service.sign_in(command, Cancellation())


def test_a_code_signs_in_once(desk: Desk, server: LiveServer) -> None:
    code = server.enrol(server.facts["worker"][0][0])
    command = SignIn(server_url=server.url, enrolment_code=code, credentials="file")
    signed_in = desk.service.sign_in(command, Cancellation())
    account = desk.directory.current
    assert account is not None
    assert account.account == signed_in.account
    assert account.credentials == "file"
    assert account.keys
    token = desk.tokens.access_token(account.account)
    assert desk.status_of(server.url, token) == 200
    # Until its sign-in is first renewed the code may be given again: the reply could have been lost.
    desk.tokens.rejected(account.account, token)
    desk.tokens.access_token(account.account)
    with pytest.raises(AgentError) as caught:
        desk.service.sign_in(command, Cancellation())
    assert caught.value.kind == "refused"
    assert code not in caught.value.sentence
    assert desk.status_of(server.url, desk.tokens.access_token(account.account)) == 200


def test_without_a_keyring_the_sign_in_is_in_memory_and_said_so(desk: Desk, server: LiveServer, folder: Path) -> None:
    code = server.enrol(server.facts["worker"][0][0])
    signed_in = desk.service.sign_in(SignIn(server_url=server.url, enrolment_code=code), Cancellation())
    assert desk.directory.get(signed_in.account).credentials == "memory"
    assert desk.tokens.state(signed_in.account)[0] == "memory"
    assert not (folder / "sign-in.json").exists()
    desk.close()
    later = Desk(folder)
    with pytest.raises(SignInNeededError) as caught:
        later.tokens.access_token(signed_in.account)
    assert "no keyring" in caught.value.sentence
    later.close()


def test_signing_out_revokes_and_forgets(desk: Desk, server: LiveServer) -> None:
    account = _enrolled(desk, server).account
    access, refresh = desk.tokens.access_token(account), desk.file.read(account)
    desk.service.sign_out(account)
    assert desk.file.read(account) is None
    assert desk.status_of(server.url, access) == 401
    assert desk.directory.get(account).signed_out
    with pytest.raises(SignInNeededError):
        desk.tokens.access_token(account)
    form = {"grant_type": "refresh_token", "refresh_token": refresh, "client_id": "miratag-desktop"}
    reply = requests.post(f"{server.url}/oauth/token", data=form, timeout=20)
    assert reply.json()["error"] == "invalid_grant"


def test_signing_out_needs_no_server(desk: Desk, server: LiveServer) -> None:
    account = _enrolled(desk, server).account
    known = desk.directory.get(account)
    desk.directory.put(msgspec.structs.replace(known, revocation_endpoint="http://127.0.0.1:1/oauth/revoke"))
    desk.service.sign_out(account)
    assert desk.file.read(account) is None


def test_a_server_with_other_keys_is_not_trusted_and_one_with_the_same_is(desk: Desk, server: LiveServer) -> None:
    account = _enrolled(desk, server).account
    known = desk.directory.get(account)
    assert desk.service.check_server(account).server_id == known.server_id
    stranger = public_key(Ed25519PrivateKey.generate())
    desk.directory.put(msgspec.structs.replace(known, keys=(stranger,)))
    with pytest.raises(UntrustedServerError):
        desk.service.check_server(account)
    assert desk.directory.get(account).keys == (stranger,)
    with pytest.raises(UntrustedServerError):
        _enrolled(desk, server)


def test_a_wrong_server_is_said(desk: Desk) -> None:
    with pytest.raises(AgentError) as caught:
        desk.service.sign_in(SignIn(server_url="http://127.0.0.1:1", enrolment_code="x"), Cancellation())
    assert caught.value.kind == "unavailable"
    assert caught.value.sentence == (
        "127.0.0.1 cannot be reached. Check the address and this computer's connection, or try again later."
    )


def test_the_browser_signs_in(desk: Desk, server: LiveServer) -> None:
    done = _sign_in_by_browser(desk, server.url, Cancellation())
    page = _browse(server, desk.opened.result(20))
    assert "Return to Miratag" in page
    signed_in = done.result(20)
    assert desk.status_of(server.url, desk.tokens.access_token(signed_in.account)) == 200


def test_a_browser_sign_in_can_be_stopped(desk: Desk, server: LiveServer) -> None:
    cancellation = Cancellation()
    done = _sign_in_by_browser(desk, server.url, cancellation)
    asked = parse_qs(urlsplit(desk.opened.result(20)).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"][0].startswith("http://127.0.0.1:")
    cancellation.cancel()
    with pytest.raises(AgentError) as caught:
        done.result(10)
    assert caught.value.kind == "cancelled"


def _sign_in_by_browser(desk: Desk, url: str, cancellation: Cancellation) -> "Future[SignedIn]":
    done: Future[SignedIn] = Future()

    def sign_in() -> None:
        try:
            done.set_result(desk.service.sign_in(SignIn(server_url=url, credentials="file"), cancellation))
        except AgentError as error:
            done.set_exception(error)

    threading.Thread(target=sign_in, daemon=True).start()
    return done


def _browse(server: LiveServer, url: str) -> str:
    """What a person's browser does: open the page, sign in, allow, and follow to the app. The last page's text."""
    email, password = server.facts["worker"][0]
    with requests.Session() as browser:
        page = browser.get(url, timeout=20)
        assert urlsplit(page.url).path == "/sign-in"
        page = _send(browser, page, f"{server.url}/sign-in", email=email, password=password)
        assert urlsplit(page.url).path == "/oauth/authorize"
        page = _send(browser, page, f"{server.url}/oauth/authorize", answer="yes")
        assert urlsplit(page.url).path == "/callback"
        return page.text


def _send(browser: requests.Session, page: requests.Response, action: str, **typed: str) -> requests.Response:
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text)
    form = {name: html.unescape(value) for name, value in hidden}
    return browser.post(action, data={**form, **typed}, timeout=20)
