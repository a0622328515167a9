"""From the start of the process to the icon in the tray, beside the least program that shows one."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.compare import Comparison, interleaved
from bench.programs import BARE, OURS, sign_in, with_icon
from tests.live_server import LiveServer
from tests.services.desktop_session import DesktopSession, desktop_session


def run() -> list[Comparison]:
    """One comparison, in milliseconds; somebody has signed in before, and the server is down."""
    with tempfile.TemporaryDirectory() as folder, desktop_session(Path(folder), tray=False) as desktop:
        with LiveServer.start(Path(folder)) as server:
            sign_in(desktop, server)
        return [
            interleaved(
                "start to tray",
                "ms",
                lambda: _start(desktop, OURS),
                lambda: _start(desktop, BARE),
                peer_name="bare PySide6 tray",
                target=1.25,
                rounds=15,
            )
        ]


def _start(desktop: DesktopSession, command: Sequence[str]) -> float:
    with with_icon(desktop, command) as (_, seconds):
        return seconds * 1000
