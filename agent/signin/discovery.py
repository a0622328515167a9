"""What a server says of itself, believed only as far as its address and the keys already trusted go."""

from collections.abc import Iterable
from urllib.parse import urlsplit

import msgspec

from agent.api import AgentError
from agent.transport import Cancellation, EgressRow, Transport, TransportError
from protocol.discovery import DISCOVERY_PATH, Discovery
from protocol.statements import PublicKey
from protocol.version import PROTOCOL
from rules.addresses import is_loopback, same_origin
from rules.decoding import UNREADABLE
from rules.sentence import Sentence
from rules.statements import trusted_keys

DEADLINE_SECONDS = 20.0
MAX_DISCOVERY_REPLY = 256 * 1024


class UntrustedServerError(AgentError):
    """The server shows keys that the pinned ones do not vouch for: nothing is sent to it, work stays saved."""

    def __init__(self, host: str) -> None:
        super().__init__(
            "refused",
            Sentence(
                "%(host)s identifies itself with a key that this account does not know. Nothing is sent to "
                "it; what waits stays saved here. Ask your organization whether its server was set up anew.",
                host=host,
            ),
        )


def server_address(typed: str) -> str:
    """The address a person typed, as a URL without a slash at its end. Raises AgentError usage."""
    text = typed.strip().rstrip("/")
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.query or parts.fragment or parts.username is not None:
        raise AgentError(
            "usage",
            Sentence(
                "%(typed)s is not the address of a server. It looks like https://reports.example.org.",
                typed=repr(typed),
            ),
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise AgentError(
            "usage",
            Sentence(
                "The address must begin with https://, so that nobody can read along: %(typed)s.", typed=repr(typed)
            ),
        )
    return text


def fetch_discovery(
    transport: Transport,
    server_url: str,
    *,
    row: EgressRow,
    cancellation: Cancellation | None = None,
    account: str = "",
) -> Discovery:
    """Ask the server at `server_url`. Raises TransportError; AgentError refused when it is not one we can speak to."""
    host = urlsplit(server_url).hostname
    reply = transport.request(
        row,
        "GET",
        server_url + DISCOVERY_PATH,
        headers={"Accept": "application/json"},
        deadline=DEADLINE_SECONDS,
        max_reply=MAX_DISCOVERY_REPLY,
        cancellation=cancellation,
        account=account,
    )
    if reply.status >= 500 or reply.status == 429:
        raise TransportError(
            "unreachable", Sentence("%(host)s is in trouble (it answered %(status)s).", host=host, status=reply.status)
        )
    if reply.status != 200:
        raise _not_miratag(host)
    try:
        found = msgspec.json.decode(reply.body, type=Discovery)
    except UNREADABLE:
        raise _not_miratag(host) from None
    if found.protocol > PROTOCOL:
        raise AgentError(
            "refused",
            Sentence("%(host)s needs a newer version of this app. Update Miratag and sign in again.", host=host),
        )
    _check_origin(server_url, found)
    return found


def grown_keys(pinned: Iterable[PublicKey], found: Discovery, server_url: str) -> tuple[PublicKey, ...]:
    """The keys to trust from now on. Raises UntrustedServerError when the newest one has no chain to a pinned one."""
    trusted = trusted_keys(pinned, found.keys)
    if not found.keys or found.keys[-1] not in trusted:
        raise UntrustedServerError(urlsplit(server_url).hostname or server_url)
    return trusted


def _check_origin(server_url: str, found: Discovery) -> None:
    for endpoint in (
        found.issuer,
        found.authorization_endpoint,
        found.token_endpoint,
        found.revocation_endpoint,
    ):
        if not same_origin(endpoint, server_url):
            raise AgentError(
                "refused",
                Sentence(
                    "%(server_url)s sends sign-ins to another address, which is not allowed. Nothing was sent. "
                    "Check the address, or ask whoever runs the server to set its public address to this one.",
                    server_url=server_url,
                ),
            )


def _not_miratag(host: str | None) -> AgentError:
    return AgentError("refused", Sentence("%(host)s answers, but is no Miratag server. Check the address.", host=host))
