"""A whole desktop of a test's own: display, bus, keyring, tray, home."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.services.display import virtual_display
from tests.services.secret_service import secret_service
from tests.services.session_bus import session_bus
from tests.services.tray_host import TrayHost, tray_host

HAND_SECONDS = 20


@dataclass(frozen=True)
class DesktopSession:
    """`env` is the whole environment of a program that belongs to this desktop."""

    env: dict[str, str]
    home: Path
    tray: TrayHost | None

    def hands(self, *arguments: str) -> str:
        """What a person does with mouse and keys, by xdotool; its output. CalledProcessError says what failed."""
        done = subprocess.run(
            ["xdotool", *arguments],
            env=self.env,
            capture_output=True,
            text=True,
            check=True,
            timeout=HAND_SECONDS,
            stdin=subprocess.DEVNULL,
        )
        return done.stdout.strip()

    def window(self, title: str) -> str:
        """The X id of the visible window of that title, once it is there."""
        return self.hands("search", "--sync", "--onlyvisible", "--name", title).splitlines()[0]


@contextmanager
def desktop_session(folder: Path, *, tray: bool = True, keyring: bool = True) -> Iterator[DesktopSession]:
    """Everything a desktop offers to a program; without `tray` or `keyring` that one is truly absent."""
    home = folder / "desktop-home"
    home.mkdir(mode=0o700)
    runtime = Path(tempfile.mkdtemp(prefix="mt-desk-"))
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TERM") if name in os.environ}
    env = kept | {"HOME": str(home), "XDG_RUNTIME_DIR": str(runtime), "QT_QPA_PLATFORM": "xcb"}
    try:
        with ExitStack() as stack:
            env["DISPLAY"] = stack.enter_context(virtual_display())
            env["DBUS_SESSION_BUS_ADDRESS"] = stack.enter_context(session_bus(runtime))
            if keyring:
                stack.enter_context(secret_service(env))
            host = stack.enter_context(tray_host(env["DBUS_SESSION_BUS_ADDRESS"])) if tray else None
            yield DesktopSession(env=env, home=home, tray=host)
    finally:
        shutil.rmtree(runtime, ignore_errors=True)
