"""A private D-Bus session bus that starts nothing by itself: what is not put on it is absent."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, PIPE

from jeepney import MatchRule, message_bus
from jeepney.io.blocking import DBusConnection, Proxy

from tests.services.processes import READY_SECONDS, read_line, running

CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


@contextmanager
def session_bus(runtime: Path) -> Iterator[str]:
    """The bus's address. `runtime` is a short private folder; a socket's path holds about 100 bytes."""
    config = runtime / "bus.conf"
    config.write_text(CONFIG.format(socket=runtime / "bus"))
    command = ["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile", "--print-address=1"]
    with running(command, env=dict(os.environ), stdout=PIPE, stderr=DEVNULL) as process:
        assert process.stdout is not None
        yield read_line(process.stdout.fileno())


def wait_for_name(connection: DBusConnection, name: str, *, seconds: float = READY_SECONDS) -> None:
    """Return once `name` has an owner on the bus; TimeoutError otherwise."""
    bus = Proxy(message_bus, connection, timeout=seconds)
    rule = MatchRule(
        type="signal",
        sender=message_bus.bus_name,
        interface=message_bus.interface,
        member="NameOwnerChanged",
        path=message_bus.object_path,
    )
    rule.add_arg_condition(0, name)
    with connection.filter(rule) as changes:
        bus.AddMatch(rule)
        if not bus.NameHasOwner(name)[0]:
            connection.recv_until_filtered(changes, timeout=seconds)
