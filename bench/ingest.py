"""Reports that were written offline and come in all at once, beside the very rows inserted by a bare program."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import msgspec
from psycopg import sql
from uuid6 import uuid7

from bench.compare import Comparison
from bench.devices import Plan, Sent, batch
from protocol.discovery import CLIENT_ID
from protocol.sync import SyncRequest
from server.accounts.minting import new_token
from server.accounts.tokens import open_family
from server.receipts.keys import SigningKeys
from server.storage.database import Actor, Database
from server.storage.tables import change, member, metadata, operation, organization, receipt, report, revision
from server.sync.envelope import synchronise
from tests.contract.counting import statements
from tests.live_server import LiveServer
from tests.postgres_cluster import Cluster, binaries, running_cluster

MEMBERS = 20
BATCHES = 5
"""Of each member, at most, in a round."""
SIZE = 100
ROUNDS = 3
SECONDS = 12.0
"""After which no request of a round is begun."""
PROCESSES = 2
"""Of the server, one a core."""
TABLES = (operation, report, revision, receipt, change)
_TICKS = os.sysconf("SC_CLK_TCK")


def run() -> list[Comparison]:
    """Milliseconds a report, wall clock and processor, and statements a report."""
    programs = binaries()
    if programs is None:
        raise LookupError("PostgreSQL is not installed (apt-get install postgresql)")
    with running_cluster(programs, durable=True) as cluster, tempfile.TemporaryDirectory() as folder:
        names = [cluster.fresh_database() for _ in range(2)]
        ours, peer = (cluster.url(database=name) for name in names)
        with serving(Path(folder), ours) as servers:
            return _measured(servers, _Machine(cluster, servers), ours, _Peer(cluster, ours, peer, names[1]))


@contextmanager
def serving(folder: Path, url: str) -> Iterator[list[LiveServer]]:
    """The processes of a server on one database."""
    with ExitStack() as stack:
        first = stack.enter_context(LiveServer.start(folder, database=url))
        replicas = (first.replica(folder / f"replica-{number}") for number in range(1, PROCESSES))
        yield [first, *(stack.enter_context(one) for one in replicas)]


def _measured(servers: list[LiveServer], machine: "_Machine", url: str, peer: "_Peer") -> list[Comparison]:
    database = Database(url)
    try:
        members = signed_in(database)
        plan = Plan(
            ports=[int(one.url.rpartition(":")[2]) for one in servers],
            tokens=[token for _actor, token in members],
            cursors=[None] * len(members),
            batches=BATCHES,
            size=SIZE,
            seconds=SECONDS,
        )
        wall, processor, theirs, their_processor = [], [], [], []
        sent = send(msgspec.structs.replace(plan, batches=1))
        for _ in range(ROUNDS):
            spent, sent = machine.spent(), send(msgspec.structs.replace(plan, cursors=sent.cursors))
            wall.append(sent.seconds / sent.reports * 1000)
            processor.append((machine.spent() - spent) / sent.reports * 1000)
            spent = machine.of_database()
            seconds, own, count = peer.insert_alike(sent.reports)
            theirs.append(seconds / count * 1000)
            their_processor.append((own + machine.of_database() - spent) / count * 1000)
        said = _statements(database, members[0][0], SigningKeys.load_or_create(servers[0].data / "bench", {}))
    finally:
        database.close()
    same = "the same rows by executemany"
    return [
        Comparison("taking in reports", "ms a report", wall, [1.0], "1,000 a second", 1.0),
        Comparison("taking in reports, processor of two cores", "ms a report", processor, [2.0], "1,000 a second", 1.0),
        Comparison("taking in reports", "ms a report", wall, theirs, same, None),
        Comparison("taking in reports, processor", "ms a report", processor, their_processor, same, None),
        Comparison("taking in reports", "statements a report", [said], [1.0], "one", None),
    ]


def signed_in(database: Database) -> list[tuple[Actor, str]]:
    """MEMBERS more members of the demo, each with an access token."""
    with database.pre_tenant() as connection:
        [organization_id] = connection.execute(organization.select()).scalars()
    members = []
    with database.write(organization_id) as t:
        for number in range(MEMBERS):
            actor = Actor(organization_id, str(uuid7()), "worker")
            t.insert(
                member,
                member_id=actor.member_id,
                name=f"Worker {number}",
                email=f"worker-{number}@example.invalid",
                role=actor.role,
                active=True,
                created=t.now_text,
            )
            members.append((actor, open_family(t, actor.member_id, CLIENT_ID, new_token())[1].access_token))
    return members


def send(plan: Plan) -> Sent:
    """By a process of its own, so that what it does is not ours."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.devices"],
        input=msgspec.json.encode(plan),
        stdout=subprocess.PIPE,
        timeout=180,
        check=True,
    )
    return msgspec.json.decode(done.stdout, type=Sent)


