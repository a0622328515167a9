"""What is believed of a server: its address, its origin and its chain of keys."""

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agent.api import AgentError
from agent.signin.discovery import UntrustedServerError, fetch_discovery, grown_keys, server_address
from agent.transport import EgressRow, Transport, TransportError
from protocol.discovery import Discovery, Limits, Operator
from protocol.statements import KEY, KeyPayload, PublicKey
from rules.statements import public_key, sign
from tests.unit.agent_identity.scripted_server import scripted_server


def _discovery(url: str, *keys: PublicKey, protocol: int = 1) -> Discovery:
    return Discovery(
        server_id="s1",
        protocol=protocol,
        issuer=url,
        authorization_endpoint=f"{url}/oauth/authorize",
        token_endpoint=f"{url}/oauth/token",
        revocation_endpoint=f"{url}/oauth/revoke",
        operator=Operator(name="", address="", contact=""),
        limits=Limits(max_operations=100, max_request_bytes=1, max_media_bytes=1),
        keys=keys or (public_key(Ed25519PrivateKey.generate()),),
    )


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("reports.example.org", "https://reports.example.org"),
        (" https://reports.example.org/ ", "https://reports.example.org"),
        ("https://example.org/miratag/", "https://example.org/miratag"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_an_address_as_people_type_it(typed: str, address: str) -> None:
    assert server_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "http://reports.example.org",
        "ftp://127.0.0.1",
        "https://ana@example.org",
        "https://example.org/?next=1",
        "https://example.org#x",
        "https://:80",
        "https://example.org:port",
        "https://[::1",
    ],
)
def test_an_address_that_is_none_or_unprotected_is_refused(typed: str) -> None:
    with pytest.raises(AgentError) as caught:
        server_address(typed)
    assert caught.value.kind == "usage"


def _fetch(transport: Transport, status: int, content: bytes) -> Discovery:
    with scripted_server(lambda _: (status, content)) as server:
        return fetch_discovery(transport, server.url, row=EgressRow.SIGN_IN)


def test_endpoints_of_the_same_origin_are_taken(transport: Transport) -> None:
    with scripted_server(lambda _: (200, b"")) as server:
        server.answer = lambda _: (200, msgspec.json.encode(_discovery(server.url)))
        found = fetch_discovery(transport, server.url, row=EgressRow.SIGN_IN)
        assert found.token_endpoint == f"{server.url}/oauth/token"


@pytest.mark.parametrize("name", ["issuer", "authorization_endpoint", "token_endpoint", "revocation_endpoint"])
@pytest.mark.parametrize("elsewhere", ["https://evil.example.org/x", "http://127.0.0.1:1/x", "//x", "http://[", ""])
def test_an_endpoint_elsewhere_is_refused(transport: Transport, name: str, elsewhere: str) -> None:
    with scripted_server(lambda _: (200, b"")) as server:
        found = msgspec.structs.replace(_discovery(server.url), **{name: elsewhere})
        server.answer = lambda _: (200, msgspec.json.encode(found))
        with pytest.raises(AgentError) as caught:
            fetch_discovery(transport, server.url, row=EgressRow.SIGN_IN)
    assert caught.value.kind == "refused"
    assert "another address" in caught.value.sentence


@pytest.mark.parametrize(("status", "content"), [(200, b"<html>"), (404, b""), (302, b""), (200, b"{}")])
def test_something_else_at_that_address_is_said(transport: Transport, status: int, content: bytes) -> None:
    with pytest.raises(AgentError) as caught:
        _fetch(transport, status, content)
    assert "no Miratag server" in caught.value.sentence


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_server_in_trouble_is_tried_later(transport: Transport, status: int) -> None:
    with pytest.raises(TransportError):
        _fetch(transport, status, b"")


def test_a_newer_protocol_asks_for_an_update(transport: Transport) -> None:
    with pytest.raises(AgentError) as caught:
        _fetch(transport, 200, msgspec.json.encode(_discovery("http://127.0.0.1", protocol=99)))
    assert "Update" in caught.value.sentence


def _endorsed(new: Ed25519PrivateKey, by: Ed25519PrivateKey) -> PublicKey:
    plain = public_key(new)
    return public_key(new, sign(by, KEY, msgspec.json.encode(KeyPayload(kid=plain.kid, key=plain.key))))


def test_keys_grow_along_the_chain_and_never_beside_it() -> None:
    first, second, stranger = (Ed25519PrivateKey.generate() for _ in range(3))
    pinned = (public_key(first),)
    chained = _discovery("https://a.example", public_key(first), _endorsed(second, first))
    assert [key.kid for key in grown_keys(pinned, chained, "https://a.example")] == [key.kid for key in chained.keys]
    for keys in (
        (public_key(stranger),),
        (public_key(first), public_key(stranger)),
        (public_key(first), _endorsed(second, stranger)),
        (),
    ):
        found = msgspec.structs.replace(chained, keys=keys)
        with pytest.raises(UntrustedServerError) as caught:
            grown_keys(pinned, found, "https://a.example")
        assert "a.example" in caught.value.sentence
