"""A `miratag-server` started as a program of its own, for the demonstration. Nothing of the server is imported."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from shutil import which

from agent.api import AgentError

COMMAND_SECONDS = 120.0
START_SECONDS = 60.0
STOP_SECONDS = 15.0
LISTENING = "listening: "


class ServerProgram:
    """The server in one data folder. `stop` it, or use it in a `with`."""

    def __init__(self, data: Path) -> None:
        """Raises AgentError unavailable where no server is installed."""
        self._data = data
        self._command = _server_command()
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> "ServerProgram":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def found_demo(self) -> list[str]:
        """Make the server with its demo organization; the facts it prints, such as `worker: EMAIL PASSWORD`."""
        return self._run("init", "--data", str(self._data), "--demo").splitlines()

    def enrolment_code(self, email: str) -> str:
        """A one-time code that signs this person in."""
        return self._run("enroll", "--data", str(self._data), email).strip()

    def start(self) -> str:
        """Serve on a free port of this computer; the address, once requests are answered."""
        self._process = subprocess.Popen(  # noqa: S603 # our own program, without a shell
            [*self._command, "serve", "--data", str(self._data), "--host", "127.0.0.1", "--port", "0"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None, "it was asked for"
        late = threading.Timer(START_SECONDS, self._process.kill)
        late.daemon = True
        late.start()
        try:
            for line in self._process.stdout:
                if line.startswith(LISTENING):
                    return line.removeprefix(LISTENING).strip()
        finally:
            late.cancel()
        raise AgentError("unavailable", "The demo server did not start. What it said stands above.")

    def wait(self) -> None:
        """Return when the server has ended by itself."""
        assert self._process is not None, "start it first"
        self._process.wait()

    def stop(self) -> None:
        """End it in order, or by force when that takes too long."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()

    def _run(self, *arguments: str) -> str:
        try:
            done = subprocess.run(  # noqa: S603 # our own program, without a shell
                [*self._command, *arguments],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=COMMAND_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise AgentError("unavailable", "The demo server took too long to prepare. Try again.") from None
        if done.returncode != 0:
            reason = done.stderr.strip().rpartition("\n")[2]
            raise AgentError("unavailable", f"The demo server could not be prepared: {reason}")
        return done.stdout


def _server_command() -> list[str]:
    if not getattr(sys, "frozen", False):
        return [sys.executable, "-m", "server.command_line"]
    installed = which("miratag-server")
    if installed is None:
        raise AgentError(
            "unavailable", "The demo needs the server, which is not part of this app. Run it from the source: make run"
        )
    return [os.fspath(installed)]
