"""Running the server: one process, one port, until it is told to stop."""

import signal
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import uvicorn
from litestar.concurrency import set_asyncio_executor

from server import request_log, settings
from server.application import create_application, end_streams
from server.founding import begin_policy_texts
from server.housekeeping import Housekeeping
from server.listening import listen, origin_of
from server.relaying import setting_up
from server.storage.database import Database
from server.storage.objects import Objects

_FINISH_SECONDS = 10
# The default of a small machine is six, which a few slow password checks would take up.
_THREADS = 32


class _Announcing(uvicorn.Server):
    """Says when requests are answered from now on, and when it begins to wait for those under way to end."""

    def __init__(self, config: uvicorn.Config, *, on_ready: Callable[[], None], on_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._on_stop = on_stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._on_stop()
        await super().shutdown(sockets)


def serve(
    data: Path,
    *,
    host: str,
    port: int,
    given: Mapping[str, str | None],
    environment: Mapping[str, str],
    proxies: str | None,
) -> None:
    """Serve until SIGTERM or SIGINT; requests under way have ten seconds to finish. Port 0 takes a free one.

    `proxies`: addresses whose X-Forwarded-For is believed, comma-separated; None believes nobody's. Raises PortError
    and what loading settings, keys and database raises.
    """
    listener = listen(host, port)
    try:
        address = origin_of(host, listener)
        chosen = settings.load(data, address=address, given=given, environment=environment)
        setting_up.check(chosen)
        _migrate(chosen)
        application = create_application(chosen)
        config = uvicorn.Config(
            request_log.logged(application),
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=proxies is not None,
            forwarded_allow_ips=proxies,
            timeout_graceful_shutdown=_FINISH_SECONDS,
        )
        server = _Announcing(
            config,
            on_ready=lambda: print(f"listening: {address}", flush=True),  # noqa: T201
            on_stop=lambda: end_streams(application),
        )
        with _housekeeping(chosen):
            _run(server, listener, data)
    finally:
        listener.close()


def _run(server: uvicorn.Server, listener: socket.socket, data: Path) -> None:
    # uvicorn shuts down in order, then raises the signal anew for whoever handled it before: that is a clean end.
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, _end)
    log_file = request_log.keep_in(data / "logs")
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="handler") as executor:
        set_asyncio_executor(executor)
        try:
            server.run(sockets=[listener])
        finally:
            set_asyncio_executor(None)
            log_file.close()


@contextmanager
def _housekeeping(chosen: settings.Settings) -> Iterator[None]:
    database = Database(chosen.database_url)
    keeping = Housekeeping(database, Objects(chosen.media_url))
    keeping.begin()
    try:
        yield
    finally:
        keeping.close()
        database.close()


def _migrate(chosen: settings.Settings) -> None:
    database = Database(chosen.database_url)
    try:
        database.migrate()
        begin_policy_texts(database, chosen)
    finally:
        database.close()


def _end(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)
