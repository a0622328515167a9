"""The rows of files: attached, of a report or an attendance event, on their way, released."""

import hashlib
import re
import sqlite3
from collections.abc import Iterable

import msgspec

from agent.store.work import end_trouble, put_trouble, read_trouble
from protocol.operations import ATTENDANCE_RECORD, ManifestEntry
from rules.media.kinds import of_type
from rules.media.names import safe_name

_ID = re.compile(r"[0-9A-Za-z-][0-9A-Za-z.-]{0,63}")


class SpooledFile(msgspec.Struct, frozen=True):
    """A file in the spool. `file_name` is its name there, `name` the one it was attached under; `size` in bytes.

    `keeps_details`: the person chose that place, device and name travel with it. `original_size` is set where it was
    made smaller.
    """

    media_id: str
    file_name: str
    name: str
    content_type: str
    size: int
    sha256: str
    stripped: bool
    keeps_details: bool = False
    original_size: int = 0


class StoredMedia(msgspec.Struct, frozen=True):
    """One file; `item_id` is the report or event it belongs to."""

    media_id: str
    item_id: str
    file_name: str
    name: str
    content_type: str
    size: int
    sha256: str
    sent_bytes: int
    upload_url: str | None
    attempts: int
    of_event: bool = False


class ReportFile(msgspec.Struct, frozen=True):
    """One file of a report, as it is shown. `released`: no copy waits here. `elsewhere`: another device sent it, there
    is no row of it here, and `state` is sent or, where the server does not hold it yet, waiting."""

    media_id: str
    name: str
    content_type: str
    size: int
    sha256: str
    sent_bytes: int
    file_name: str
    released: bool
    state: str
    held: bool
    trouble: str | None
    elsewhere: bool = False


def report_file(row: sqlite3.Row) -> ReportFile:
    """Of a row of the table, with its trouble."""
    values = {name: row[name] for name in ReportFile.__struct_fields__ if name != "elsewhere"}
    found = msgspec.convert(values, ReportFile, strict=False)
    return msgspec.structs.replace(found, trouble=read_trouble(found.trouble))


def sent_elsewhere(entry: ManifestEntry, *, missing: bool) -> ReportFile:
    """Of a file that another device sent; what is said of it comes from the server, so its name is made safe."""
    kind = of_type(entry.content_type)
    return ReportFile(
        media_id=entry.media_id,
        name=safe_name(entry.name, kind),
        content_type=entry.content_type,
        size=entry.size,
        sha256=entry.sha256,
        sent_bytes=0 if missing else entry.size,
        file_name=f"{stem(entry.media_id)}.{kind.endings[0]}",
        released=True,
        state="waiting" if missing else "sent",
        held=False,
        trouble=None,
        elsewhere=True,
    )


def stem(media_id: str) -> str:
    """An id as a part of a file's name; of a server's that is no id, its hash."""
    return media_id if _ID.fullmatch(media_id) else hashlib.sha256(media_id.encode()).hexdigest()


def add(connection: sqlite3.Connection, spooled: SpooledFile, now: str) -> None:
    """A file was attached."""
    values = msgspec.structs.asdict(spooled) | {"attached_name": spooled.name, "attached_at": now}
    connection.execute(
        f"INSERT INTO media ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",  # noqa: S608 # fixed names
        tuple(values.values()),
    )


def detach(connection: sqlite3.Connection, media_id: str) -> str | None:
    """Forget a file that belongs to no report and no event; its name in the spool, or None."""
    row = connection.execute(
        "DELETE FROM media WHERE media_id = ? AND operation_id IS NULL RETURNING file_name", (media_id,)
    ).fetchone()
    return row["file_name"] if row is not None else None


def forget_abandoned(connection: sqlite3.Connection, before: str) -> None:
    """Files attached before that time that no report, event or draft has are not wanted any more."""
    connection.execute(
        "DELETE FROM media WHERE operation_id IS NULL AND attached_at < ? AND media_id NOT IN"
        " (SELECT media_id FROM draft_media)",
        (before,),
    )


def claim(connection: sqlite3.Connection, revision_id: str, media_ids: tuple[str, ...]) -> None:
    """These files are of that revision now, and of no draft."""
    connection.executemany("DELETE FROM draft_media WHERE media_id = ?", [(one,) for one in media_ids])
    connection.executemany(
        "UPDATE media SET revision_id = ?1, position = ?2,"
        " operation_id = (SELECT operation_id FROM revision WHERE revision_id = ?1) WHERE media_id = ?3",
        [(revision_id, position, one) for position, one in enumerate(media_ids)],
    )