def _statements(database: Database, actor: Actor, keys: SigningKeys) -> float:
    """Of a whole request of SIZE new reports, but for who is asking."""
    answer = synchronise(database, keys, actor, SyncRequest())
    while answer.more:
        answer = synchronise(database, keys, actor, SyncRequest(cursor=answer.cursor))
    with statements(database) as said:
        synchronise(database, keys, actor, SyncRequest(operations=batch(SIZE), cursor=answer.cursor))
    return len(said) / SIZE


class _Machine:
    """Processor seconds of the server's and the database's processes."""

    def __init__(self, cluster: Cluster, servers: list[LiveServer]) -> None:
        self._servers = [one.pid for one in servers]
        with cluster.superuser() as connection:
            self._postmaster = int(_stat(connection.info.backend_pid)[1])

    def spent(self) -> float:
        """Of both."""
        return self.of_database() + sum(_own(_stat(pid)) for pid in self._servers)

    def of_database(self) -> float:
        """Of the database, its processes that have ended included."""
        total = 0.0
        for folder in Path("/proc").iterdir():
            try:
                fields = _stat(int(folder.name))
            except (ValueError, OSError):  # no process, or one that ended meanwhile
                continue
            if int(fields[1]) == self._postmaster:
                total += _own(fields)
        ended = _stat(self._postmaster)[13:15]
        return total + sum(map(int, ended)) / _TICKS


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the program's name: state, parent and so on."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _own(fields: Iterable[str]) -> float:
    return sum(map(int, list(fields)[11:13])) / _TICKS


class _Peer:
    """The newest reports' rows, once more, in a database with the same tables, by one connection in batches of SIZE."""

    def __init__(self, cluster: Cluster, source: str, target: str, target_name: str) -> None:
        self._cluster, self._name = cluster, target_name
        self._source_name = source.rpartition("/")[2]
        database = Database(target)
        database.migrate()
        database.close()
        self._begun = False

    def insert_alike(self, count: int) -> tuple[float, float, int]:
        """Seconds, processor seconds of this process, and reports that were inserted."""
        batches = self._rows(count)
        with self._cluster.superuser(self._name) as connection:
            self._copy_members()
            inserts = {table.name: _insert(table) for table in TABLES}
            begun, own = time.perf_counter(), time.process_time()
            for rows in batches:
                with connection.transaction(), connection.cursor() as cursor:
                    for name, values in rows.items():
                        cursor.executemany(inserts[name], values)
            return time.perf_counter() - begun, time.process_time() - own, sum(len(rows["report"]) for rows in batches)

    def _rows(self, count: int) -> list[dict[str, list[tuple[Any, ...]]]]:
        newest = sql.SQL(
            "SELECT r.instance_id, r.operation_id, r.revision_id FROM {revision} r "
            "ORDER BY r.received DESC, r.revision_id DESC LIMIT {count}"
        ).format(revision=sql.Identifier("revision"), count=sql.Literal(count))
        with self._cluster.superuser(self._source_name) as connection:
            found: list[Any] = connection.execute(newest).fetchall()
            return [
                {table.name: self._of(connection, table, found[at : at + SIZE]) for table in TABLES}
                for at in range(0, len(found), SIZE)
            ]

    @staticmethod
    def _of(connection: Any, table: Any, found: list[Any]) -> list[tuple[Any, ...]]:
        instances, operations, revisions = (list(column) for column in zip(*found, strict=True))
        column, wanted = {
            "operation": ("operation_id", operations),
            "report": ("instance_id", instances),
            "change": ("entity", instances + revisions),
        }.get(table.name, ("revision_id", revisions))
        names = sql.SQL(", ").join(map(sql.Identifier, _columns(table)))
        chosen = sql.SQL("SELECT {} FROM {} WHERE {} = ANY(%s)").format(
            names, sql.Identifier(table.name), sql.Identifier(column)
        )
        rows: list[tuple[Any, ...]] = connection.execute(chosen, (wanted,)).fetchall()
        return rows

    def _copy_members(self) -> None:
        if self._begun:
            return
        self._begun = True
        with (
            self._cluster.superuser(self._source_name) as source,
            self._cluster.superuser(self._name) as target,
        ):
            for table in (metadata.tables["organization"], metadata.tables["member"]):
                names = sql.SQL(", ").join(map(sql.Identifier, _columns(table)))
                rows: Any = source.execute(
                    sql.SQL("SELECT {} FROM {}").format(names, sql.Identifier(table.name))
                ).fetchall()
                with target.cursor() as cursor:
                    cursor.executemany(_insert(table), rows)


def _columns(table: Any) -> list[str]:
    return [column.name for column in table.c if column.name != "position"]


def _insert(table: Any) -> sql.Composed:
    names = _columns(table)
    marks = sql.SQL(", ").join([sql.Placeholder()] * len(names))
    return sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, names)), marks
    )
