"""`miratag` as a person runs it: a process, a profile, a real server."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop.command_line.demo import demo_photo
from tests.live_server import LiveServer
from tests.services.warm_programs import MIRATAG

SECONDS = 90


class Shell:
    """Runs `miratag` on one profile."""

    def __init__(self, profile: Path) -> None:
        self.profile = profile
        self.said: list[str] = []
        self._workers: set[str] = set()

    def command(self, *arguments: str) -> list[str]:
        """What starts it from nothing."""
        return [sys.executable, "-m", "desktop.program", "--profile", str(self.profile), *arguments]

    def run(self, *arguments: str, given: str = "", code: int = 0) -> str:
        """Standard output of a command that must end with `code`."""
        done = MIRATAG.run("--profile", str(self.profile), *arguments, input=given, timeout=SECONDS)
        self.said += [done.stdout, done.stderr]
        assert done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr, done.stderr
        self.error = done.stderr
        return done.stdout

    def ask(self, *arguments: str, given: str = "", code: int = 0) -> Any:
        """The JSON that a command printed."""
        return json.loads(self.run("--json", *arguments, given=given, code=code))

    def sign_in(self, server: LiveServer) -> None:
        """As a worker of this profile alone, whose reports no other test filed."""
        email = f"{self.profile.parent.name.replace('_', '-')}@harbour.example.invalid"
        if email not in self._workers:
            server.add_user(email, "--name", "Ana Ferreira")
            self._workers.add(email)
        code = server.enrol(email)
        flags = ("--server", server.url, "--enroll", "-", "--credentials", "file")
        assert self.ask("sign-in", *flags, given=f"{code}\n")["credentials"] == "file"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with LiveServer.start(tmp_path_factory.mktemp("server")) as started:
        yield started


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "profile")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    made = tmp_path / "crane.png"
    made.write_bytes(demo_photo(120))
    return made
