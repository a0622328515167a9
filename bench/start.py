"""From the start of the process to the icon in the tray, beside the least program that shows one."""

import tempfile
from pathlib import Path

from bench.compare import Comparison, interleaved
from bench.programs import BARE, OURS, with_icon
from tests.services.desktop_session import DesktopSession, desktop_session


def run() -> list[Comparison]:
    """One comparison, in milliseconds; the profile is there already, as it is at every start but the first."""
    with tempfile.TemporaryDirectory() as folder, desktop_session(Path(folder), tray=False) as desktop:
        profile = Path(folder) / "profile"
        return [
            interleaved(
                "start to tray",
                "ms",
                lambda: _start(desktop, [*OURS, str(profile)]),
                lambda: _start(desktop, BARE),
                peer_name="bare PySide6 tray",
                target=1.25,
                rounds=11,
            )
        ]


def _start(desktop: DesktopSession, command: list[str] | tuple[str, ...]) -> float:
    with with_icon(desktop, command) as (_, seconds):
        return seconds * 1000
