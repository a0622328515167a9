"""Files of one report in another of the same member: files of their own, over the very bytes that are here.

A file belongs to one report everywhere: the app keeps it so, marks and receipts name it so. Only files that a report
has are copied, and those are never forgotten, so that the bytes below a copy do not go while it stands.
"""

import uuid
from collections.abc import Sequence

from protocol.operations import ManifestEntry
from server.media import uploads
from server.storage.database import Actor, Transaction
from server.storage.members import lock_member
from server.storage.tables import media, revision, revision_media, upload, upload_part


def of_others(t: Transaction, instance_id: str, media_ids: Sequence[str]) -> frozenset[str]:
    """Those of these files that other reports have, and this one has not."""
    rows = t.all(
        t.select(revision_media, revision_media.c.media_id, revision.c.instance_id)
        .join(revision, revision.c.revision_id == revision_media.c.revision_id)
        .where(t.owns(revision), revision_media.c.media_id.in_(media_ids))
    )
    own = {row.media_id for row in rows if row.instance_id == instance_id}
    return frozenset(row.media_id for row in rows) - own


def copied(t: Transaction, actor: Actor, instance_id: str, files: Sequence[ManifestEntry]) -> dict[str, ManifestEntry]:
    """A copy for this report of each of these files that is the member's own, that a report has and that is here in
    full; by the id of the original. The same copies when it is asked again. The rest is left out."""
    lock_member(t, actor.member_id)
    named = {one.media_id: one for one in files}
    rows = t.all(
        t.select(media).where(
            media.c.media_id.in_(of_others(t, instance_id, list(named))),
            media.c.member_id == actor.member_id,
            media.c.held.is_not(None),
        )
    )
    copies = {}
    for row in rows:
        copy_id = str(uuid.uuid5(uuid.UUID(instance_id), f"copy of {row.media_id}"))
        upload_id = str(uuid.uuid5(uuid.UUID(copy_id), "upload"))
        made = t.insert_new(
            media,
            media_id=copy_id,
            member_id=actor.member_id,
            sha256=row.sha256,
            size=row.size,
            content_type=row.content_type,
            held=t.now_text,
            upload_id=upload_id,
        )
        if made:
            _share_bytes(t, row.upload_id, upload_id, copy_id)
        entry = named[row.media_id]
        copies[row.media_id] = ManifestEntry(
            media_id=copy_id, name=entry.name, content_type=entry.content_type, size=entry.size, sha256=entry.sha256
        )
    return copies


def _share_bytes(t: Transaction, original: str, upload_id: str, media_id: str) -> None:
    row = t.connection.execute(t.select(upload).where(upload.c.upload_id == original)).one()
    t.insert(
        upload,
        upload_id=upload_id,
        member_id=row.member_id,
        media_id=media_id,
        length=row.length,
        offset=row.length,
        sha256=row.sha256,
        metadata=row.metadata,
        created=t.now_text,
        expires=row.expires,
        done=t.now_text,
    )
    parts = uploads.parts_of(t, original)
    t.insert_all(
        upload_part,
        ({"upload_id": upload_id, "start": one.start, "size": one.size, "object_key": one.object_key} for one in parts),
    )
