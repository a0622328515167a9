"""Programs of ours that begin as a copy of a process which has imported them already.

To import the server or `miratag` takes several times longer than what most tests then ask of it. Each copy is a process
of its own, with its own arguments, environment, folder and streams; it runs the module as `python -m` does, and can be
ended or killed like any other. That the programs start from nothing is shown by tests that start them so.

    with SERVER.start("serve", "--data", str(data), stdout=subprocess.PIPE) as process: ...
    done = MIRATAG.run("--json", "status", timeout=90)
"""

import contextlib
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

_READY_SECONDS = 60.0
_REPOSITORY = Path(__file__).resolve().parents[2]
_LARGEST = 1 << 17
_STREAMS = 3


PROGRAMS: "list[WarmProgram]" = []
"""Each that was made, for who ends them (tests/conftest.py)."""


class WarmProgram:
    """One module that can be run, with what is `imported` before."""

    def __init__(self, module: str, *imported: str) -> None:
        self._module = module
        self._imported = imported
        self._mother: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._lock = threading.Lock()
        PROGRAMS.append(self)

    def start(
        self,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        stdin: int | IO[Any] = subprocess.DEVNULL,
        stdout: int | IO[Any] | None = None,
        stderr: int | IO[Any] | None = None,
    ) -> "WarmProcess":
        """A running copy; `stdout` and `stderr` may be subprocess.PIPE, and are this process's own where not given."""
        own: list[int] = []
        read: list[IO[str] | None] = []
        given: list[int] = []
        for stream, inherited in ((stdin, 0), (stdout, 1), (stderr, 2)):
            end, theirs = None, inherited
            if stream == subprocess.DEVNULL:
                own.append(theirs := os.open(os.devnull, os.O_RDWR))
            elif stream == subprocess.PIPE:
                mine, theirs = os.pipe()
                own.append(theirs)
                end = os.fdopen(mine, encoding="utf-8")
            elif stream is not None:
                theirs = stream if isinstance(stream, int) else stream.fileno()
            read.append(end)
            given.append(theirs)
        told, tell = socket.socketpair()
        own.append(tell.detach())
        wanted = {"arguments": arguments, "env": dict(env or os.environ), "cwd": str(cwd or Path.cwd())}
        try:
            with self._lock:
                socket.send_fds(self._begun(), [json.dumps(wanted).encode()], [*given, own[-1]])
        finally:
            for descriptor in own:
                os.close(descriptor)
        return WarmProcess(told, stdout=read[1], stderr=read[2])

    def run(self, *arguments: str, input: str = "", timeout: float, **more: Any) -> "subprocess.CompletedProcess[str]":  # noqa: A002 - as subprocess.run has it
        """A copy's exit code and what it said. Raises subprocess.TimeoutExpired, once it is killed."""
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            given.write(input.encode())
            given.seek(0)
            with self.start(*arguments, stdin=given, stdout=out, stderr=err, **more) as process:
                code = process.wait(timeout)
            for stream in (out, err):
                stream.seek(0)
            return subprocess.CompletedProcess(arguments, code, out.read().decode(), err.read().decode())

    def end(self) -> None:
        """End the process that is copied; nothing else is to be started."""
        if self._mother is not None and self._line is not None:
            self._line.close()
            self._mother.wait(_READY_SECONDS)
            self._mother = self._line = None

    @property
    def pid(self) -> int | None:
        """Of the process that is copied, if it runs."""
        return None if self._mother is None else self._mother.pid

    def _begun(self) -> socket.socket:
        if self._line is None:
            self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            command = [sys.executable, "-m", "tests.services.warm_programs", str(theirs.fileno()), self._module]
            with theirs:
                self._mother = subprocess.Popen(
                    [*command, *self._imported],
                    cwd=_REPOSITORY,
                    stdin=subprocess.DEVNULL,
                    pass_fds=(theirs.fileno(),),
                )
        return self._line


