"""Two databases that hold the same, one for what is kept together and one for what is kept one by one."""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from protocol.sync import Operation, SyncRequest
from protocol.templates import Condition, Field, Template
from rules.receipts import payload_hash
from server.receipts.keys import SigningKeys
from server.storage.database import Actor, Database, Transaction
from server.storage.tables import change, media, metadata, receipt
from server.sync.envelope import synchronise
from server.templates.publishing import publish_version
from tests.contract import operations as make
from tests.contract.conftest import Clock, _house
from tests.migrated import migrated_file
from tests.postgres_cluster import Cluster

ROUND = Template(
    template_id="",
    version=0,
    title="Gate round",
    fields=(
        Field(field="shut", kind="check", label="Gate shut", required=True),
        Field(field="why", kind="short_text", label="Why", shown_when=Condition(op="answered", field="shut")),
        Field(field="where", kind="location", label="Next place"),
        Field(field="photos", kind="photo", label="Photos"),
    ),
)


class Twins:
    """Two databases that hold the same organization: the one keeps together what it can, the other one by one."""

    def __init__(self, keys: SigningKeys, together: Database, singly: Database, clock: Clock) -> None:
        self.keys, self.together, self.singly, self.clock = keys, together, singly, clock

    def begin(self) -> None:
        """A new organization in both, with a checklist and files that are held already."""
        self.house = _house(self.together, "Harbour Works")
        self.held = [make.photo(f"held {number}".encode()) for number in range(3)]
        with self.together.write(self.house.organization_id) as t:
            self.checklist = publish_version(t, self.house.admin, ROUND)
            t.execute(t.delete(change))
            for entry in self.held:
                row = {"member_id": self.house.ana.member_id, "sha256": entry.sha256, "size": entry.size}
                t.insert(media, media_id=entry.media_id, content_type="image/png", held=t.now_text, **row)
            rows = [(table, [row._asdict() for row in t.all(t.select(table))]) for table in TABLES]
        with self.singly.write(self.house.organization_id) as t:
            for table, found in rows:
                for row in found:
                    t.insert(table, **{name: value for name, value in row.items() if name != "organization_id"})

    def send(self, actor: Actor, sent: list[Operation], longest: int) -> list[str]:
        """Send to both; the outcomes, which are the same."""
        request = SyncRequest(operations=tuple(sent))
        quick = synchronise(self.together, self.keys, actor, request, longest=longest)
        slow = synchronise(self.singly, self.keys, actor, request, longest=0)
        assert quick.results == slow.results
        self.clock.forward(minutes=1)
        return [result.outcome for result in quick.results]

    def compare(self) -> None:
        """Everything that both hold, and what a device that begins anew is told."""
        with (
            self.together.read(self.house.organization_id) as quick,
            self.singly.read(self.house.organization_id) as slow,
        ):
            for table in TABLES:
                assert rows_of(quick, table) == rows_of(slow, table), table.name
            for actor in (self.house.ana, self.house.ben):
                assert chain(quick, actor) == chain(slow, actor)
        for actor in (self.house.ana, self.house.ben):
            assert self._pulled(self.together, actor) == self._pulled(self.singly, actor)

    def _pulled(self, database: Database, actor: Actor) -> list[Any]:
        cursor, told = None, []
        while True:
            answer = synchronise(database, self.keys, actor, SyncRequest(cursor=cursor), page=7)
            told += [(one.kind, one.entity, _plain(bytes(one.body))) for one in answer.changes]
            if not answer.more:
                return told
            cursor = answer.cursor


TABLES = [table for table in metadata.sorted_tables if "organization_id" in table.c]
_OF_THE_RUN = {"position", "xid", "payload_sha256"}
"""Of a transaction, or hashed together with a salt."""


def rows_of(t: Transaction, table: Any) -> list[Any]:
    """Every row but for what a salt or a transaction made; the feed in its order."""
    found = t.select(table)
    rows = t.all(found.order_by(table.c.xid, table.c.position) if table is change else found)
    plain = [{name: _plain(value) for name, value in row._asdict().items() if name not in _OF_THE_RUN} for row in rows]
    return plain if table is change else sorted(plain, key=repr)


def _plain(value: Any) -> Any:
    try:
        read = json.loads(value)
        payload = json.loads(base64.b64decode(read["payload"]))
        payload["previous"] = bool(payload.get("previous"))
    except (TypeError, ValueError, KeyError):
        return value
    return {name: one for name, one in payload.items() if name not in {"salt", "operation_digest"}}


def chain(t: Transaction, actor: Actor) -> list[str]:
    """Whose receipts these are, in order, after seeing that each names the one before."""
    previous, revisions = "", []
    own = t.select(receipt).where(receipt.c.member_id == actor.member_id).order_by(receipt.c.ordinal)
    for ordinal, row in enumerate(t.all(own), 1):
        payload = base64.b64decode(json.loads(row.statement)["payload"])
        assert (row.ordinal, json.loads(payload)["previous"]) == (ordinal, previous)
        previous = payload_hash(payload)
        assert row.payload_sha256 == previous
        revisions.append(row.revision_id)
    return revisions


@contextmanager
def twin_databases(kind: str, cluster: Callable[[], Cluster], folder: Path, clock: Clock) -> Iterator[Twins]:
    """Two of a kind: `sqlite` files in the folder, or `postgresql` databases in the cluster."""
    names = ["one", "other"]
    if kind == "postgresql":
        names = [cluster().migrated_database() for _ in names]
        urls = [cluster().url(database=name) for name in names]
    else:
        urls = [migrated_file(folder / f"{name}.db") for name in names]
    databases = [Database(url, clock) for url in urls]
    yield Twins(SigningKeys.load_or_create(folder / "keys", {}), databases[0], databases[1], clock)
    for database in databases:
        database.close()
    if kind == "postgresql":
        for name in names:
            cluster().drop(name)
