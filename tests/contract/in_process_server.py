"""The whole application on a real port of this machine, for tests that speak HTTP to it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
import uvicorn
from litestar import Litestar
from litestar.types import ASGIApp, Receive, Scope, Send

from protocol.discovery import CLIENT_ID, Operator
from server.accounts.minting import Mint, new_token
from server.accounts.tokens import open_family
from server.application import create_application, end_streams, furnish
from server.settings import Settings, token_key_path
from server.storage.database import Actor, Database
from server.storage.objects import Objects

_SECONDS = 20
_idle: list[Litestar] = []
"""Applications that serve nobody now. To make one takes longer than most tests."""


class _Announcing(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, application: Litestar) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self._served = application

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        end_streams(self._served)
        await super().shutdown(sockets)


class _Busy:
    """The application, counting the requests it is at."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application
        self._at_work = 0
        self._changed = threading.Condition()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._count(+1)
        try:
            await self._application(scope, receive, send)
        finally:
            self._count(-1)

    def _count(self, by: int) -> None:
        with self._changed:
            self._at_work += by
            self._changed.notify_all()

    def wait_for(self, requests: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self._at_work == requests, _SECONDS), f"still at {self._at_work}"


class InProcessServer:
    """A served database. `database` and `objects` are second handles on what it works on."""

    def __init__(self, port: int, database: Database, application: Litestar, busy: _Busy) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.port = port
        self.database = database
        self.objects = Objects(application.state.settings.media_url)
        self.application = application
        # With the application's lifespan, which is one call for as long as it serves.
        self._busy = busy

    def wait_until_idle(self) -> None:
        """Until every request that came is done with."""
        self._busy.wait_for(1)

    def token(self, actor: Actor) -> str:
        """A new access token of a member."""
        with self.database.write(actor.organization_id) as t:
            return open_family(t, actor.member_id, CLIENT_ID, new_token())[1].access_token

    def session(self, actor: Actor) -> requests.Session:
        """A client signed in as a member. Close it."""
        session = requests.Session()
        session.trust_env = False
        session.headers["Authorization"] = f"Bearer {self.token(actor)}"
        return session


@contextmanager
def serving(data: Path, database_url: str, public_url: str = "", **chosen: Any) -> Iterator[InProcessServer]:
    """Serve a migrated database until the block ends; `public_url` is where clients find it, its own if empty;
    `chosen` are more of server.settings.Settings."""
    token_key_path(data).parent.mkdir(parents=True)
    Mint.create(token_key_path(data))
    database = Database(database_url)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        settings = Settings(
            data=data,
            database_url=database_url,
            media_url=str(data / "media"),
            public_url=public_url or url,
            operator=Operator(name="Test", address="", contact=""),
            **chosen,
        )
        application = _idle.pop() if _idle else create_application(settings)
        furnish(application, settings)
        busy = _Busy(application)
        config = uvicorn.Config(busy, log_config=None, access_log=False, timeout_graceful_shutdown=5)
        server = _Announcing(config, application)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        try:
            assert server.ready.wait(_SECONDS), "the server did not start"
            yield InProcessServer(port, database, application, busy)
        finally:
            server.should_exit = True
            thread.join(_SECONDS)
            database.close()
    assert not thread.is_alive()
    _idle.append(application)
