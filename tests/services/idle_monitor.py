"""GNOME's idle monitor, as the tests have it: it says for how many milliseconds nobody has pressed anything.

python -m tests.services.idle_monitor MILLISECONDS
"""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import PIPE

from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusUInt64
from dbus_fast.service import ServiceInterface, dbus_method

from tests.services.processes import read_line, running

NAME = "org.gnome.Mutter.IdleMonitor"


class Monitor(ServiceInterface):
    def __init__(self, milliseconds: int) -> None:
        super().__init__(NAME)
        self._milliseconds = milliseconds

    @dbus_method()
    def GetIdletime(self) -> DBusUInt64:
        return self._milliseconds


async def serve(milliseconds: int) -> None:
    bus = await MessageBus().connect()
    bus.export("/org/gnome/Mutter/IdleMonitor/Core", Monitor(milliseconds))
    await bus.request_name(NAME)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await bus.wait_for_disconnect()


@contextmanager
def idle_monitor(env: dict[str, str], milliseconds: int) -> Iterator[None]:
    """On the session bus that `env` names."""
    command = [sys.executable, "-m", "tests.services.idle_monitor", str(milliseconds)]
    with running(command, env=env, stdout=PIPE) as process:
        assert process.stdout is not None
        assert read_line(process.stdout.fileno()) == "ready"
        yield


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
