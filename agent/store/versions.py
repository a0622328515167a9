"""Versions of reports that were written elsewhere, as the server gave them, and those that are still to be fetched.

A version never changes, so one that is here is never asked for again. Those that somebody has revised are let go of.
"""

import sqlite3

import msgspec

from protocol.changes import ReportView
from protocol.operations import ReportRevision
from rules.decoding import UNREADABLE

_HEADS = "json_each(CAST(r.server AS TEXT), '$.heads') AS h"
_UNKNOWN = (
    "h.value NOT IN (SELECT revision_id FROM revision) AND h.value NOT IN (SELECT revision_id FROM taught_revision)"
)

TABLES = (
    """CREATE TABLE taught_revision (
        revision_id TEXT PRIMARY KEY, instance_id TEXT NOT NULL, body BLOB NOT NULL) STRICT""",
    "CREATE INDEX taught_revision_instance ON taught_revision (instance_id)",
    "CREATE TABLE wanted_revision (revision_id TEXT PRIMARY KEY, instance_id TEXT NOT NULL) STRICT, WITHOUT ROWID",
    f"""INSERT INTO wanted_revision SELECT DISTINCT h.value, r.instance_id FROM report AS r, {_HEADS}
        WHERE r.asks <> '' AND {_UNKNOWN}""",  # noqa: S608 # nothing in it but the conditions above
)


def follow(connection: sqlite3.Connection, view: ReportView) -> None:
    """The server told what stands: want the versions of a report whose text is read here or that asks something of the
    person, and let go of those that no longer stand."""
    read = connection.execute(
        "SELECT r.asks <> '' OR EXISTS (SELECT 1 FROM revision AS v WHERE v.instance_id = r.instance_id)"
        " OR EXISTS (SELECT 1 FROM taught_revision AS v WHERE v.instance_id = r.instance_id)"
        " FROM report AS r WHERE r.instance_id = ?",
        (view.instance_id,),
    ).fetchone()
    connection.execute("DELETE FROM wanted_revision WHERE instance_id = ?", (view.instance_id,))
    if read is not None and read[0]:
        want(connection, view.instance_id)
    connection.execute(
        "DELETE FROM taught_revision WHERE instance_id = ? AND revision_id NOT IN (SELECT value FROM json_each(?))",
        (view.instance_id, msgspec.json.encode(view.heads).decode()),
    )


def want(connection: sqlite3.Connection, instance_id: str) -> bool:
    """Want the versions of a report that stand and are not here; whether there are any."""
    connection.execute(
        f"INSERT OR IGNORE INTO wanted_revision SELECT DISTINCT h.value, r.instance_id FROM report AS r, {_HEADS}"  # noqa: S608 # fixed
        f" WHERE r.instance_id = ? AND {_UNKNOWN}",
        (instance_id,),
    )
    row = connection.execute("SELECT 1 FROM wanted_revision WHERE instance_id = ? LIMIT 1", (instance_id,)).fetchone()
    return row is not None


def wanted(connection: sqlite3.Connection, limit: int) -> list[tuple[str, str]]:
    """(instance id, revision id) of versions to fetch; those that ask something of the person first."""
    rows = connection.execute(
        "SELECT w.instance_id, w.revision_id FROM wanted_revision AS w JOIN report AS r USING (instance_id)"
        " ORDER BY r.asks = '', w.revision_id DESC LIMIT ?",
        (limit,),
    )
    return [(row["instance_id"], row["revision_id"]) for row in rows.fetchall()]


def last_of_checklists(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """(instance id, revision id) of the newest report with each checklist that is offered, where another device wrote
    it and it is not here: the next one begins with its answers."""
    rows = connection.execute(
        "SELECT r.instance_id, h.value AS revision_id FROM template_offered AS o JOIN report AS r ON r.instance_id ="  # noqa: S608 # fixed
        " (SELECT n.instance_id FROM report AS n WHERE n.template_id = o.template_id ORDER BY n.at DESC LIMIT 1),"
        f" {_HEADS} WHERE o.active AND r.origin = 'server' AND {_UNKNOWN}"
    )
    return [(row["instance_id"], row["revision_id"]) for row in rows.fetchall()]


def unread(connection: sqlite3.Connection, limit: int) -> list[tuple[str, str]]:
    """(instance id, revision id) of what another device wrote and is not here, newest report first."""
    rows = connection.execute(
        f"SELECT r.instance_id, h.value AS revision_id FROM report AS r, {_HEADS}"  # noqa: S608 # fixed
        f" WHERE r.origin = 'server' AND {_UNKNOWN} ORDER BY r.at DESC LIMIT ?",
        (limit,),
    )
    return [(row["instance_id"], row["revision_id"]) for row in rows.fetchall()]


def give_up(connection: sqlite3.Connection, revision_id: str) -> None:
    """It is not to be had; the next change of its report asks for what stands then."""
    connection.execute("DELETE FROM wanted_revision WHERE revision_id = ?", (revision_id,))


def learn(connection: sqlite3.Connection, instance_id: str, revision_id: str, body: bytes) -> bool:
    """Keep a version that was fetched; False for what is not that version."""
    give_up(connection, revision_id)
    try:
        revision = msgspec.json.decode(body, type=ReportRevision)
    except UNREADABLE:
        return False
    if (revision.instance_id, revision.revision_id) != (instance_id, revision_id):
        return False
    connection.execute("INSERT OR IGNORE INTO taught_revision VALUES (?, ?, ?)", (revision_id, instance_id, body))
    return True


def find(connection: sqlite3.Connection, revision_id: str) -> ReportRevision | None:
    """A version that is here, whoever wrote it."""
    row = connection.execute(
        "SELECT body FROM revision JOIN operation USING (operation_id) WHERE revision_id = ?"
        " UNION ALL SELECT body FROM taught_revision WHERE revision_id = ? LIMIT 1",
        (revision_id, revision_id),
    ).fetchone()
    return msgspec.json.decode(row["body"], type=ReportRevision) if row is not None else None


def written_here(connection: sqlite3.Connection, revision_id: str) -> bool:
    """Whether this device wrote it."""
    row = connection.execute("SELECT 1 FROM revision WHERE revision_id = ?", (revision_id,)).fetchone()
    return row is not None


def forget_orphans(connection: sqlite3.Connection) -> None:
    """After the feed began anew: versions of reports that are not here any more go."""
    for table in ("taught_revision", "wanted_revision"):
        connection.execute(f"DELETE FROM {table} WHERE instance_id NOT IN (SELECT instance_id FROM report)")  # noqa: S608 # fixed names
