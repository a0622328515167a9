"""A real `miratag-server serve` as a process over a folder of its own, for tests that need the whole server.

    with LiveServer.start(tmp_path) as server:
        email, password = server.facts["worker"][0]
        code = server.enrol(email)

`kill()` is SIGKILL; `restart()` serves the same data on the same port again. Standard error is checked at the end: a
traceback of the server fails the test that started it.
"""

import atexit
import functools
import os
import select
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from tests.services.warm_programs import SERVER, WarmProcess

_REPOSITORY = Path(__file__).resolve().parent.parent
_READY_SECONDS = 60.0
_STOP_SECONDS = 15.0
_LISTENING = "listening: "


class LiveServer:
    """One server process. `url` has no slash at the end; `facts` are the demo's lines by their first word."""

    def __init__(self, data: Path, facts: dict[str, list[tuple[str, str]]], options: Sequence[str]) -> None:
        self.data = data
        self.facts = facts
        self.url = ""
        self._options = tuple(options)
        self._process: WarmProcess | None = None
        self._errors = data.parent / f"{data.name}.stderr"

    @classmethod
    def start(cls, folder: Path, *, database: str | None = None, options: Sequence[str] = ()) -> "LiveServer":
        """Make a demo server under `folder` (SQLite, or `database`) and start it; `options` go to `serve`."""
        data = folder / "server"
        if database is None:
            made, said = _made_before()
            shutil.copytree(made, data)
        else:
            said = _run("init", "--data", str(data), "--demo", "--database", database)
        server = cls(data, _read_facts(said), options)
        server._serve(port=0)
        return server

    def replica(self, folder: Path) -> "LiveServer":
        """Another process, on another port, over the same database with a copy of the data folder in `folder`."""
        data = folder / "server"
        shutil.copytree(self.data, data)
        other = LiveServer(data, self.facts, self._options)
        other._serve(port=0)
        return other

    @property
    def pid(self) -> int:
        """Of the process that serves now."""
        assert self._process is not None
        return self._process.pid

    @property
    def locations(self) -> list[str]:
        """The names of the demo's locations."""
        return [" ".join(parts).strip() for parts in self.facts["location"]]

    def enrol(self, email: str) -> str:
        """A fresh enrolment code for one person."""
        return _run("enroll", "--data", str(self.data), email).strip()

    def add_user(self, email: str, *arguments: str) -> None:
        """Add a person, with more arguments of `user add`."""
        _run("user", "add", "--data", str(self.data), email, *arguments)

    def kill(self) -> None:
        """SIGKILL, as a power cut would end it."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM, as an operator ends it; the exit code."""
        return self._end(signal.SIGTERM)

    def restart(self) -> None:
        """Serve the same data on the same port, after `kill` or `stop` or instead of what runs."""
        if self._process is not None:
            self.kill()
        self._serve(port=int(self.url.rpartition(":")[2]))

    def errors(self) -> str:
        """What the server wrote to standard error so far."""
        return self._errors.read_text(encoding="utf-8")

    def __enter__(self) -> "LiveServer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self.stop()
        if kind is None:
            assert "Traceback" not in self.errors(), self.errors()

    def _serve(self, port: int) -> None:
        with self._errors.open("a", encoding="utf-8") as errors:
            self._process = SERVER.start(
                *("serve", "--data", str(self.data), "--port", str(port), *self._options),
                cwd=_REPOSITORY,
                env=_environment(),
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        self.url = self._wait_until_listening()

    def _wait_until_listening(self) -> str:
        assert self._process is not None
        assert self._process.stdout is not None
        readable, _, _ = select.select([self._process.stdout], [], [], _READY_SECONDS)
        line = self._process.stdout.readline() if readable else ""
        if not line.startswith(_LISTENING):
            self._end(signal.SIGKILL)
            raise AssertionError(f"the server did not start; it said {line!r} and:\n{self.errors()}")
        return line.removeprefix(_LISTENING).strip()

    def _end(self, how: signal.Signals) -> int:
        assert self._process is not None
        process, self._process = self._process, None
        with process:
            process.send_signal(how)
            try:
                return process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                raise AssertionError(f"the server did not end within {_STOP_SECONDS} s of {how.name}") from None


def _run(*arguments: str) -> str:
    done = SERVER.run(*arguments, cwd=_REPOSITORY, env=_environment(), timeout=_READY_SECONDS)
    assert done.returncode == 0, f"miratag-server {' '.join(arguments)} ended with {done.returncode}: {done.stderr}"
    return done.stdout


@functools.cache
def _made_before() -> tuple[Path, str]:
    """A demo server's data, made once for this process and never served, and what `init` said of it."""
    folder = tempfile.mkdtemp(prefix="mt-demo-")
    atexit.register(shutil.rmtree, folder)
    data = Path(folder) / "server"
    return data, _run("init", "--data", str(data), "--demo")


def _environment() -> dict[str, str]:
    """Ours without what would point the server at another database."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MIRATAG_")}


def _read_facts(text: str) -> dict[str, list[tuple[str, str]]]:
    facts: dict[str, list[tuple[str, str]]] = {}
    for line in text.splitlines():
        name, _, rest = line.partition(": ")
        first, _, second = rest.partition(" ")
        facts.setdefault(name, []).append((first, second))
    return facts
