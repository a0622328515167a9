"""A real notification service, dunst: it shows what a program says and is clicked by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL

from jeepney.io.blocking import open_dbus_connection

from tests.services.processes import running
from tests.services.session_bus import wait_for_name

CLASS = "Dunst"
CONFIG = """[global]
    width = 300
    origin = top-left
    offset = 0x0
    follow = none
    mouse_left_click = do_action
[urgency_normal]
    timeout = 0
"""


@contextmanager
def notification_service(env: dict[str, str], folder: Path) -> Iterator[None]:
    """Owns org.freedesktop.Notifications on the bus that `env` names; what it shows stays until it is pressed."""
    config = folder / "dunstrc"
    config.write_text(CONFIG, encoding="utf-8")
    with running(["dunst", "-config", str(config)], env=env, stdout=DEVNULL, stderr=DEVNULL):
        with open_dbus_connection(env["DBUS_SESSION_BUS_ADDRESS"]) as connection:
            wait_for_name(connection, "org.freedesktop.Notifications")
        yield
