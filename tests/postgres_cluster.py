"""A throw-away PostgreSQL cluster on a free port of this machine, for one test run."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from server.storage.database import Database

_SECONDS = 60
PASSWORD = "only-for-this-run"


def binaries() -> Path | None:
    """The folder of PostgreSQL's programs, newest first; None where none is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None


class Cluster:
    """A running cluster; `url` names a fresh database owned by a plain role."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._made = 0
        self._migrated = ""

    def url(self, user: str = "miratag", database: str = "postgres") -> str:
        """The address of a database for SQLAlchemy."""
        return f"postgresql+psycopg://{user}:{PASSWORD}@127.0.0.1:{self._port}/{database}"

    def superuser(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        """A connection that no row rule binds, with autocommit."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self._port,
            user="root_of_tests",
            password=PASSWORD,
            dbname=database,
            autocommit=True,
            connect_timeout=10,
        )

    def fresh_database(self) -> str:
        """The name of a new, empty database owned by the role `miratag`."""
        self._made += 1
        name = f"miratag_{self._made}"
        with self.superuser() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER miratag").format(sql.Identifier(name)))
        return name

    def migrated_database(self) -> str:
        """The same with the server's tables in it: migrated once, copied after that."""
        if not self._migrated:
            name = self.fresh_database()
            database = Database(self.url(database=name))
            database.migrate()
            database.close()
            self._migrated = name
        self._made += 1
        name = f"miratag_{self._made}"
        with self.superuser() as connection:
            copy = sql.SQL("CREATE DATABASE {} OWNER miratag TEMPLATE {}")
            connection.execute(copy.format(sql.Identifier(name), sql.Identifier(self._migrated)))
        return name

    def drop(self, name: str) -> None:
        """Remove a database, also when something is still connected to it."""
        with self.superuser() as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def running_cluster(programs: Path, *, durable: bool = False) -> Iterator[Cluster]:
    """Start a cluster as a user that is not root, and stop and remove it afterwards; `durable` waits for the disk."""
    folder = Path(tempfile.mkdtemp(prefix="miratag-pg-", dir="/tmp"))
    password_file = folder / "password"
    password_file.write_text(PASSWORD)
    as_user: list[str] = []
    if os.geteuid() == 0:  # initdb refuses to run as root
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        shutil.chown(folder, "postgres", "postgres")
        shutil.chown(password_file, "postgres", "postgres")
    data = folder / "data"
    port = _free_port()

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [*as_user, str(programs / program), *arguments],
            check=True,
            timeout=_SECONDS,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    try:
        run("initdb", "-D", str(data), "-U", "root_of_tests", "-A", "scram-sha-256", f"--pwfile={password_file}")
        waits = "on" if durable else "off"
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync={waits} -c max_connections=200"
        run("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            cluster = Cluster(port)
            with cluster.superuser() as connection:
                connection.execute(sql.SQL("CREATE ROLE miratag LOGIN PASSWORD {}").format(PASSWORD))
            yield cluster
        finally:
            run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
