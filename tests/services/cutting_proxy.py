"""A bad line on loopback: slow, and cut again and again.

with cutting_proxy(bytes_per_second=1_000_000, seconds=20) as line:
    line.port        # where to connect
    line.target = 8080
    line.begin_cutting()
    line.received    # bytes that came from the client so far
    line.cuts        # how often all connections were cut
"""

import contextlib
import select
import socket
import threading
from collections.abc import Iterator

_CHUNK = 16 * 1024
_PATIENCE = 30.0


class CuttingProxy:
    """Passes bytes on to the port `target`, what the client sends no faster than so many a second; every so often it
    cuts all connections, once it was told to begin."""

    def __init__(self, bytes_per_second: int, seconds: float) -> None:
        self.target = 0
        self._rate = bytes_per_second
        self._seconds = seconds
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.received = 0
        self.cuts = 0
        self._closed = threading.Event()
        self._begun = threading.Event()
        self._lock = threading.Lock()
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._accept, self._cut)]
        for thread in self._threads:
            thread.start()

    def begin_cutting(self) -> None:
        """From now on."""
        self._begun.set()

    def close(self) -> None:
        """End it, and all that goes through it."""
        self._closed.set()
        self._begun.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._shut_all()
        for thread in self._threads:
            thread.join(_PATIENCE)

    def _accept(self) -> None:
        while not self._closed.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.target), _PATIENCE)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _CHUNK)  # what is sent is soon what is received
            with self._lock:
                self._pairs.add((client, server))
            thread = threading.Thread(target=self._pass_on, args=(client, server), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _cut(self) -> None:
        self._begun.wait()
        while not self._closed.wait(self._seconds):
            self.cuts += 1
            self._shut_all()

    def _shut_all(self) -> None:
        with self._lock:
            pairs, self._pairs = self._pairs, set()
        for pair in pairs:
            for one in pair:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        other = {client: server, server: client}
        with client, server, contextlib.suppress(OSError):
            while True:
                for one in select.select([client, server], [], [])[0]:
                    data = one.recv(_CHUNK)
                    if not data:
                        return
                    if one is client:
                        self.received += len(data)
                        self._closed.wait(len(data) / self._rate)  # the line is this slow
                    other[one].sendall(data)


@contextlib.contextmanager
def cutting_proxy(*, bytes_per_second: int, seconds: float) -> Iterator[CuttingProxy]:
    """One of them, ended at the end."""
    line = CuttingProxy(bytes_per_second, seconds)
    try:
        yield line
    finally:
        line.close()
