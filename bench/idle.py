"""What the app costs while nothing happens: memory beside two floors, wakeups beside the promise of one a minute."""

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.compare import Comparison, taking_turns
from bench.programs import (
    BARE,
    BARE_WITH_LIBRARIES,
    OURS,
    proportional_set_size,
    sign_in,
    voluntary_switches,
    with_icon,
)
from tests.live_server import LiveServer
from tests.services.desktop_session import DesktopSession, desktop_session

SETTLE_SECONDS = 10
WATCH_SECONDS = 180
WITH_LIBRARIES = "bare tray with the same libraries and one database"


def run() -> list[Comparison]:
    """Memory in MiB of PSS, signed in to a server; wakeups a minute with the window closed."""
    with (
        tempfile.TemporaryDirectory() as folder,
        desktop_session(Path(folder), tray=False) as desktop,
        LiveServer.start(Path(folder)) as server,
    ):
        sign_in(desktop, server)
        with_libraries = [*BARE_WITH_LIBRARIES, str(Path(folder) / "peer.db")]
        ours, libraries, bare = taking_turns(
            [
                lambda: _memory(desktop, OURS),
                lambda: _memory(desktop, with_libraries),
                lambda: _memory(desktop, BARE),
            ]
        )
        return [
            Comparison("idle memory", "MiB PSS", ours, libraries, WITH_LIBRARIES, 1.15),
            Comparison("idle memory", "MiB PSS", ours, bare, "bare tray", None),
            _wakeups(desktop),
        ]


def _memory(desktop: DesktopSession, command: Sequence[str]) -> float:
    with with_icon(desktop, command) as (process, _):
        time.sleep(SETTLE_SECONDS)
        return proportional_set_size(process.pid)


def _wakeups(desktop: DesktopSession) -> Comparison:
    """One long look; the peer is the promise itself. The request of every five minutes falls outside: a schedule."""
    with with_icon(desktop, OURS) as (process, _):
        time.sleep(SETTLE_SECONDS)
        before = voluntary_switches(process.pid)
        time.sleep(WATCH_SECONDS)
        a_minute = (voluntary_switches(process.pid) - before) / (WATCH_SECONDS / 60)
    return Comparison("idle wakeups", "a minute", [a_minute], [1.0], "the promise of", 1.0)
