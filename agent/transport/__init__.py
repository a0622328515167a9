"""Every outgoing request of the app goes through here.

Here belong the egress table, the one `Transport`, cancellation and what a failed request means. Here must not be:
what is asked or answered (`agent.sync`, `agent.media`, `agent.signin`), retries, a database. Importing this is cheap;
requests loads with the first request, on the thread that makes it.
"""

from agent.transport.cancellation import Cancellation
from agent.transport.cookies import Cookie, CookieJar
from agent.transport.egress import EGRESS, Egress, EgressRow
from agent.transport.manners import Manners
from agent.transport.transport import MAX_REPLY, Reply, Sink, Transport, TransportError

__all__ = [
    "EGRESS",
    "MAX_REPLY",
    "Cancellation",
    "Cookie",
    "CookieJar",
    "Egress",
    "EgressRow",
    "Manners",
    "Reply",
    "Sink",
    "Transport",
    "TransportError",
]
