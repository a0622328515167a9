"""Renewing a token: its order, one at a time, and what each answer of a server means."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from agent.accounts.account import Account
from agent.accounts.directory import AccountDirectory
from agent.credentials.store import CredentialError, FileStore, MemoryStore
from agent.credentials.tokens import SignInNeededError, TokenSource, TokenTroubleError
from agent.transport import Cancellation, Transport, TransportError
from protocol.discovery import TokenReply
from tests.unit.agent_identity.scripted_server import Answer, Asked, ScriptedServer, scripted_server

CANARY = "canary-7f3e"


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Rotating:
    """Answers as the server does: the same successor for the same token."""

    def __init__(self) -> None:
        self.hold = threading.Event()
        self.hold.set()

    def __call__(self, asked: Asked) -> Answer:
        self.hold.wait(10)
        number = int(asked.form["refresh_token"].rpartition("-")[2])
        return _tokens(number + 1)


def _tokens(number: int) -> Answer:
    reply = TokenReply(
        access_token=f"{CANARY}-access-{number}",
        token_type="Bearer",
        expires_in=300,
        refresh_token=f"{CANARY}-refresh-{number}",
    )
    return 200, msgspec.json.encode(reply)


@pytest.fixture
def rotating() -> Rotating:
    return Rotating()


@pytest.fixture
def server(rotating: Rotating) -> Iterator[ScriptedServer]:
    with scripted_server(rotating) as scripted:
        yield scripted


@pytest.fixture
def signed_in(directory: AccountDirectory, account: Account, server: ScriptedServer) -> Account:
    known = msgspec.structs.replace(account, token_endpoint=f"{server.url}/oauth/token")
    directory.put(known)
    return known


@pytest.fixture
def store(signed_in: Account) -> MemoryStore:
    made = MemoryStore()
    made.write(signed_in.account, f"{CANARY}-refresh-0")
    return made


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tokens(directory: AccountDirectory, store: MemoryStore, transport: Transport, clock: Clock) -> TokenSource:
    return TokenSource(directory, {"memory": store}, transport, clock=clock)


def test_a_token_is_renewed_once_and_then_kept_until_shortly_before_it_ends(
    tokens: TokenSource, signed_in: Account, server: ScriptedServer, store: MemoryStore, clock: Clock
) -> None:
    assert tokens.access_token(signed_in.account) == f"{CANARY}-access-1"
    assert tokens.access_token(signed_in.account) == f"{CANARY}-access-1"
    assert store.read(signed_in.account) == f"{CANARY}-refresh-1"
    clock.now = 269.0
    assert tokens.access_token(signed_in.account) == f"{CANARY}-access-1"
    clock.now = 271.0
    assert tokens.access_token(signed_in.account) == f"{CANARY}-access-2"
    assert len(server.asked) == 2
    assert tokens.state(signed_in.account) == ("memory", "")


def test_many_callers_wait_for_one_renewal(
    tokens: TokenSource, signed_in: Account, server: ScriptedServer, rotating: Rotating
) -> None:
    rotating.hold.clear()
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(tokens.access_token(signed_in.account))) for _ in range(8)]
    for thread in threads:
        thread.start()
    rotating.hold.set()
    for thread in threads:
        thread.join(10)
    assert found == [f"{CANARY}-access-1"] * 8
    assert len(server.asked) == 1


def test_a_rejected_token_is_not_handed_out_again_and_a_newer_one_is_kept(
    tokens: TokenSource, signed_in: Account, server: ScriptedServer
) -> None:
    first = tokens.access_token(signed_in.account)
    tokens.rejected(signed_in.account, first)
    second = tokens.access_token(signed_in.account)
    assert second != first
    tokens.rejected(signed_in.account, first)
    assert tokens.access_token(signed_in.account) == second
    assert len(server.asked) == 2


def test_invalid_grant_asks_for_a_sign_in_and_asks_the_server_no_more(
    tokens: TokenSource, signed_in: Account, server: ScriptedServer, store: MemoryStore
) -> None:
    server.answer = lambda _: (400, b'{"error": "invalid_grant"}')
    for _ in range(3):
        with pytest.raises(SignInNeededError) as caught:
            tokens.access_token(signed_in.account)
    assert signed_in.name in caught.value.sentence
    assert len(server.asked) == 1
    assert tokens.sign_in_needed(signed_in.account)
    server.answer = lambda _: _tokens(9)
    reply = msgspec.json.decode(_tokens(8)[1], type=TokenReply)
    tokens.adopt(signed_in, reply)
    assert tokens.access_token(signed_in.account) == f"{CANARY}-access-8"
    assert store.read(signed_in.account) == f"{CANARY}-refresh-8"


@pytest.mark.parametrize(
    "answer",
    [
        (500, b"oops"),
        (429, b""),
        (302, b""),
        (200, b"<html>" + CANARY.encode()),
        (200, json.dumps({"access_token": CANARY}).encode()),
        (400, b"not json " + CANARY.encode()),
        (400, b'{"error": "temporarily_unavailable"}'),
    ],
)
def test_any_other_answer_is_trouble_and_the_sign_in_stays(
    tokens: TokenSource, signed_in: Account, server: ScriptedServer, store: MemoryStore, answer: Answer
) -> None:
    normal = server.answer
    server.answer = lambda _: answer
    with pytest.raises(TokenTroubleError) as caught:
        tokens.access_token(signed_in.account)
    assert CANARY not in caught.value.sentence + repr(caught.value)
    assert store.read(signed_in.account) == f"{CANARY}-refresh-0"
    server.answer = normal
    assert tokens.access_token(signed_in.account) == f"{CANARY}-access-1"


def test_no_server_is_a_transport_error(tokens: TokenSource, signed_in: Account, directory: AccountDirectory) -> None:
    directory.put(msgspec.structs.replace(signed_in, token_endpoint="http://127.0.0.1:1/oauth/token"))
    with pytest.raises(TransportError) as caught:
        tokens.access_token(signed_in.account)
    assert caught.value.kind == "unreachable"
    assert not tokens.sign_in_needed(signed_in.account)


class Full(MemoryStore):
    """Can be read, and takes nothing more."""

    def check_writable(self) -> None:
        raise CredentialError("locked", "Unlock it.")


class FullAfterCheck(MemoryStore):
    """Locks between the check and the write, once."""

    def __init__(self) -> None:
        super().__init__()
        self.locked = True

    def write(self, key: str, secret: str) -> None:
        if self.locked and not secret.endswith("-0"):
            raise CredentialError("locked", "Unlock it.")
        super().write(key, secret)


def test_a_store_that_cannot_be_written_spends_nothing(
    directory: AccountDirectory, signed_in: Account, server: ScriptedServer, transport: Transport
) -> None:
    store = Full()
    store.write(signed_in.account, f"{CANARY}-refresh-0")
    tokens = TokenSource(directory, {"memory": store}, transport)
    with pytest.raises(CredentialError):
        tokens.access_token(signed_in.account)
    assert server.asked == []
    assert tokens.state(signed_in.account) == ("locked", "Unlock it.")


def test_a_successor_that_could_not_be_written_is_asked_for_again(
    directory: AccountDirectory, signed_in: Account, server: ScriptedServer, transport: Transport
) -> None:
    store = FullAfterCheck()
    store.write(signed_in.account, f"{CANARY}-refresh-0")
    tokens = TokenSource(directory, {"memory": store}, transport)
    with pytest.raises(CredentialError):
        tokens.access_token(signed_in.account)
    store.locked = False
    assert tokens.access_token(signed_in.account) == f"{CANARY}-access-1"
    assert [asked.form["refresh_token"] for asked in server.asked] == [f"{CANARY}-refresh-0"] * 2


def test_withdrawing_stops_a_renewal_and_leaves_nothing(
    tokens: TokenSource, signed_in: Account, server: ScriptedServer, rotating: Rotating, store: MemoryStore
) -> None:
    rotating.hold.clear()
    begun = threading.Event()
    normal = server.answer

    def answer(asked: Asked) -> Answer:
        begun.set()
        return normal(asked)

    server.answer = answer
    failures: list[Exception] = []

    def renew() -> None:
        try:
            tokens.access_token(signed_in.account)
        except TransportError as error:
            failures.append(error)

    thread = threading.Thread(target=renew)
    thread.start()
    assert begun.wait(10)
    assert tokens.withdraw(signed_in.account) == f"{CANARY}-refresh-0"
    thread.join(10)
    rotating.hold.set()
    assert len(failures) == 1
    assert store.read(signed_in.account) is None


def test_a_cancelled_caller_is_let_go(tokens: TokenSource, signed_in: Account, rotating: Rotating) -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    with pytest.raises(TransportError) as caught:
        tokens.access_token(signed_in.account, cancellation)
    assert caught.value.kind == "cancelled"


def test_no_token_is_in_any_repr_or_log(
    tokens: TokenSource, signed_in: Account, store: MemoryStore, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(0)
    tokens.access_token(signed_in.account)
    slot = tokens._slot(signed_in.account)
    file_store = FileStore(tmp_path / "sign-in.json")
    file_store.write("a", CANARY)
    shown = repr(tokens) + repr(slot) + repr(slot.access) + repr(store) + repr(file_store) + caplog.text
    assert CANARY not in shown
