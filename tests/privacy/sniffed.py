"""A day of work in a network of its own, in which every packet is looked at. A program of its own:

    unshare --net [--map-root-user] python -m tests.privacy.sniffed FOLDER

What it saw is printed as JSON of `Seen`. The network has nothing but the loopback interface, and every address in the
world is routed there: a connection or a look-up to anywhere is a packet, and leads nowhere.
"""

import contextlib
import os
import shutil
import socket
import sqlite3
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec

from agent.store.state import egress_counts
from desktop.command_line.demo import demo_photo
from tests.live_server import LiveServer
from tests.services.processes import running

_EVERY_PROTOCOL = 0x0003
_IPV4, _IPV6, _TCP, _UDP = 0x0800, 0x86DD, 6, 17
_SYN, _ACK = 0x02, 0x10
_SECONDS = 90
ELSEWHERE = (("tcp", "192.0.2.1", 443), ("udp", "192.0.2.53", 53))
"""Where the program itself goes at the end, to show that it would have been seen."""

Destination = tuple[str, str, int]


class Seen(msgspec.Struct):
    """Where connections were begun and datagrams sent, as (protocol, address, port), before and after a grant of log
    data; the server's own address; its requests as it logged them; and by row of the egress table the requests told."""

    before: list[Destination]
    after: list[Destination]
    server: Destination
    requests: list[str]
    told: dict[str, int]


class Sniffer(threading.Thread):
    """Notes every destination on the loopback interface."""

    def __init__(self) -> None:
        super().__init__(name="sniffer", daemon=True)
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_EVERY_PROTOCOL))
        self._socket.bind(("lo", _EVERY_PROTOCOL))
        self.seen: set[Destination] = set()

    def run(self) -> None:
        while True:
            packet, (_name, protocol, *_more) = self._socket.recvfrom(65535)
            found = _destination(packet, protocol)
            if found is not None:
                self.seen.add(found)


def _destination(packet: bytes, protocol: int) -> Destination | None:
    """Of a packet that begins something."""
    if protocol == _IPV4:
        head, kind, address = (packet[0] & 15) * 4, packet[9], socket.inet_ntop(socket.AF_INET, packet[16:20])
    elif protocol == _IPV6:
        head, kind, address = 40, packet[6], socket.inet_ntop(socket.AF_INET6, packet[24:40])
    else:
        return None
    if kind not in {_TCP, _UDP}:
        return None
    port = struct.unpack_from("!H", packet, head + 2)[0]
    if kind == _UDP:
        return ("udp", address, port)
    begins = packet[head + 13] & (_SYN | _ACK) == _SYN
    return ("tcp", address, port) if begins else None


def _lead_everything_to_loopback() -> None:
    ip = shutil.which("ip") or "/usr/sbin/ip"
    for words in ("link set lo up", "route add default dev lo"):
        subprocess.run([ip, *words.split()], check=True, timeout=_SECONDS)
    # A system without IPv6 has no such routes, and cannot send by them.
    subprocess.run(
        [ip, "-6", "route", "add", "default", "dev", "lo"], check=False, timeout=_SECONDS, capture_output=True
    )


class Worker:
    """Ana, with the app running and its command line."""

    def __init__(self, profile: Path) -> None:
        self._profile = profile
        self.env = os.environ | {"QT_QPA_PLATFORM": "offscreen"}

    def program(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "desktop.program", "--profile", str(self._profile), *arguments]

    def does(self, *arguments: str, typed: str = "") -> None:
        subprocess.run(
            self.program(*arguments), env=self.env, input=typed, text=True, timeout=_SECONDS, check=True, stdout=2
        )


def _work(folder: Path, worker: Worker, server: LiveServer) -> None:
    photo = folder / "crane.png"
    photo.write_bytes(demo_photo(80))
    code = server.enrol(server.facts["worker"][0][0])
    worker.does("sign-in", "--server", server.url, "--enroll", "-", "--credentials", "file", typed=code)
    with running(worker.program(), env=worker.env, stdin=subprocess.DEVNULL, stdout=2):
        worker.does("sync", "--wait", "30")
        worker.does("check-in", server.locations[0])
        worker.does("report", "Crane inspected", "--attach", str(photo))
        worker.does("check-out")
        worker.does("sync", "--wait", "30")


def _allow_log_data(worker: Worker) -> None:
    for category in ("usage", "diagnostics"):
        worker.does("privacy", "grant", category)
    with running(worker.program(), env=worker.env, stdin=subprocess.DEVNULL, stdout=2):
        worker.does("report", "Gate closed")
        worker.does("sync", "--wait", "30")
        worker.does("privacy", "send")


def _go_elsewhere() -> None:
    for kind, address, port in ELSEWHERE:
        with socket.socket(type=socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM) as line:
            line.settimeout(0.2)
            with contextlib.suppress(OSError):
                line.connect((address, port))
                line.send(b"?")


@contextlib.contextmanager
def _sniffing() -> Iterator[Sniffer]:
    sniffer = Sniffer()
    sniffer.start()
    yield sniffer
    _go_elsewhere()
    deadline = threading.Event()
    for _ in range(100):  # packets are handed over in order: once these are seen, all before were
        if sniffer.seen.issuperset(ELSEWHERE):
            break
        deadline.wait(0.1)


def main(folder: Path) -> Seen:
    """The whole day."""
    _lead_everything_to_loopback()
    with _sniffing() as sniffer, LiveServer.start(folder) as server:
        worker = Worker(folder / "profile")
        _work(folder, worker, server)
        before = sorted(sniffer.seen)
        _allow_log_data(worker)
        port = int(server.url.rpartition(":")[2])
        requests = (server.data / "logs" / "requests.log").read_text().splitlines()
    connection = sqlite3.connect(folder / "profile" / "state.db")
    told: dict[str, int] = {}
    for one in egress_counts(connection):
        told[one.row] = told.get(one.row, 0) + one.requests
    connection.close()
    return Seen(before, sorted(sniffer.seen), ("tcp", "127.0.0.1", port), requests, told)


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(main(Path(sys.argv[1]))))
