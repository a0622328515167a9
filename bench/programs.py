"""Starting ours and its peers on a private desktop, and reading from the outside what they cost."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, Popen

from tests.live_server import LiveServer
from tests.services.desktop_session import DesktopSession
from tests.services.processes import running
from tests.services.tray_host import tray_host

OURS = (str(Path(sys.executable).with_name("miratag")),)
"""The user's own profile, in the home of the private desktop."""
BARE = (sys.executable, str(Path(__file__).parent / "peers" / "bare_tray.py"))
BARE_WITH_LIBRARIES = (sys.executable, "-m", "bench.peers.bare_tray_with_libraries")


@contextmanager
def with_icon(desktop: DesktopSession, command: Sequence[str]) -> Iterator[tuple[Popen[bytes], float]]:
    """The program, and the seconds from its start until the tray had all that it draws: icon and tooltip.

    A program that registers an icon and then does not answer for it has not shown one.
    """
    with tray_host(desktop.env["DBUS_SESSION_BUS_ADDRESS"]) as tray:
        begun = time.perf_counter()
        with running(command, env=desktop.env, stdout=DEVNULL, stderr=DEVNULL, stdin=DEVNULL) as process:
            tray.wait_for_item()
            tray.properties()
            yield process, time.perf_counter() - begun


def sign_in(desktop: DesktopSession, server: LiveServer) -> None:
    """A worker of the server signs in to ours, as on every start but the first."""
    subprocess.run(
        [*OURS, "sign-in", "--server", server.url, "--enroll", "-"],
        input=server.enrol(server.facts["worker"][0][0]),
        text=True,
        env=desktop.env,
        check=True,
        timeout=60,
        stdout=DEVNULL,
    )


def proportional_set_size(pid: int) -> float:
    """MiB of memory, shared pages divided among those who share them (PSS, /proc/PID/smaps_rollup)."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise LookupError("this kernel tells no PSS")


def voluntary_switches(pid: int) -> int:
    """How often the process's threads gave up the processor to wait, since each began: every wakeup ends in one."""
    total = 0
    for thread in Path(f"/proc/{pid}/task").iterdir():
        status = (thread / "status").read_text()
        total += int(next(line.split()[1] for line in status.splitlines() if line.startswith("voluntary")))
    return total