def claim_for_event(connection: sqlite3.Connection, operation_id: str, media_ids: Iterable[str]) -> None:
    """These files are of the attendance event that this operation records."""
    connection.executemany(
        "UPDATE media SET operation_id = ?, position = ? WHERE media_id = ?",
        [(operation_id, position, one) for position, one in enumerate(media_ids)],
    )


def of_event(connection: sqlite3.Connection, event_id: str) -> list[sqlite3.Row]:
    """The rows of the files of an event that was recorded here, in their order."""
    return connection.execute(
        "SELECT m.* FROM operation AS o JOIN media AS m USING (operation_id) WHERE o.item_id = ? AND o.kind = ?"
        " ORDER BY m.position",
        (event_id, ATTENDANCE_RECORD),
    ).fetchall()


def drop_unsent(connection: sqlite3.Connection, event_id: str) -> list[tuple[str, str]]:
    """The event was undone: unless the server has all of its files, none is sent any more. (media id, name in the
    spool) of what may be deleted after the commit."""
    rows = of_event(connection, event_id)
    if all(row["state"] == "sent" for row in rows):
        return []
    return take_off(connection, [row["media_id"] for row in rows])


def attached(connection: sqlite3.Connection, media_ids: tuple[str, ...]) -> list[sqlite3.Row] | None:
    """The rows of files that are attached and of nothing yet, in this order; None if one is not."""
    query = "SELECT * FROM media WHERE media_id = ? AND operation_id IS NULL"
    rows = [connection.execute(query, (media_id,)).fetchone() for media_id in media_ids]
    return None if None in rows else rows


def rename(connection: sqlite3.Connection, media_id: str, name: str) -> None:
    """What it is called where it goes; here the name it was attached under stays too."""
    connection.execute("UPDATE media SET name = ? WHERE media_id = ?", (name, media_id))


def due(connection: sqlite3.Connection, now: str) -> StoredMedia | None:
    """The next file to send: of reports and events that are kept; pictures before the rest, video last, small first."""
    row = connection.execute(
        "SELECT m.media_id, o.item_id, m.file_name, m.name, m.content_type, m.size, m.sha256, m.sent_bytes,"
        " m.upload_url, m.attempts, o.kind = ? AS of_event FROM media AS m JOIN operation AS o USING (operation_id)"
        " WHERE m.state = 'waiting' AND m.held = 0 AND o.state = 'kept' AND m.next_due <= ?"
        " ORDER BY m.content_type NOT LIKE 'image/%', m.content_type LIKE 'video/%', m.size, m.media_id LIMIT 1",
        (ATTENDANCE_RECORD, now),
    ).fetchone()
    return msgspec.convert(dict(row), StoredMedia, strict=False) if row is not None else None


def next_due(connection: sqlite3.Connection) -> str | None:
    """When the first that may go may go; None when none waits."""
    found: str | None = connection.execute(
        "SELECT min(m.next_due) FROM media AS m JOIN operation AS o USING (operation_id)"
        " WHERE m.state = 'waiting' AND m.held = 0 AND o.state = 'kept'"
    ).fetchone()[0]
    return found


def began(connection: sqlite3.Connection, media_id: str, upload_url: str) -> None:
    """The server opened an upload for it."""
    connection.execute("UPDATE media SET upload_url = ? WHERE media_id = ?", (upload_url, media_id))


def progressed(connection: sqlite3.Connection, media_id: str, sent_bytes: int) -> bool:
    """How far it came; whether it should go on: nobody holds it back or took it off."""
    row = connection.execute(
        "UPDATE media SET sent_bytes = ? WHERE media_id = ? RETURNING held", (sent_bytes, media_id)
    ).fetchone()
    return row is not None and not row["held"]


def hold(connection: sqlite3.Connection, media_id: str, *, held: bool) -> bool:
    """Hold it back, or not; whether it is one that is still to be sent."""
    found = connection.execute(
        "UPDATE media SET held = ? WHERE media_id = ? AND state = 'waiting' AND operation_id IS NOT NULL RETURNING 1",
        (held, media_id),
    )
    return found.fetchone() is not None


def retry(connection: sqlite3.Connection, media_id: str) -> bool:
    """Send it again at once, whatever stood in its way; whether it is one that is still to be sent."""
    found = connection.execute(
        "UPDATE media SET state = 'waiting', next_due = '', attempts = 0, held = 0 WHERE media_id = ?"
        " AND state <> 'sent' AND operation_id IS NOT NULL RETURNING 1",
        (media_id,),
    ).fetchone()
    end_trouble(connection, media_id)
    return found is not None


