"""The authorization code: which requests are believed; it works once, for its own program, for a minute."""

import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.discovery import CLIENT_ID, TokenError, TokenReply
from server.accounts import oauth, tokens
from server.problems import ProblemError
from server.storage.database import Actor
from tests.unit.server_identity.conftest import House

# The example of RFC 7636, appendix B.
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
REDIRECT = "http://127.0.0.1:49152/callback"
ISSUER = "https://work.example"
PARAMS = {
    "client_id": CLIENT_ID,
    "redirect_uri": REDIRECT,
    "response_type": "code",
    "state": "s-1",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


def granted(house: House, actor: Actor) -> str:
    request = oauth.read_authorization_request(PARAMS)
    with house.database.write(house.organization_id) as t:
        address = oauth.grant_code(t, actor, request, ISSUER)
    answer = parse_qs(urlsplit(address).query)
    assert address.startswith(REDIRECT + "?")
    assert answer["state"] == ["s-1"]
    assert answer["iss"] == [ISSUER]
    return answer["code"][0]


def redeem(house: House, code: str, **changed: str) -> TokenReply | TokenError:
    fields = {"code": code, "redirect_uri": REDIRECT, "client_id": CLIENT_ID, "verifier": VERIFIER, **changed}
    with house.database.write(house.organization_id) as t:
        return oauth.redeem_code(t, oauth.CodeRedemption(**fields))


def test_a_code_gives_tokens_of_its_person(house: House) -> None:
    ana = house.add("ana@example.invalid")
    reply = redeem(house, granted(house, ana))
    assert isinstance(reply, TokenReply)
    assert tokens.actor_of(house.database, reply.access_token) == ana


def test_a_second_use_is_refused_and_ends_what_the_first_gave(house: House) -> None:
    ana = house.add("ana@example.invalid")
    code = granted(house, ana)
    first = redeem(house, code)
    assert isinstance(first, TokenReply)
    assert isinstance(redeem(house, code), TokenError)
    assert tokens.actor_of(house.database, first.access_token) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"verifier": VERIFIER[:-1] + "X"},
        {"verifier": CHALLENGE},
        {"verifier": ""},
        {"verifier": "ä" * 43},
        {"redirect_uri": "http://127.0.0.1:49153/callback"},
        {"client_id": "another"},
        {"code": "unknown"},
    ],
)
def test_who_did_not_begin_the_sign_in_gets_nothing(house: House, changed: dict[str, str]) -> None:
    code = granted(house, house.add("ana@example.invalid"))
    assert isinstance(redeem(house, **{"code": code, **changed}), TokenError)
    assert isinstance(redeem(house, code), TokenReply), "a wrong try does not burn the person's code"


def test_a_code_lasts_sixty_seconds(house: House) -> None:
    ana = house.add("ana@example.invalid")
    in_time, too_late = granted(house, ana), granted(house, ana)
    house.clock.advance(seconds=59)
    assert isinstance(redeem(house, in_time), TokenReply)
    house.clock.advance(seconds=1)
    assert isinstance(redeem(house, too_late), TokenError)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("client_id", "another"),
        ("response_type", "token"),
        ("code_challenge_method", "plain"),
        ("code_challenge", "short"),
        ("code_challenge", CHALLENGE + "="),
        ("state", ""),
        ("state", "x" * 600),
        ("redirect_uri", "http://localhost:49152/callback"),
        ("redirect_uri", "https://127.0.0.1:49152/callback"),
        ("redirect_uri", "http://127.0.0.1:49152/elsewhere"),
        ("redirect_uri", "http://127.0.0.1:49152/callback?next=x"),
        ("redirect_uri", "http://127.0.0.1:49152/callback#x"),
        ("redirect_uri", "http://127.0.0.1/callback"),
        ("redirect_uri", "http://127.0.0.1:0/callback"),
        ("redirect_uri", "http://127.0.0.1:99999/callback"),
        ("redirect_uri", "http://user@127.0.0.1:49152/callback"),
        ("redirect_uri", "http://127.0.0.1:49152@evil.example/callback"),
        ("redirect_uri", "http://127.0.0.1.evil.example:49152/callback"),
        ("redirect_uri", "http://127.1:49152/callback"),
        ("redirect_uri", "http://127.0.0.2:49152/callback"),
        ("redirect_uri", "http://[::2]:49152/callback"),
        ("redirect_uri", "http://[::1:49152/callback"),
        ("redirect_uri", "javascript:alert(1)"),
        ("redirect_uri", ""),
    ],
)
def test_a_request_out_of_order_redirects_nowhere(field: str, value: str) -> None:
    with pytest.raises(ProblemError) as refused:
        oauth.read_authorization_request({**PARAMS, field: value})
    assert refused.value.problem.status == 400
    assert refused.value.problem.field == field


@pytest.mark.parametrize("uri", ["http://127.0.0.1:1/callback", "http://[::1]:65535/callback"])
def test_any_port_of_loopback_will_do(uri: str) -> None:
    assert oauth.is_loopback_redirect(uri)


@given(st.text())
def test_nothing_else_is_loopback(text: str) -> None:
    if not text.startswith(("http://127.0.0.1:", "http://[::1]:")):
        assert not oauth.is_loopback_redirect(text)


@given(st.from_regex(r"[A-Za-z0-9._~-]{43,128}", fullmatch=True))
def test_the_proof_is_the_hash_of_the_verifier(verifier: str) -> None:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    assert oauth._proves(verifier, challenge)
    assert not oauth._proves(verifier, CHALLENGE)
