"""The whole application on a real port of this machine, for tests that speak HTTP to it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
import uvicorn

from protocol.discovery import CLIENT_ID, Operator
from server.accounts.minting import Mint, new_token
from server.accounts.tokens import open_family
from server.application import create_application
from server.settings import Settings, token_key_path
from server.storage.database import Actor, Database
from server.storage.objects import Objects

_SECONDS = 20


class _Announcing(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


class LiveServer:
    """A served database. `database` and `objects` are second handles on what it works on."""

    def __init__(self, url: str, port: int, database: Database, objects: Objects) -> None:
        self.url = url
        self.port = port
        self.database = database
        self.objects = objects

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
def serving(data: Path, database_url: str) -> Iterator[LiveServer]:
    """Serve a migrated database until the block ends."""
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
            public_url=url,
            operator=Operator(name="Test", address="", contact=""),
        )
        server = _Announcing(
            uvicorn.Config(create_application(settings), log_config=None, access_log=False, timeout_graceful_shutdown=5)
        )
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        try:
            assert server.ready.wait(_SECONDS), "the server did not start"
            yield LiveServer(url, port, database, Objects(settings.media_url))
        finally:
            server.should_exit = True
            thread.join(_SECONDS)
            database.close()
    assert not thread.is_alive()
