"""A person at a computer of their own, with the real program on its desktop: by mouse, by keys, by what is read out."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.live_server import LiveServer
from tests.services.desktop_session import DesktopSession, desktop_session
from tests.services.processes import running
from tests.services.screen_reader import ScreenReader, screen_reader

MIRATAG = (str(Path(sys.executable).parent / "miratag"),)
COMMAND_SECONDS = 60


class Person:
    """Ana at her computer: what she can do, and what her command line says."""

    def __init__(self, desktop: DesktopSession, reader: ScreenReader, env: dict[str, str]) -> None:
        self.desktop, self.reader, self._env = desktop, reader, env

    def click(self, name: str, *, role: str | None = None) -> None:
        """Find it on the screen by its name and press the main button over its middle."""
        seen = self.reader.find(name, role=role)
        self.desktop.hands("mousemove", "--sync", str(seen.x), str(seen.y), "click", "1")

    def write(self, text: str) -> None:
        self.desktop.hands("type", "--delay", "10", text)

    def press(self, keys: str) -> None:
        self.desktop.hands("key", keys)

    def command(self, *arguments: str, typed: str = "", code: int = 0) -> str:
        """Run `miratag` with `arguments` as the same person; what it prints when it ends with `code`."""
        done = subprocess.run(
            [*MIRATAG, *arguments],
            env=self._env,
            input=typed,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    def status(self) -> Any:
        self.command("sync", "--wait", "30")
        return json.loads(self.command("--json", "status"))


@contextmanager
def app(folder: Path, *, tray: bool = True) -> Iterator[tuple[Person, LiveServer, "subprocess.Popen[bytes]"]]:
    """The app of a person who is signed in, on a desktop with or without a tray."""
    with LiveServer.start(folder) as server, desktop_session(folder, tray=tray) as desktop:
        env = desktop.env | {"QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
        with screen_reader(env) as reader:
            person = Person(desktop, reader, env)
            code = server.enrol(server.facts["worker"][0][0])
            person.command("sign-in", "--server", server.url, "--enroll", "-", typed=code)
            with running(MIRATAG, env=env, stdin=subprocess.DEVNULL) as program:
                yield person, server, program
