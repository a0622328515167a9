"""A real Secret Service: gnome-keyring, unlocked or locked, with a keyring of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import DEVNULL, PIPE

from jeepney.io.blocking import open_dbus_connection

from tests.services.processes import running
from tests.services.session_bus import wait_for_name

COMMAND = ("gnome-keyring-daemon", "--foreground", "--components=secrets")


@contextmanager
def secret_service(env: dict[str, str], *, unlocked: bool = True) -> Iterator[None]:
    """Owns org.freedesktop.secrets on the bus that `env` names. Its file lies below `env`'s HOME."""
    command = [*COMMAND, "--unlock"] if unlocked else list(COMMAND)
    with running(command, env=env, stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL) as process:
        assert process.stdin is not None
        if unlocked:
            process.stdin.write(b"the keyring of a test")
        process.stdin.close()
        with open_dbus_connection(env["DBUS_SESSION_BUS_ADDRESS"]) as connection:
            wait_for_name(connection, "org.freedesktop.secrets")
        yield
