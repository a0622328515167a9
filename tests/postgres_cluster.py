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
_MOST_USES = 25
"""Of a migrated database: what is deleted leaves room behind, which nobody tidies up here."""
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
        self._template = ""
        self._begun_with: dict[str, list[tuple[object, ...]]] = {}
        self._uses: dict[str, int] = {}
        """How often a migrated database was used before."""
        self._emptied: list[str] = []

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
        return self._create("")

    def migrated_database(self) -> str:
        """The same with the server's tables in it: migrated once, copied after that, and used again once it was given
        to `drop`, which is several times quicker than another copy. Its schema stays as it is."""
        if not self._template:
            self._template = self._create("")
            database = Database(self.url(database=self._template))
            database.migrate()
            database.close()
            with self.superuser(self._template) as connection:
                self._begun_with = _rows(connection)
        if self._emptied:
            return self._emptied.pop()
        name = self._create(self._template)
        self._uses[name] = 0
        return name

    def drop(self, name: str) -> None:
        """Remove a database, also when something is still connected to it; a migrated one is emptied for the next."""
        uses = self._uses.pop(name, _MOST_USES) + 1
        if uses < _MOST_USES:
            with self.superuser(name) as connection:
                self._empty(connection)
            self._uses[name] = uses
            self._emptied.append(name)
            return
        with self.superuser() as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _create(self, template: str) -> str:
        self._made += 1
        name = f"miratag_{self._made}"
        create = sql.SQL("CREATE DATABASE {} OWNER miratag").format(sql.Identifier(name))
        if template:
            create += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        with self.superuser() as connection:
            connection.execute(create)
        return name

    def _empty(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        """Back to the rows that a migrated database begins with; row by row, since to truncate costs a file a table."""
        connection.execute(
            "SELECT pg_terminate_backend(pid, 20000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        connection.execute("SET session_replication_role = replica")  # no foreign key asks for an order
        connection.execute(f"SET lock_timeout = '{_SECONDS}s'")
        deletions = [sql.SQL("DELETE FROM {}").format(sql.Identifier(table)) for table in self._begun_with]
        connection.execute(sql.SQL("; ").join(deletions))
        for table, rows in self._begun_with.items():
            for row in rows:
                values = sql.SQL(", ").join(map(sql.Literal, row))
                connection.execute(sql.SQL("INSERT INTO {} VALUES ({})").format(sql.Identifier(table), values))
        connection.execute("SELECT setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences")


def _rows(connection: psycopg.Connection[tuple[object, ...]]) -> dict[str, list[tuple[object, ...]]]:
    """Every row, by table."""
    tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return {
        str(table): connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(str(table)))).fetchall()
        for (table,) in tables
    }


@contextmanager
def running_cluster(programs: Path, *, durable: bool = False) -> Iterator[Cluster]:
    """Start a cluster as a user that is not root, and stop and remove it afterwards; `durable` waits for the disk and
    tidies up, as one that serves people does."""
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
        run("initdb", "-D", str(data), "-U", "root_of_tests", "-A", "md5", f"--pwfile={password_file}")
        lasting = "on" if durable else "off"
        # A password by md5 is hashed once, by SCRAM 4096 times: hundreds of tests connect again and again.
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=200"
        options += f" -c password_encryption=md5 -c fsync={lasting} -c autovacuum={lasting}"
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
