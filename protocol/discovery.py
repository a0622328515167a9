"""What a server says of itself before sign-in, and who a signed-in member is."""

from typing import Literal

import msgspec

from protocol.statements import PublicKey

DISCOVERY_PATH = "/.well-known/miratag"
CLIENT_ID = "miratag-desktop"
ENROLMENT_GRANT = "urn:miratag:oauth:grant-type:enrolment"


class Operator(msgspec.Struct, frozen=True, kw_only=True):
    """Who runs the service: settings of the server, shown on every public page."""

    name: str
    address: str
    contact: str


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds the server enforces, in the units the names give."""

    max_operations: int
    max_request_bytes: int
    max_media_bytes: int


class ThirdParty(msgspec.Struct, frozen=True, kw_only=True):
    """Whom this server passes log data of the category third_party on to, after a person allowed it: its name and host,
    what for, and what it receives."""

    name: str
    host: str
    purpose: str
    receives: str


class Discovery(msgspec.Struct, frozen=True, kw_only=True):
    """`/.well-known/miratag`. `server_id` never changes with the address; `keys` are oldest first. The endpoints are
    absolute and of the origin this was fetched from; a client refuses any other."""

    server_id: str
    protocol: int
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    revocation_endpoint: str
    operator: Operator
    limits: Limits
    keys: tuple[PublicKey, ...]
    third_parties: tuple[ThirdParty, ...] = ()


class TokenReply(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """OAuth 2.1 token reply; `expires_in` in seconds."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    refresh_token: str


class TokenError(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """OAuth 2.1 error reply."""

    error: str
    error_description: str = ""


class Me(msgspec.Struct, frozen=True, kw_only=True):
    """`GET /v1/me`: the account an access token belongs to."""

    server_id: str
    organization_id: str
    organization: str
    member_id: str
    name: str
    email: str
    role: Literal["worker", "manager", "admin"]


class InstallationRequest(msgspec.Struct, frozen=True, kw_only=True):
    """`POST /v1/installations`: register a random id under a secret, after a grant. The server keeps no member with it.

    `secret_sha256` is lower-case hex of SHA-256 of the secret's UTF-8 bytes; log batches then carry
    `Authorization: Bearer <installation_id>.<secret>`.
    """

    installation_id: str
    secret_sha256: str
