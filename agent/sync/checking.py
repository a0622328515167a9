"""Whether it is still the server that an account signed in to, as trouble of the connection where it is not."""

from collections.abc import Callable

from agent.api import AgentError
from agent.signin.discovery import UntrustedServerError
from agent.sync.asking import LinkTrouble, link_trouble
from agent.transport import Cancellation, TransportError
from protocol.discovery import Discovery

CheckServer = Callable[[str, Cancellation], Discovery]
"""Follows the server's keys from the pinned ones. Raises UntrustedServerError, AgentError refused, TransportError."""


def checked(check: CheckServer, account: str, cancellation: Cancellation) -> Discovery:
    """What the server says of itself. Raises LinkTrouble, RoundCancelledError, AgentError cannot_store."""
    try:
        return check(account, cancellation)
    except UntrustedServerError as error:
        raise LinkTrouble("untrusted", error.sentence) from None
    except AgentError as error:
        if error.kind == "cannot_store":
            raise
        raise LinkTrouble("server_trouble", error.sentence) from None
    except TransportError as error:
        raise link_trouble(error) from None