def item_of(connection: sqlite3.Connection, media_id: str) -> str | None:
    """The report or event that a file belongs to, also one that another device sent."""
    row = connection.execute(
        "SELECT item_id FROM media JOIN operation USING (operation_id) WHERE media_id = ? UNION ALL"
        " SELECT instance_id FROM taught_revision, json_each(CAST(body AS TEXT), '$.media') AS m"
        " WHERE json_extract(m.value, '$.media_id') = ? LIMIT 1",
        (media_id, media_id),
    ).fetchone()
    return row["item_id"] if row is not None else None


def take_off(connection: sqlite3.Connection, media_ids: Iterable[str]) -> list[tuple[str, str]]:
    """No version has these any more: (media id, name in the spool) of what may be deleted after the commit."""
    gone = []
    for media_id in media_ids:
        row = connection.execute("DELETE FROM media WHERE media_id = ? RETURNING file_name", (media_id,)).fetchone()
        end_trouble(connection, media_id)
        if row is not None:
            gone.append((media_id, row["file_name"]))
    return gone


def sent(connection: sqlite3.Connection, media_id: str) -> None:
    """All of it arrived; the copy here stays until the receipt."""
    connection.execute("UPDATE media SET state = 'sent', sent_bytes = size WHERE media_id = ?", (media_id,))
    end_trouble(connection, media_id)


def failed(connection: sqlite3.Connection, media_id: str, *, next_due_at: str, begin_anew: bool) -> None:
    """It is tried again from `next_due_at` on; `begin_anew` forgets the upload the server had opened."""
    connection.execute(
        "UPDATE media SET attempts = attempts + 1, next_due = ?, upload_url = iif(?, NULL, upload_url)"
        " WHERE media_id = ?",
        (next_due_at, begin_anew, media_id),
    )


def set_aside(connection: sqlite3.Connection, media_id: str, *, item_id: str, sentence: str) -> None:
    """It cannot go before the person does something."""
    connection.execute("UPDATE media SET state = 'aside', upload_url = NULL WHERE media_id = ?", (media_id,))
    put_trouble(connection, item_id=item_id, source=media_id, sentence=sentence)


def ask_again(connection: sqlite3.Connection, media_id: str) -> None:
    """The server says it does not hold a file that was sent: send it again."""
    connection.execute(
        "UPDATE media SET state = 'waiting', sent_bytes = 0, upload_url = NULL, next_due = ''"
        " WHERE media_id = ? AND state = 'sent' AND released = 0",
        (media_id,),
    )


def release(connection: sqlite3.Connection, media_ids: Iterable[str]) -> list[str]:
    """A receipt for these holds: the names in the spool that may be deleted after the commit."""
    names = []
    for media_id in media_ids:
        row = connection.execute(
            "UPDATE media SET state = 'sent', sent_bytes = size, released = 1 WHERE media_id = ? AND released = 0"
            " RETURNING file_name",
            (media_id,),
        ).fetchone()
        end_trouble(connection, media_id)
        if row is not None:
            names.append(row["file_name"])
    return names


def named(connection: sqlite3.Connection) -> set[str]:
    """Every file in the spool that something still needs."""
    return {row[0] for row in connection.execute("SELECT file_name FROM media WHERE released = 0")}


def known(connection: sqlite3.Connection) -> set[str]:
    """Every file that something here tells of, also one that another device sent."""
    return {
        row[0]
        for row in connection.execute(
            "SELECT media_id FROM media UNION SELECT json_extract(m.value, '$.media_id') FROM taught_revision,"
            " json_each(CAST(body AS TEXT), '$.media') AS m"
        )
    }


def received_before(connection: sqlite3.Connection, time: str) -> list[str]:
    """Files of reports and events that were received before that time, also of those that another device sent."""
    rows = connection.execute(
        "SELECT media_id FROM media JOIN revision USING (revision_id) JOIN report USING (instance_id)"
        " WHERE released = 1 AND done_at < ?1"
        " UNION SELECT media_id FROM media JOIN operation USING (operation_id) JOIN attendance ON event_id = item_id"
        " WHERE released = 1 AND done_at < ?1"
        " UNION SELECT json_extract(m.value, '$.media_id') FROM taught_revision JOIN report USING (instance_id),"
        " json_each(CAST(body AS TEXT), '$.media') AS m WHERE done_at < ?1",
        (time,),
    )
    return [row["media_id"] for row in rows]
