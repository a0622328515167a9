"""What the app costs while nothing happens: memory beside two floors, wakeups beside the promise of one a minute."""

import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.compare import Comparison, interleaved
from bench.programs import BARE, BARE_WITH_LIBRARIES, OURS, proportional_set_size, voluntary_switches, with_icon
from tests.live_server import LiveServer
from tests.services.desktop_session import DesktopSession, desktop_session

SETTLE_SECONDS = 15
WATCH_SECONDS = 180


def run() -> list[Comparison]:
    """Memory in MiB of PSS, signed in to a server; wakeups a minute with the window closed."""
    with (
        tempfile.TemporaryDirectory() as folder,
        desktop_session(Path(folder), tray=False) as desktop,
        LiveServer.start(Path(folder)) as server,
    ):
        profile = Path(folder) / "profile"
        _sign_in(desktop, server, profile)
        ours = [*OURS, str(profile)]
        with_libraries = [*BARE_WITH_LIBRARIES, str(Path(folder) / "peer.db")]
        memory = interleaved(
            "idle memory",
            "MiB PSS",
            lambda: _memory(desktop, ours),
            lambda: _memory(desktop, with_libraries),
            peer_name="bare tray with the same libraries and one database",
            target=1.15,
        )
        plain = interleaved(
            "idle memory",
            "MiB PSS",
            lambda: _memory(desktop, ours),
            lambda: _memory(desktop, BARE),
            peer_name="bare tray",
            rounds=7,
        )
        return [memory, plain, _wakeups(desktop, ours)]


def _sign_in(desktop: DesktopSession, server: LiveServer, profile: Path) -> None:
    code = server.enrol(server.facts["worker"][0][0])
    subprocess.run(
        [*OURS, str(profile), "sign-in", "--server", server.url, "--enroll", "-"],
        input=code,
        text=True,
        env=desktop.env,
        check=True,
        timeout=60,
        stdout=subprocess.DEVNULL,
    )


def _memory(desktop: DesktopSession, command: Sequence[str]) -> float:
    with with_icon(desktop, command) as (process, _):
        time.sleep(SETTLE_SECONDS)
        return proportional_set_size(process.pid)


def _wakeups(desktop: DesktopSession, command: Sequence[str]) -> Comparison:
    """One long look; the peer is the promise itself."""
    with with_icon(desktop, command) as (process, _):
        time.sleep(SETTLE_SECONDS)
        before = voluntary_switches(process.pid)
        time.sleep(WATCH_SECONDS)
        a_minute = (voluntary_switches(process.pid) - before) / (WATCH_SECONDS / 60)
    return Comparison("idle wakeups", "a minute", [a_minute], [1.0], "the promise of", 1.0)
