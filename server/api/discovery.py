"""What a server says of itself before anyone signed in."""

from typing import Any

from litestar import get
from litestar.di import NamedDependency

from protocol.discovery import DISCOVERY_PATH, ENROLMENT_GRANT, Discovery, Limits
from protocol.statements import PolicyPayload
from protocol.sync import MAX_OPERATIONS, MAX_REQUEST_BYTES
from protocol.version import PROTOCOL
from server.receipts.keys import SigningKeys
from server.relaying.setting_up import third_parties
from server.settings import Settings
from server.storage.database import Database

_POLICY = PolicyPayload(organization_id="", version=0, issued="")
"""The defaults that every organization begins with."""


@get(DISCOVERY_PATH, sync_to_thread=True)
def discovery(
    database: NamedDependency[Database], settings: NamedDependency[Settings], keys: NamedDependency[SigningKeys]
) -> Discovery:
    """Everything a program needs to sign in and to trust receipts."""
    return Discovery(
        server_id=database.fact("server_id"),
        protocol=PROTOCOL,
        issuer=settings.public_url,
        authorization_endpoint=f"{settings.public_url}/oauth/authorize",
        token_endpoint=f"{settings.public_url}/oauth/token",
        revocation_endpoint=f"{settings.public_url}/oauth/revoke",
        operator=settings.operator,
        limits=Limits(
            max_operations=MAX_OPERATIONS, max_request_bytes=MAX_REQUEST_BYTES, max_media_bytes=_POLICY.max_media_bytes
        ),
        keys=keys.public_keys(),
        third_parties=third_parties(settings),
    )


@get("/.well-known/oauth-authorization-server", sync_to_thread=False)
def authorization_server(settings: NamedDependency[Settings]) -> dict[str, Any]:
    """RFC 8414 metadata, for programs that are not ours."""
    return {
        "issuer": settings.public_url,
        "authorization_endpoint": f"{settings.public_url}/oauth/authorize",
        "token_endpoint": f"{settings.public_url}/oauth/token",
        "revocation_endpoint": f"{settings.public_url}/oauth/revoke",
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token", ENROLMENT_GRANT],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "authorization_response_iss_parameter_supported": True,
        "service_documentation": f"{settings.public_url}/schema/openapi.json",
    }


routes = [discovery, authorization_server]
