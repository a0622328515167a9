"""OAuth 2.1 for the desktop program: authorization code with PKCE (S256 only) and a loopback redirect, nothing else."""

import base64
import hashlib
import hmac
import ipaddress
import re
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

import msgspec
from sqlalchemy import select

from protocol.discovery import CLIENT_ID, TokenError, TokenReply
from rules.clock import format_utc
from server.accounts import tokens
from server.accounts.minting import new_token, sha256_of
from server.problems import ProblemError, problem
from server.storage.database import Actor, Database, Transaction
from server.storage.tables import authorization_code, member

CODE_LIFE = timedelta(seconds=60)
_REMEMBERED = timedelta(days=1)
REDIRECT_PATH = "/callback"
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_MAX_STATE = 512


class AuthorizationRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A checked request of `/oauth/authorize`: it is safe to send the browser to `redirect_uri`."""

    client_id: str
    redirect_uri: str
    state: str
    challenge: str


class CodeRedemption(msgspec.Struct, frozen=True, kw_only=True):
    """What `POST /oauth/token` brings for the grant `authorization_code`."""

    code: str
    redirect_uri: str
    client_id: str
    verifier: str


def read_authorization_request(params: Mapping[str, str]) -> AuthorizationRequest:
    """Check the query of `/oauth/authorize`. Raises a problem, to be shown on a page: what fails here was not sent by
    our program, so nothing is redirected anywhere."""
    _require(params.get("client_id") == CLIENT_ID, "client_id")
    redirect_uri = params.get("redirect_uri", "")
    _require(is_loopback_redirect(redirect_uri), "redirect_uri")
    _require(params.get("response_type") == "code", "response_type")
    _require(params.get("code_challenge_method") == "S256", "code_challenge_method")
    challenge = params.get("code_challenge", "")
    _require(_CHALLENGE.fullmatch(challenge) is not None, "code_challenge")
    state = params.get("state", "")
    _require(0 < len(state) <= _MAX_STATE, "state")
    return AuthorizationRequest(client_id=CLIENT_ID, redirect_uri=redirect_uri, state=state, challenge=challenge)


def is_loopback_redirect(uri: str) -> bool:
    """Whether this is `http://127.0.0.1:PORT/callback` or the same on `[::1]`: an address and no name, any port."""
    try:
        parts = urlsplit(uri)
        port, address = parts.port, ipaddress.ip_address(parts.hostname or "")
    except ValueError:
        return False
    literal = f"[{address}]" if address.version == 6 else str(address)
    return (
        str(address) in {"127.0.0.1", "::1"}
        and port is not None
        and port > 0
        and uri == f"http://{literal}:{port}{REDIRECT_PATH}"
    )


def grant_code(t: Transaction, actor: Actor, request: AuthorizationRequest, issuer: str) -> str:
    """Where to send the browser after the person agreed: the redirect with a one-time code, `state` and `iss`."""
    # A used code is remembered for a while, for its second use tells of theft.
    old = t.delete(authorization_code).where(authorization_code.c.member_id == actor.member_id)
    t.execute(old.where(authorization_code.c.expires <= format_utc(t.now - _REMEMBERED)))
    code = new_token()
    t.insert(
        authorization_code,
        code_sha256=sha256_of(code),
        member_id=actor.member_id,
        client_id=request.client_id,
        redirect_uri=request.redirect_uri,
        challenge=request.challenge,
        expires=format_utc(t.now + CODE_LIFE),
    )
    return _answer(request, issuer, code=code)


def refuse(request: AuthorizationRequest, issuer: str) -> str:
    """Where to send the browser after the person declined."""
    return _answer(request, issuer, error="access_denied")


def redeem_code(t: Transaction, redemption: CodeRedemption) -> TokenReply | TokenError:
    """Exchange a code. A second use revokes what the first one gave: one of the two was not the person's program. A
    refusal is returned, not raised, so that this revocation is committed."""
    digest = sha256_of(redemption.code)
    # Locked, so that of two uses at the same moment the second one sees the first.
    row = t.first(t.select(authorization_code).where(authorization_code.c.code_sha256 == digest).with_for_update())
    if row is None:
        return _invalid_grant("This sign-in is not known here. Start it again.")
    if row.family_id is not None:
        tokens.revoke_family(t, row.family_id, "its authorization code was used again")
        return _invalid_grant("This sign-in was already completed once and was ended for safety. Start it again.")
    if row.expires <= t.now_text:
        return _invalid_grant("This sign-in took longer than a minute to complete. Start it again.")
    same_program = (row.client_id, row.redirect_uri) == (redemption.client_id, redemption.redirect_uri)
    if not (same_program and _proves(redemption.verifier, row.challenge)):
        return _invalid_grant("This sign-in was begun by another program. Start it again.")
    if not t.scalar(t.select(member, member.c.active).where(member.c.member_id == row.member_id)):
        return _invalid_grant("This account was deactivated. Ask an admin of your organization.")
    return _first_use(t, digest, row.member_id, redemption.client_id)


def organization_of(database: Database, code: str) -> str | None:
    """Which organization granted this code, whatever its state."""
    found = select(authorization_code.c.organization_id).where(authorization_code.c.code_sha256 == sha256_of(code))
    with database.pre_tenant() as connection:
        organization_id = connection.execute(found).scalar()
    return None if organization_id is None else str(organization_id)


def _first_use(t: Transaction, digest: str, member_id: str, client_id: str) -> TokenReply:
    family_id, reply = tokens.open_family(t, member_id, client_id, new_token())
    used = t.update(authorization_code).where(authorization_code.c.code_sha256 == digest)
    t.execute(used.values(family_id=family_id))
    return reply


def _proves(verifier: str, challenge: str) -> bool:
    if _VERIFIER.fullmatch(verifier) is None:
        return False
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    return hmac.compare_digest(digest.decode(), challenge)


def _answer(request: AuthorizationRequest, issuer: str, **answer: str) -> str:
    return f"{request.redirect_uri}?{urlencode({**answer, 'state': request.state, 'iss': issuer})}"


def _require(condition: bool, field: str) -> None:
    if not condition:
        raise _bad_request(field)


def _bad_request(field: str) -> ProblemError:
    return problem(
        "authorization-request",
        400,
        "Sign-in request not understood",
        f"The program that opened this page sent a sign-in request this server does not accept ({field}). "
        "Go back to Miratag and start signing in again.",
        field=field,
    )


def _invalid_grant(sentence: str) -> TokenError:
    return TokenError(error="invalid_grant", error_description=sentence)
