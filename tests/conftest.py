"""What every test starts from: a home of its own, no display, no network beyond this machine, no unexpected warning."""

import ipaddress
import logging
import os
import shutil
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from hypothesis import settings

from tests.services.warm_programs import PROGRAMS

# Before anything imports Qt: no test opens a window on the screen of the person who runs it. Tests under tests/system
# start programs of their own, on a display of their own.
os.environ["QT_QPA_PLATFORM"] = "offscreen"

# `make test` tries the same examples every time; `make soak` tries others each time.
settings.register_profile("same", derandomize=True, deadline=None, database=None)
settings.register_profile("others", derandomize=False, deadline=None)
settings.load_profile("same")

# What would lead a test to the desktop, the keyring, the proxy or the privacy wishes of that person.
INHERITED = (
    "DBUS_SESSION_BUS_ADDRESS",
    "DISPLAY",
    "DO_NOT_TRACK",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "PYTHON_KEYRING_BACKEND",
    "WAYLAND_DISPLAY",
    "https_proxy",
    "http_proxy",
    "no_proxy",
)


class OutsideConnectionError(RuntimeError):
    """A test tried to reach another machine. Not an OSError: the product must not take it for a bad network."""


class UnexpectedLogError(AssertionError):
    """Something warned in a test that does not look at its log (it would ask for `caplog`)."""


def _literal(host: object) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    text = host.decode() if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(text.split("%")[0])
    except ValueError:
        return None


def _refuse_outside(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
        if str(host).endswith(".invalid"):  # RFC 6761: such a name exists nowhere, on any machine
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        if host not in (None, "", "localhost", b"localhost") and _literal(host) is None:
            raise OutsideConnectionError(f"a test asked for the address of {host!r}")
    elif event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        if isinstance(address, tuple) and address[0] != "localhost":
            literal = _literal(address[0])
            if literal is None or not literal.is_loopback:
                raise OutsideConnectionError(f"a test tried to reach {address!r}")


sys.addaudithook(_refuse_outside)


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home folder and XDG folders of this test's own; the runtime folder is short enough for a socket's path."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    runtime = Path(tempfile.mkdtemp(prefix="mt-run-"))
    for name in INHERITED:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    for name, folder in (
        ("CONFIG", ".config"),
        ("DATA", ".local/share"),
        ("STATE", ".local/state"),
        ("CACHE", ".cache"),
    ):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / folder))
    yield home
    shutil.rmtree(runtime, ignore_errors=True)


class _WarningCollector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def no_unexpected_warning(request: pytest.FixtureRequest) -> Iterator[None]:
    """A record of level WARNING or above fails the test, unless the test takes `caplog` and so answers for its log."""
    collector = _WarningCollector()
    root = logging.getLogger()
    root.addHandler(collector)
    yield
    root.removeHandler(collector)
    if collector.records and "caplog" not in request.fixturenames:
        lines = [f"{record.levelname} {record.name}: {record.getMessage()}" for record in collector.records]
        raise UnexpectedLogError("logged, and this test does not ask for caplog:\n" + "\n".join(lines))


@pytest.fixture(scope="session", autouse=True)
def nothing_left_running() -> Iterator[None]:
    """After the last fixture is gone, no process and no thread that would keep a program alive may be left."""
    before = {process.pid for process in psutil.Process().children(recursive=True)}
    threads_before = set(threading.enumerate())
    yield
    before |= {program.pid for program in PROGRAMS if program.pid is not None}
    children = [process for process in psutil.Process().children(recursive=True) if process.pid not in before]
    for program in PROGRAMS:
        program.end()
    _, alive = psutil.wait_procs(children, timeout=5)
    commands = [" ".join(process.cmdline()) for process in alive if process.is_running()]
    for process in alive:
        process.kill()
    assert not commands, f"processes left running: {commands}"
    threads = [t.name for t in threading.enumerate() if t not in threads_before and not t.daemon and t.is_alive()]
    assert not threads, f"threads left running: {threads}"