class WarmProcess:
    """A copy, in the words of subprocess.Popen."""

    def __init__(self, told: socket.socket, *, stdout: IO[str] | None, stderr: IO[str] | None) -> None:
        self._told = told
        self._said = b""
        self.stdout, self.stderr = stdout, stderr
        self.returncode: int | None = None
        self.pid = int(self._line(_READY_SECONDS) or "0")
        assert self.pid, "the process that is copied has ended"

    def poll(self) -> int | None:
        """The exit code, once it has ended."""
        if self.returncode is None:
            line = self._line(0)
            self.returncode = None if line is None else int(line)
        return self.returncode

    def wait(self, timeout: float) -> int:
        """The exit code; negative is the signal that ended it. Raises subprocess.TimeoutExpired."""
        if self.returncode is None:
            line = self._line(timeout)
            if line is None:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            self.returncode = int(line)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def __enter__(self) -> "WarmProcess":
        return self

    def __exit__(self, *_error: object) -> None:
        if self.poll() is None:
            self.kill()
            self.wait(_READY_SECONDS)
        self._told.close()
        for stream in (self.stdout, self.stderr):
            if stream is not None:
                stream.close()

    def _line(self, seconds: float) -> str | None:
        until = time.monotonic() + seconds
        while b"\n" not in self._said:
            if not select.select([self._told], [], [], max(0.0, until - time.monotonic()))[0]:
                return None
            part = self._told.recv(64)
            if not part:
                raise AssertionError("the process that is copied has ended")
            self._said += part
        line, _, self._said = self._said.partition(b"\n")
        return line.decode()


SERVER = WarmProgram("server.command_line", "server.serving")
MIRATAG = WarmProgram("desktop.program", "desktop.command_line.dispatch", "agent.runtime.local_agent", "sqlite_utils")


class _Copied:
    """What is copied: it imports, and then waits for what to run. A copy comes out of `wait` with what it is asked."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._tell: dict[int, socket.socket] = {}
        self._woken, self._wake = socket.socketpair()
        self._wake.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)

    def wait(self) -> dict[str, Any] | None:
        """What this copy is to run; None in the process that is copied, once nobody asks any more."""
        while True:
            ready, _, _ = select.select([self._line, self._woken], [], [])
            if self._woken in ready:
                self._woken.recv(4096)
                self._tell_of_the_ended()
            if self._line in ready:
                wanted, descriptors, _, _ = socket.recv_fds(self._line, _LARGEST, _STREAMS + 1)
                if not wanted:
                    return None
                tell = socket.socket(fileno=descriptors[_STREAMS])
                pid = os.fork()
                if pid == 0:
                    self._become(descriptors[:_STREAMS], tell)
                    asked: dict[str, Any] = json.loads(wanted)
                    return asked
                for descriptor in descriptors[:_STREAMS]:
                    os.close(descriptor)
                self._tell[pid] = tell
                self._say(tell, pid)

    def _tell_of_the_ended(self) -> None:
        for pid in tuple(self._tell):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                with self._tell.pop(pid) as tell:
                    self._say(tell, os.waitstatus_to_exitcode(status))

    def _say(self, tell: socket.socket, number: int) -> None:
        with contextlib.suppress(BrokenPipeError):  # nobody waits for it any more
            tell.sendall(f"{number}\n".encode())

    def _become(self, streams: list[int], tell: socket.socket) -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for descriptor, stream in enumerate(streams):
            os.dup2(stream, descriptor)
            os.close(stream)
        for other in (self._line, self._woken, self._wake, tell, *self._tell.values()):
            other.close()


def _main(descriptor: str, module: str, *imported: str) -> None:
    for name in (module, *imported):
        importlib.import_module(name)
    del sys.modules[module]  # each copy runs it as the main one
    assert len(tuple(Path("/proc/self/task").iterdir())) == 1, "what is copied may have no other threads"
    gc.collect()
    gc.freeze()
    wanted = _Copied(socket.socket(fileno=int(descriptor))).wait()
    if wanted is not None:
        os.environ.clear()
        os.environ.update(wanted["env"])
        os.chdir(wanted["cwd"])
        sys.argv = [module, *wanted["arguments"]]
        runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _main(*sys.argv[1:])
