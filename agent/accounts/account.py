"""One account of this app."""

from typing import Literal

import msgspec

from protocol.discovery import ThirdParty
from protocol.statements import PublicKey

CredentialKind = Literal["keyring", "memory", "file"]


def account_id(server_id: str, member_id: str) -> str:
    """How every message, row and keyring entry names an account; the server's address may change, this does not."""
    return f"{server_id}/{member_id}"


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A member at a server. `keys` are the server's pinned public keys, oldest first; `credentials` says which store
    holds the refresh token; `signed_out` is the person's own choice, not a failure. `third_parties` is whom the server
    says it passes log data on to, None before it said so; `third_parties_chosen` those that the person was shown when
    they last allowed it."""

    server_id: str
    member_id: str
    server_url: str
    token_endpoint: str
    revocation_endpoint: str
    name: str
    email: str
    organization_id: str
    organization: str
    keys: tuple[PublicKey, ...]
    credentials: CredentialKind
    signed_out: bool = False
    third_parties: tuple[ThirdParty, ...] | None = None
    third_parties_chosen: tuple[ThirdParty, ...] = ()

    @property
    def account(self) -> str:
        """`server_id/member_id`."""
        return account_id(self.server_id, self.member_id)
