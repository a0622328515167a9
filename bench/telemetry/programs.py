"""Starting ours and the peers as processes of their own, and a receiver that counts what reaches it."""

import gzip
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

from tests.privacy.receiver import OTLP, Answer, Arrival, Receiver

ROOT = Path(__file__).resolve().parents[2]
PEERS_PYTHON = ROOT / "build" / "peers" / "bin" / "python"
_SCRIPT = ROOT / "bench" / "peers" / "log_agents.py"
_MODULES = {"opentelemetry": "opentelemetry.sdk", "sentry": "sentry_sdk", "posthog": "posthog", "glean": "glean"}


def present(*names: str) -> list[str]:
    """Those of the peers that are installed; for the others the reason is printed."""
    found = []
    for name in names:
        if not PEERS_PYTHON.exists():
            reason = "build/peers was not made (make bench makes it)"
        else:
            code = f"import {_MODULES[name]}"
            tried = subprocess.run([PEERS_PYTHON, "-c", code], capture_output=True, text=True, timeout=60, check=False)
            reason = tried.stderr.strip().rpartition("\n")[2]
            if tried.returncode == 0:
                found.append(name)
                continue
        print(f"(without {name}: {reason})", flush=True)
    return found


class Agent:
    """A running agent. `lines` are what it told, with when."""

    def __init__(self, process: "subprocess.Popen[str]", folder: str) -> None:
        self.process = process
        self.folder = folder
        self.lines: list[tuple[float, str]] = []
        self._told = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait_for(self, count: int, seconds: float) -> str:
        """The line of this number, once it was told."""
        with self._told:
            if not self._told.wait_for(lambda: len(self.lines) >= count, seconds):
                raise TimeoutError(f"{self.process.args!r} told only {self.lines[-3:]}")
            return self.lines[count - 1][1]

    def press(self) -> None:
        """Let it go on."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def end(self, seconds: float) -> list[str]:
        """What it told, once it ended by itself, or was killed because it did not in time."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._reader.join(10)
        return [line for _, line in self.lines]

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._told:
                self.lines.append((time.monotonic(), line.strip()))
                self._told.notify_all()


@contextmanager
def running(name: str, what: str, url: str, *more: str, folder: str | None = None) -> Iterator[Agent]:
    """One agent, `ours` or a peer, while the block runs."""
    with tempfile.TemporaryDirectory() as made:
        profile = folder or made
        ours = [sys.executable, "-m", "bench.peers.our_log_agent", what, url, profile, *more]
        command = ours if name == "ours" else [str(PEERS_PYTHON), str(_SCRIPT), name, what, url, *more]
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=_environment(made),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        agent = Agent(process, profile)
        try:
            yield agent
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            for stream in (process.stdin, process.stdout):
                assert stream is not None
                with stream:
                    pass


def _environment(folder: str) -> dict[str, str]:
    """Compiled code is kept, as that of an installed program is, whatever the caller's own Python is told."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    compiled = str(ROOT / "build" / "bench-bytecode")
    return {**kept, "PYTHONPYCACHEPREFIX": compiled, "HOME": folder, "TMPDIR": folder, "PYTHONWARNINGS": "ignore"}


def at_once(rounds: int, work: Callable[[], float]) -> list[float]:
    """What `work` finds, so many times at once: for what waits and takes no processor."""
    with ThreadPoolExecutor(rounds) as pool:
        return [future.result() for future in [pool.submit(work) for _ in range(rounds)]]


def together(names: list[str], work: Callable[[str], float]) -> dict[str, float]:
    """What `work` finds for each, likewise at once."""
    with ThreadPoolExecutor(len(names)) as pool:
        futures = {name: pool.submit(work, name) for name in names}
        return {name: future.result() for name, future in futures.items()}


def take(arrival: Arrival) -> Answer:
    """What a server of any of the kinds answers when all is well."""
    if arrival.path.endswith("/v1/installations"):
        return 201, {}, b""
    if arrival.path.endswith("/v1/logs"):
        return 200, OTLP, b""
    return 200, {"content-type": "application/json"}, b'{"status": "Ok"}'


def is_data(arrival: Arrival) -> bool:
    """Whether a request bears events, and not a registration or a question for settings."""
    return any(part in arrival.path for part in ("/v1/logs", "/envelope", "/batch", "/capture", "/i/v", "/submit/"))


def event_ids(arrivals: list[Arrival]) -> Counter[str]:
    """How often each event came, by its id, whatever agent sent it."""
    found: Counter[str] = Counter()
    for arrival in arrivals:
        content = _plain(arrival)
        if arrival.path.endswith("/v1/logs"):
            found.update(_otlp_ids(content))
        else:
            found.update(_json_ids(content.decode("utf-8", "replace")))
    return found


def _plain(arrival: Arrival) -> bytes:
    match arrival.headers.get("content-encoding", ""):
        case "gzip":
            return gzip.decompress(arrival.body)
        case "deflate":
            return zlib.decompress(arrival.body)
        case "br":
            raise ValueError("the peer compresses with brotli, which is not installed with it")
        case _:
            return arrival.body


def _otlp_ids(content: bytes) -> Iterator[str]:
    for resource in ExportLogsServiceRequest.FromString(content).resource_logs:
        for scope in resource.scope_logs:
            for record in scope.log_records:
                yield next(one.value.string_value for one in record.attributes if one.key == "event.id")


def _json_ids(content: str) -> Iterator[str]:
    """`event_id` stands in Sentry's attributes as `{"value": "7"}` and in PostHog's properties as it is."""
    for found in re.finditer(r'"event_id"\s*:\s*(?:"(\d+)"|\{[^}]*"value"\s*:\s*"(\d+)"[^}]*\})', content):
        yield found[1] or found[2]


__all__ = ["Answer", "Arrival", "Receiver"]
