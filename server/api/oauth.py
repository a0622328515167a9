"""`/oauth/token` and `/oauth/revoke`: how the desktop program gets, renews and ends its sign-in (OAuth 2.1)."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.exceptions import ClientException
from litestar.params import Body

from protocol.discovery import CLIENT_ID, ENROLMENT_GRANT, TokenError, TokenReply
from server.accounts import enrolment, oauth, tokens
from server.accounts.minting import Mint
from server.storage.database import Database

_NO_STORE = {"Cache-Control": "no-store"}
_UNKNOWN = "This sign-in is not known here. Sign in again."


class TokenForm(msgspec.Struct, frozen=True, kw_only=True):
    """The form of `/oauth/token`; which fields count depends on `grant_type`."""

    grant_type: str = ""
    client_id: str = ""
    code: str = ""
    redirect_uri: str = ""
    code_verifier: str = ""
    refresh_token: str = ""


class RevocationForm(msgspec.Struct, frozen=True, kw_only=True):
    """The form of `/oauth/revoke` (RFC 7009); the hint is not needed."""

    token: str = ""
    token_type_hint: str = ""


def _malformed(_request: Request[Any, Any, Any], _error: ClientException) -> Response[TokenError]:
    return _answer(TokenError(error="invalid_request", error_description="The form was not understood."))


_Form = Body(media_type=RequestEncodingType.URL_ENCODED)


@post("/oauth/token", status_code=200, sync_to_thread=True, exception_handlers={400: _malformed})
def token(
    data: Annotated[TokenForm, _Form], database: NamedDependency[Database], mint: NamedDependency[Mint]
) -> Response[TokenReply] | Response[TokenError]:
    """Exchange an authorization code, an enrolment code or a refresh token."""
    if data.client_id != CLIENT_ID:
        return _answer(TokenError(error="invalid_client", error_description="This program is not known here."))
    if data.grant_type == "authorization_code":
        return _answer(_by_code(database, data))
    if data.grant_type == "refresh_token":
        return _answer(_by_refresh(database, mint, data))
    if data.grant_type == ENROLMENT_GRANT:
        return _answer(_by_enrolment(database, mint, data))
    return _answer(TokenError(error="unsupported_grant_type", error_description="Update Miratag and try again."))


@post("/oauth/revoke", status_code=200, sync_to_thread=True)
def revoke(data: Annotated[RevocationForm, _Form], database: NamedDependency[Database]) -> None:
    """End the sign-in that a refresh or access token belongs to. Always 200: an unknown token is ended already."""
    organization_id = tokens.organization_of(database, data.token)
    if organization_id is not None:
        with database.write(organization_id) as t:
            tokens.revoke(t, data.token)


def _by_code(database: Database, form: TokenForm) -> TokenReply | TokenError:
    organization_id = oauth.organization_of(database, form.code)
    if organization_id is None:
        return _unknown()
    redemption = oauth.CodeRedemption(
        code=form.code, redirect_uri=form.redirect_uri, client_id=form.client_id, verifier=form.code_verifier
    )
    with database.write(organization_id) as t:
        return oauth.redeem_code(t, redemption)


def _by_refresh(database: Database, mint: Mint, form: TokenForm) -> TokenReply | TokenError:
    organization_id = tokens.organization_of(database, form.refresh_token)
    if organization_id is None:
        return _unknown()
    with database.write(organization_id) as t:
        return tokens.refresh(t, mint, form.refresh_token, form.client_id)


def _by_enrolment(database: Database, mint: Mint, form: TokenForm) -> TokenReply | TokenError:
    organization_id = enrolment.organization_of(database, form.code)
    if organization_id is None:
        return enrolment.NOT_USABLE
    with database.write(organization_id) as t:
        return enrolment.redeem(t, mint, form.code, form.client_id)


def _unknown() -> TokenError:
    return TokenError(error="invalid_grant", error_description=_UNKNOWN)


def _answer(reply: TokenReply | TokenError) -> Response[Any]:
    return Response(reply, status_code=200 if isinstance(reply, TokenReply) else 400, headers=_NO_STORE)


routes = [token, revoke]
