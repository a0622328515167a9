"""Receipts: checked against the bytes kept here; only one that holds lets the copies go."""

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from agent.store import media, operations
from agent.store.work import end_trouble, put_trouble
from protocol.operations import ATTENDANCE_RECORD, AttendanceEvent, ManifestEntry, ReportRevision
from protocol.statements import PublicKey, SignedStatement
from rules.receipts import check_receipt
from rules.sentence import Sentence
from rules.statements import StatementError


class _Own(NamedTuple):
    """What a receipt is about: a version of a report that was written here, or an event that was recorded here."""

    item_id: str
    operation_id: str
    body: bytes
    files: tuple[ManifestEntry, ...]


def check_all(
    connection: sqlite3.Connection,
    keys: Iterable[PublicKey],
    *,
    organization_id: str,
    member_id: str,
    now: str,
) -> list[str]:
    """Check the receipts that were not; the names in the spool that may be deleted after the commit.

    One signed by a key that is not among `keys` stays unchecked: the key may be a successor not yet known.
    """
    known = tuple(keys)
    released: list[str] = []
    for row in connection.execute("SELECT revision_id, statement FROM receipt WHERE state = 'unchecked'").fetchall():
        statement = msgspec.json.decode(row["statement"], type=SignedStatement)
        own = _own(connection, row["revision_id"])
        if own is None:
            _settle(connection, row["revision_id"], "elsewhere")
        elif any(key.kid == statement.kid for key in known):
            try:
                check_receipt(
                    statement,
                    known,
                    organization_id=organization_id,
                    member_id=member_id,
                    operation_id=own.operation_id,
                    body=own.body,
                    media_sha256=[one.sha256 for one in own.files],
                )
            except StatementError as error:
                refuse(connection, row["revision_id"], own.item_id, str(error))
            else:
                released += media.release(connection, [one.media_id for one in own.files])
                _verified(connection, row["revision_id"], own, now)
    return released


def unchecked(connection: sqlite3.Connection) -> bool:
    """Whether a receipt waits for its key."""
    return connection.execute("SELECT 1 FROM receipt WHERE state = 'unchecked' LIMIT 1").fetchone() is not None


def refuse_unchecked(connection: sqlite3.Connection) -> None:
    """The server's keys were asked for and none of them is trusted and fits: say so."""
    for row in connection.execute("SELECT revision_id, statement FROM receipt WHERE state = 'unchecked'").fetchall():
        own = _own(connection, row["revision_id"])
        if own is not None:
            kid = msgspec.json.decode(row["statement"], type=SignedStatement).kid
            why = Sentence("It is signed with the key %(kid)s, which is not trusted.", kid=kid)
            refuse(connection, row["revision_id"], own.item_id, why)


def refuse(connection: sqlite3.Connection, revision_id: str, item_id: str, why: str) -> None:
    """Keep a receipt that proves nothing, and everything it was for."""
    _settle(connection, revision_id, "refused", why)
    put_trouble(
        connection,
        item_id=item_id,
        source=revision_id,
        sentence=Sentence(
            "The server's receipt does not hold. %(why)s Everything stays saved here. Tell your organization.", why=why
        ),
    )


def _own(connection: sqlite3.Connection, revision_id: str) -> _Own | None:
    """Of a receipt's entity, which is a version or (an event has but one) an event."""
    row = connection.execute(
        "SELECT v.instance_id, o.operation_id, o.body, 0 FROM revision AS v JOIN operation AS o USING (operation_id)"
        " WHERE v.revision_id = ?1 UNION ALL"
        " SELECT item_id, operation_id, body, 1 FROM operation WHERE item_id = ?1 AND kind = ?2",
        (revision_id, ATTENDANCE_RECORD),
    ).fetchone()
    if row is None:
        return None
    item_id, operation_id, body, is_event = row
    kind: type[AttendanceEvent | ReportRevision] = AttendanceEvent if is_event else ReportRevision
    return _Own(item_id, operation_id, body, msgspec.json.decode(body, type=kind).media)


def _verified(connection: sqlite3.Connection, revision_id: str, own: _Own, now: str) -> None:
    _settle(connection, revision_id, "verified")
    end_trouble(connection, revision_id)
    operations.kept(connection, own.operation_id, now)  # its own result may have been lost on the way
    # A version before the latest may be received while files that the latest brought are still to go.
    connection.execute(
        "UPDATE report SET done_at = coalesce(done_at, ?) WHERE instance_id = ? AND NOT EXISTS"
        " (SELECT 1 FROM media JOIN revision AS v USING (revision_id) WHERE v.instance_id = report.instance_id"
        "  AND released = 0)",
        (now, own.item_id),
    )


def _settle(connection: sqlite3.Connection, revision_id: str, state: str, reason: str = "") -> None:
    connection.execute("UPDATE receipt SET state = ?, reason = ? WHERE revision_id = ?", (state, reason, revision_id))
