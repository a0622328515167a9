"""What an exception of requests means. Importing this loads requests."""

import ssl

import requests
import urllib3.exceptions

from agent.transport.exchange import TransportError
from rules.sentence import Sentence


def transport_error(error: Exception, host: str) -> TransportError:
    """The TransportError that says what happened, for a person."""
    chain = list(_causes(error))
    if any(isinstance(one, (requests.exceptions.SSLError, ssl.SSLError, urllib3.exceptions.SSLError)) for one in chain):
        return TransportError(
            "tls",
            Sentence(
                "The connection to %(host)s is not trusted: its certificate does not hold. Nothing was sent. "
                "Ask whoever runs the server, or check this computer's clock.",
                host=host,
            ),
        )
    if any(isinstance(one, (requests.exceptions.Timeout, TimeoutError)) for one in chain):
        return TransportError("timeout", Sentence("%(host)s took too long to answer.", host=host))
    return TransportError("unreachable", Sentence("%(host)s cannot be reached.", host=host))


def _causes(error: BaseException) -> "list[BaseException]":
    """The exception and all it wraps: requests and urllib3 put causes in arguments and in `reason`."""
    found: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, BaseException) or one in found:
            continue
        found.append(one)
        waiting += [*one.args, one.__cause__, one.__context__, getattr(one, "reason", None)]
    return found
