"""The port that the server listens on."""

import socket

_BACKLOG = 256


class PortError(Exception):
    """The port cannot be listened on; the message says which and why."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises PortError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        reason = error.strerror or str(error)
        raise PortError(
            f"Port {port} on {host} cannot be used: {reason}. Stop what uses it, or give another --port."
        ) from None
    return listener


def origin_of(host: str, listener: socket.socket) -> str:
    """The address that clients on this machine write."""
    port = listener.getsockname()[1]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
